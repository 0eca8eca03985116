// The idea: an inclusive time is the sum of the samples that have a call anywhere on their stack,
// each counted once. Nodes form a tree, so the samples below a node are a subtree total, and a
// call's inclusive cost is the sum of the totals of those of its nodes that have no node of the
// same call above them. One walk of the tree that counts the calls on the current path finds those
// in O(nodes). "The same call" is judged by what a report shows (file, line, callee), after
// decoding: a line may hold several call instructions, and a code object may be known under several
// indices.

#include "profile/recording_costs.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "profile/file_name.h"
#include "pyruntime/line_table.h"

namespace lineprof {
namespace {

// A recorded node after decoding.
struct Place {
  uint32_t function = 0;
  uint32_t line = 0;
  uint32_t row = 0;   // the (call) row that its call belongs to; only where it calls
  uint32_t edge = 0;  // the same, told apart by calling function
};

Cost OwnCost(const RecordedNode& node) {
  return {node.cpu_samples + node.wait_samples, node.cpu_ns, node.wait_ns};
}

bool Calls(const RecordedNode& node) { return node.callee != RecordedNode::kNoCallee; }

// The standard library's way to run a module as the program.
bool IsRunpy(std::string_view filename) {
  if (filename == "<frozen runpy>") return true;
  size_t slash = filename.rfind('/');
  return slash != std::string_view::npos && filename.substr(slash + 1) == "runpy.py";
}

class RecordingWalk {
 public:
  RecordingWalk(const Recording& recording, const std::vector<RecordedNode>& nodes,
                CostTables& tables)
      : recording_(recording), nodes_(nodes), tables_(tables) {}

  void NameCodes(std::string_view current_directory);
  void MarkMainScripts();
  void DecodePlaces();
  void SumSubtrees();
  void LinkChildren();
  void AddCosts();
  void MarkCountedMainScripts();
  void AddCounts();
  void AddTimeline(const std::vector<uint32_t>* node_of);

 private:
  void Enter(uint32_t node);
  void Leave(uint32_t node);
  uint32_t FileOf(uint32_t function) const {
    return static_cast<uint32_t>(tables_.functions[function].file);
  }

