#include "recording/settings.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lineprof {
namespace {

constexpr char kText[] =
    "period_ns=1000000;watch_waiting=1;main_thread_only=0;signal=27;timer=auto;directory=/tmp/x";

Settings Example() {
  Settings settings;
  settings.directory = "/tmp/x";
  settings.signal = 27;
  return settings;
}

TEST(Settings, AreWrittenAsDocumented) { EXPECT_EQ(EncodeSettings(Example()), kText); }

TEST(Settings, SurviveARoundTrip) {
  std::vector<Settings> cases;
  cases.push_back(Example());
  for (const uint64_t period : {50'000, 1'000'001, 1'000'000'000}) {
    cases.push_back(Example());
    cases.back().period_ns = period;
  }
  for (const auto timer :
       {Settings::Timer::kAuto, Settings::Timer::kPerf, Settings::Timer::kMonotonic}) {
    cases.push_back(Example());
    cases.back().timer = timer;
    cases.back().watch_waiting = false;
    cases.back().main_thread_only = true;
    cases.back().signal = 64;
  }
  cases.push_back(Example());
  cases.back().timeline_limit = 10'000'000;
  cases.push_back(Example());
  cases.back().by_thread = true;
  cases.push_back(Example());
  cases.back().by_task = true;
  for (const char* directory : {"/", "/a;b=c;directory=d", "/with blank\nand line", "/\xff\x01"}) {
    cases.push_back(Example());
    cases.back().directory = directory;
  }
  for (const bool flag : {false, true}) {
    cases.push_back(Example());
    cases.back().trace = true;
    cases.back().trace_filtered = flag;
    cases.back().trace_verbose = !flag;
    cases.back().launcher = flag ? 4'194'304 : 0;
  }
  for (const Settings& settings : cases) {
    const Result<Settings> decoded = DecodeSettings(EncodeSettings(settings));
    ASSERT_TRUE(decoded.ok()) << decoded.error();
    EXPECT_EQ(decoded.value(), settings) << EncodeSettings(settings);
  }
}

TEST(Settings, EveryTruncationBeforeTheDirectoryIsRefused) {
  const std::string text = kText;
  const size_t shortest = text.find('/') + 1;
  for (size_t length = 0; length < shortest; ++length) {
    const Result<Settings> decoded = DecodeSettings(text.substr(0, length));
    ASSERT_FALSE(decoded.ok()) << text.substr(0, length);
    EXPECT_TRUE(decoded.error().starts_with("LINEPROF_SETTINGS: bad ")) << decoded.error();
  }
  EXPECT_TRUE(DecodeSettings(text.substr(0, shortest)).ok());
}

TEST(Settings, WhatEncodeDoesNotWriteIsRefused) {
  struct Change {
    std::string from;
    std::string to;
  };
  const std::vector<Change> changes = {
      {"period_ns=1000000", "period_ns=49999"},
      {"period_ns=1000000", "period_ns=1000000001"},
      {"period_ns=1000000", "period_ns=99999999999999999999"},
      {"period_ns=1000000", "period_ns=01000000"},
      {"period_ns=1000000", "period_ns=+1000000"},
      {"period_ns=1000000", "period_ns=-1"},
      {"period_ns=1000000", "period_ns= 1000000"},
      {"period_ns=1000000", "period_ns=1000000x"},
      {"period_ns=1000000", "period_ns="},
      {"period_ns=", "period="},
      {"watch_waiting=1", "watch_waiting=2"},
      {"main_thread_only=0", "main_thread_only=yes"},
      {"signal=27", "signal=65"},
      {"signal=27", "signal=-1"},
      {"timer=auto", "timer=Auto"},
      {"timer=auto", "timer="},
      {";timer=auto", ""},
      {"directory=/tmp/x", "directory=tmp/x"},
      {"directory=/tmp/x", "directory="},
      {"directory=/tmp/x", std::string("directory=/tmp/x\0y", 18)},
      {"watch_waiting=1;main_thread_only=0", "main_thread_only=0;watch_waiting=1"},
  };
  for (const Change& change : changes) {
    std::string text = kText;
    text.replace(text.find(change.from), change.from.size(), change.to);
    const Result<Settings> decoded = DecodeSettings(text);
    EXPECT_FALSE(decoded.ok()) << text;
  }
}

TEST(Settings, GarbageIsRefused) {
  std::string garbage;
  for (int i = 0; i < 256; ++i) {
    garbage += static_cast<char>(i * 37);
    EXPECT_FALSE(DecodeSettings(garbage).ok());
    EXPECT_FALSE(DecodeSettings("period_ns=" + garbage).ok());
  }
}

}  // namespace
}  // namespace lineprof
