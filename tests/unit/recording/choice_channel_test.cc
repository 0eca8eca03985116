// Questions of the agent as bytes.
#include "recording/choice_channel.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

TEST(ChoiceQuestion, ComesBackAsItWas) {
  for (const ChoiceQuestion& question :
       {ChoiceQuestion{},
        ChoiceQuestion{"/a/b.py", "A.f.<locals>.g", true, "/home/x", "/usr\n/lib"},
        ChoiceQuestion{"<string>", "", false, "", "\n"}}) {
    EXPECT_EQ(DecodeQuestion(EncodeQuestion(question)), question);
  }
}

TEST(ChoiceQuestion, OtherBytesAreNone) {
  const std::string whole = EncodeQuestion({"f.py", "f", true, "/x", ""});
  for (const std::string& bytes : {std::string(), std::string("f.py"), std::string(4, '\0') + "x",
                                   whole + '\0', whole.substr(0, 6),
                                   std::string("f.py\0f\0"
                                               "2\0/x\0",
                                               12)}) {
    EXPECT_FALSE(DecodeQuestion(bytes)) << bytes;
  }
}

TEST(AskChoice, IsYesWhereNobodyAnswers) {
  EXPECT_TRUE(AskChoice("/nonexistent", {"f.py", "", false, "/", ""}));
}

}  // namespace
}  // namespace lineprof
