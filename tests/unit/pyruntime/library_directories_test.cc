#include "pyruntime/library_directories.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>

namespace lineprof {
namespace {

constexpr uint32_t kPython311 = 3 << 16 | 11 << 8 | 7;

std::set<std::string> Directories(const InstallationFacts& facts) {
  std::istringstream all(LibraryDirectories(facts, kPython311));
  std::set<std::string> directories;
  for (std::string each; std::getline(all, each, '\0');) directories.insert(each);
  return directories;
}

TEST(LibraryDirectories, AreThoseOfEachPrefix) {
  InstallationFacts facts;
  facts.prefix = "/venv";
  facts.base_prefix = "/usr";
  const std::set<std::string> directories = Directories(facts);
  for (const char* expected :
       {"/venv/lib/python3.11", "/venv/lib64/python3.11", "/usr/lib/python3.11",
        "/usr/local/lib/python3.11", "/usr/lib/python3/dist-packages"}) {
    EXPECT_TRUE(directories.contains(expected)) << expected;
  }
}

TEST(LibraryDirectories, LieBesideTheExecutable) {
  InstallationFacts facts;
  facts.executable = "/opt/python/bin/python3";
  EXPECT_TRUE(Directories(facts).contains("/opt/python/lib/python3.11"));
}

TEST(LibraryDirectories, OfTheUserAreInTheHome) {
  InstallationFacts facts;
  facts.home = "/home/me";
  EXPECT_EQ(Directories(facts),
            std::set<std::string>{"/home/me/.local/lib/python3.11/site-packages"});
}

TEST(LibraryDirectories, OfNothingAreNone) {
  EXPECT_TRUE(Directories({}).empty());
  InstallationFacts facts;
  facts.executable = "python3";
  EXPECT_TRUE(Directories(facts).empty());
}

}  // namespace
}  // namespace lineprof
