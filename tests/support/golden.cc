#include "support/golden.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace lineprof::test {

std::string GoldenPath(const std::string& name) {
  return std::string(LINEPROF_GOLDEN_DIRECTORY) + '/' + name;
}

std::string ReadTestFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path << ": cannot be read";
  return {std::istreambuf_iterator<char>(file), {}};
}

void ExpectGolden(const std::string& name, const std::string& actual) {
  std::string path = GoldenPath(name);
  if (std::getenv("LINEPROF_UPDATE_GOLDEN") != nullptr) {
    std::ofstream file(path, std::ios::binary);
    file << actual;
    EXPECT_TRUE(file.flush().good()) << path << ": cannot be written";
    return;
  }
  EXPECT_EQ(ReadTestFile(path), actual) << path << ": run scripts/update_golden if this is meant";
}

}  // namespace lineprof::test
