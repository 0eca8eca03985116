#include "profile/cost_tables.h"

namespace lineprof {

CostTables::CostTables() : stacks(1) {}

uint32_t CostTables::AddFile(std::string_view name, std::string_view path) {
  auto [found, is_new] =
      file_ids_.try_emplace(std::string(name), static_cast<uint32_t>(files.size()));
  if (is_new) files.push_back({.name = std::string(name), .path = std::string(path)});
  FileFacts& file = files[found->second];
  if (file.path.empty()) file.path = path;  // a process whose directory is known tells more
  return found->second;
}

uint32_t CostTables::AddFunction(uint32_t file, uint32_t first_line, std::string_view name,
                                 std::string_view qualified_name) {
  uint32_t name_id =
      name_ids_.try_emplace(std::string(name), static_cast<uint32_t>(name_ids_.size()))
          .first->second;
  const uint32_t id = function_ids_.Add({file, first_line, name_id});
  if (id == functions.size()) {
    std::string_view full = qualified_name.empty() ? name : qualified_name;
    functions.push_back({FileId{file}, std::string(name), std::string(full), first_line});
  }
  return id;
}

uint32_t CostTables::AddLine(uint32_t file, uint32_t line) {
  const uint32_t id = line_ids_.Add({file, line});
  if (id == lines.size()) lines.push_back({file, line, Cost{}});
  return id;
}

uint32_t CostTables::AddCallRow(uint32_t file, uint32_t line, uint32_t callee) {
  const uint32_t id = row_ids_.Add({file, line, callee});
  if (id == rows.size()) rows.push_back({file, line, callee, Cost{}});
  return id;
}

// The root is the first stack and has no key.
uint32_t CostTables::AddStack(uint32_t parent, uint32_t function, uint32_t line, uint32_t callee) {
  const uint32_t id = stack_ids_.Add({parent, function, line, callee}) + 1;
  if (id == stacks.size()) {
    stacks.push_back({parent, FunctionId{function}, line, FunctionId{callee}, Cost{}});
  }
  return id;
}

void CostTables::ExpectStacks(size_t nodes) {
  if (stacks.size() > 1) return;
  stacks.reserve(nodes);
  stack_ids_.Reserve(nodes);
}

uint32_t CostTables::AddEdge(uint32_t caller, uint32_t line, uint32_t callee) {
  return edge_ids_.Add({caller, line, callee});
}

uint32_t CostTables::AddCountedLine(uint32_t function, uint32_t line) {
  const uint32_t id = counted_line_ids_.Add({function, line});
  if (id == counted_lines.size()) counted_lines.push_back({function, line, Cost{}});
  return id;
}

// Of a counted profile these are the only edges.
uint32_t CostTables::AddCountedCall(uint32_t function, uint32_t line, uint32_t callee) {
  const uint32_t edge = AddEdge(function, line, callee);
  if (edge == counted_calls.size()) counted_calls.push_back({function, line, callee, Cost{}});
  return edge;
}

}  // namespace lineprof
