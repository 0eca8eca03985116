#include "launcher/environment.h"

#include <unistd.h>

#include <string_view>

namespace lineprof {
namespace {

constexpr std::string_view kPreload = "LD_PRELOAD=";

}  // namespace

std::vector<std::string> ProgramEnvironment(const std::vector<std::string>& base,
                                            const std::string& agent, const Settings& settings) {
  const std::string settings_name = std::string(kSettingsVariable) + "=";
  std::string preload = std::string(kPreload) + agent;
  std::vector<std::string> environment;
  for (const std::string& entry : base) {
    if (entry.starts_with(kPreload)) {
      if (entry.size() > kPreload.size()) preload += ":" + entry.substr(kPreload.size());
    } else if (!entry.starts_with(settings_name)) {
      environment.push_back(entry);
    }
  }
  environment.push_back(preload);
  environment.push_back(settings_name + EncodeSettings(settings));
  return environment;
}

std::vector<std::string> OwnEnvironment() {
  std::vector<std::string> environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    environment.emplace_back(*entry);
  }
  return environment;
}

}  // namespace lineprof
