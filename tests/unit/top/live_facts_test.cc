#include "top/live_facts.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace lineprof {
namespace {

TEST(LiveFacts, StatIsStateAndName) {
  const LiveFacts facts = DescribeStat("12 (python3) S 1 12 12 0 -1\n");
  EXPECT_EQ(facts.state, "sleeping");
  EXPECT_EQ(facts.name, "python3");
}

TEST(LiveFacts, NameMayHoldAnything) {
  EXPECT_EQ(DescribeStat("12 (a) R (b)) R 1 1").name, "a) R (b)");
  EXPECT_EQ(DescribeStat("12 (a) S (b)) R 1 1").state, "running");
}

TEST(LiveFacts, WhatIsNoStatOrHasEndedHasNoState) {
  for (const char* stat : {"", "12", "12 (python3", "12 (python3)", "12 (python3) ", ") (",
                           "12 (python3) S x", "12 (python3) Z 1 1", "12 (python3) X 1 1"}) {
    EXPECT_EQ(DescribeStat(stat).state, "") << stat;
  }
}

TEST(LiveFacts, ThisProcessIsAlive) {
  CostSnapshot snapshot;
  snapshot.processes.resize(3);
  snapshot.processes[0].pid = getpid();
  snapshot.processes[1].pid = 0;
  snapshot.processes[2].pid = getppid();
  snapshot.processes[2].ended = true;
  const LiveProcesses live = FindLiveProcesses(snapshot);
  ASSERT_EQ(live.size(), 1U);
  EXPECT_EQ(live.begin()->first, getpid());
  snapshot.threads = {{getpid(), getpid(), "", 0, 0}};
  EXPECT_NE(FindLiveThreads(snapshot).begin()->second.name, "");
}

}  // namespace
}  // namespace lineprof
