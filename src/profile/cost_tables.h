// The costs of one run while they are added up: files and functions by identity, costs by line, by
// call row and by stack.
//
// Between the recordings (indices of one process) and the profile (final order): what two processes
// or two code objects have in common becomes one thing here. Ids are given in order of first sight.
// Owns its strings. THREAD: one at a time.
#ifndef LINEPROF_PROFILE_COST_TABLES_H_
#define LINEPROF_PROFILE_COST_TABLES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lineprof/key_ids.h"
#include "lineprof/profile.h"

namespace lineprof {

struct FileFacts {
  std::string name;             // shown: its identity
  std::string path;             // absolute; empty if it is no file
  bool is_library = false;      // --exclude-syspath means it
  bool is_main_script = false;  // some process ran it as __main__
};

// A (call) row: what reads the same is the same row.
struct CallRow {
  uint32_t file = 0;  // of the caller
  uint32_t line = 0;
  uint32_t callee = 0;  // function
  Cost inclusive;
};

struct LineTotal {
  uint32_t file = 0;
  uint32_t line = 0;
  Cost self;
};

// Deterministic: a line of a function; what it calls.
struct CountedLine {
  uint32_t function = 0;
  uint32_t line = 0;
  Cost self;
};
struct CountedCall {
  uint32_t function = 0;
  uint32_t line = 0;
  uint32_t callee = 0;  // function
  Cost inclusive;
};

class CostTables {
 public:
  static constexpr auto kNoCallee = static_cast<uint32_t>(kNoFunction);

  CostTables();

  // Each returns the index of the thing, new or known.
  uint32_t AddFile(std::string_view name, std::string_view path);
  uint32_t AddFunction(uint32_t file, uint32_t first_line, std::string_view name,
                       std::string_view qualified_name);
  uint32_t AddLine(uint32_t file, uint32_t line);
  uint32_t AddCallRow(uint32_t file, uint32_t line, uint32_t callee);
  // `callee`: a function, or kNoCallee.
  uint32_t AddStack(uint32_t parent, uint32_t function, uint32_t line, uint32_t callee);
  // A call as it stands on a stack, told apart by its calling function too: an index for counting.
  uint32_t AddEdge(uint32_t caller, uint32_t line, uint32_t callee);
  uint32_t AddCountedLine(uint32_t function, uint32_t line);
  uint32_t AddCountedCall(uint32_t function, uint32_t line, uint32_t callee);

  // Makes room for the stacks of a recording of so many nodes: those of the first one are new,
  // later ones mostly have the same.
  void ExpectStacks(size_t nodes);

  std::vector<FileFacts> files;
  std::vector<Function> functions;  // Function::file is an index into `files`
  std::vector<LineTotal> lines;
  std::vector<CallRow> rows;
  std::vector<StackNode> stacks;  // StackNode's functions are indices into `functions`
  std::vector<CountedLine> counted_lines;
  std::vector<CountedCall> counted_calls;
  std::vector<ThreadTimeline> timelines;  // end_ns after the start of each process
  uint32_t processes = 0;                 // recordings added
  size_t edge_count() const { return edge_ids_.keys().size(); }

 private:
  std::unordered_map<std::string, uint32_t> file_ids_;
  std::unordered_map<std::string, uint32_t> name_ids_;
  KeyIds<3> function_ids_;
  KeyIds<2> line_ids_;
  KeyIds<3> row_ids_;
  KeyIds<4> stack_ids_;
  KeyIds<3> edge_ids_;
  KeyIds<2> counted_line_ids_;
};

}  // namespace lineprof

#endif  // LINEPROF_PROFILE_COST_TABLES_H_
