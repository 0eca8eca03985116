// Totals by function, the labels of functions, and the sums over the stack tree behind them.

#include "reports/function_totals.h"

#include <gtest/gtest.h>

#include <array>
#include <span>
#include <string>
#include <vector>

#include "reports/function_labels.h"
#include "reports/line_functions.h"
#include "reports/line_inclusive.h"
#include "reports/stack_tree.h"

namespace lineprof {
namespace {

constexpr FunctionId kModule{0};
constexpr FunctionId kEven{1};
constexpr FunctionId kOdd{2};
constexpr FunctionId kLibrary{3};

Cost Samples(uint64_t hits) { return {hits, 1000 * hits, 10 * hits}; }

// module calls even, which calls odd, which calls even (folded after that); and a library function,
// whose file is excluded, which calls odd.
Profile MutualRecursion() {
  Profile profile;
  profile.files.resize(2);
  profile.files[0].name = "main.py";
  profile.files[0].lines = {{1, {}, {}}, {2, {}, {}}, {3, {}, {}}, {5, {}, {}}, {6, {}, {}}};
  profile.files[1].name = "lib.py";
  profile.functions = {{FileId{0}, "<module>", "<module>", 1},
                       {FileId{0}, "even", "even", 2},
                       {FileId{0}, "odd", "odd", 5},
                       {FileId{1}, "call", "call", 1}};
  profile.stacks = {
      {},
      {0, kModule, 1, kEven, {}},
      {1, kEven, 3, kOdd, {}},
      {2, kOdd, 6, kEven, {}},
      {3, kOdd, 5, kNoFunction, Samples(4)},   // below even's second call of odd, folded away
      {3, kEven, 2, kNoFunction, Samples(2)},  // below odd's call
      {0, kModule, 1, kLibrary, {}},
      {6, kLibrary, 9, kOdd, {}},
      {7, kOdd, 5, kNoFunction, Samples(1)},
      {6, kLibrary, 8, kNoFunction, Samples(8)},
  };
  return profile;
}

TEST(FunctionTotals, CountASampleOncePerFunction) {
  const std::vector<FunctionTotal> totals = AddUpFunctions(MutualRecursion());
  ASSERT_EQ(totals.size(), 4u);
  EXPECT_EQ(totals[0].self, Cost{});
  EXPECT_EQ(totals[0].inclusive, Samples(15));
  EXPECT_EQ(totals[1].self, Samples(2));
  EXPECT_EQ(totals[1].inclusive, Samples(6));
  EXPECT_EQ(totals[2].self, Samples(5));
  EXPECT_EQ(totals[2].inclusive, Samples(7));
}

TEST(FunctionTotals, ShowAnExcludedFunctionOnlyAsACallee) {
  const std::vector<FunctionTotal> totals = AddUpFunctions(MutualRecursion());
  EXPECT_TRUE(totals[3].is_shown);
  EXPECT_EQ(totals[3].self, Cost{});
  EXPECT_EQ(totals[3].inclusive, Samples(9));
  for (const FunctionLine& line : AddUpFunctionLines(MutualRecursion()))
    EXPECT_NE(line.function, kLibrary);
  for (const CallerCost& caller : AddUpCallers(MutualRecursion()))
    EXPECT_NE(caller.caller, kLibrary);

  Profile uncalled = MutualRecursion();
  uncalled.stacks.resize(1);
  EXPECT_FALSE(AddUpFunctions(uncalled)[3].is_shown);
}

TEST(FunctionTotals, GiveCallersWhatTheyCall) {
  const std::vector<CallerCost> callers = AddUpCallers(MutualRecursion());
  struct Expected {
    FunctionId callee;
    FunctionId caller;
    uint64_t inclusive;
    uint64_t self;
  };
  const std::vector<Expected> expected = {
      {kEven, kModule, 6, 0}, {kEven, kOdd, 6, 2}, {kOdd, kEven, 6, 4}, {kLibrary, kModule, 9, 0}};
  ASSERT_EQ(callers.size(), expected.size());
  for (size_t i = 0; i < expected.size(); i++) {
    const CallerCost& caller = callers[i];
    EXPECT_EQ(caller.callee, expected[i].callee) << i;
    EXPECT_EQ(caller.caller, expected[i].caller) << i;
    EXPECT_EQ(caller.inclusive, Samples(expected[i].inclusive)) << i;
    EXPECT_EQ(caller.self, Samples(expected[i].self)) << i;
  }
}

TEST(FunctionTotals, ListLinesByFunctionWithTheirCalls) {
  const std::vector<FunctionLine> lines = AddUpFunctionLines(MutualRecursion());
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0].line, 1u);
  ASSERT_EQ(lines[0].calls.size(), 2u);
  EXPECT_EQ(lines[0].calls[0].callee, kEven);
  EXPECT_EQ(lines[0].calls[0].inclusive, Samples(6));
  EXPECT_EQ(lines[1].function, kEven);
  EXPECT_EQ(lines[1].self, Samples(2));
  EXPECT_EQ(lines[3].function, kOdd);
  EXPECT_EQ(lines[3].self, Samples(5));
}

