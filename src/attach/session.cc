#include "attach/session.h"

#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <random>

#include "attach/system_facts.h"
#include "base/clock.h"
#include "base/process_files.h"

namespace lineprof {
namespace {

// Two descriptors for each thread of the process.
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// Asks the scheduler to let the calling thread run as soon as it wakes, as one that runs for very
// short: where it shares a CPU with the program it would be put off to where the program enters the
// kernel, and so look at those lines only (Linux 6.12, sched_setattr(2); older ones take no notice
// and let a thread that has slept go first).
void AskForPromptWaking() {
  if (sched_getscheduler(0) != SCHED_OTHER) return;  // the user's choice stays
  struct {
    uint32_t size = 48;  // SCHED_ATTR_SIZE_VER0
    uint32_t policy = 0;
    uint64_t flags = 0;
    int32_t nice = 0;
    uint32_t priority = 0;
    uint64_t runtime_ns = 100'000;
    uint64_t deadline_ns = 0;
    uint64_t period_ns = 0;
  } attributes;
  attributes.nice = getpriority(PRIO_PROCESS, 0);
  syscall(SYS_sched_setattr, 0, &attributes, 0);
}

Result<RecordingFile> CreateRecording(const Target& target, const std::string& directory,
                                      const SamplingOptions& options) {
  static std::mutex one_at_a_time;  // CreateRecordingFile asks for that
  const std::lock_guard<std::mutex> lock(one_at_a_time);
  const auto stat = ParseStat(ReadProcText(target.pid, "stat"));
  RecordingFacts facts;
  facts.period_ns = options.period_ns;
  facts.line_table_format = static_cast<uint32_t>(target.line_table_format);
  facts.python_hex_version = target.hex_version;
  facts.pid = target.pid;
  facts.parent_pid = stat ? stat->parent : 0;
  RecordingFile file;
  const char* failed = CreateRecordingFile(directory, facts, &file);
  if (failed != nullptr) {
    return Error{fmt::format("{}: no {}: {}", directory, failed, ErrnoText(errno))};
  }
  file.map.header().timer = static_cast<uint32_t>(TimerKind::kOutside);
  file.map.header().libraries =
      AddText(file.map, LibraryDirectories(ReadInstallationFacts(target), target.hex_version));
  return file;
}

}  // namespace

Result<std::unique_ptr<AttachSession>> AttachSession::Start(pid_t pid, const std::string& directory,
                                                            const SamplingOptions& options) {
  // Before anything is read, so that all of it is of one process.
  UniqueFd process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  Result<Target> target = FindTarget(pid);
  if (!target.ok()) return Error{target.error()};
  UniqueFd stop(eventfd(0, EFD_CLOEXEC));
  if (!process.ok() || !stop.ok()) {
    return Error{fmt::format("process {}: it has ended, or no descriptor is left", pid)};
  }
  RaiseDescriptorLimit();
  const Result<RecordingFile> recording = CreateRecording(target.value(), directory, options);
  if (!recording.ok()) return Error{recording.error()};
  std::unique_ptr<AttachSession> session(new AttachSession(
      std::move(target).value(), options, recording.value(), std::move(process), std::move(stop)));
  return session;
}

AttachSession::AttachSession(Target target, const SamplingOptions& options,
                             const RecordingFile& recording, UniqueFd process, UniqueFd stop)
    : target_(std::move(target)),
      options_(options),
      recording_(recording),
      path_(recording.path),
      sampler_(target_, options_, &recording_),
      process_(std::move(process)),
      stop_(std::move(stop)),
      thread_([this] { Run(); }) {}

AttachSession::~AttachSession() {
  Stop();
  CloseRecordingFile(&recording_);
}

void AttachSession::Stop() {
  if (!thread_.joinable()) return;
  const uint64_t one = 1;
  if (write(stop_.get(), &one, sizeof(one)) != sizeof(one)) return;  // cannot fail on an eventfd
  thread_.join();
}

// Periods vary by chance, or looks would keep step with work of that period: by three eighths at
// most, so that a few looks lose the step.
void AttachSession::Run() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  prctl(PR_SET_TIMERSLACK, 1UL);
  AskForPromptWaking();
  std::minstd_rand random(static_cast<uint32_t>(ClockNs(CLOCK_MONOTONIC)) | 1);
  const uint64_t spread = std::max<uint64_t>(options_.period_ns / 4 * 3, 1);
  uint64_t next = ClockNs(CLOCK_MONOTONIC);
  do {
    if (!sampler_.LookAround()) {
      ended_.store(true);
      AddNote(recording_.map, "its threads are gone though it lives (another program?): end there");
      break;
    }
    next += options_.period_ns - spread / 2 + random() % spread;
    // What was missed is not made up for: the next sample has its time.
    next = std::max(next, ClockNs(CLOCK_MONOTONIC));
  } while (WaitUntil(next));
  sampler_.Finish();
}

bool AttachSession::WaitUntil(uint64_t until_ns) {
  pollfd files[] = {{process_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
  const uint64_t now = ClockNs(CLOCK_MONOTONIC);
  const uint64_t wait = until_ns > now ? until_ns - now : 0;
  const timespec timeout = ToTimespec(wait);
  ppoll(files, 2, &timeout, nullptr);
  if (files[0].revents != 0) ended_.store(true);
  return files[0].revents == 0 && files[1].revents == 0;
}

}  // namespace lineprof
