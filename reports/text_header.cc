#include "text_header.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lineprof/one_line.h"

namespace lineprof {
namespace {

constexpr size_t kListedProcesses = 20;
constexpr size_t kListedThreads = 10;
constexpr size_t kCommandBytes = 80;

// `text` on one line, cut off behind a whole character.
std::string Shorten(std::string_view text) {
  std::string line = OneLine(text);
  if (line.size() <= kCommandBytes) return line;
  size_t end = kCommandBytes;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xc0) == 0x80) --end;
  return line.substr(0, end) + "...";
}

std::string EndText(const Process& process) {
  switch (process.fate) {
    case ProcessFate::kExit:
      return fmt::format("exit status {}", process.fate_value);
    case ProcessFate::kSignal:
      return fmt::format("signal {}", process.fate_value);
    case ProcessFate::kRunning:
      return "still running";
    case ProcessFate::kExec:
      return "became another program";
    case ProcessFate::kUnknown:
      break;
  }
  return "end not known";
}

class TextHeader {
 public:
  TextHeader(const Profile& profile, BufferedOutput& out) : profile_(profile), out_(out) {}

  void Write() {
    Header("Command line", OneLine(profile_.command_line));
    HeaderSeconds("Total duration", profile_.duration_s);
    if (profile_.mode == Mode::kDeterministic) {
      WriteEvents();
    } else {
      WriteRate();
      WriteSamples();
      WriteTimes();
    }
    WriteProcesses();
    ListProcesses();
    ListThreads();
    for (const std::string& note : profile_.notes) Header("Note", OneLine(note));
  }

 private:
  void Header(std::string_view name, std::string_view value) {
    out_.Print(FMT_COMPILE("{}: {}\n"), name, value);
  }
  void Header(std::string_view name, uint64_t value) {
    out_.Print(FMT_COMPILE("{}: {}\n"), name, value);
  }
  void HeaderSeconds(std::string_view name, double seconds) {
    out_.Print(FMT_COMPILE("{}: {:g}s\n"), name, seconds);
  }

  void WriteEvents() {
    Header("Mode", "deterministic");
    Header("Events", profile_.events);
    out_.Print(FMT_COMPILE("Event cost: {:.1f} ns\n"), profile_.event_cost_ns);
    HeaderSeconds("GIL waiting time", profile_.gil_wait_s);
  }

  void WriteRate() {
    Header("Mode", "statistical");
    Header("Clock", profile_.clock == Clock::kCpu ? "cpu" : "wall");
    HeaderSeconds("Period", profile_.period_s);
    double asked_hz = profile_.period_s > 0 ? 1 / profile_.period_s : 0;
    out_.Print(FMT_COMPILE("Rate asked: {:g} Hz\n"), asked_hz);
    out_.Print(FMT_COMPILE("Rate delivered: {:.1f} Hz\n"), profile_.delivered_hz);
  }

  void WriteSamples() {
    Header("Samples", profile_.cpu_samples + profile_.wait_samples);
    Header("Samples on CPU", profile_.cpu_samples);
    Header("Samples waiting", profile_.wait_samples);
    uint64_t lost = 0;
    for (const Loss& loss : profile_.losses) lost += loss.samples;
    Header("Lost samples", lost);
    for (const Loss& loss : profile_.losses) {
      Header(fmt::format("Samples lost ({})", OneLine(loss.reason)), loss.samples);
    }
  }

  void WriteTimes() {
    double cpu_s = 0;
    double wait_s = 0;
    for (const Process& process : profile_.processes) {
      cpu_s += process.cpu_s;
      wait_s += process.wait_s;
    }
    HeaderSeconds("CPU time", cpu_s);
    HeaderSeconds("Waiting time", wait_s);
    if (profile_.gil_wait_known) HeaderSeconds("GIL waiting time", profile_.gil_wait_s);
    constexpr double kWorthNaming = 0.005;
    if (profile_.unsampled_cpu_s > kWorthNaming * cpu_s) {
      HeaderSeconds("Unsampled CPU time", profile_.unsampled_cpu_s);
    }
    double paused_s = 0;
    for (const Process& process : profile_.processes) paused_s += process.paused_s;
    if (paused_s > 0) HeaderSeconds("Paused", paused_s);
  }

