// How the agent learns which code to trace: it asks the launcher, whose filters the report uses
// too.
//
// One question a connection, over a Unix socket in the recording directory (so it reaches every
// child process, and the agent keeps no descriptor). A question is one packet of NUL-separated
// texts, the answer one byte. Why not decide in the agent: the expressions are RE2's, and the agent
// is loaded into every process of the run: it stays small and free of libraries.
//
// Asking takes some tens of microseconds, once for a file (or, with --only, a function). Where
// nobody answers the code is traced: the report's filters still leave it out.
#ifndef LINEPROF_RECORDING_CHOICE_CHANNEL_H_
#define LINEPROF_RECORDING_CHOICE_CHANNEL_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lineprof/result.h"

namespace lineprof {

// May this code be counted?
struct ChoiceQuestion {
  std::string filename;           // co_filename, as UTF-8
  std::string qualified_name;     // empty unless functions are chosen by name
  bool is_main = false;           // it runs as __main__
  std::string working_directory;  // of the process
  std::string libraries;          // RecordingHeader::libraries, NULs as newlines
  friend bool operator==(const ChoiceQuestion&, const ChoiceQuestion&) = default;
};

std::string EncodeQuestion(const ChoiceQuestion& question);
// Nothing if `bytes` is no question.
std::optional<ChoiceQuestion> DecodeQuestion(std::string_view bytes);

// Longer questions are cut off by the receiver, and so are no questions.
inline constexpr size_t kMaxQuestionBytes = 65536;

// A socket that listens in `directory`. Fails with one line.
Result<int> ListenForQuestions(const std::string& directory);

// Asks, and waits for the answer for at most a second. True where there is none. SIGNAL-SAFE: no.
// THREAD: any.
bool AskChoice(const std::string& directory, const ChoiceQuestion& question);

}  // namespace lineprof

#endif  // LINEPROF_RECORDING_CHOICE_CHANNEL_H_
