// What functions of a deterministic profile cost: sums that are known by hand.

#include "reports/counted_functions.h"

#include <gtest/gtest.h>

#include "reports/call_cycles.h"
#include "reports/line_inclusive.h"

namespace lineprof {
namespace {

constexpr FunctionId kModule{0};
constexpr FunctionId kFib{1};
constexpr FunctionId kEven{2};
constexpr FunctionId kOdd{3};
constexpr FunctionId kLibrary{4};

Cost Times(uint64_t hits, uint64_t ns) { return {hits, ns, 0}; }

// The module calls fib, which calls itself; even, which calls odd, which calls even; and a library
// function, whose file is excluded, and which calls fib.
Profile Recursion() {
  Profile profile;
  profile.mode = Mode::kDeterministic;
  profile.files.resize(2);
  profile.files[0].lines = {{1, {}, {}}};
  profile.functions = {{FileId{0}, "<module>", "<module>", 1},
                       {FileId{0}, "fib", "fib", 2},
                       {FileId{0}, "even", "even", 5},
                       {FileId{0}, "odd", "odd", 7},
                       {FileId{1}, "call", "call", 1}};
  profile.counts = {
      {kModule, 10, Times(1, 5), {{kFib, Times(1, 100)}}},
      {kModule, 11, Times(1, 5), {{kEven, Times(2, 60)}, {kLibrary, Times(1, 50)}}},
      {kFib, 3, Times(9, 90), {}},
      {kFib, 4, Times(4, 50), {{kFib, Times(7, 95)}}},
      {kEven, 5, Times(4, 30), {{kOdd, Times(3, 45)}}},
      {kOdd, 7, Times(3, 30), {{kEven, Times(2, 25)}}},
      {kLibrary, 1, Times(1, 10), {{kFib, Times(1, 40)}}},
  };
  return profile;
}

TEST(CallCycles, AreFunctionsThatCallEachOther) {
  const CallCycles cycles(Recursion());
  EXPECT_EQ(cycles.Of(kEven), cycles.Of(kOdd));
  EXPECT_NE(cycles.Of(kFib), cycles.Of(kModule));
  EXPECT_EQ(cycles.sizes()[cycles.Of(kEven)], 2u);
  EXPECT_EQ(cycles.sizes()[cycles.Of(kFib)], 1u);
}

TEST(CallCycles, OfLongChainsAreFound) {
  Profile profile;
  constexpr uint32_t kLong = 200'000;
  profile.functions.resize(kLong);
  for (uint32_t i = 0; i < kLong; i++) {
    profile.counts.push_back({FunctionId{i}, 1, {}, {{FunctionId{(i + 1) % kLong}, {}}}});
  }
  EXPECT_EQ(CallCycles(profile).sizes(), std::vector<uint32_t>{kLong});
}

TEST(CountedFunctions, AreTheirLinesAndCalls) {
  const std::vector<FunctionTotal> totals = AddUpFunctions(Recursion());
  EXPECT_EQ(totals[0].self, Times(2, 10));
  EXPECT_EQ(totals[0].inclusive, Times(1, 220));
  EXPECT_EQ(totals[0].primitive_calls, 1u);
  EXPECT_EQ(totals[1].self, Times(13, 140));
  EXPECT_EQ(totals[1].inclusive, Times(9, 140));
  EXPECT_EQ(totals[1].primitive_calls, 2u);
}

TEST(CountedFunctions, OfACycleAreBoundedByItAndByTheirCalls) {
  const std::vector<FunctionTotal> totals = AddUpFunctions(Recursion());
  EXPECT_EQ(totals[2].inclusive, Times(4, 60));  // calls: 85; the cycle: 60
  EXPECT_EQ(totals[2].primitive_calls, 2u);
  EXPECT_EQ(totals[3].inclusive, Times(3, 45));
}

TEST(CountedFunctions, ThatAreExcludedAreThereAsCallees) {
  const std::vector<FunctionTotal> totals = AddUpFunctions(Recursion());
  EXPECT_TRUE(totals[4].is_shown);
  EXPECT_EQ(totals[4].self, Cost{});
  EXPECT_EQ(totals[4].inclusive, Times(1, 50));
  for (const CallerCost& caller : AddUpCallers(Recursion())) EXPECT_NE(caller.caller, kLibrary);
  for (const FunctionLine& line : AddUpFunctionLines(Recursion()))
    EXPECT_NE(line.function, kLibrary);
}

TEST(CountedFunctions, GiveCallersTheirShare) {
  const std::vector<CallerCost> callers = AddUpCallers(Recursion());
  ASSERT_FALSE(callers.empty());
  const CallerCost& module = callers[0];
  EXPECT_EQ(module.callee, kFib);
  EXPECT_EQ(module.caller, kModule);
  EXPECT_EQ(module.inclusive, Times(1, 100));
  EXPECT_EQ(module.primitive_calls, 1u);
  EXPECT_EQ(module.self.cpu_ns, 16u);  // a ninth of 140
  EXPECT_EQ(callers[1].caller, kFib);
  EXPECT_EQ(callers[1].primitive_calls, 0u);
  EXPECT_EQ(callers[1].self.cpu_ns, 109u);
}

TEST(CountedFunctions, BoundTheirLines) {
  const InclusiveLines lines = AddUpInclusiveLines(Recursion());
  EXPECT_EQ(lines[0].at(10).cpu_ns, 105u);
  EXPECT_EQ(lines[0].at(4).cpu_ns, 140u);  // not 145: fib's
}

}  // namespace
}  // namespace lineprof
