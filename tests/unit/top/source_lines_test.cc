#include "top/source_lines.h"

#include <gtest/gtest.h>

#include "support/temporary_directory.h"

namespace lineprof {
namespace {

TEST(SourceLines, AreThoseOfTheFileWithoutBlanksAround) {
  const TemporaryDirectory directory;
  const std::string path = directory.Write("a.py", "def f():\n\t  return 1  \n\n");
  SourceLines lines(directory.path());
  EXPECT_EQ(lines.Of({"a.py", 2, "f"}), "return 1");
  EXPECT_EQ(lines.Of({path, 1, "f"}), "def f():");
}

TEST(SourceLines, WhatIsNotThereIsEmpty) {
  const TemporaryDirectory directory;
  directory.Write("a.py", "pass\n\n");
  SourceLines lines(directory.path());
  EXPECT_EQ(lines.Of({"a.py", 0, "f"}), "");
  EXPECT_EQ(lines.Of({"a.py", 2, "f"}), "");
  EXPECT_EQ(lines.Of({"a.py", 3, "f"}), "");
  EXPECT_EQ(lines.Of({"b.py", 1, "f"}), "");
  EXPECT_EQ(lines.Of({"<string>", 1, "f"}), "");
}

}  // namespace
}  // namespace lineprof
