#include "launcher/agent_library.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/temporary_directory.h"

namespace lineprof {
namespace {

TEST(PreloadablePath, IsTheAgentItselfWhereTheLoaderTakesIt) {
  EXPECT_EQ(PreloadablePath("/opt/lib/agent.so", "/missing").value(), "/opt/lib/agent.so");
}

TEST(PreloadablePath, IsALinkWhereTheLoaderWouldSplitOrExpandTheName) {
  for (const char* agent : {"/a b/agent.so", "/a:b/agent.so", "/$LIB/agent.so", "/a\tb/agent.so"}) {
    const TemporaryDirectory directory;
    const Result<std::string> path = PreloadablePath(agent, directory.path());
    ASSERT_TRUE(path.ok()) << path.error();
    EXPECT_EQ(std::filesystem::read_symlink(path.value()), agent);
    EXPECT_TRUE(CanBePreloaded(path.value()));
  }
}

TEST(PreloadablePath, FailsWhereNoLinkHelps) {
  const Result<std::string> path = PreloadablePath("/a b/agent.so", "/r s");
  ASSERT_FALSE(path.ok());
  EXPECT_NE(path.error().find("/a b/agent.so"), std::string::npos) << path.error();
  EXPECT_NE(path.error().find("/r s"), std::string::npos) << path.error();
}

}  // namespace
}  // namespace lineprof