  void WriteProcesses() {
    uint64_t threads = 0;
    for (const Process& process : profile_.processes) threads += process.threads;
    Header("Processes", profile_.processes.size());
    Header("Threads", threads);
    HeaderList("Python", &Process::python_version, 1);
    HeaderList(profile_.mode == Mode::kDeterministic ? "Clock" : "Timer", &Process::timer, 1);
    HeaderList("Ran on", &Process::label, 2);
  }

  // The different values that the processes have there, if there are so many.
  void HeaderList(std::string_view name, std::string Process::*field, size_t at_least) {
    std::set<std::string> values;
    for (const Process& process : profile_.processes) {
      if (!(process.*field).empty()) values.insert(OneLine(process.*field));
    }
    if (values.size() >= at_least) Header(name, fmt::format("{}", fmt::join(values, ", ")));
  }

  // Samples or events: what the mode counts.
  uint64_t CountOf(const Process& process) const {
    return profile_.mode == Mode::kDeterministic ? process.events : process.samples;
  }
  std::string_view Counted() const {
    return profile_.mode == Mode::kDeterministic ? "events" : "samples";
  }

  // The indices of those with the most samples or events, in their order of start.
  std::vector<size_t> BusiestProcesses() const {
    std::vector<size_t> order(profile_.processes.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [this](size_t a, size_t b) {
      return CountOf(profile_.processes[a]) > CountOf(profile_.processes[b]);
    });
    order.resize(std::min(order.size(), kListedProcesses));
    std::sort(order.begin(), order.end());
    return order;
  }

  void ListProcesses() {
    double duration_s = 0;
    uint64_t count = 0;
    for (const Process& process : profile_.processes) {
      duration_s += process.duration_s;
      count += CountOf(process);
    }
    const std::vector<size_t> listed = BusiestProcesses();
    for (const size_t index : listed) {
      const Process& process = profile_.processes[index];
      out_.Print(FMT_COMPILE("Process: {}, parent {}, {:g}s, {} {}, {}: {}\n"), process.pid,
                 process.parent_pid, process.duration_s, CountOf(process), Counted(),
                 EndText(process), Shorten(process.command_line));
      duration_s -= process.duration_s;
      count -= CountOf(process);
    }
    if (listed.size() == profile_.processes.size()) return;
    out_.Print(FMT_COMPILE("Processes not listed: {}, {:g}s, {} {}\n"),
               profile_.processes.size() - listed.size(), duration_s, count, Counted());
  }

  void ListThreads() {
    MergedThreads rest = profile_.merged_threads;
    for (size_t i = 0; i < profile_.threads.size(); i++) {
      const Thread& thread = profile_.threads[i];
      if (i < kListedThreads) {
        out_.Print(FMT_COMPILE("Thread: {:g}s CPU, {:g}s waiting{}, {:g}s alive, process {}: {}\n"),
                   thread.cpu_s, thread.wait_s, GilWait(thread.gil_wait_s), thread.duration_s,
                   thread.pid, OneLine(thread.name));
        continue;
      }
      ++rest.count;
      rest.cpu_s += thread.cpu_s;
      rest.wait_s += thread.wait_s;
      rest.gil_wait_s += thread.gil_wait_s;
    }
    if (rest.count == 0) return;
    out_.Print(FMT_COMPILE("Threads not listed: {}, {:g}s CPU, {:g}s waiting{}\n"), rest.count,
               rest.cpu_s, rest.wait_s, GilWait(rest.gil_wait_s));
  }

  // Of a thread's waiting, if it is known.
  std::string GilWait(double seconds) const {
    return profile_.gil_wait_known ? fmt::format(", {:g}s for the GIL", seconds) : std::string();
  }

  const Profile& profile_;
  BufferedOutput& out_;
};

}  // namespace

void WriteTextHeader(const Profile& profile, BufferedOutput& out) {
  TextHeader(profile, out).Write();
}

}  // namespace lineprof
