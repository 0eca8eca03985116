#include "launcher/interpreter.h"

#include <gtest/gtest.h>

#include <vector>

namespace lineprof {
namespace {

TEST(InterpreterProbe, AcceptsTheSupportedVersions) {
  for (const char* answer : {"lineprof-probe cpython 3 8 0\n", "lineprof-probe cpython 3 15 0\n",
                             "a line that sitecustomize printed\nlineprof-probe cpython 3 11 0\n",
                             "lineprof-probe cpython 3 16 0\n"}) {
    const Result<Interpreter> found = ReadProbe("/py", answer);
    ASSERT_TRUE(found.ok()) << answer;
    EXPECT_EQ(found.value().path, "/py");
    EXPECT_EQ(found.value().warning, "") << answer;
  }
}

TEST(InterpreterProbe, WarnsOfPythonsThatCannotBeProfiled) {
  struct Case {
    const char* answer;
    const char* warning;
  };
  const std::vector<Case> cases = {
      {"lineprof-probe pypy 3 10 0", "/py is pypy 3.10: only CPython can be profiled"},
      {"lineprof-probe cpython 3 7 0", "/py is Python 3.7: only 3.8 to 3.15 can be profiled"},
      {"lineprof-probe cpython 2 7 0", "/py is Python 2.7: only 3.8 to 3.15 can be profiled"},
      {"lineprof-probe cpython 3 14 1",
       "/py is a free-threaded Python 3.14: only builds with the GIL can be profiled"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(ReadProbe("/py", each.answer).value().warning, each.warning);
  }
}

TEST(InterpreterProbe, RefusesWhatIsNoPython) {
  for (const char* answer : {"", "hello", "lineprof-probe", "lineprof-probe x", "3 11 0",
                             "lineprof-probe cpython three 11 0", "lineprof-probe cpython 3 11"}) {
    EXPECT_EQ(ReadProbe("/cat", answer).error(), "--python /cat: this is no Python interpreter")
        << answer;
  }
}

}  // namespace
}  // namespace lineprof
