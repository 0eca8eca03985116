// Makes recordings for tests from what a reader thinks in: functions, lines and stacks.
//
// Each line of a code object gets two instructions, so that tests can put two calls on one line.
// The line tables are 3.10's, the simplest to write. Not a writer of recording files. THREAD: one
// at a time.
#ifndef LINEPROF_TESTS_SUPPORT_RECORDING_BUILDER_H_
#define LINEPROF_TESTS_SUPPORT_RECORDING_BUILDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "recording/recording.h"

namespace lineprof::test {

struct Frame {
  uint32_t code = 0;
  uint32_t line = 0;
  bool second_instruction = false;  // of the two on the line
};

class RecordingBuilder {
 public:
  // A process 100 of the directory /jobs that ran for one second and was sampled each millisecond.
  RecordingBuilder();

  // A code object of the lines `first_line` to `last_line`; gives its index.
  uint32_t AddCode(const std::string& filename, const std::string& name, uint32_t first_line,
                   uint32_t last_line, const std::string& qualified_name = "");

  // Samples of `stack`, outermost frame first, of one millisecond each.
  void AddSamples(const std::vector<Frame>& stack, uint64_t on_cpu, uint64_t waiting = 0);

  // From now on the samples of an AddSamples are in the timeline too, as one of that thread that
  // ran and one that waited, right after the ones before.
  void KeepTimeline(int64_t thread);

  // The recording, to set what has no function above, or to take.
  Recording& recording() { return recording_; }

 private:
  uint32_t FindOrAddNode(uint32_t parent, const Frame& frame, uint32_t callee);

  void AddToTimeline(uint32_t node, uint64_t cpu_ns, uint64_t wait_ns);

  Recording recording_;
  int64_t timeline_thread_ = 0;
};

}  // namespace lineprof::test

#endif  // LINEPROF_TESTS_SUPPORT_RECORDING_BUILDER_H_
