#include "profile/trace_choice.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "profile/expressions.h"
#include "profile/file_name.h"

namespace lineprof {
namespace {

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace

TraceChoice::TraceChoice() = default;
TraceChoice::~TraceChoice() = default;
TraceChoice::TraceChoice(TraceChoice&&) noexcept = default;

Result<TraceChoice> TraceChoice::Create(const std::vector<std::string>& only, bool exclude_library,
                                        std::string current_directory) {
  Result<Expressions> compiled = CompileExpressions("--only", only);
  if (!compiled) return Error{compiled.error()};
  TraceChoice choice;
  choice.only_ = std::move(compiled).value();
  choice.exclude_library_ = exclude_library;
  choice.current_directory_ = std::move(current_directory);
  return choice;
}

bool TraceChoice::IsCounted(const Filter& filter, const ChoiceQuestion& question) const {
  if (!only_.empty() && !AnyMatches(only_, question.qualified_name)) return false;
  const std::string path = SourcePath(question.filename, question.working_directory);
  const std::string name = ShownName(question.filename, path, current_directory_);
  if (!exclude_library_) return filter.Includes(name);
  const bool is_library =
      !question.is_main && IsLibraryFile(question.filename, path, Lines(question.libraries));
  return filter.Includes(name, is_library);
}

}  // namespace lineprof
