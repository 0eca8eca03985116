#include "top/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace lineprof {
namespace {

constexpr double kNsPerSecond = 1e9;

constexpr std::array kPlaceNumbers = {
    NumberColumn{"SELF", "CPU%", 6, 1},         NumberColumn{"SELF", "WAIT%", 6, 1},
    NumberColumn{"TOTAL", "CPU%", 6, 1},        NumberColumn{"TOTAL", "WAIT%", 6, 1},
    NumberColumn{"SELF SO FAR", "CPU s", 7, 1}, NumberColumn{"SELF SO FAR", "WAIT s", 7, 1},
};
constexpr std::array kThreadNumbers = {
    NumberColumn{"", "CPU%", 6, 1},  NumberColumn{"", "WAIT%", 6, 1},
    NumberColumn{"", "CPU s", 8, 1}, NumberColumn{"", "WAIT s", 8, 1},
    NumberColumn{"", "TID", 8, 0},   NumberColumn{"", "PID", 8, 0},
};
constexpr std::array kProcessNumbers = {
    NumberColumn{"", "CPU%", 6, 1},    NumberColumn{"", "WAIT%", 7, 1},
    NumberColumn{"", "CPU s", 8, 1},   NumberColumn{"", "THREADS", 9, 0},
    NumberColumn{"", "SAMPLES", 9, 0}, NumberColumn{"", "PID", 8, 0},
};
constexpr std::array kLineTexts = {TextColumn{"LINE", true}, TextColumn{"FUNCTION"},
                                   TextColumn{"SOURCE"}};
constexpr std::array kFunctionTexts = {TextColumn{"FUNCTION"}, TextColumn{"DEFINED AT", true}};
constexpr std::array kThreadTexts = {TextColumn{"STATE"}, TextColumn{"NAME"}};
constexpr std::array kProcessTexts = {TextColumn{"STATE"}, TextColumn{"COMMAND"}};

// What `now` has more than `then`.
uint64_t Growth(uint64_t then, uint64_t now) { return now > then ? now - then : 0; }

Cost Growth(const Cost& then, const Cost& now) {
  return {Growth(then.hits, now.hits), Growth(then.cpu_ns, now.cpu_ns),
          Growth(then.wait_ns, now.wait_ns)};
}

PlaceCost Growth(const PlaceCost& then, const PlaceCost& now) {
  return {Growth(then.self, now.self), Growth(then.total, now.total)};
}

double Seconds(uint64_t ns) { return static_cast<double>(ns) / kNsPerSecond; }

// Nanoseconds of a span as the percentage of it that `ns` is.
class Share {
 public:
  Share(const CostSnapshot& then, const CostSnapshot& now)
      : span_ns_(Growth(then.time_ns, now.time_ns)) {}
  double operator()(uint64_t ns) const {
    return span_ns_ == 0 ? 0 : 100 * static_cast<double>(ns) / static_cast<double>(span_ns_);
  }

