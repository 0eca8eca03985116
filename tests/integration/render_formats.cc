// Renders one recording in every format, so that what their readers make of it can be compared: one
// run of a program is never like the next.
//
// Usage: lineprof_render_formats RECORDING DIRECTORY. Writes DIRECTORY/profile.<format>; names are
// relative to the current directory.

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "lineprof/report.h"
#include "profile/profile_builder.h"
#include "profile/source_cache.h"
#include "recording/reader.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: lineprof_render_formats RECORDING DIRECTORY\n";
    return 2;
  }
  using namespace lineprof;
  const Result<Recording> recording = ReadRecording(argv[1]);
  if (!recording.ok()) {
    std::cerr << recording.error() << '\n';
    return 1;
  }
  BuildOptions options;
  options.command = {"main.py"};
  options.current_directory = std::filesystem::current_path();
  options.period_s = static_cast<double>(recording.value().period_ns) / 1e9;
  options.exclude_library = true;
  SourceCache sources(UINT64_MAX);
  const Profile profile = BuildProfile({recording.value()}, Filter(), sources, options);
  for (const ReportFormat& format : ReportFormats()) {
    std::ofstream file(std::string(argv[2]) + "/profile." + std::string(format.name),
                       std::ios::binary);
    format.write(profile, ReportOptions(), file);
    if (!file.flush()) return 1;
  }
  return 0;
}
