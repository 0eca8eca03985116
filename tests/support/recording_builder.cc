#include "support/recording_builder.h"

#include <algorithm>

namespace lineprof::test {

constexpr uint64_t kMillisecond = 1'000'000;
constexpr uint32_t kBytesPerLine = 4;  // two instructions of two bytes

RecordingBuilder::RecordingBuilder() {
  recording_.pid = 100;
  recording_.parent_pid = 1;
  recording_.arguments = {"python3", "main.py"};
  recording_.working_directory = "/jobs";
  recording_.python_version = "3.10.13";
  recording_.timer = "perf cpu-clock";
  recording_.period_ns = kMillisecond;
  recording_.start_monotonic_ns = 5'000 * kMillisecond;
  recording_.end_monotonic_ns = 6'000 * kMillisecond;
  recording_.ended = true;
  recording_.threads = 1;
  recording_.line_table_format = LineTableFormat::kPep626;
  recording_.nodes.resize(1);
}

uint32_t RecordingBuilder::AddCode(const std::string& filename, const std::string& name,
                                   uint32_t first_line, uint32_t last_line,
                                   const std::string& qualified_name) {
  RecordedCode code;
  code.filename = filename;
  code.name = name;
  code.qualified_name = qualified_name;
  code.first_line = first_line;
  for (uint32_t line = first_line; line <= last_line; line++) {
    code.line_table += static_cast<char>(kBytesPerLine);
    code.line_table += static_cast<char>(line == first_line ? 0 : 1);
  }
  recording_.codes.push_back(code);
  return static_cast<uint32_t>(recording_.codes.size() - 1);
}

void RecordingBuilder::AddSamples(const std::vector<Frame>& stack, uint64_t on_cpu,
                                  uint64_t waiting) {
  uint32_t index = 0;
  for (size_t i = 0; i < stack.size(); i++) {
    uint32_t callee = i + 1 < stack.size() ? stack[i + 1].code : RecordedNode::kNoCallee;
    index = FindOrAddNode(index, stack[i], callee);
  }
  if (on_cpu > 0) AddToTimeline(index, on_cpu * kMillisecond, 0);
  if (waiting > 0) AddToTimeline(index, 0, waiting * kMillisecond);
  RecordedNode& node = recording_.nodes[index];
  node.cpu_samples += on_cpu;
  node.cpu_ns += on_cpu * kMillisecond;
  node.wait_samples += waiting;
  node.wait_ns += waiting * kMillisecond;
  recording_.cpu_samples += on_cpu;
  recording_.wait_samples += waiting;
  recording_.sampled_cpu_ns += on_cpu * kMillisecond;
  recording_.thread_cpu_ns += on_cpu * kMillisecond;
  recording_.thread_wait_ns += waiting * kMillisecond;
}

void RecordingBuilder::KeepTimeline(int64_t thread) {
  recording_.has_timeline = true;
  timeline_thread_ = thread;
}

void RecordingBuilder::AddToTimeline(uint32_t node, uint64_t cpu_ns, uint64_t wait_ns) {
  if (!recording_.has_timeline) return;
  const uint64_t begin_ns = recording_.timeline.empty() ? 0 : recording_.timeline.back().end_ns;
  recording_.timeline.push_back(
      {begin_ns + cpu_ns + wait_ns, cpu_ns, wait_ns, timeline_thread_, node});
}

uint32_t RecordingBuilder::FindOrAddNode(uint32_t parent, const Frame& frame, uint32_t callee) {
  const RecordedCode& code = recording_.codes[frame.code];
  uint32_t offset = (frame.line - code.first_line) * kBytesPerLine;
  int32_t instruction = static_cast<int32_t>(offset) + (frame.second_instruction ? 2 : 0);
  auto& nodes = recording_.nodes;
  auto found = std::find_if(nodes.begin() + 1, nodes.end(), [&](const RecordedNode& node) {
    return node.parent == parent && node.code == frame.code && node.instruction == instruction &&
           node.callee == callee;
  });
  if (found == nodes.end()) {
    RecordedNode node;
    node.parent = parent;
    node.code = frame.code;
    node.instruction = instruction;
    node.callee = callee;
    found = nodes.insert(nodes.end(), node);
  }
  return static_cast<uint32_t>(found - nodes.begin());
}

}  // namespace lineprof::test
