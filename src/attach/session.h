// Records one running process from outside, in a thread of its own, until it is told to stop or the
// process ends. For `lineprof attach` and for whoever looks at recordings while they grow.
//
// The recording is a file of the agent's form (recording/FORMAT.md) in a directory of the caller's,
// which the caller reads and removes; it can be read at any moment (recording/reader.h). The
// process is only read: it goes on as it was whatever becomes of the session, or of lineprof.
//
//     Result<std::unique_ptr<AttachSession>> session = AttachSession::Start(pid, directory, {});
//     ... ReadRecording(session.value()->recording_path()) ...
//     session.value()->Stop();
//
// THREAD: any, one at a time, but for what says otherwise.
#ifndef LINEPROF_ATTACH_SESSION_H_
#define LINEPROF_ATTACH_SESSION_H_

#include <sys/types.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "attach/process_sampler.h"
#include "attach/target.h"
#include "base/file.h"
#include "lineprof/result.h"

namespace lineprof {

class AttachSession {
 public:
  // Begins to record `pid` into a new file in `directory`. Fails with one line: no such process, no
  // Python in it, no permission, no room.
  static Result<std::unique_ptr<AttachSession>> Start(pid_t pid, const std::string& directory,
                                                      const SamplingOptions& options);
  // Stops.
  ~AttachSession();
  AttachSession(const AttachSession&) = delete;
  AttachSession& operator=(const AttachSession&) = delete;

  // Ends the recording: when it returns the file is complete. Does nothing the second time.
  void Stop();

  pid_t pid() const { return target_.pid; }
  const Target& target() const { return target_; }
  const std::string& recording_path() const { return path_; }

  // Whether there is nothing more to record: the process has ended, or runs another program.
  // THREAD: any.
  bool target_ended() const { return ended_.load(); }
  // Looks at running threads that gave a sample, and that were discarded because the stack moved
  // while it was read. THREAD: any.
  uint64_t sampled() const { return sampler_.sampled(); }
  uint64_t discarded() const { return sampler_.discarded(); }

 private:
  AttachSession(Target target, const SamplingOptions& options, const RecordingFile& recording,
                UniqueFd process, UniqueFd stop);
  void Run();
  // Waits until `until_ns` (CLOCK_MONOTONIC). False if it is over.
  bool WaitUntil(uint64_t until_ns);

  const Target target_;
  const SamplingOptions options_;
  RecordingFile recording_;
  std::string path_;
  ProcessSampler sampler_;
  UniqueFd process_;  // a pidfd: readable when the process has ended
  UniqueFd stop_;     // an eventfd
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

}  // namespace lineprof

#endif  // LINEPROF_ATTACH_SESSION_H_
