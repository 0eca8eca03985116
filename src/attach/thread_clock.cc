#include "attach/thread_clock.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "base/process_files.h"

namespace lineprof {

std::optional<SchedStat> ParseSchedStat(std::string_view text) {
  uint64_t numbers[3];
  for (uint64_t& number : numbers) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return {};
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    if (!text.empty()) text.remove_prefix(1);
  }
  return SchedStat{numbers[0], numbers[1], numbers[2]};
}

ThreadClock::ThreadClock(pid_t pid, pid_t tid)
    : pid_(pid),
      tid_(tid),
      schedstat_(open(ProcPath(pid, "task/" + std::to_string(tid) + "/schedstat").c_str(),
                      O_RDONLY | O_CLOEXEC)) {}

std::optional<SchedStat> ThreadClock::Read() const {
  char text[96];
  const ssize_t length = pread(schedstat_.get(), text, sizeof(text), 0);
  if (length <= 0) return {};
  return ParseSchedStat({text, static_cast<size_t>(length)});
}

bool ThreadClock::Runs() const {
  const auto stat = ParseStat(ReadProcText(pid_, "task/" + std::to_string(tid_) + "/stat"));
  return stat && stat->state == 'R';
}

uint64_t CpuEstimate::Update(const SchedStat& now, bool runs, uint64_t now_ns) {
  if (!(now == last_)) changed_ns_ = now_ns;
  last_ = now;
  const uint64_t unseen = runs ? std::min(now_ns - changed_ns_, kTickNs) : 0;
  cpu_ns_ = std::max(cpu_ns_, now.cpu_ns + unseen);
  return cpu_ns_;
}

}  // namespace lineprof
