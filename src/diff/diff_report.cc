#include "diff/diff_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace lineprof {
namespace {

constexpr size_t kShownRows = 10;
constexpr int kJsonVersion = 1;

const char* Plural(size_t count) { return count == 1 ? "" : "s"; }

size_t CountMarked(const std::vector<DiffEntry>& entries) {
  return static_cast<size_t>(
      std::count_if(entries.begin(), entries.end(),
                    [](const DiffEntry& entry) { return entry.difference.is_marked; }));
}

// Nothing may break the rule that a record is a line.
std::string OneLine(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

// "main.py:12 work", and where it was, if that is elsewhere.
std::string Place(const DiffEntry& entry) {
  const bool is_gone = entry.after_line == 0;
  std::string place = fmt::format("{}:{} {}", entry.file,
                                  is_gone ? entry.before_line : entry.after_line, entry.function);
  if (is_gone) {
    place += " (no time any more)";
  } else if (entry.before_line == 0) {
    place += " (no time before)";
  } else if (entry.before_line != entry.after_line) {
    place += fmt::format(" (was line {})", entry.before_line);
  }
  return place;
}

std::string Row(const DiffEntry& entry) {
  const std::optional<double> percent = entry.Percent();
  std::string row = fmt::format(
      "{}|{:10.4g}|{:10.4g}|{:+10.4g}|{:10.3g}|{:>9}|{}", entry.difference.is_marked ? '*' : ' ',
      entry.before.seconds, entry.after.seconds, entry.difference.seconds,
      2 * entry.difference.error_s, percent ? fmt::format("{:+.1f}%", *percent) : "", Place(entry));
  if (!entry.text.empty()) row += ": " + entry.text;
  return OneLine(row) + "\n";
}

std::string Table(const char* title, const std::vector<DiffEntry>& entries, bool list_all) {
  const size_t shown = list_all
                           ? entries.size()
                           : std::min(entries.size(), std::max(CountMarked(entries), kShownRows));
  std::string table = fmt::format(
      "\n{}\n |  Before s|   After s|Difference|        +-|  Relative|Where\n"
      "-+----------+----------+----------+----------+---------+-----\n",
      title);
  for (size_t i = 0; i < shown; i++) table += Row(entries[i]);
  if (shown < entries.size()) table += fmt::format("{} more, not marked\n", entries.size() - shown);
  return table;
}

nlohmann::ordered_json ToJson(const Difference& difference) {
  return {{"difference_s", difference.seconds},
          {"error_s", difference.error_s},
          {"marked", difference.is_marked}};
}

nlohmann::ordered_json ToJson(const Measure& measure, uint32_t line) {
  nlohmann::ordered_json json{
      {"seconds", measure.seconds}, {"samples", measure.samples}, {"error_s", measure.error_s}};
  json["line"] = line == 0 ? nlohmann::ordered_json() : nlohmann::ordered_json(line);
  return json;
}

nlohmann::ordered_json ToJson(const std::vector<DiffEntry>& entries) {
  auto list = nlohmann::ordered_json::array();
  for (const DiffEntry& entry : entries) {
    nlohmann::ordered_json json{{"file", entry.file}, {"function", entry.function}};
    if (!entry.text.empty()) json["text"] = entry.text;
    json["before"] = ToJson(entry.before, entry.before_line);
    json["after"] = ToJson(entry.after, entry.after_line);
    json.update(ToJson(entry.difference));
    const std::optional<double> percent = entry.Percent();
    json["percent"] = percent ? nlohmann::ordered_json(*percent) : nlohmann::ordered_json();
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace

std::string DiffText(const ProfileDiff& diff, const DiffNames& names, bool list_all) {
  const size_t lines = CountMarked(diff.lines);
  const size_t functions = CountMarked(diff.functions);
  std::string text = fmt::format("Before: {}\nAfter: {}\nClock: {}\n", OneLine(names.before),
                                 OneLine(names.after), diff.clock == Clock::kCpu ? "cpu" : "wall");
  const Whole& whole = diff.whole;
  const double percent = whole.before_s > 0 ? 100 * diff.total.seconds / whole.before_s : 0;
  text +=
      fmt::format("Total: {:g}s before, {:g}s after, {:+.1f}%, {}\n", whole.before_s, whole.after_s,
                  percent, diff.total.is_marked ? "beyond chance" : "within what runs differ by");
  if (diff.drift.lines > 0) {
    text += fmt::format("Drift: {:.3f} times as long, by the median of {} lines\n",
                        diff.drift.factor, diff.drift.lines);
  } else {
    text += "Drift: not known, too few lines with enough samples\n";
  }
  if (lines + functions > 0) {
    text += fmt::format("Marked: {} line{} and {} function{} differ beyond chance and drift\n",
                        lines, Plural(lines), functions, Plural(functions));
  } else {
    text += "Marked: nothing differs beyond chance and drift\n";
  }
  return text + Table("Lines", diff.lines, list_all) +
         Table("Functions, own time", diff.functions, list_all);
}

std::string DiffJson(const ProfileDiff& diff, const DiffNames& names) {
  nlohmann::ordered_json total{{"before_s", diff.whole.before_s}, {"after_s", diff.whole.after_s}};
  total.update(ToJson(diff.total));
  const nlohmann::ordered_json json{{"type", "lineprof diff"},
                                    {"version", kJsonVersion},
                                    {"before", names.before},
                                    {"after", names.after},
                                    {"clock", diff.clock == Clock::kCpu ? "cpu" : "wall"},
                                    {"drift",
                                     {{"factor", diff.drift.factor},
                                      {"error", diff.drift.error},
                                      {"noise", diff.drift.noise},
                                      {"stall_s", diff.drift.stall_s},
                                      {"lines", diff.drift.lines}}},
                                    {"total", std::move(total)},
                                    {"lines", ToJson(diff.lines)},
                                    {"functions", ToJson(diff.functions)}};
  // Names and texts are UTF-8 already.
  return json.dump(1) + "\n";
}

}  // namespace lineprof