  const Recording& recording_;
  const std::vector<RecordedNode>& nodes_;  // the recording's, or what is made of them
  CostTables& tables_;
  std::vector<uint32_t> functions_;  // by code
  // By node:
  std::vector<Place> places_;
  std::vector<Cost> totals_;            // own cost and that of everything below
  std::vector<uint32_t> first_child_;   // 0: none
  std::vector<uint32_t> next_sibling_;  // 0: none
  std::vector<uint32_t> stacks_;        // its node in the profile's tree
  // How often a row or edge stands on the path from the root to the current node.
  std::vector<uint32_t> rows_on_path_;
  std::vector<uint32_t> edges_on_path_;
};

void RecordingWalk::NameCodes(std::string_view current_directory) {
  functions_.reserve(recording_.codes.size());
  for (const RecordedCode& code : recording_.codes) {
    std::string path = SourcePath(code.filename, recording_.working_directory);
    uint32_t file = tables_.AddFile(ShownName(code.filename, path, current_directory), path);
    if (IsLibraryFile(code.filename, path, recording_.library_directories)) {
      tables_.files[file].is_library = true;
    }
    functions_.push_back(tables_.AddFunction(file, code.first_line, EscapeInvalidUtf8(code.name),
                                             EscapeInvalidUtf8(code.qualified_name)));
  }
}

// The main script is the file whose module frame nothing called, or nothing but runpy (-m, a
// directory, a zip file), or an asyncio task. An imported module always stands on frames of the
// import system; what the interpreter runs to start itself (`<frozen getpath>`) is no file. Looks
// at the stacks as recorded.
void RecordingWalk::MarkMainScripts() {
  std::vector<bool> below_runpy_only(recording_.nodes.size(), true);
  for (size_t i = 1; i < recording_.nodes.size(); i++) {
    const RecordedNode& node = recording_.nodes[i];
    const RecordedCode& code = recording_.codes[node.code];
    if (!below_runpy_only[node.parent]) {
      below_runpy_only[i] = false;
      continue;
    }
    FileFacts& file = tables_.files[FileOf(functions_[node.code])];
    if (code.name == "<module>" && !file.path.empty()) file.is_main_script = true;
    below_runpy_only[i] = IsRunpy(code.filename) || code.filename.starts_with(kTaskFile);
  }
}

void RecordingWalk::DecodePlaces() {
  std::vector<std::optional<LineTable>> line_tables(recording_.codes.size());
  places_.resize(nodes_.size());
  for (size_t i = 1; i < nodes_.size(); i++) {
    const RecordedNode& node = nodes_[i];
    const RecordedCode& code = recording_.codes[node.code];
    std::optional<LineTable>& line_table = line_tables[node.code];
    if (!line_table) {
      line_table.emplace(recording_.line_table_format, code.line_table, code.first_line);
    }
    Place& place = places_[i];
    place.function = functions_[node.code];
    place.line = line_table->LineOf(node.instruction);
    if (!Calls(node)) continue;
    uint32_t callee = functions_[node.callee];
    place.row = tables_.AddCallRow(FileOf(place.function), place.line, callee);
    place.edge = tables_.AddEdge(place.function, place.line, callee);
  }
}

// Children stand after their parents: from the end, each total is whole when it is handed up.
void RecordingWalk::SumSubtrees() {
  totals_.reserve(nodes_.size());
  for (const RecordedNode& node : nodes_) totals_.push_back(OwnCost(node));
  for (size_t i = nodes_.size(); i-- > 1;) {
    totals_[nodes_[i].parent] += totals_[i];
  }
}

void RecordingWalk::LinkChildren() {
  first_child_.assign(nodes_.size(), 0);
  next_sibling_.assign(nodes_.size(), 0);
  for (size_t i = nodes_.size(); i-- > 1;) {
    uint32_t parent = nodes_[i].parent;
    next_sibling_[i] = first_child_[parent];
    first_child_[parent] = static_cast<uint32_t>(i);
  }
}

// Walks the tree by its links, depth first: stacks are too deep for recursion.
void RecordingWalk::AddCosts() {
  if (nodes_.empty()) return;
  stacks_.assign(nodes_.size(), 0);
  rows_on_path_.assign(tables_.rows.size(), 0);
  edges_on_path_.assign(tables_.edge_count(), 0);
  tables_.ExpectStacks(nodes_.size());
  tables_.stacks[0].self += OwnCost(nodes_[0]);
  uint32_t node = first_child_[0];
  while (node != 0) {
    Enter(node);
    if (first_child_[node] != 0) {
      node = first_child_[node];
      continue;
    }
    Leave(node);
    while (node != 0 && next_sibling_[node] == 0) {
      node = nodes_[node].parent;
      if (node != 0) Leave(node);
    }
    node = next_sibling_[node];
  }
}

void RecordingWalk::Enter(uint32_t node) {
  const RecordedNode& recorded = nodes_[node];
  const Place& place = places_[node];
  const Cost own = OwnCost(recorded);
  const bool has_own = own != Cost{};
  if (has_own) {
    tables_.lines[tables_.AddLine(FileOf(place.function), place.line)].self += own;
  }
  bool is_repeated = false;
  if (Calls(recorded)) {
    if (rows_on_path_[place.row]++ == 0) tables_.rows[place.row].inclusive += totals_[node];
    is_repeated = edges_on_path_[place.edge]++ > 0;
  }
  uint32_t parent = stacks_[recorded.parent];
  // Recursion is folded: what a repeated call leads to hangs where the first one leads.
  if (is_repeated && !has_own) {
    stacks_[node] = parent;
    return;
  }
  const uint32_t callee = Calls(recorded) ? functions_[recorded.callee] : CostTables::kNoCallee;
  stacks_[node] = tables_.AddStack(parent, place.function, place.line, callee);
  tables_.stacks[stacks_[node]].self += own;
}

void RecordingWalk::Leave(uint32_t node) {
  if (!Calls(nodes_[node])) return;
  rows_on_path_[places_[node].row]--;
  edges_on_path_[places_[node].edge]--;
}

// Deterministic mode: lines and edges are there as they are shown.
void RecordingWalk::AddCounts() {
  for (const RecordedLine& line : recording_.lines) {
    if (line.hits == 0) continue;
    const uint32_t function = functions_[line.code];
    const Cost cost = {line.hits, line.time_ns, 0};
    tables_.lines[tables_.AddLine(FileOf(function), line.line)].self += cost;
    tables_.counted_lines[tables_.AddCountedLine(function, line.line)].self += cost;
  }
  for (const RecordedEdge& edge : recording_.edges) {
    const uint32_t function = functions_[edge.code];
    const uint32_t callee = functions_[edge.callee];
    const Cost cost = {edge.calls, edge.time_ns, 0};
    tables_.rows[tables_.AddCallRow(FileOf(function), edge.line, callee)].inclusive += cost;
    tables_.counted_calls[tables_.AddCountedCall(function, edge.line, callee)].inclusive += cost;
  }
}

// `node_of`: where the recording's nodes are in `nodes_`; null: in their places.
void RecordingWalk::AddTimeline(const std::vector<uint32_t>* node_of) {
  std::map<int64_t, ThreadTimeline> threads;
  for (const RecordedSample& sample : recording_.timeline) {
    const uint32_t node = node_of == nullptr ? sample.node : (*node_of)[sample.node];
    if (node == 0) continue;
    threads[sample.thread].samples.push_back(
        {sample.end_ns, sample.cpu_ns, sample.wait_ns, stacks_[node]});
  }
  const auto begin = [](const TimelineSample& sample) {
    return static_cast<int64_t>(sample.end_ns - sample.cpu_ns - sample.wait_ns);
  };
  for (auto& [thread, timeline] : threads) {
    timeline.process = tables_.processes;
    timeline.thread = thread;
    std::stable_sort(timeline.samples.begin(), timeline.samples.end(),
                     [&](const auto& a, const auto& b) { return begin(a) < begin(b); });
    tables_.timelines.push_back(std::move(timeline));
  }
}

// The module frames of counted code that nothing called, or nothing but runpy.
void RecordingWalk::MarkCountedMainScripts() {
  std::vector<bool> called(recording_.codes.size(), false);
  for (const RecordedEdge& edge : recording_.edges) {
    if (!IsRunpy(recording_.codes[edge.code].filename)) called[edge.callee] = true;
  }
  for (size_t i = 0; i < recording_.codes.size(); i++) {
    FileFacts& file = tables_.files[FileOf(functions_[i])];
    if (recording_.codes[i].name == "<module>" && !called[i] && !file.path.empty()) {
      file.is_main_script = true;
    }
  }
}

}  // namespace

uint64_t AddRecordingCosts(const Recording& recording, std::string_view current_directory,
                           const StackTransform& transform, CostTables& tables) {
  StackTransform::Outcome stacks;
  if (!transform.empty()) stacks = transform.Apply(recording);
  RecordingWalk walk(recording, transform.empty() ? recording.nodes : stacks.nodes, tables);
  walk.NameCodes(current_directory);
  if (recording.deterministic) {
    walk.MarkCountedMainScripts();
    walk.AddCounts();
    ++tables.processes;
    return 0;
  }
  walk.MarkMainScripts();
  walk.DecodePlaces();
  walk.SumSubtrees();
  walk.LinkChildren();
  walk.AddCosts();
  walk.AddTimeline(transform.empty() ? nullptr : &stacks.node_of);
  ++tables.processes;
  return stacks.dropped_samples;
}

}  // namespace lineprof