 private:
  uint64_t span_ns_;
};

std::vector<TableRow> PlaceRows(const std::vector<Place>& places, bool are_lines,
                                std::vector<PlaceCost> CostSnapshot::*costs, Span span,
                                const Looks& looks) {
  const std::vector<PlaceCost>& now = looks.now.*costs;
  const auto growth = [&](const CostSnapshot& then, size_t i) {
    return Growth(i < (then.*costs).size() ? (then.*costs)[i] : PlaceCost{}, now[i]);
  };
  const Share share(looks.since(span), looks.now);
  std::vector<TableRow> rows;
  for (uint32_t i = 0; i < now.size(); i++) {
    const PlaceCost all = growth(looks.start, i);
    if (all.total == Cost{}) continue;
    const PlaceCost part = growth(looks.since(span), i);
    TableRow row;
    row.numbers = {share(part.self.cpu_ns),   share(part.self.wait_ns), share(part.total.cpu_ns),
                   share(part.total.wait_ns), Seconds(all.self.cpu_ns), Seconds(all.self.wait_ns)};
    const std::string at = fmt::format("{}:{}", places[i].file, places[i].line);
    if (are_lines) {
      row.texts = {at, places[i].function, ""};
    } else {
      row.texts = {places[i].function, at};
    }
    row.line = i;
    rows.push_back(std::move(row));
  }
  return rows;
}

// The entry that `is_same` holds for, or one of no cost.
template <typename Entry, typename IsSame>
Entry FindOrNothing(const std::vector<Entry>& entries, IsSame is_same) {
  const auto found = std::find_if(entries.begin(), entries.end(), is_same);
  return found == entries.end() ? Entry{} : *found;
}

std::vector<TableRow> ThreadRows(Span span, const Looks& looks, const LiveThreads& live) {
  const Share share(looks.since(span), looks.now);
  std::vector<TableRow> rows;
  for (const ThreadCost& now : looks.now.threads) {
    const auto same = [&](const ThreadCost& other) {
      return other.pid == now.pid && other.tid == now.tid;
    };
    const ThreadCost then = FindOrNothing(looks.since(span).threads, same);
    const ThreadCost start = FindOrNothing(looks.start.threads, same);
    const auto facts = live.find({now.pid, now.tid});
    TableRow row;
    row.numbers = {share(Growth(then.cpu_ns, now.cpu_ns)),
                   share(Growth(then.wait_ns, now.wait_ns)),
                   Seconds(Growth(start.cpu_ns, now.cpu_ns)),
                   Seconds(Growth(start.wait_ns, now.wait_ns)),
                   static_cast<double>(now.tid),
                   static_cast<double>(now.pid)};
    const LiveFacts known = facts == live.end() ? LiveFacts{} : facts->second;
    row.texts = {known.state, now.name.empty() ? known.name : now.name};
    rows.push_back(std::move(row));
  }
  return rows;
}

const ProcessCost FindProcess(const CostSnapshot& snapshot, const ProcessCost& process) {
  return FindOrNothing(snapshot.processes, [&](const ProcessCost& other) {
    return other.pid == process.pid && other.start_ns == process.start_ns;
  });
}

std::string StateOf(const ProcessCost& process, const LiveProcesses& live) {
  const auto found = live.find(process.pid);
  return process.ended || found == live.end() ? "ended" : found->second.state;
}

std::vector<TableRow> ProcessRows(Span span, const Looks& looks, const LiveProcesses& live) {
  const Share share(looks.since(span), looks.now);
  std::vector<TableRow> rows;
  for (const ProcessCost& now : looks.now.processes) {
    const ProcessCost then = FindProcess(looks.since(span), now);
    const ProcessCost start = FindProcess(looks.start, now);
    TableRow row;
    row.numbers = {share(Growth(then.cpu_ns, now.cpu_ns)),
                   share(Growth(then.wait_ns, now.wait_ns)),
                   Seconds(Growth(start.cpu_ns, now.cpu_ns)),
                   static_cast<double>(now.live_threads),
                   static_cast<double>(Growth(start.samples, now.samples)),
                   static_cast<double>(now.pid)};
    row.texts = {StateOf(now, live), now.command_line};
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::span<const NumberColumn> NumberColumns(Subject subject) {
  switch (subject) {
    case Subject::kLines:
    case Subject::kFunctions:
      return kPlaceNumbers;
    case Subject::kThreads:
      return kThreadNumbers;
    case Subject::kProcesses:
      break;
  }
  return kProcessNumbers;
}

std::span<const TextColumn> TextColumns(Subject subject) {
  switch (subject) {
    case Subject::kLines:
      return kLineTexts;
    case Subject::kFunctions:
      return kFunctionTexts;
    case Subject::kThreads:
      return kThreadTexts;
    case Subject::kProcesses:
      break;
  }
  return kProcessTexts;
}

std::vector<TableRow> MakeRows(Subject subject, Span span, const TableOrder& order,
                               const Looks& looks, const Places& places, const LiveThreads& threads,
                               const LiveProcesses& processes) {
  std::vector<TableRow> rows;
  switch (subject) {
    case Subject::kLines:
      rows = PlaceRows(places.lines(), true, &CostSnapshot::lines, span, looks);
      break;
    case Subject::kFunctions:
      rows = PlaceRows(places.functions(), false, &CostSnapshot::functions, span, looks);
      break;
    case Subject::kThreads:
      rows = ThreadRows(span, looks, threads);
      break;
    case Subject::kProcesses:
      rows = ProcessRows(span, looks, processes);
      break;
  }
  if (order.filter != nullptr) {
    std::erase_if(rows, [&](const TableRow& row) {
      return std::none_of(row.texts.begin(), row.texts.end(),
                          [&](const std::string& text) { return AnyMatches(*order.filter, text); });
    });
  }
  // Rows that are equal there by what they have had since the start, so that they do not jump.
  std::sort(rows.begin(), rows.end(), [&](const TableRow& a, const TableRow& b) {
    if (a.numbers[order.column] != b.numbers[order.column]) {
      return a.numbers[order.column] > b.numbers[order.column];
    }
    if (a.numbers != b.numbers) return a.numbers > b.numbers;
    return a.texts < b.texts;
  });
  return rows;
}

Overview MakeOverview(Span span, const Looks& looks, const LiveProcesses& live) {
  const CostSnapshot& since = looks.since(span);
  const Share share(since, looks.now);
  Overview overview;
  overview.span_s = Seconds(Growth(since.time_ns, looks.now.time_ns));
  uint64_t samples = 0;
  uint64_t lost = 0;
  for (const ProcessCost& now : looks.now.processes) {
    const ProcessCost then = FindProcess(since, now);
    overview.cpu_percent += share(Growth(then.cpu_ns, now.cpu_ns));
    overview.wait_percent += share(Growth(then.wait_ns, now.wait_ns));
    overview.gil_percent += share(Growth(then.gil_wait_ns, now.gil_wait_ns));
    samples += Growth(then.samples, now.samples);
    lost += Growth(then.lost, now.lost);
    if (StateOf(now, live) == "ended") continue;
    overview.live_processes++;
    overview.live_threads += now.live_threads;
  }
  if (overview.span_s > 0) {
    overview.samples_per_s = static_cast<double>(samples) / overview.span_s;
    overview.lost_per_s = static_cast<double>(lost) / overview.span_s;
  }
  return overview;
}

}  // namespace lineprof
