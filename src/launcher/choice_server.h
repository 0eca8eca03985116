// Answers the agents' questions (recording/choice_channel.h) in a thread of its own while the
// program runs.
//
// The answer is the owner's: a function, called in that thread, one question at a time. Ends with
// the object.
#ifndef LINEPROF_LAUNCHER_CHOICE_SERVER_H_
#define LINEPROF_LAUNCHER_CHOICE_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "base/file.h"
#include "lineprof/result.h"
#include "recording/choice_channel.h"

namespace lineprof {

class ChoiceServer {
 public:
  using Answer = std::function<bool(const ChoiceQuestion&)>;

  // Listens in `directory`. Fails with one line.
  static Result<std::unique_ptr<ChoiceServer>> Start(const std::string& directory, Answer answer);
  ~ChoiceServer();
  ChoiceServer(const ChoiceServer&) = delete;
  ChoiceServer& operator=(const ChoiceServer&) = delete;

 private:
  ChoiceServer(UniqueFd listening, UniqueFd stop, Answer answer);
  void Serve();
  void AnswerOne();

  UniqueFd listening_;
  UniqueFd stop_;  // an eventfd
  Answer answer_;
  std::thread thread_;
};

}  // namespace lineprof

#endif  // LINEPROF_LAUNCHER_CHOICE_SERVER_H_
