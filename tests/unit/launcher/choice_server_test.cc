// A question asked by the agent's half and answered by the launcher's.
#include "launcher/choice_server.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/temporary_directory.h"

namespace lineprof {
namespace {

TEST(ChoiceServer, AnswersEachQuestion) {
  const TemporaryDirectory directory;
  std::vector<std::string> asked;
  const Result<std::unique_ptr<ChoiceServer>> server =
      ChoiceServer::Start(directory.path(), [&](const ChoiceQuestion& question) {
        asked.push_back(question.filename);
        return question.filename == "yes.py";
      });
  ASSERT_TRUE(server.ok()) << server.error();
  EXPECT_TRUE(AskChoice(directory.path(), {"yes.py", "", false, "/", ""}));
  EXPECT_FALSE(AskChoice(directory.path(), {"no.py", "", true, "/", ""}));
  EXPECT_EQ(asked, (std::vector<std::string>{"yes.py", "no.py"}));
}

TEST(ChoiceServer, NamesTheDirectoryThatItCannotUse) {
  const auto server =
      ChoiceServer::Start("/nonexistent", [](const ChoiceQuestion&) { return true; });
  ASSERT_FALSE(server.ok());
  EXPECT_NE(server.error().find("/nonexistent"), std::string::npos) << server.error();
}

}  // namespace
}  // namespace lineprof
