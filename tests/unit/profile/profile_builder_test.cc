#include "profile/profile_builder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "support/profile_view.h"
#include "support/recording_builder.h"

namespace lineprof {
namespace {

using test::Build;
using test::CallOf;
using test::FileNames;
using test::FindFile;
using test::RecordingBuilder;
using test::SelfOf;

constexpr uint64_t kMs = 1'000'000;

Cost OnCpu(uint64_t samples) { return {samples, samples * kMs, 0}; }

TEST(ProfileBuilder, GivesEachLineItsOwnSamples) {
  RecordingBuilder builder;
  uint32_t module = builder.AddCode("main.py", "<module>", 1, 20);
  builder.AddSamples({{module, 3}}, 5, 2);
  builder.AddSamples({{module, 3, true}}, 1);
  builder.AddSamples({{module, 7}}, 4);
  Profile profile = Build({builder.recording()});
  ASSERT_EQ(FileNames(profile), std::vector<std::string>{"main.py"});
  EXPECT_EQ(SelfOf(profile, "main.py", 3), (Cost{8, 6 * kMs, 2 * kMs}));
  EXPECT_EQ(SelfOf(profile, "main.py", 7), OnCpu(4));
  EXPECT_EQ(profile.files[0].lines.size(), 2u);
}

TEST(ProfileBuilder, CountsCallsInclusively) {
  RecordingBuilder builder;
  uint32_t module = builder.AddCode("main.py", "<module>", 1, 20);
  uint32_t f = builder.AddCode("main.py", "f", 2, 5);
  uint32_t g = builder.AddCode("main.py", "g", 7, 9);
  builder.AddSamples({{module, 12}, {f, 3}}, 1);
  builder.AddSamples({{module, 12}, {f, 4}, {g, 8}}, 2);
  builder.AddSamples({{module, 13}, {g, 8}}, 4, 1);
  Profile profile = Build({builder.recording()});
  EXPECT_EQ(CallOf(profile, "main.py", 12, "f"), OnCpu(3));
  EXPECT_EQ(CallOf(profile, "main.py", 4, "g"), OnCpu(2));
  EXPECT_EQ(CallOf(profile, "main.py", 13, "g"), (Cost{5, 4 * kMs, 1 * kMs}));
  EXPECT_EQ(SelfOf(profile, "main.py", 12), Cost{});
  EXPECT_EQ(SelfOf(profile, "main.py", 8), (Cost{7, 6 * kMs, 1 * kMs}));
}

TEST(ProfileBuilder, CountsRecursionOncePerSample) {
  RecordingBuilder builder;
  uint32_t module = builder.AddCode("main.py", "<module>", 1, 20);
  uint32_t fib = builder.AddCode("main.py", "fib", 2, 5);
  builder.AddSamples({{module, 9}, {fib, 4}, {fib, 4}, {fib, 4, true}, {fib, 3}}, 6);
  builder.AddSamples({{module, 9}, {fib, 3}}, 1);
  Profile profile = Build({builder.recording()});
  EXPECT_EQ(CallOf(profile, "main.py", 4, "fib"), OnCpu(6));
  EXPECT_EQ(CallOf(profile, "main.py", 9, "fib"), OnCpu(7));
}

TEST(ProfileBuilder, CountsMutualRecursionOncePerSample) {
  RecordingBuilder builder;
  uint32_t even = builder.AddCode("main.py", "even", 1, 3);
  uint32_t odd = builder.AddCode("main.py", "odd", 5, 7);
  builder.AddSamples({{even, 2}, {odd, 6}, {even, 2}, {odd, 6}, {even, 3}}, 5);
  Profile profile = Build({builder.recording()});
  EXPECT_EQ(CallOf(profile, "main.py", 2, "odd"), OnCpu(5));
  EXPECT_EQ(CallOf(profile, "main.py", 6, "even"), OnCpu(5));
}

TEST(ProfileBuilder, MakesOneRowOfTwoCallInstructionsOnOneLine) {
  RecordingBuilder builder;
  uint32_t f = builder.AddCode("main.py", "f", 1, 4);
  // f(n - 1) + f(n - 2): both on one stack, and each alone.
  builder.AddSamples({{f, 3}, {f, 3, true}, {f, 2}}, 4);
  builder.AddSamples({{f, 3}, {f, 2}}, 1);
  builder.AddSamples({{f, 3, true}, {f, 2}}, 2);
  Profile profile = Build({builder.recording()});
  EXPECT_EQ(CallOf(profile, "main.py", 3, "f"), OnCpu(7));
  EXPECT_EQ(FindFile(profile, "main.py")->lines.at(1).calls.size(), 1u);
}

TEST(ProfileBuilder, MakesOneRowOfTwoCodesThatReadTheSame) {
  RecordingBuilder builder;
  uint32_t outer = builder.AddCode("main.py", "outer", 1, 4);
  uint32_t first = builder.AddCode("main.py", "<lambda>", 3, 3);
  uint32_t second = builder.AddCode("main.py", "<lambda>", 3, 3);
  builder.AddSamples({{outer, 3}, {first, 3}}, 1);
  builder.AddSamples({{outer, 3}, {second, 3}}, 2);
  Profile profile = Build({builder.recording()});
  EXPECT_EQ(CallOf(profile, "main.py", 3, "<lambda>"), OnCpu(3));
  EXPECT_EQ(profile.functions.size(), 2u);
}

TEST(ProfileBuilder, TellsCallsOfOneLineApartByCallee) {
  RecordingBuilder builder;
  uint32_t module = builder.AddCode("main.py", "<module>", 1, 9);
  uint32_t b = builder.AddCode("main.py", "b", 5, 6);
  uint32_t a = builder.AddCode("main.py", "a", 5, 6);
  uint32_t c = builder.AddCode("main.py", "c", 2, 3);
  uint32_t z = builder.AddCode("a.py", "z", 8, 8);
  for (test::Frame callee : {test::Frame{b, 5}, {a, 5}, {c, 2}, {z, 8}}) {
    builder.AddSamples({{module, 9}, callee}, 1);
  }
  Profile profile = Build({builder.recording()});
  std::vector<std::string> names;
  for (const CallCost& call : FindFile(profile, "main.py")->lines.back().calls) {
    names.push_back(profile.functions[static_cast<size_t>(call.callee)].name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"z", "c", "a", "b"}));
}

// What the builder does in one walk, done the slow way: for each node, the set of its path's rows.
TEST(ProfileBuilder, AgreesWithTheDefinitionOnRandomTrees) {
  std::mt19937 random(1);
  for (int round = 0; round < 30; round++) {
    RecordingBuilder builder;
    std::vector<uint32_t> codes;
    for (uint32_t i = 0; i < 4; i++) {
      codes.push_back(builder.AddCode("f.py", fmt::format("f{}", i), 1 + 3 * i, 3 + 3 * i));
    }
    std::map<std::tuple<uint32_t, std::string>, Cost> expected;
    for (int sample = 0; sample < 60; sample++) {
      std::vector<test::Frame> stack;
      for (size_t depth = 1 + random() % 9; depth > 0; depth--) {
        uint32_t code = random() % 4;
        stack.push_back(
            {codes[code], 1 + 3 * code + static_cast<uint32_t>(random() % 3), random() % 2 == 0});
      }
      uint64_t count = 1 + random() % 5;
      builder.AddSamples(stack, count);
      std::set<std::tuple<uint32_t, std::string>> rows;
      for (size_t i = 0; i + 1 < stack.size(); i++) {
        rows.insert({stack[i].line, fmt::format("f{}", stack[i + 1].code)});
      }
      for (const auto& row : rows) expected[row] += OnCpu(count);
    }
    std::map<std::tuple<uint32_t, std::string>, Cost> actual;
    Profile profile = Build({builder.recording()});
    for (const LineCost& line : profile.files[0].lines) {
      for (const CallCost& call : line.calls) {
        actual[{line.line, profile.functions[static_cast<size_t>(call.callee)].name}] =
            call.inclusive;
      }
    }
    ASSERT_EQ(actual.size(), expected.size());
    EXPECT_TRUE(actual == expected) << "round " << round;
  }
}

TEST(ProfileBuilder, WalksStacksOfAnyDepth) {
  constexpr uint32_t kDepth = 200'000;
  RecordingBuilder builder;
  uint32_t f = builder.AddCode("main.py", "f", 1, 3);
  std::vector<RecordedNode>& nodes = builder.recording().nodes;
  for (uint32_t i = 0; i < kDepth; i++) {
    RecordedNode node;
    node.parent = i;
    node.code = f;
    node.instruction = 4;
    node.callee = f;
    nodes.push_back(node);
  }
  nodes.back().callee = RecordedNode::kNoCallee;
  nodes.back().cpu_samples = 7;
  Profile profile = Build({builder.recording()});
  EXPECT_EQ(CallOf(profile, "main.py", 2, "f"), (Cost{7, 0, 0}));
  EXPECT_EQ(SelfOf(profile, "main.py", 2), (Cost{7, 0, 0}));
}

TEST(ProfileBuilder, FoldsRecursionInTheStackTree) {
  RecordingBuilder builder;
  uint32_t module = builder.AddCode("main.py", "<module>", 1, 9);
  uint32_t f = builder.AddCode("main.py", "f", 2, 4);
  builder.AddSamples({{module, 9}, {f, 3}, {f, 3, true}, {f, 3}, {f, 4}}, 2);
  builder.AddSamples({{module, 9}, {f, 3}, {f, 4}}, 1);
  Profile profile = Build({builder.recording()});
  ASSERT_EQ(profile.stacks.size(), 4u);  // the root, module, the call of f by f, and its end
  EXPECT_EQ(profile.stacks[3].self, OnCpu(3));
  EXPECT_EQ(profile.stacks[3].line, 4u);
  EXPECT_EQ(profile.stacks[3].parent, 2u);
  EXPECT_EQ(profile.stacks[2].line, 3u);
  EXPECT_EQ(profile.functions[static_cast<size_t>(profile.stacks[1].function)].name, "<module>");
}

TEST(ProfileBuilder, TellsWhatEachFrameOfAStackCalls) {
  RecordingBuilder builder;
  uint32_t even = builder.AddCode("main.py", "even", 1, 2);
  uint32_t odd = builder.AddCode("main.py", "odd", 3, 4);
  uint32_t end = builder.AddCode("main.py", "end", 5, 5);
  // The second call of odd by even is folded away: below odd's call of even stands odd's of end.
  builder.AddSamples({{even, 1}, {odd, 3}, {even, 1}, {odd, 4}, {end, 5}}, 1);
  Profile profile = Build({builder.recording()});
  std::vector<std::string> frames;
  for (size_t i = 1; i < profile.stacks.size(); i++) {
    const StackNode& node = profile.stacks[i];
    EXPECT_EQ(node.parent, i - 1);
    std::string frame = profile.functions[static_cast<size_t>(node.function)].name;
    if (node.callee != kNoFunction) {
      frame += " calls " + profile.functions[static_cast<size_t>(node.callee)].name;
    }
    frames.push_back(frame);
  }
  EXPECT_EQ(frames,
            (std::vector<std::string>{"even calls odd", "odd calls even", "odd calls end", "end"}));
}

TEST(ProfileBuilder, MergesProcessesByNames) {
  RecordingBuilder first;
  uint32_t module = first.AddCode("main.py", "<module>", 1, 9);
  uint32_t f = first.AddCode("main.py", "f", 2, 4, "Class.f");
  first.AddSamples({{module, 9}, {f, 3}}, 2);
  RecordingBuilder second;
  second.recording().working_directory = "/";
  uint32_t unused = second.AddCode("other.py", "f", 2, 4);
  f = second.AddCode("/jobs/main.py", "f", 2, 4, "Class.f");
  module = second.AddCode("jobs/main.py", "<module>", 1, 9);
  second.AddSamples({{module, 9}, {f, 3}}, 5);
  second.AddSamples({{unused, 3}}, 1);
  Profile profile = Build({first.recording(), second.recording()});
  EXPECT_EQ(FileNames(profile), (std::vector<std::string>{"main.py", "/other.py"}));
  EXPECT_EQ(SelfOf(profile, "main.py", 3), OnCpu(7));
  EXPECT_EQ(CallOf(profile, "main.py", 9, "f"), OnCpu(7));
  ASSERT_EQ(profile.functions.size(), 3u);
  EXPECT_EQ(profile.functions[1].name, "<module>");
  EXPECT_EQ(profile.functions[2].qualified_name, "Class.f");
  EXPECT_EQ(profile.functions[0].qualified_name, "f");
  EXPECT_EQ(profile.stacks.size(), 4u);
}

TEST(ProfileBuilder, OrdersFilesByTimeUnderTheClockThenByName) {
  RecordingBuilder builder;
  for (std::string name : {"b.py", "a.py", "waits.py", "busy.py"}) {
    uint32_t code = builder.AddCode(name, "f", 1, 1);
    builder.AddSamples({{code, 1}}, name == "busy.py" ? 3 : 1, name == "waits.py" ? 9 : 0);
  }
  BuildOptions options;
  EXPECT_EQ(FileNames(Build({builder.recording()}, options)),
            (std::vector<std::string>{"waits.py", "busy.py", "a.py", "b.py"}));
  options.clock = Clock::kCpu;
  EXPECT_EQ(FileNames(Build({builder.recording()}, options)),
            (std::vector<std::string>{"busy.py", "a.py", "b.py", "waits.py"}));
}

TEST(ProfileBuilder, KeepsCallsIntoExcludedFilesOnTheirLines) {
  RecordingBuilder builder;
  uint32_t module = builder.AddCode("main.py", "<module>", 1, 9);
  uint32_t hot = builder.AddCode("lib.py", "hot", 1, 3);
  uint32_t back = builder.AddCode("main.py", "back", 2, 3);
  builder.AddSamples({{module, 9}, {hot, 2}}, 100);
  builder.AddSamples({{module, 9}, {hot, 3}, {back, 3}}, 1);
  Filter filter = Filter::Create({}, {"lib"}).value();
  BuildOptions options;
  Profile profile = Build({builder.recording()}, options, std::move(filter));
  ASSERT_EQ(FileNames(profile), (std::vector<std::string>{"main.py", "lib.py"}));
  EXPECT_TRUE(profile.files[1].lines.empty());
  EXPECT_EQ(profile.files[1].source.note, "");
  EXPECT_EQ(CallOf(profile, "main.py", 9, "hot"), OnCpu(101));
  EXPECT_EQ(SelfOf(profile, "main.py", 3), OnCpu(1));
  for (const Function& function : profile.functions) {
    EXPECT_EQ(static_cast<uint32_t>(function.file), function.name == "hot" ? 1u : 0u);
  }
}

struct LibraryCase {
  const char* what;
  std::vector<std::string> stack;  // co_filename of each frame, outermost first
  std::vector<std::string> excluded;
};

TEST(ProfileBuilder, LeavesOutTheLibraryButNeverTheMainScript) {
  const std::string lib = "/usr/lib/python3.11/";
  const LibraryCase cases[] = {
      {"a library called by a script",
       {"main.py", lib + "json/__init__.py"},
       {lib + "json/__init__.py"}},
      {"a user's project with a similar name", {"/usr/lib/python3.11x/main.py"}, {}},
      {"a main script in the library", {lib + "timeit.py"}, {}},
      {"a module of the library run with -m",
       {"<frozen runpy>", "<frozen runpy>", lib + "timeit.py"},
       {"<frozen runpy>"}},
      {"the same before 3.11",
       {lib + "runpy.py", lib + "runpy.py", lib + "timeit.py"},
       {lib + "runpy.py"}},
      {"a library module that is imported",
       {"main.py", "<frozen importlib._bootstrap>", lib + "timeit.py"},
       {lib + "timeit.py", "<frozen importlib._bootstrap>"}},
      {"what starts the interpreter", {"<frozen getpath>"}, {"<frozen getpath>"}},
      {"code of a string", {"main.py", "<string>"}, {}},
  };
  for (const LibraryCase& c : cases) {
    RecordingBuilder builder;
    builder.recording().library_directories = {"/usr/lib/python3.11"};
    std::vector<test::Frame> stack;
    for (const std::string& filename : c.stack) {
      bool is_module = &filename == &c.stack.back() || filename == "main.py";
      stack.push_back({builder.AddCode(filename, is_module ? "<module>" : "run", 1, 1), 1});
    }
    std::vector<test::Frame> path;
    for (const test::Frame& frame : stack) {
      path.push_back(frame);
      builder.AddSamples(path, path.size());
    }
    BuildOptions options;
    options.exclude_library = true;
    Profile profile = Build({builder.recording()}, options);
    std::set<std::string> excluded;
    for (const SourceFile& file : profile.files) {
      if (file.lines.empty()) excluded.insert(file.name);
    }
    EXPECT_EQ(excluded, std::set<std::string>(c.excluded.begin(), c.excluded.end())) << c.what;
  }
}

TEST(ProfileBuilder, BringsAnIncludedLibraryFileBack) {
  RecordingBuilder builder;
  builder.recording().library_directories = {"/lib"};
  for (std::string name : {"main.py", "/lib/json.py", "/lib/re.py"}) {
    builder.AddSamples({{builder.AddCode(name, "f", 1, 1), 1}}, 1);
  }
  BuildOptions options;
  options.exclude_library = true;
  Profile profile = Build({builder.recording()}, options, Filter::Create({"json"}, {}).value());
  EXPECT_FALSE(FindFile(profile, "main.py")->lines.empty());
  EXPECT_FALSE(FindFile(profile, "/lib/json.py")->lines.empty());
  EXPECT_TRUE(FindFile(profile, "/lib/re.py")->lines.empty());
}

TEST(ProfileBuilder, WritesBytesOfNamesThatAreNoTextAsEscapes) {
  RecordingBuilder builder;
  uint32_t code = builder.AddCode("caf\xe9.py", "f\xff", 1, 1);
  builder.AddSamples({{code, 1}}, 1);
  Profile profile = Build({builder.recording()});
  EXPECT_EQ(profile.files[0].name, "caf\\xe9.py");
  EXPECT_EQ(profile.functions[0].name, "f\\xff");
}

TEST(ProfileBuilder, ReadsTheSourceOfAFileWhoseNameIsNoText) {
  std::string pattern = testing::TempDir() + "lineprof_builder_XXXXXX";
  std::string directory = mkdtemp(pattern.data());
  std::ofstream(directory + "/caf\xe9\n.py") << "x = 1\n";
  RecordingBuilder builder;
  builder.recording().working_directory = directory;
  builder.AddSamples({{builder.AddCode("./caf\xe9\n.py", "f", 1, 1), 1}}, 1);
  Profile profile = Build({builder.recording()});
  std::filesystem::remove_all(directory);
  EXPECT_EQ(profile.files[0].name, directory + "/caf\\xe9\n.py");
  EXPECT_EQ(profile.files[0].source.lines, std::vector<std::string>{"x = 1"});
}

TEST(ProfileBuilder, SaysWhyThereIsNoSource) {
  RecordingBuilder builder;
  for (std::string name : {"<frozen os>", "<string>", "/nowhere/x.py"}) {
    builder.AddSamples({{builder.AddCode(name, "f", 1, 1), 1}}, 1);
  }
  Profile profile = Build({builder.recording()});
  auto note = [&profile](const char* name) { return FindFile(profile, name)->source.note; };
  EXPECT_EQ(note("<frozen os>"), "no source: frozen into the interpreter");
  EXPECT_EQ(note("<string>"), "no source: not compiled from a file that can be found");
  EXPECT_EQ(note("/nowhere/x.py"), "no source: No such file or directory");
}

TEST(ProfileBuilder, GivesTheSameProfileForRecordingsInAnyOrder) {
  std::vector<Recording> recordings;
  for (int64_t pid : {30, 10, 20}) {
    RecordingBuilder builder;
    builder.recording().pid = pid;
    builder.recording().notes = {fmt::format("note {}", pid)};
    uint32_t shared = builder.AddCode("shared.py", "f", 1, 9);
    uint32_t own = builder.AddCode(fmt::format("{}.py", pid), "g", 1, 9);
    builder.AddSamples({{shared, 2}, {own, 3}}, 1);
    recordings.push_back(builder.recording());
  }
  std::string first = test::Describe(Build(recordings));
  std::swap(recordings[0], recordings[2]);
  EXPECT_EQ(test::Describe(Build(recordings)), first);
  std::swap(recordings[0], recordings[1]);
  EXPECT_EQ(test::Describe(Build(recordings)), first);
}

TEST(ProfileBuilder, BuildsAnEmptyProfileFromNothing) {
  Profile profile = Build({});
  EXPECT_TRUE(profile.files.empty());
  EXPECT_EQ(profile.stacks.size(), 1u);
  EXPECT_EQ(profile.notes, std::vector<std::string>{"no Python process was profiled"});
  Recording without_nodes;
  EXPECT_EQ(Build({without_nodes}).stacks.size(), 1u);
}

// Two hosts, each with its own directory: names are relative to the run's own.
TEST(ProfileBuilder, AddsRunsUp) {
  RecordingBuilder first;
  first.AddSamples({{first.AddCode("/jobs/main.py", "<module>", 1, 9), 3}}, 5);
  RecordingBuilder second;
  second.AddSamples({{second.AddCode("/home/main.py", "<module>", 1, 9), 3}}, 7);
  second.recording().start_monotonic_ns -= kMs;
  const RunRecordings runs[] = {{{first.recording()}, "/jobs", "node1"},
                                {{second.recording()}, "/home", "node2"}};
  SourceCache sources;
  const Profile profile = BuildProfile(runs, Selection(), sources, BuildOptions());
  EXPECT_EQ(FileNames(profile), std::vector<std::string>{"main.py"});
  EXPECT_EQ(SelfOf(profile, "main.py", 3), OnCpu(12));
  ASSERT_EQ(profile.processes.size(), 2U);
  EXPECT_EQ(profile.processes[0].label, "node2");
  EXPECT_EQ(profile.processes[1].label, "node1");
  EXPECT_DOUBLE_EQ(profile.duration_s, 2.001);  // from an earlier start
}

}  // namespace
}  // namespace lineprof
