// Several processes recorded at once and, if asked for, their descendants, present and future.
//
// Descendants are looked for at each Update, by /proc: one that lives shorter than the time between
// two is not seen, nor is one whose parent ended before it was. A descendant without Python is left
// alone, and looked at again later: it may be about to execute one. THREAD: one.
#ifndef LINEPROF_ATTACH_FAMILY_H_
#define LINEPROF_ATTACH_FAMILY_H_

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "attach/session.h"

namespace lineprof {

class AttachedFamily {
 public:
  // Begins to record all of `pids`. Fails with one line if one of them cannot be.
  static Result<std::unique_ptr<AttachedFamily>> Start(const std::vector<pid_t>& pids,
                                                       bool with_children,
                                                       const std::string& directory,
                                                       const SamplingOptions& options);

  // Looks for descendants that are not recorded yet. To be called some ten times a second.
  void Update();

  // Whether no process is left to look at.
  bool has_ended() const;

  // Ends all recordings: they are complete then.
  void Stop();

 private:
  AttachedFamily(bool with_children, std::string directory, const SamplingOptions& options)
      : with_children_(with_children), directory_(std::move(directory)), options_(options) {}
  void TryToRecord(pid_t pid);

  bool with_children_;
  std::string directory_;
  SamplingOptions options_;
  std::map<pid_t, std::unique_ptr<AttachSession>> sessions_;
  std::vector<std::unique_ptr<AttachSession>> ended_;
  struct Refused {
    uint64_t next_try_ns;
    uint64_t wait_ns;  // before the try after that
  };
  std::map<pid_t, Refused> refused_;  // descendants without Python, so far
};

}  // namespace lineprof

#endif  // LINEPROF_ATTACH_FAMILY_H_
