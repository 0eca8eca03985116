#include "profile/file_name.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

struct NameCase {
  std::string filename;
  std::string working_directory;
  std::string path;
  std::string shown;  // with the current directory /home/u/app
};

TEST(FileName, ResolvesAgainstTheProcessAndShowsAgainstTheUser) {
  const NameCase cases[] = {
      {"main.py", "/home/u/app", "/home/u/app/main.py", "main.py"},
      {"./pkg/../main.py", "/home/u/app", "/home/u/app/main.py", "main.py"},
      {"main.py", "/home/u/app/sub", "/home/u/app/sub/main.py", "sub/main.py"},
      {"main.py", "/srv", "/srv/main.py", "/srv/main.py"},
      {"../main.py", "/home/u/app", "/home/u/main.py", "/home/u/main.py"},
      {"/home/u/app/main.py", "/srv", "/home/u/app/main.py", "main.py"},
      {"/home/u/app2/main.py", "/srv", "/home/u/app2/main.py", "/home/u/app2/main.py"},
      {"/home//u/./app/x/../main.py", "/srv", "/home/u/app/main.py", "main.py"},
      {"/../../a.py", "/srv", "/a.py", "/a.py"},
      {"main.py", "", "", "main.py"},
      {"<string>", "/home/u/app", "", "<string>"},
      {"<frozen os>", "/home/u/app", "", "<frozen os>"},
      {"<template.html", "/home/u/app", "/home/u/app/<template.html", "<template.html"},
      {"", "/home/u/app", "", "<unnamed>"},
      {"caf\xe9.py", "/home/u/app", "/home/u/app/caf\xe9.py", "caf\\xe9.py"},
  };
  for (const NameCase& c : cases) {
    std::string path = SourcePath(c.filename, c.working_directory);
    EXPECT_EQ(path, c.path) << c.filename;
    EXPECT_EQ(ShownName(c.filename, path, "/home/u/app"), c.shown) << c.filename;
    EXPECT_EQ(ShownName(c.filename, path, "/home/u/app/"), c.shown) << c.filename;
  }
}

TEST(FileName, ShowsTheCurrentDirectoryItselfAsAbsolute) {
  EXPECT_EQ(ShownName("/home/u", "/home/u", "/home/u"), "/home/u");
}

TEST(FileName, ShowsAbsoluteNamesWithoutACurrentDirectory) {
  EXPECT_EQ(ShownName("/a.py", "/a.py", ""), "/a.py");
}

TEST(FileName, ComparesDirectoriesByWholeComponents) {
  EXPECT_TRUE(LiesUnder("/a/lib/x.py", "/a/lib"));
  EXPECT_TRUE(LiesUnder("/a/lib", "/a/lib"));
  EXPECT_TRUE(LiesUnder("/a", "/"));
  EXPECT_FALSE(LiesUnder("/a/library/x.py", "/a/lib"));
  EXPECT_FALSE(LiesUnder("/a", "/a/lib"));
  EXPECT_FALSE(LiesUnder("/a", ""));
}

struct LibraryCase {
  std::string filename;
  std::vector<std::string> directories;
  bool expected;
};

TEST(FileName, TellsTheLibraryByItsDirectories) {
  const std::vector<std::string> usual = {"/usr/lib/python3.11", "/usr/lib/python3/dist-packages/"};
  const LibraryCase cases[] = {
      {"/usr/lib/python3.11/json/decoder.py", usual, true},
      {"/usr/lib/python3/dist-packages/numpy/core.py", usual, true},
      {"/usr/lib/python3.11-project/main.py", usual, false},
      {"/usr/lib/python3/tool/main.py", usual, false},
      {"/home/u/main.py", usual, false},
      {"<frozen importlib._bootstrap>", {}, true},
      {"<string>", usual, false},
      {"/home/u/main.py", {"/", "", "home", "."}, false},
      {"/opt/py/lib/x.py", {"/opt/py/bin/../lib"}, true},
  };
  for (const LibraryCase& c : cases) {
    EXPECT_EQ(IsLibraryFile(c.filename, SourcePath(c.filename, "/"), c.directories), c.expected)
        << c.filename;
  }
}

}  // namespace
}  // namespace lineprof
