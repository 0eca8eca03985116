#include "profile/run_facts.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

using Notes = std::vector<std::string>;

constexpr uint64_t kSecond = 1'000'000'000;

// A process that ran for a second with 500 samples on CPU, of half a second.
Recording Second(int64_t pid) {
  Recording recording;
  recording.pid = pid;
  recording.arguments = {"python3", "a b.py"};
  recording.start_monotonic_ns = 100 * kSecond;
  recording.end_monotonic_ns = 101 * kSecond;
  recording.cpu_samples = 500;
  recording.wait_samples = 100;
  recording.thread_cpu_ns = kSecond / 2;
  recording.sampled_cpu_ns = kSecond / 2;
  recording.thread_wait_ns = kSecond / 4;
  recording.threads = 2;
  return recording;
}

Profile Facts(const std::vector<Recording>& recordings, double period_s = 0.001) {
  std::vector<const Recording*> pointers;
  pointers.reserve(recordings.size());
  for (const Recording& recording : recordings) pointers.push_back(&recording);
  Profile profile;
  profile.period_s = period_s;
  AddRunFacts(pointers, profile);
  return profile;
}

TEST(RunFacts, AddsUpProcesses) {
  Recording later = Second(2);
  later.start_monotonic_ns += kSecond / 2;
  Profile profile = Facts({Second(1), later});
  EXPECT_DOUBLE_EQ(profile.duration_s, 1.5);
  EXPECT_EQ(profile.cpu_samples, 1000u);
  EXPECT_EQ(profile.wait_samples, 200u);
  EXPECT_DOUBLE_EQ(profile.delivered_hz, 1000);
  EXPECT_EQ(profile.unsampled_cpu_s, 0);
  EXPECT_TRUE(profile.notes.empty());
  ASSERT_EQ(profile.processes.size(), 2u);
  EXPECT_EQ(profile.processes[0].start_s, 0);
  EXPECT_EQ(profile.processes[1].start_s, 0.5);
  EXPECT_EQ(profile.processes[1].duration_s, 0.5);
  EXPECT_EQ(profile.processes[1].cpu_s, 0.5);
  EXPECT_EQ(profile.processes[1].wait_s, 0.25);
  EXPECT_EQ(profile.processes[1].samples, 600u);
  EXPECT_EQ(profile.processes[1].threads, 2u);
  EXPECT_EQ(profile.processes[1].command_line, "python3 'a b.py'");
}

TEST(RunFacts, CountsLostSamplesAsDelivered) {
  Recording recording = Second(1);
  recording.losses = {{"outside Python code", 50}};
  EXPECT_DOUBLE_EQ(Facts({recording}).delivered_hz, 1100);
}

TEST(RunFacts, TellsCpuTimeThatNoSampleStandsFor) {
  Recording recording = Second(1);
  recording.thread_cpu_ns = kSecond;
  Recording other = Second(2);
  other.sampled_cpu_ns = kSecond;  // more than measured: no debt against the first one
  Profile profile = Facts({recording, other});
  EXPECT_DOUBLE_EQ(profile.unsampled_cpu_s, 0.5);
  EXPECT_NEAR(profile.delivered_hz, 1000 / 1.5, 1e-9);
}

TEST(RunFacts, TakesSampledTimeWhereTheProcessToldNone) {
  Recording recording = Second(1);
  recording.thread_cpu_ns = 0;
  Profile profile = Facts({recording});
  EXPECT_DOUBLE_EQ(profile.delivered_hz, 1000);
  EXPECT_DOUBLE_EQ(profile.processes[0].cpu_s, 0.5);
  EXPECT_EQ(profile.unsampled_cpu_s, 0);
}

TEST(RunFacts, SumsLossesByReason) {
  Recording first = Second(1);
  first.losses = {{"stack too deep", 2}, {"no frame", 0}};
  Recording second = Second(2);
  second.losses = {{"map full", 1}, {"stack too deep", 3}};
  Profile profile = Facts({first, second});
  ASSERT_EQ(profile.losses.size(), 2u);
  EXPECT_EQ(profile.losses[0].reason, "map full");
  EXPECT_EQ(profile.losses[1].reason, "stack too deep");
  EXPECT_EQ(profile.losses[1].samples, 5u);
}

TEST(RunFacts, MakesANoteOfARefusedProcessAndCountsNothingOfIt) {
  Recording refused = Second(7);
  refused.refusal = "Python 3.7.1 is not supported";
  Profile profile = Facts({refused, Second(8)});
  EXPECT_EQ(profile.notes, Notes{"process 7: not profiled: Python 3.7.1 is not supported"});
  EXPECT_EQ(profile.processes.size(), 1u);
  EXPECT_EQ(profile.cpu_samples, 500u);
  EXPECT_DOUBLE_EQ(profile.duration_s, 1);
}

TEST(RunFacts, SaysThatNothingWasProfiled) {
  Recording refused = Second(7);
  refused.refusal = "PyPy";
  EXPECT_EQ(Facts({refused}).notes,
            (Notes{"process 7: not profiled: PyPy", "no Python process was profiled"}));
}

TEST(RunFacts, NamesTheProcessesOfANoteOnlyIfThereAreSeveral) {
  std::vector<Recording> recordings = {Second(1)};
  recordings[0].notes = {"the JIT is on"};
  EXPECT_EQ(Facts(recordings).notes, Notes{"the JIT is on"});
  for (int64_t pid : {2, 3, 4, 5}) {
    recordings.push_back(Second(pid));
    recordings.back().notes = {"the JIT is on"};
  }
  recordings[4].notes.push_back("signal 27 was taken over");
  EXPECT_EQ(Facts(recordings).notes, (Notes{"processes 1, 2, 3 and 2 more: the JIT is on",
                                            "process 5: signal 27 was taken over"}));
}

struct HintCase {
  uint64_t samples;
  double period_s;
  Notes notes;
};

TEST(RunFacts, AdvisesAShorterPeriodForARunTooShort) {
  const HintCase cases[] = {
      {0, 0.001, {"no samples in 0.01 s: a shorter period gives more, e.g. `-s 0.0001`"}},
      {1, 0.001, {"only 1 sample in 0.01 s: a shorter period gives more, e.g. `-s 0.0001`"}},
      {19, 0.0001, {"only 19 samples in 0.01 s: a shorter period gives more, e.g. `-s 0.00005`"}},
      {19, 0.00005, {"only 19 samples in 0.01 s: the program is too short to be sampled"}},
      {20, 0.001, {}},
  };
  for (const HintCase& c : cases) {
    Recording recording = Second(1);
    recording.end_monotonic_ns = recording.start_monotonic_ns + kSecond / 100;
    recording.cpu_samples = c.samples;
    recording.wait_samples = 0;
    EXPECT_EQ(Facts({recording}, c.period_s).notes, c.notes) << c.samples;
  }
}

TEST(RunFacts, GivesNoNegativeDurationForAClockThatWentBack) {
  Recording recording = Second(1);
  recording.end_monotonic_ns = 0;
  EXPECT_EQ(Facts({recording}).duration_s, 0);
}

}  // namespace
}  // namespace lineprof
