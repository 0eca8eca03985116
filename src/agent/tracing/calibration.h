// What an event costs, measured at the start by running a small function with and without events.
//
// The time between two events holds, beside the program's own work, the way into the event up to
// the clock's reading, and the way out of the one before. Left in, it makes short lines look long:
// a line of 10 ns with events of 50 ns seems as slow as one of 60 ns. So it is taken off each time.
// What is measured is the whole cost of a line event, and of a call's three (call, line, return);
// before 3.12 each instruction costs too, which a function of longer lines tells. Half of each cost
// is taken to lie before the clock's reading. The least of several runs counts: what disturbs a run
// only makes it longer.
//
// What is left out: events cost more where the program's data displaces the agent's from the
// caches. GIL: held. THREAD: the main one, before the program begins.
#ifndef LINEPROF_AGENT_TRACING_CALIBRATION_H_
#define LINEPROF_AGENT_TRACING_CALIBRATION_H_

#include "agent/tracing/python_object.h"
#include "agent/tracing/thread_trace.h"

namespace lineprof {

class Calibration {
 public:
  // Compiles the functions and times them without events.
  // REQUIRES: no source of events is on.
  Calibration();

  // Times them with events on, and gives what one costs. Zero where it could not be measured.
  // REQUIRES: the calling thread is attached.
  TraceCosts Measure();

 private:
  // Ticks of the best run of each function.
  struct Times {
    uint64_t lines = 0;
    uint64_t long_lines = 0;
    uint64_t calls = 0;
    uint64_t resumes = 0;
    uint64_t jumps = 0;
  };
  Times Time() const;

  PythonObject globals_;
  Times plain_;
};

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_CALIBRATION_H_
