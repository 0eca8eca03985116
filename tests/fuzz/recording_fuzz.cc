// Throws bytes at the reader of recordings, its timeline and its counters too; what it lets pass
// must refer to nothing that is not there, and make a profile.
#include "fuzz/fuzz_check.h"
#include "profile/profile_builder.h"
#include "recording/reader.h"

namespace lineprof {
namespace {

void CheckReferences(const Recording& recording) {
  const size_t codes = recording.codes.size();
  fuzz::Check(!recording.nodes.empty(), "node 0 is the root");
  for (size_t i = 1; i < recording.nodes.size(); ++i) {
    const RecordedNode& node = recording.nodes[i];
    fuzz::Check(node.parent < i, "nodes stand after their parent");
    fuzz::Check(node.code < codes, "a node's code is there");
    fuzz::Check(node.callee < codes || node.callee == RecordedNode::kNoCallee,
                "a node's callee is there");
    fuzz::Check(
        node.thread < recording.thread_list.size() || node.thread == RecordedNode::kNoThread,
        "a node's thread is there");
  }
  for (const RecordedLine& line : recording.lines) {
    fuzz::Check(line.code < codes, "a line's code is there");
  }
  for (const RecordedEdge& edge : recording.edges) {
    fuzz::Check(edge.code < codes && edge.callee < codes, "an edge's codes are there");
  }
  for (const RecordedSample& sample : recording.timeline) {
    fuzz::Check(sample.node < recording.nodes.size(), "a sample's node is there");
  }
}

void MakeProfile(Recording recording) {
  BuildOptions options;
  if (recording.deterministic) options.mode = Mode::kDeterministic;
  RunRecordings run;
  run.recordings.push_back(std::move(recording));
  SourceCache sources;
  (void)BuildProfile({&run, 1}, Selection(), sources, options);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Result<Recording> recording = DecodeRecording(fuzz::AsText(data, size), "fuzz");
  if (!recording.ok()) return 0;
  CheckReferences(recording.value());
  MakeProfile(std::move(recording).value());
  return 0;
}

}  // namespace lineprof
