#include "launcher/child_process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <vector>

namespace lineprof {
namespace {

using std::chrono::nanoseconds;

nanoseconds NoTick() { return std::chrono::hours(1); }

ProcessEnd RunShell(const std::string& code) {
  const Program program{"/bin/sh", {"sh", "-c", code}, ""};
  Result<ChildProcess> process = ChildProcess::Start(program, {"PATH=/usr/bin:/bin"});
  EXPECT_TRUE(process.ok()) << process.error();
  return process.value().Wait(std::chrono::hours(1), NoTick);
}

TEST(ChildProcess, TellsTheExitStatus) {
  for (const int status : {0, 1, 3, 255}) {
    const ProcessEnd end = RunShell("exit " + std::to_string(status));
    EXPECT_FALSE(end.by_signal);
    EXPECT_EQ(end.value, status);
  }
}

TEST(ChildProcess, TellsTheSignalThatKilledIt) {
  signal(SIGINT, SIG_DFL);  // ignored where a shell runs the tests in the background
  for (const int signal : {SIGTERM, SIGKILL, SIGINT}) {
    const ProcessEnd end = RunShell("kill -" + std::to_string(signal) + " $$");
    EXPECT_TRUE(end.by_signal);
    EXPECT_EQ(end.value, signal);
  }
}

TEST(ChildProcess, HasTheGivenArgumentsAndEnvironment) {
  const Program program{"/bin/sh", {"x", "-c", "[ \"$0,$1,$A\" = 'x,a b,1' ]", "x", "a b"}, ""};
  Result<ChildProcess> process = ChildProcess::Start(program, {"A=1"});
  ASSERT_TRUE(process.ok());
  EXPECT_EQ(process.value().Wait(std::chrono::hours(1), NoTick).value, 0);
}

TEST(ChildProcess, FailsWithTheKernelsReason) {
  const Program missing{"/no/such/program", {"program"}, ""};
  EXPECT_EQ(ChildProcess::Start(missing, {}).error(),
            "cannot run /no/such/program: No such file or directory");
}

TEST(ChildProcess, NextMeetsInputSignalsAndTheEnd) {
  using Event = ChildProcess::Event;
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string code =
      "trap 'exit 7' USR1; echo x >&" + std::to_string(ends[1]) + "; while :; do sleep 0.01; done";
  const Program program{"/bin/sh", {"sh", "-c", code}, ""};
  Result<ChildProcess> started = ChildProcess::Start(program, {"PATH=/usr/bin:/bin"});
  ASSERT_TRUE(started.ok());
  ChildProcess& process = started.value();
  EXPECT_EQ(process.Next(-1, nanoseconds(0)), Event::kTimeout);
  EXPECT_EQ(process.Next(ends[0], std::chrono::hours(1)), Event::kInput);
  close(ends[0]);
  close(ends[1]);
  // Sent by a process (this one), so it is passed on; the terminal's own are not.
  kill(getpid(), SIGUSR1);
  EXPECT_EQ(process.Next(-1, std::chrono::hours(1)), Event::kSignal);
  Event event = Event::kTimeout;
  while (event == Event::kTimeout) event = process.Next(-1, std::chrono::hours(1));
  EXPECT_EQ(event, Event::kEnded);
  EXPECT_EQ(process.Next(-1, std::chrono::hours(1)), Event::kEnded);
  EXPECT_EQ(process.Wait(std::chrono::hours(1), NoTick).value, 7);
}

TEST(ChildProcess, Terminates) {
  const Program program{"/bin/sh", {"sh", "-c", "exec sleep 60"}, ""};
  Result<ChildProcess> process = ChildProcess::Start(program, {"PATH=/usr/bin:/bin"});
  ASSERT_TRUE(process.ok());
  process.value().Terminate();
  const ProcessEnd end = process.value().Wait(std::chrono::hours(1), NoTick);
  EXPECT_TRUE(end.by_signal);
  EXPECT_EQ(end.value, SIGTERM);
}

TEST(ChildProcess, TicksUntilItsEnd) {
  int ticks = 0;
  const Program program{"/bin/sleep", {"sleep", "60"}, ""};
  Result<ChildProcess> process = ChildProcess::Start(program, {});
  ASSERT_TRUE(process.ok());
  const ProcessEnd end = process.value().Wait(nanoseconds(0), [&] {
    if (++ticks == 3) kill(process.value().pid(), SIGKILL);
    return nanoseconds(0);
  });
  EXPECT_TRUE(end.by_signal);
  EXPECT_EQ(end.value, SIGKILL);
  EXPECT_GE(ticks, 3);
}

TEST(ChildProcess, PassesOnWhatAProcessSends) {
  const ProcessEnd end = RunShell("kill -TERM $PPID; exec sleep 60");
  EXPECT_TRUE(end.by_signal);
  EXPECT_EQ(end.value, SIGTERM);
}

TEST(ChildProcess, GivesTheSignalMaskBack) {
  sigset_t before;
  sigprocmask(SIG_SETMASK, nullptr, &before);
  RunShell("exit 0");
  sigset_t after;
  sigprocmask(SIG_SETMASK, nullptr, &after);
  for (const int signal : {SIGCHLD, SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2}) {
    EXPECT_EQ(sigismember(&after, signal), sigismember(&before, signal)) << signal;
  }
}

}  // namespace
}  // namespace lineprof
