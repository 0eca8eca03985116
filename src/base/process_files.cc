#include "base/process_files.h"

#include <dirent.h>

#include <charconv>
#include <map>
#include <memory>

#include "base/file.h"

namespace lineprof {
namespace {

constexpr size_t kMaxProcText = size_t{64} << 20;  // maps of very many mappings

// The numbers that are names in a folder.
std::vector<pid_t> ListNumbers(const std::string& path) {
  std::vector<pid_t> numbers;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(path.c_str()), closedir);
  if (folder == nullptr) return numbers;
  while (const dirent* entry = readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    pid_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && end == name.data() + name.size()) numbers.push_back(number);
  }
  return numbers;
}

// Takes a number in `base` from the front of `text`, and the character behind it.
std::optional<uint64_t> TakeNumber(std::string_view& text, int base, char behind) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end == text.data() + text.size() || *end != behind) return {};
  text.remove_prefix(static_cast<size_t>(end - text.data()) + 1);
  return number;
}

// `55d0-55e0 r-xp 0000a000 08:01 1234    /usr/bin/python3`
std::optional<Mapping> ParseMapping(std::string_view line) {
  Mapping mapping;
  const auto begin = TakeNumber(line, 16, '-');
  const auto end = TakeNumber(line, 16, ' ');
  if (!begin || !end || line.size() < 5) return {};
  mapping.begin = *begin;
  mapping.end = *end;
  mapping.is_readable = line[0] == 'r';
  line.remove_prefix(5);
  const auto offset = TakeNumber(line, 16, ' ');
  if (!offset || mapping.begin >= mapping.end) return {};
  mapping.file_offset = *offset;
  const size_t path = line.find('/');
  if (path != std::string_view::npos) mapping.path = line.substr(path);
  return mapping;
}

}  // namespace

std::string ProcPath(pid_t pid, std::string_view name) {
  return "/proc/" + std::to_string(pid) + "/" + std::string(name);
}

std::string ReadProcText(pid_t pid, std::string_view name) {
  Result<std::string> text = ReadFile(ProcPath(pid, name), kMaxProcText);
  return text.ok() ? std::move(text).value() : std::string();
}

std::vector<std::string> ReadCommandLine(pid_t pid) {
  const std::string text = ReadProcText(pid, "cmdline");
  std::vector<std::string> words;
  for (size_t at = 0; at < text.size();) {
    words.emplace_back(text.c_str() + at);
    at += words.back().size() + 1;
  }
  return words;
}

std::optional<ProcessStat> ParseStat(std::string_view text) {
  const size_t begin = text.find('(');
  const size_t end = text.rfind(')');  // a name may hold any character
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin ||
      text.size() < end + 5) {
    return {};
  }
  ProcessStat stat;
  stat.name = text.substr(begin + 1, end - begin - 1);
  stat.state = text[end + 2];
  std::string_view rest = text.substr(end + 4);
  const auto parent = TakeNumber(rest, 10, ' ');
  if (!parent) return {};
  stat.parent = static_cast<pid_t>(*parent);
  return stat;
}

std::vector<int64_t> StatusNumbers(std::string_view status, std::string_view name) {
  std::vector<int64_t> numbers;
  const std::string start = "\n" + std::string(name) + ":";
  const size_t found = status.find(start);
  if (found == std::string_view::npos) return numbers;
  std::string_view line = status.substr(found + start.size());
  line = line.substr(0, line.find('\n'));
  while (true) {
    const size_t next = line.find_first_not_of(" \t");
    if (next == std::string_view::npos) return numbers;
    line.remove_prefix(next);
    int64_t number = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
    if (error != std::errc()) return numbers;
    numbers.push_back(number);
    line.remove_prefix(static_cast<size_t>(end - line.data()));
  }
}

std::vector<pid_t> ListTasks(pid_t pid) { return ListNumbers(ProcPath(pid, "task")); }

pid_t InnerTaskId(pid_t pid, pid_t tid) {
  const std::string status = ReadProcText(pid, "task/" + std::to_string(tid) + "/status");
  const std::vector<int64_t> ids = StatusNumbers(status, "NSpid");
  return ids.empty() ? 0 : static_cast<pid_t>(ids.back());
}

std::set<pid_t> ListDescendants(const std::set<pid_t>& roots) {
  std::multimap<pid_t, pid_t> children;
  for (const pid_t pid : ListNumbers("/proc")) {
    const std::optional<ProcessStat> stat = ParseStat(ReadProcText(pid, "stat"));
    if (stat) children.emplace(stat->parent, pid);
  }
  std::set<pid_t> descendants;
  std::vector<pid_t> parents(roots.begin(), roots.end());
  while (!parents.empty()) {
    const auto [begin, end] = children.equal_range(parents.back());
    parents.pop_back();
    for (auto at = begin; at != end; ++at) {
      const pid_t child = at->second;
      if (!roots.contains(child) && descendants.insert(child).second) parents.push_back(child);
    }
  }
  return descendants;
}

std::vector<Mapping> ParseMaps(std::string_view maps) {
  std::vector<Mapping> mappings;
  while (!maps.empty()) {
    const size_t end = maps.find('\n');
    if (std::optional<Mapping> mapping = ParseMapping(maps.substr(0, end))) {
      mappings.push_back(std::move(*mapping));
    }
    if (end == std::string_view::npos) break;
    maps.remove_prefix(end + 1);
  }
  return mappings;
}

}  // namespace lineprof
