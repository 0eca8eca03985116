#include "function_labels.h"

#include <fmt/format.h>

#include <string_view>
#include <unordered_map>

#include "lineprof/one_line.h"

namespace lineprof {
namespace {

// "app" of "src/app.py"; the package of its __init__.py; names that are no path as they are.
std::string_view ModuleOf(std::string_view file) {
  if (file.starts_with('<')) return file;
  if (file.ends_with(".py")) file.remove_suffix(3);
  constexpr std::string_view kPackage = "/__init__";
  if (file.ends_with(kPackage)) file.remove_suffix(kPackage.size());
  return file.substr(file.rfind('/') + 1);
}

constexpr int kLevels = 4;

std::string Label(const Profile& profile, size_t index, int level) {
  const Function& function = profile.functions[index];
  const std::string& file = profile.files[static_cast<size_t>(function.file)].name;
  const std::string_view module = level < 2 ? ModuleOf(file) : file;
  std::string label = fmt::format("{}:{}", module, function.qualified_name);
  if (level >= 1) label += fmt::format(":{}", function.first_line);
  if (level >= 3) label += fmt::format(":{}", index);
  return OneLine(label);
}

}  // namespace

std::vector<std::string> FunctionLabels(const Profile& profile) {
  std::vector<int> levels(profile.functions.size());
  std::vector<std::string> labels(profile.functions.size());
  for (bool is_unique = false; !is_unique;) {
    std::unordered_map<std::string_view, int> count;
    for (size_t i = 0; i < labels.size(); i++) labels[i] = Label(profile, i, levels[i]);
    for (const std::string& label : labels) ++count[label];
    is_unique = true;
    for (size_t i = 0; i < labels.size(); i++) {
      if (count[labels[i]] == 1 || levels[i] + 1 == kLevels) continue;
      ++levels[i];
      is_unique = false;
    }
  }
  return labels;
}

}  // namespace lineprof
