#include "top/source_lines.h"

#include <utility>

#include "base/clock.h"
#include "profile/file_name.h"

namespace lineprof {

SourceLines::SourceLines(std::string current_directory)
    : current_directory_(std::move(current_directory)), cache_(ClockNs(CLOCK_REALTIME)) {}

std::string SourceLines::Of(const Place& line) {
  const auto [found, is_new] = texts_.try_emplace(line.file);
  if (is_new) {
    const std::string path = SourcePath(line.file, current_directory_);
    if (!path.empty()) found->second = cache_.Take(path);
  }
  const std::vector<std::string>& lines = found->second.lines;
  if (line.line == 0 || line.line > lines.size()) return "";
  const std::string& text = lines[line.line - 1];
  const size_t begin = text.find_first_not_of(" \t\f");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\f\v") + 1 - begin);
}

}  // namespace lineprof
