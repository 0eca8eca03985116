// Names of threads from objects made by hand, in the shapes that the versions give them.
#include "pyruntime/thread_name.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <vector>

namespace lineprof {
namespace {

using Words = std::vector<uint64_t>;

uint64_t Address(const Words& words) { return reinterpret_cast<uint64_t>(words.data()); }

constexpr uint32_t kAsciiData = 40;

// A compact ASCII str.
Words Text(const std::string& text) {
  Words object(kAsciiData / 8 + text.size() / 8 + 1);
  object[2] = text.size();
  object[4] = 1 << 6 | 1 << 5 | 1 << 2;  // ascii, compact, one byte a code point
  std::memcpy(&object[5], text.data(), text.size());
  return object;
}

// A class of Python's: type and flags.
Words HeapType(uint64_t flags, uint64_t basic_size) {
  Words type(130);
  type[4] = basic_size;
  type[21] = flags | 1 << 9;
  return type;
}

class ThreadNameTest : public testing::Test {
 protected:
  // The name of `object` as that version reads it; "-" if it reads none.
  std::string Read(int minor, uint64_t object) {
    FrameLayout layout;
    layout.minor = minor;
    layout.ascii_data = kAsciiData;
    layout.unicode_data = 56;
    ThreadName name;
    // The second time the key is known.
    std::atomic<uint64_t> key{0};
    const CheckedMemory memory{getpid()};
    const bool first = ReadThreadName(memory, layout, object, &key, &name);
    const bool second = ReadThreadName(memory, layout, object, &key, &name);
    EXPECT_EQ(first, second);
    if (!second) return "-";
    return {name.bytes, name.size};
  }

  // The keys `_target` and `_name`, with 8 places and values beside them if they are given.
  Words OldKeys(uint64_t value) {
    return {1,
            8,
            0,
            0,
            2,
            0,
            /* entries: hash, key, value */ 0,
            Address(target_),
            Address(other_),
            0,
            Address(key_),
            value};
  }
  // The same of 3.11 and newer: entries of `kind` 1 have no hash.
  Words NewKeys(uint64_t value) {
    return {1,    3 | 3 << 8 | 1 << 16, 0, 2, 0, Address(target_), Address(other_), Address(key_),
            value};
  }

  Words target_ = Text("_target");
  Words key_ = Text("_name");
  Words other_ = Text("other");
  Words name_ = Text("worker-1");
  Words values_ = {Address(other_), Address(name_)};
};

TEST_F(ThreadNameTest, IsInTheDictionaryUpTo310) {
  const Words type = HeapType(0, 32);
  const Words combined_keys = OldKeys(Address(name_));
  Words dict = {1, 0, 2, 0, Address(combined_keys), 0};
  const Words object = {1, Address(type), Address(dict), 0};
  EXPECT_EQ(Read(8, Address(object)), "worker-1");
  const Words split_keys = OldKeys(0);
  dict[4] = Address(split_keys);
  dict[5] = Address(values_);
  EXPECT_EQ(Read(10, Address(object)), "worker-1");
}

TEST_F(ThreadNameTest, IsInValuesInFrontOfTheObjectIn311And312) {
  const Words keys = NewKeys(0);
  Words type = HeapType(1 << 4, 24);
  type[872 / 8] = Address(keys);
  type[880 / 8] = Address(keys);
  const Words object_311 = {Address(values_), 0, 0, 0, 1, Address(type)};
  EXPECT_EQ(Read(11, Address(object_311) + 32), "worker-1");
  const Words object_312 = {Address(values_) - 1, 0, 0, 1, Address(type)};
  EXPECT_EQ(Read(12, Address(object_312) + 24), "worker-1");
}

TEST_F(ThreadNameTest, IsInValuesBehindTheObjectFrom313On) {
  const Words keys = NewKeys(0);
  Words type = HeapType(1 << 4 | 1 << 2, 16);
  type[880 / 8] = Address(keys);
  type[888 / 8] = Address(keys);
  constexpr uint64_t kValid = 1 << 24;
  Words object = {0, 0, 0, 1, Address(type), kValid, Address(other_), Address(name_)};
  for (const int minor : {13, 14, 15}) EXPECT_EQ(Read(minor, Address(object) + 24), "worker-1");
}

TEST_F(ThreadNameTest, IsInTheDictionaryOnceThereIsOne) {
  const Words keys = NewKeys(Address(name_));
  const Words dict = {1, 0, 2, 0, Address(keys), 0};
  const Words type = HeapType(1 << 4 | 1 << 2, 16);
  // Its own values are not valid any more.
  const Words object = {Address(dict), 0, 0, 1, Address(type), 0, 0, 0};
  for (const int minor : {12, 13, 15}) EXPECT_EQ(Read(minor, Address(object) + 24), "worker-1");
}

TEST_F(ThreadNameTest, WhatIsNoThreadHasNone) {
  EXPECT_EQ(Read(12, 0), "-");
  EXPECT_EQ(Read(12, 8), "-");
  const Words zeros(64);
  for (const int minor : {8, 11, 12, 13, 15}) EXPECT_EQ(Read(minor, Address(zeros) + 64), "-");
  Words garbage(64, ~uint64_t{0} >> 20);
  for (const int minor : {8, 11, 12, 13, 15}) EXPECT_EQ(Read(minor, Address(garbage) + 64), "-");
}

TEST_F(ThreadNameTest, LongNamesAreCutOff) {
  const Words type = HeapType(0, 32);
  const Words text = Text(std::string(500, 'x'));
  const Words keys = OldKeys(Address(text));
  const Words dict = {1, 0, 2, 0, Address(keys), 0};
  const Words object = {1, Address(type), Address(dict), 0};
  EXPECT_EQ(Read(9, Address(object)), std::string(ThreadName::kMaxBytes, 'x'));
}

TEST_F(ThreadNameTest, ThreadIsFoundByTheMethodItRuns) {
  const CheckedMemory memory{getpid()};
  const Words self(2);
  const Words method = {1, 4096, 0, Address(self)};
  const Words state = {0, Address(method)};
  const Words argument = {0, Address(state)};
  EXPECT_EQ(FindThreadObject(memory, Address(argument), 4096), Address(self));
  EXPECT_EQ(FindThreadObject(memory, Address(argument), 8192), 0u);
  EXPECT_EQ(FindThreadObject(memory, 1, 4096), 0u);
  EXPECT_EQ(FindThreadObject(memory, 0, 4096), 0u);
}

}  // namespace
}  // namespace lineprof
