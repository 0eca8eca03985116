// Names of files with something to fill in: `out-%p.txt`.
//
//   %p the process's id    %h the host    %t the start of the run, 20261121T120000 in local time
//   %n the first number from 1 on for which there is no such file    %% a %
//
// Only the last part of a path may hold %p and %n: directories are there before the run. Names, not
// files: nothing is looked at. THREAD: any.
#ifndef LINEPROF_OPTIONS_OUTPUT_NAME_H_
#define LINEPROF_OPTIONS_OUTPUT_NAME_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "lineprof/result.h"

namespace lineprof {

struct NameFacts {
  int64_t pid = 0;
  std::string host;
  uint64_t start_realtime_ns = 0;
  uint64_t number = 1;
};

// Fails with one line if a code is unknown, or stands where it may not.
Result<void> CheckOutputName(std::string_view name);

// Whether `name` holds the code of that letter.
bool HasNameCode(std::string_view name, char letter);

// `name` with its codes filled in. REQUIRES: CheckOutputName(name).ok().
std::string ExpandOutputName(std::string_view name, const NameFacts& facts);

}  // namespace lineprof

#endif  // LINEPROF_OPTIONS_OUTPUT_NAME_H_
