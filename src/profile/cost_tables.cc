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
  auto [found, is_new] = function_ids_.try_emplace({file, first_line, name_id},
                                                   static_cast<uint32_t>(functions.size()));
  if (is_new) {
    std::string_view full = qualified_name.empty() ? name : qualified_name;
    functions.push_back({FileId{file}, std::string(name), std::string(full), first_line});
  }
  return found->second;
}

uint32_t CostTables::AddLine(uint32_t file, uint32_t line) {
  auto [found, is_new] =
      line_ids_.try_emplace({file, line, 0}, static_cast<uint32_t>(lines.size()));
  if (is_new) lines.push_back({file, line, Cost{}});
  return found->second;
}

uint32_t CostTables::AddCallRow(uint32_t file, uint32_t line, uint32_t callee) {
  auto [found, is_new] =
      row_ids_.try_emplace({file, line, callee}, static_cast<uint32_t>(rows.size()));
  if (is_new) rows.push_back({file, line, callee, Cost{}});
  return found->second;
}

uint32_t CostTables::AddStack(uint32_t parent, uint32_t function, uint32_t line, uint32_t callee) {
  auto [found, is_new] = stack_ids_.try_emplace({parent, function, line, callee},
                                                static_cast<uint32_t>(stacks.size()));
  if (is_new) {
    stacks.push_back({parent, FunctionId{function}, line, FunctionId{callee}, Cost{}});
  }
  return found->second;
}

uint32_t CostTables::AddEdge(uint32_t caller, uint32_t line, uint32_t callee) {
  return edge_ids_.try_emplace({caller, line, callee}, static_cast<uint32_t>(edge_ids_.size()))
      .first->second;
}

uint32_t CostTables::AddCountedLine(uint32_t function, uint32_t line) {
  auto [found, is_new] = counted_line_ids_.try_emplace({function, line, 0},
                                                       static_cast<uint32_t>(counted_lines.size()));
  if (is_new) counted_lines.push_back({function, line, Cost{}});
  return found->second;
}

// Of a counted profile these are the only edges.
uint32_t CostTables::AddCountedCall(uint32_t function, uint32_t line, uint32_t callee) {
  const uint32_t edge = AddEdge(function, line, callee);
  if (edge == counted_calls.size()) counted_calls.push_back({function, line, callee, Cost{}});
  return edge;
}

}  // namespace lineprof
