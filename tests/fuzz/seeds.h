// Inputs that a fuzz target begins with: made of the code's own constants and structures at each
// run, so that they are never of an older format. tests/fuzz/README.md says why.
//
// Each function gives some by name. THREAD: any.
#ifndef LINEPROF_TESTS_FUZZ_SEEDS_H_
#define LINEPROF_TESTS_FUZZ_SEEDS_H_

#include <map>
#include <string>

namespace lineprof::fuzz {

using Seeds = std::map<std::string, std::string>;

// recording_seeds.cc
Seeds RecordingSeeds();
Seeds ArchiveSeeds();

// memory_seeds.cc
Seeds FrameWalkerSeeds();
Seeds DebugOffsetsSeeds();
Seeds ObjectReaderSeeds();
Seeds ElfSymbolsSeeds();

// text_seeds.cc
Seeds SettingsSeeds();
Seeds SourceSeeds();
Seeds LineTableSeeds();
Seeds CommandLineSeeds();
Seeds ProcessFilesSeeds();

}  // namespace lineprof::fuzz

#endif  // LINEPROF_TESTS_FUZZ_SEEDS_H_
