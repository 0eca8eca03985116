#include "launcher/program_search.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temporary_directory.h"

namespace lineprof {
namespace {

using Words = std::vector<std::string>;

TEST(Shebang, IsSplitAsTheKernelDoes) {
  struct Case {
    std::string head;
    Words words;
  };
  const std::vector<Case> cases = {
      {"", {}},
      {"#!", {}},
      {"#! \t\nx", {}},
      {"import os\n#!/bin/sh\n", {}},
      {"#!/usr/bin/python3\nimport os\n", {"/usr/bin/python3"}},
      {"#!/usr/bin/python3", {"/usr/bin/python3"}},
      {"#! /usr/bin/python3 \n", {"/usr/bin/python3"}},
      {"#!/usr/bin/python3\t-s -u  \n", {"/usr/bin/python3", "-s -u"}},
      {"#!/usr/bin/env -S python3 -u\n", {"/usr/bin/env", "-S python3 -u"}},
  };
  for (const Case& each : cases) EXPECT_EQ(ParseShebang(each.head), each.words) << each.head;
}

TEST(Shebang, TellsPythonFromOthers) {
  const std::vector<Words> python = {
      {"/usr/bin/python3"},
      {"/opt/x/bin/python3.11", "-E"},
      {"/usr/bin/pypy3"},
      {"/usr/bin/env", "python3"},
      {"/usr/bin/env", "-S python3 -u"},
      {"/usr/bin/env", "-Spython3"},
      {"/usr/bin/env", "-i A=b python"},
  };
  const std::vector<Words> others = {
      {},
      {"/bin/sh"},
      {"/bin/sh", "/usr/bin/python3"},
      {"/usr/bin/env"},
      {"/usr/bin/env", "perl"},
      {"/usr/bin/env", "-S perl python3"},
      {"/usr/bin/env", "A=python"},
      {"/python3/bin/ruby"},
  };
  for (const Words& words : python) EXPECT_TRUE(IsPythonShebang(words)) << words.back();
  for (const Words& words : others) {
    EXPECT_FALSE(IsPythonShebang(words)) << (words.empty() ? "" : words.back());
  }
}

TEST(FindProgram, TakesTheFirstExecutableFileOnThePath) {
  const TemporaryDirectory first;
  const TemporaryDirectory second;
  first.Write("text", "", 0644);
  mkdir(first.File("folder").c_str(), 0755);
  first.Write("both", "", 0755);
  second.Write("both", "", 0755);
  second.Write("text", "", 0755);
  second.Write("folder", "", 0755);
  const std::string path = "/missing:" + first.path() + ":" + second.path();
  EXPECT_EQ(FindProgram("both", path), first.File("both"));
  EXPECT_EQ(FindProgram("text", path), second.File("text"));
  EXPECT_EQ(FindProgram("folder", path), second.File("folder"));
  EXPECT_EQ(FindProgram("none", path), std::nullopt);
  EXPECT_EQ(FindProgram("", path), std::nullopt);
}

TEST(FindProgram, TakesANameWithASlashAsItIs) {
  const TemporaryDirectory directory;
  const std::string tool = directory.Write("tool", "", 0755);
  EXPECT_EQ(FindProgram(tool, ""), tool);
  EXPECT_EQ(FindProgram(directory.File("none"), directory.path()), std::nullopt);
}

}  // namespace
}  // namespace lineprof
