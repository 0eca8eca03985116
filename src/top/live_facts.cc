#include "top/live_facts.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/process_files.h"

namespace lineprof {
namespace {

std::string_view StateText(char letter) {
  switch (letter) {
    case 'R':
      return "running";
    case 'S':
      return "sleeping";
    case 'D':
      return "blocked";
    case 'T':
    case 't':
      return "stopped";
    case 'I':
      return "idle";
    default:
      return "";
  }
}

}  // namespace

LiveFacts DescribeStat(std::string_view text) {
  const std::optional<ProcessStat> stat = ParseStat(text);
  return stat ? LiveFacts{std::string(StateText(stat->state)), stat->name} : LiveFacts{};
}

LiveProcesses FindLiveProcesses(const CostSnapshot& snapshot) {
  LiveProcesses live;
  for (const ProcessCost& process : snapshot.processes) {
    if (process.ended) continue;
    LiveFacts facts = DescribeStat(ReadProcText(static_cast<pid_t>(process.pid), "stat"));
    if (!facts.state.empty()) live[process.pid] = std::move(facts);
  }
  return live;
}

LiveThreads FindLiveThreads(const CostSnapshot& snapshot) {
  LiveThreads live;
  for (const ThreadCost& thread : snapshot.threads) {
    const std::string name = fmt::format("task/{}/stat", thread.tid);
    live[{thread.pid, thread.tid}] =
        DescribeStat(ReadProcText(static_cast<pid_t>(thread.pid), name));
  }
  return live;
}

}  // namespace lineprof
