#include "attach/permission.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace lineprof {
namespace {

bool Says(const AccessFacts& facts, const char* words) {
  const std::string text = ExplainRefusal(facts);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_NE(text.find("process 7"), std::string::npos) << text;
  return text.find(words) != std::string::npos;
}

TEST(ExplainRefusal, NamesWhatIsMissing) {
  EXPECT_TRUE(Says({7, 1000, 0, false, 0}, "of user root"));
  EXPECT_TRUE(Says({7, 1000, 0, false, 1}, "sudo lineprof attach 7"));
  EXPECT_TRUE(Says({7, 1000, 1000, false, 1}, "kernel.yama.ptrace_scope=0"));
  EXPECT_TRUE(Says({7, 1000, 1000, false, 2}, "ptrace_scope is 2"));
  EXPECT_TRUE(Says({7, 0, 0, true, 3}, "ptrace_scope is 3"));
  EXPECT_TRUE(Says({7, 0, 0, false, 0}, "--cap-add=SYS_PTRACE"));
  EXPECT_TRUE(Says({7, 0, 1000, true, 0}, "seccomp"));
  EXPECT_TRUE(Says({7, 1000, 1000, false, 0}, "privileges"));
}

TEST(ReadAccessFacts, KnowsTheUserOfThisProcess) {
  const AccessFacts facts = ReadAccessFacts(getpid());
  EXPECT_EQ(facts.own_user, geteuid());
  EXPECT_EQ(facts.target_user, getuid());
}

}  // namespace
}  // namespace lineprof