TEST(FunctionTotals, OfAnEmptyProfileAreEmpty) {
  EXPECT_TRUE(AddUpFunctions(Profile()).empty());
  EXPECT_TRUE(AddUpFunctionLines(Profile()).empty());
}

TEST(LineInclusive, CountsASampleOncePerLine) {
  const InclusiveLines lines = AddUpInclusiveLines(MutualRecursion());
  EXPECT_EQ(lines[0].at(1), Samples(15));
  EXPECT_EQ(lines[0].at(3), Samples(6));
  EXPECT_EQ(lines[0].at(5), Samples(5));
  EXPECT_EQ(lines[1].at(9), Samples(1));
}

TEST(LineFunctions, NameTheHottestOfALine) {
  Profile profile = MutualRecursion();
  profile.stacks.push_back({0, kEven, 5, kNoFunction, Samples(99)});
  const LineFunctions functions(profile);
  EXPECT_EQ(functions.NameAt(profile.files[0], 1), "<module>");
  EXPECT_EQ(functions.NameAt(profile.files[0], 5), "even");
  EXPECT_EQ(functions.NameAt(profile.files[0], 77), "");
}

TEST(FunctionLabels, AreUniqueAndAsShortAsTheyCanBe) {
  Profile profile;
  for (std::string name : {"src/app.py", "a/util.py", "b/util.py", "p/__init__.py", "<string>"}) {
    profile.files.emplace_back().name = name;
  }
  profile.functions = {
      {FileId{0}, "<module>", "<module>", 1},
      {FileId{0}, "f", "C.f", 2},
      {FileId{1}, "f", "f", 3},
      {FileId{2}, "f", "f", 3},
      {FileId{0}, "<lambda>", "<lambda>", 7},
      {FileId{0}, "<lambda>", "<lambda>", 8},
      {FileId{3}, "x\ny", "x\ny", 1},
      {FileId{4}, "<module>", "<module>", 1},
      {FileId{0}, "g", "same", 9},
      {FileId{0}, "h", "same", 9},
  };
  EXPECT_EQ(
      FunctionLabels(profile),
      (std::vector<std::string>{"app:<module>", "app:C.f", "a/util.py:f:3", "b/util.py:f:3",
                                "app:<lambda>:7", "app:<lambda>:8", "p:x\\ny", "<string>:<module>",
                                "src/app.py:same:9:8", "src/app.py:same:9:9"}));
}

TEST(StackTree, VisitsThingsByGroupWithTheirNodes) {
  const Profile profile = MutualRecursion();
  const StackTree tree(profile.stacks);
  using Thing = std::array<uint64_t, 4>;  // group, line, nodes, samples
  std::vector<Thing> things;
  tree.ForEachThing(
      profile.functions.size(),
      [](const StackNode& node) {
        return node.function == kLibrary ? StackTree::kNothing
                                         : static_cast<uint32_t>(node.function);
      },
      [](const StackNode& node) { return uint64_t{node.line}; },
      [&](uint32_t group, std::span<const StackTree::Member> members) {
        const uint64_t samples = tree.SumOncePerStack(members).hits;
        things.push_back({group, members[0].thing, members.size(), samples});
      });
  const std::vector<Thing> expected = {
      {0, 1, 2, 15}, {1, 2, 1, 2}, {1, 3, 1, 6}, {2, 5, 2, 5}, {2, 6, 1, 6}};
  EXPECT_EQ(things, expected);
}

TEST(Preorder, VisitsSubtreesAsAWhole) {
  std::vector<StackNode> nodes(7);
  const uint32_t parents[] = {0, 0, 0, 1, 2, 1, 3};
  for (size_t i = 0; i < nodes.size(); i++) nodes[i].parent = parents[i];
  std::vector<std::pair<uint32_t, uint32_t>> seen;
  Preorder(nodes).ForEach([&](uint32_t node, uint32_t depth) { seen.push_back({node, depth}); });
  EXPECT_EQ(seen, (std::vector<std::pair<uint32_t, uint32_t>>{
                      {1, 1}, {3, 2}, {6, 3}, {5, 2}, {2, 1}, {4, 2}}));
}

TEST(Preorder, OfNothingVisitsNothing) {
  const auto fail = [](uint32_t, uint32_t) { FAIL(); };
  Preorder(std::vector<StackNode>()).ForEach(fail);
  Preorder(std::vector<StackNode>(1)).ForEach(fail);
}

}  // namespace
}  // namespace lineprof
