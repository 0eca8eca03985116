// Golden files: the bytes that a writer is known to give, kept in tests/golden.
//
// They change only by scripts/update_golden, which sets LINEPROF_UPDATE_GOLDEN: then what would
// have been compared is written instead, and git shows what changed. THREAD: one at a time.
#ifndef LINEPROF_TESTS_SUPPORT_GOLDEN_H_
#define LINEPROF_TESTS_SUPPORT_GOLDEN_H_

#include <string>

namespace lineprof::test {

// The absolute path of `name` in tests/golden.
std::string GoldenPath(const std::string& name);

// The bytes of the file; a test failure and nothing if it cannot be read.
std::string ReadTestFile(const std::string& path);

// Expects `actual` to be byte for byte what tests/golden/`name` holds, or writes it there.
void ExpectGolden(const std::string& name, const std::string& actual);

}  // namespace lineprof::test

#endif  // LINEPROF_TESTS_SUPPORT_GOLDEN_H_
