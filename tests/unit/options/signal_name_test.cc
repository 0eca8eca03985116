#include "options/signal_name.h"

#include <gtest/gtest.h>

#include <csignal>

namespace lineprof {
namespace {

TEST(SignalName, IsANumberOrAName) {
  EXPECT_EQ(ParseSignal("27"), SIGPROF);
  EXPECT_EQ(ParseSignal("PROF"), SIGPROF);
  EXPECT_EQ(ParseSignal("SIGPROF"), SIGPROF);
  EXPECT_EQ(ParseSignal("SIGRTMIN"), SIGRTMIN);
  EXPECT_EQ(ParseSignal("RTMIN+3"), SIGRTMIN + 3);
  EXPECT_EQ(ParseSignal("64"), SIGRTMAX);
  for (const char* none : {"", "0", "-1", "65", "33", "SIG", "prof", "27x", "SIG27", "RTMIN+99",
                           "RTMIN+-1", "RTMIN+", "99999999999"}) {
    EXPECT_EQ(ParseSignal(none), 0) << none;
  }
}

}  // namespace
}  // namespace lineprof
