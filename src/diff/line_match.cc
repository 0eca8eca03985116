#include "diff/line_match.h"

#include <deque>
#include <map>
#include <string_view>
#include <tuple>

namespace lineprof {
namespace {

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\f\r";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// The nearest line that is not blank, `step` (1 or -1) by step away from index `line`.
std::string_view Neighbour(const std::vector<std::string>& lines, size_t line, int step) {
  // From the first line a step back wraps around, past the end.
  for (size_t i = line + static_cast<size_t>(step); i < lines.size();
       i += static_cast<size_t>(step)) {
    const std::string_view text = Trimmed(lines[i]);
    if (!text.empty()) return text;
  }
  return {};
}

void FillText(const SourceText& source, SampledLine& line) {
  if (line.line == 0 || line.line > source.lines.size()) {
    line.text = "line " + std::to_string(line.line);
    return;
  }
  const size_t index = line.line - 1;
  line.text = Trimmed(source.lines[index]);
  line.previous = Neighbour(source.lines, index, -1);
  line.next = Neighbour(source.lines, index, 1);
}

using Key = std::tuple<std::string_view, std::string_view, std::string_view, std::string_view,
                       std::string_view>;

// One pass: pairs the lines that are in no pair yet and have the same key, in their order.
template <typename KeyOf>
void MatchBy(KeyOf key_of, const std::vector<SampledLine>& before,
             const std::vector<SampledLine>& after, std::vector<std::optional<size_t>>& partner,
             std::vector<bool>& is_taken) {
  std::map<Key, std::deque<size_t>> free;
  for (size_t i = 0; i < after.size(); i++) {
    if (!is_taken[i]) free[key_of(after[i])].push_back(i);
  }
  for (size_t i = 0; i < before.size(); i++) {
    if (partner[i]) continue;
    const auto found = free.find(key_of(before[i]));
    if (found == free.end() || found->second.empty()) continue;
    partner[i] = found->second.front();
    is_taken[found->second.front()] = true;
    found->second.pop_front();
  }
}

}  // namespace

std::vector<SampledLine> SampledLines(const Profile& profile) {
  std::map<std::tuple<std::string_view, std::string_view, uint32_t>, SampledLine> lines;
  for (const StackNode& node : profile.stacks) {
    if (node.self == Cost{}) continue;
    const Function& function = profile.functions[static_cast<size_t>(node.function)];
    const SourceFile& file = profile.files[static_cast<size_t>(function.file)];
    if (file.lines.empty()) continue;  // excluded
    const auto [found, is_new] = lines.try_emplace({file.name, function.qualified_name, node.line});
    SampledLine& line = found->second;
    line.self += node.self;
    if (!is_new) continue;
    line.file = file.name;
    line.function = function.qualified_name;
    line.line = node.line;
    FillText(file.source, line);
  }
  std::vector<SampledLine> sorted;
  sorted.reserve(lines.size());
  for (auto& [key, line] : lines) sorted.push_back(std::move(line));
  return sorted;
}

std::vector<LinePair> MatchLines(const std::vector<SampledLine>& before,
                                 const std::vector<SampledLine>& after) {
  std::vector<std::optional<size_t>> partner(before.size());
  std::vector<bool> is_taken(after.size());
  const auto match_by = [&](auto key_of) { MatchBy(key_of, before, after, partner, is_taken); };
  match_by(
      [](const SampledLine& l) { return Key(l.file, l.function, l.text, l.previous, l.next); });
  match_by([](const SampledLine& l) { return Key(l.file, l.function, l.text, "", ""); });
  match_by([](const SampledLine& l) { return Key(l.file, l.function, "", l.previous, l.next); });

  std::vector<LinePair> pairs;
  for (size_t i = 0; i < before.size(); i++) pairs.push_back({i, partner[i]});
  for (size_t i = 0; i < after.size(); i++) {
    if (!is_taken[i]) pairs.push_back({std::nullopt, i});
  }
  return pairs;
}

}  // namespace lineprof
