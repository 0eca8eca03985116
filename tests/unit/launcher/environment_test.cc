#include "launcher/environment.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

using Words = std::vector<std::string>;

TEST(ProgramEnvironment, PutsTheAgentBeforeExistingPreloads) {
  Settings settings;
  settings.directory = "/r";
  const std::string variable = "LINEPROF_SETTINGS=" + EncodeSettings(settings);
  struct Case {
    Words base;
    Words expected;
  };
  const std::vector<Case> cases = {
      {{}, {"LD_PRELOAD=/agent.so", variable}},
      {{"LD_PRELOAD="}, {"LD_PRELOAD=/agent.so", variable}},
      {{"B=2", "LD_PRELOAD=a.so b.so", "A=1"},
       {"B=2", "A=1", "LD_PRELOAD=/agent.so:a.so b.so", variable}},
      {{"LD_PRELOAD_X=1", "LINEPROF_SETTINGS=old", "LINEPROF_SETTINGS_X=2", "odd"},
       {"LD_PRELOAD_X=1", "LINEPROF_SETTINGS_X=2", "odd", "LD_PRELOAD=/agent.so", variable}},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(ProgramEnvironment(each.base, "/agent.so", settings), each.expected);
  }
}

}  // namespace
}  // namespace lineprof
