#include "attach/system_facts.h"

#include <optional>

#include "attach/object_reader.h"
#include "base/process_files.h"

namespace lineprof {
namespace {

// The value of a variable of the process's environment, as it was at its start.
std::string EnvironmentValue(const Target& target, std::string_view name) {
  const std::string environment = '\0' + ReadProcText(target.pid, "environ");
  const std::string start = '\0' + std::string(name) + '=';
  const size_t found = environment.find(start);
  return found == std::string::npos ? "" : environment.c_str() + found + start.size();
}

}  // namespace

InstallationFacts ReadInstallationFacts(const Target& target) {
  InstallationFacts facts;
  facts.home = EnvironmentValue(target, "HOME");
  const Result<ObjectReader> reader = ObjectReader::Create(target);
  uint64_t interpreter = 0;
  uint64_t dict = 0;
  if (!reader.ok() ||
      !ReadValue(target.memory, target.runtime + target.layout.interpreters_head, &interpreter) ||
      !ReadValue(target.memory, interpreter + target.layout.system_dict, &dict)) {
    return facts;
  }
  const struct {
    const char* name;
    std::string* text;
  } wanted[] = {
      {"prefix", &facts.prefix},
      {"base_prefix", &facts.base_prefix},
      {"exec_prefix", &facts.exec_prefix},
      {"executable", &facts.executable},
  };
  for (const auto& each : wanted) {
    const std::optional<std::string> text =
        reader.value().Text(reader.value().Lookup(dict, each.name));
    if (text) *each.text = *text;
  }
  return facts;
}

}  // namespace lineprof
