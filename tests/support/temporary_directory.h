// A directory for one test, removed with all that is in it when the test ends.
//
// Owns the directory. THREAD: one.
#ifndef LINEPROF_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_
#define LINEPROF_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_

#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace lineprof {

class TemporaryDirectory {
 public:
  TemporaryDirectory() : path_(std::filesystem::temp_directory_path() / "lineprof-test-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot make " + path_);
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }

  // The path of `name` in it.
  std::string File(const std::string& name) const { return path_ + "/" + name; }

  // Writes a file; returns its path.
  std::string Write(const std::string& name, const std::string& text, mode_t mode = 0644) const {
    std::string path = File(name);
    std::ofstream(path, std::ios::binary) << text;
    chmod(path.c_str(), mode);
    return path;
  }

 private:
  std::string path_;
};

}  // namespace lineprof

#endif  // LINEPROF_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_
