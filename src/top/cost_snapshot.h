// What a watched run has cost up to a moment, by line, function, thread and process: what the
// differences are taken of.
//
// Places (functions and their lines) get a number that is the same in all snapshots of one Places,
// so a difference of two snapshots is one of vectors. Costs only grow, as the recordings they come
// from. Passive data; knows of no terminal. THREAD: any, while nobody writes.
#ifndef LINEPROF_TOP_COST_SNAPSHOT_H_
#define LINEPROF_TOP_COST_SNAPSHOT_H_

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "lineprof/profile.h"
#include "recording/recording.h"

namespace lineprof {

// A function, or a line of a file.
struct Place {
  std::string file;   // as shown
  uint32_t line = 0;  // of a function: its first one
  // Qualified name. Of a line that functions share (a lambda and the one that makes it): of the one
  // that had most of its time when it was last looked at.
  std::string function;
};

// Numbers of places: those of functions, those of lines, and of the files they are in.
class Places {
 public:
  uint32_t AddFunction(const std::string& file, const Function& function);
  uint32_t AddFile(const std::string& file);
  // `file`: a number that AddFile gave.
  uint32_t AddLine(uint32_t file, uint32_t line);
  void NameFunctionOf(uint32_t line, const std::string& function) {
    lines_[line].function = function;
  }

  const std::vector<Place>& functions() const { return functions_; }
  const std::vector<Place>& lines() const { return lines_; }

 private:
  std::vector<std::string> files_;
  std::vector<Place> functions_;
  std::vector<Place> lines_;
  std::map<std::tuple<std::string, uint32_t, std::string>, uint32_t> function_ids_;
  std::map<std::string, uint32_t> file_ids_;
  std::unordered_map<uint64_t, uint32_t> line_ids_;  // by file << 32 | line
};

struct PlaceCost {
  Cost self;   // samples whose innermost frame it is
  Cost total;  // samples that have it on their stack, each once
};

struct ThreadCost {
  int64_t pid = 0;
  int64_t tid = 0;
  std::string name;  // as Python names it, else as the kernel does
  uint64_t cpu_ns = 0;
  uint64_t wait_ns = 0;
};

struct ProcessCost {
  int64_t pid = 0;
  uint64_t start_ns = 0;     // CLOCK_MONOTONIC; with the pid, which program of that process
  uint64_t end_ns = 0;       // last sign of life
  std::string command_line;  // shell-quoted
  uint64_t cpu_ns = 0;
  uint64_t wait_ns = 0;
  uint64_t gil_wait_ns = 0;  // 0 where it is not known
  uint64_t samples = 0;
  uint64_t lost = 0;
  size_t live_threads = 0;
  bool ended = false;  // it said good-bye, or executed another program
};

struct CostSnapshot {
  uint64_t time_ns = 0;  // CLOCK_MONOTONIC
  // Index: the place's number. Shorter than Places where others came later.
  std::vector<PlaceCost> lines;
  std::vector<PlaceCost> functions;
  std::vector<ThreadCost> threads;     // alive
  std::vector<ProcessCost> processes;  // by start
  std::vector<std::string> notes;      // of the recordings; why one is refused
};

// `profile` is that of `recordings`, which are sampled ones. Places of files that the profile's
// filters leave out are left out.
CostSnapshot TakeCostSnapshot(const Profile& profile, const std::vector<Recording>& recordings,
                              uint64_t time_ns, Places& places);

}  // namespace lineprof

#endif  // LINEPROF_TOP_COST_SNAPSHOT_H_
