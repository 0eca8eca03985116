// Which function a line belongs to, for reports that have a record a line. Where several share it
// (a lambda and the function that makes it), the hottest there.
//
// Empty for a line that no stack or count of the profile has. THREAD: any.
#ifndef LINEPROF_REPORTS_LINE_FUNCTIONS_H_
#define LINEPROF_REPORTS_LINE_FUNCTIONS_H_

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "function_totals.h"
#include "lineprof/profile.h"

namespace lineprof {

class LineFunctions {
 public:
  explicit LineFunctions(const Profile& profile) : profile_(profile), files_(profile.files.size()) {
    for (const FunctionLine& line : AddUpFunctionLines(profile)) {
      Cost cost = line.self;
      for (const CallCost& call : line.calls) cost += call.inclusive;
      const FileId file = profile.functions[static_cast<size_t>(line.function)].file;
      auto [found, is_new] =
          files_[static_cast<size_t>(file)].try_emplace(line.line, Owner{line.function, cost});
      if (is_new || TimeNs(cost, profile.clock) <= TimeNs(found->second.cost, profile.clock)) {
        continue;
      }
      found->second = {line.function, cost};
    }
  }

  // The qualified name. `file` is one of the profile's.
  std::string_view NameAt(const SourceFile& file, uint32_t line) const {
    const auto& owners = files_[static_cast<size_t>(&file - profile_.files.data())];
    const auto found = owners.find(line);
    if (found == owners.end()) return {};
    return profile_.functions[static_cast<size_t>(found->second.function)].qualified_name;
  }

 private:
  struct Owner {
    FunctionId function{};
    Cost cost;
  };

  const Profile& profile_;
  std::vector<std::unordered_map<uint32_t, Owner>> files_;  // index: FileId
};

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_LINE_FUNCTIONS_H_
