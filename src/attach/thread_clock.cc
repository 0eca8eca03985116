#include "attach/thread_clock.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <span>
#include <string>

#include "base/process_files.h"

namespace lineprof {
namespace {

UniqueFd OpenTaskFile(pid_t pid, pid_t tid, const char* name) {
  const std::string file = "task/" + std::to_string(tid) + "/" + name;
  return UniqueFd(open(ProcPath(pid, file).c_str(), O_RDONLY | O_CLOEXEC));
}

// What the file says now; empty when the thread is gone.
std::string_view ReadNow(const UniqueFd& file, std::span<char> buffer) {
  const ssize_t length = pread(file.get(), buffer.data(), buffer.size(), 0);
  return {buffer.data(), static_cast<size_t>(std::max<ssize_t>(length, 0))};
}

}  // namespace

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
    : schedstat_(OpenTaskFile(pid, tid, "schedstat")), stat_(OpenTaskFile(pid, tid, "stat")) {}

std::optional<SchedStat> ThreadClock::Read() const {
  if (!stat_.ok()) return {};  // no descriptor left: whether it runs could not be told
  char text[96];
  return ParseSchedStat(ReadNow(schedstat_, text));
}

bool ThreadClock::Runs() const {
  char text[1024];
  const auto stat = ParseStat(ReadNow(stat_, text));
  return stat && stat->state == 'R';
}

uint64_t CpuEstimate::Update(const SchedStat& now, bool runs, uint64_t now_ns) {
  const uint64_t passed = now_ns - looked_ns_;
  if (!runs) {
    least_ns_ = most_ns_ = now.cpu_ns;
  } else if (now.slices != last_.slices) {
    least_ns_ = now.cpu_ns;
    most_ns_ = now.cpu_ns + std::min(passed, kUsualTickNs);
  } else {
    least_ns_ = std::max(least_ns_ + passed, now.cpu_ns);
    most_ns_ += passed;
    if (now.cpu_ns != last_.cpu_ns) most_ns_ = std::min(most_ns_, now.cpu_ns + passed);
    most_ns_ = std::clamp(most_ns_, now.cpu_ns, now.cpu_ns + kLongestTickNs);
    least_ns_ = std::min(least_ns_, most_ns_);
  }
  last_ = now;
  looked_ns_ = now_ns;
  cpu_ns_ = least_ns_ + (most_ns_ - least_ns_) / 2;
  return cpu_ns_;
}

}  // namespace lineprof
