#include "pyruntime/library_directories.h"

namespace lineprof {

std::string LibraryDirectories(const InstallationFacts& facts, uint32_t hex_version) {
  const std::string python =
      "python" + std::to_string(hex_version >> 16) + "." + std::to_string((hex_version >> 8) & 255);
  std::string installation = facts.executable;  // PREFIX/bin/python
  for (int i = 0; i < 2; ++i) {
    const size_t slash = installation.rfind('/');
    installation.resize(slash == std::string::npos ? 0 : slash);
  }
  std::string all;
  for (const std::string& prefix :
       {facts.prefix, facts.base_prefix, facts.exec_prefix, installation}) {
    if (prefix.empty()) continue;
    for (const char* lib : {"/lib/", "/lib64/", "/local/lib/"}) {
      all += prefix + lib + python + '\0';
      all += prefix + lib + "python3/dist-packages" + '\0';
    }
  }
  if (!facts.home.empty()) all += facts.home + "/.local/lib/" + python + "/site-packages" + '\0';
  return all;
}

}  // namespace lineprof
