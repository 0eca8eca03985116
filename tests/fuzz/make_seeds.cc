// Writes the inputs that each fuzz target begins with into DIRECTORY/TARGET/. See scripts/fuzz.
// Usage: lineprof_fuzz_seeds DIRECTORY
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "fuzz/seeds.h"

namespace lineprof::fuzz {
namespace {

bool Write(const std::filesystem::path& directory, const Seeds& seeds) {
  std::filesystem::create_directories(directory);
  for (const auto& [name, bytes] : seeds) {
    std::ofstream file(directory / name, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) return false;
  }
  return true;
}

int Main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: lineprof_fuzz_seeds DIRECTORY\n", stderr);
    return 2;
  }
  const std::map<std::string, Seeds> targets = {
      {"archive", ArchiveSeeds()},
      {"command_line", CommandLineSeeds()},
      {"debug_offsets", DebugOffsetsSeeds()},
      {"elf_symbols", ElfSymbolsSeeds()},
      {"frame_walker", FrameWalkerSeeds()},
      {"line_table", LineTableSeeds()},
      {"object_reader", ObjectReaderSeeds()},
      {"process_files", ProcessFilesSeeds()},
      {"recording", RecordingSeeds()},
      {"settings", SettingsSeeds()},
      {"source", SourceSeeds()},
  };
  for (const auto& [target, seeds] : targets) {
    if (Write(std::filesystem::path(argv[1]) / target, seeds)) continue;
    std::fprintf(stderr, "lineprof_fuzz_seeds: %s: cannot be written\n", argv[1]);
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace lineprof::fuzz

int main(int argc, char** argv) { return lineprof::fuzz::Main(argc, argv); }
