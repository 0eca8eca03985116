// What an event costs, measured at the start by running small functions with and without events.
//
// The time between two events holds, beside the program's own work, the way into the event up to
// the clock's reading, and the way out of the one before. Left in, it makes short lines look long:
// a line of 10 ns with events of 50 ns seems as slow as one of 60 ns. So it is taken off each time.
//
// The functions are made of what programs are made of, since an event's cost overlaps with the work
// around it. They run in turns, several times over, first without events and then with. Of a turn's
// runs the least counts: what disturbs a run only makes it longer. Each turn is divided by the
// machine's speed at that moment (speed_probe.h), and the median of the turns counts; where they
// do not agree there are more of them. So a machine that is disturbed at the start does no harm.
// event_costs.h works out the costs, and follows the speed from then on.
//
// From 3.12 on the line comes as an int, which is made for each event where it is not one of the
// small ones that are kept: lines from there on have a cost of their own.
//
// What is left out: events cost more where the program's data displaces the agent's from the
// caches. GIL: held. THREAD: the main one, before the program begins.
#ifndef LINEPROF_AGENT_TRACING_CALIBRATION_H_
#define LINEPROF_AGENT_TRACING_CALIBRATION_H_

#include <vector>

#include "agent/tracing/event_costs.h"
#include "agent/tracing/python_object.h"

namespace lineprof {

class Calibration {
 public:
  // Compiles the functions and times them without events.
  // REQUIRES: no source of events is on.
  Calibration();

  // Times them with events on, and makes what one costs known (SetEventCosts). Nothing where it
  // could not be measured. `ns_per_tick`: the clock's.
  // REQUIRES: the calling thread is attached.
  void Measure(double ns_per_tick);

 private:
  // Times of one round in units of ProbeSpeed(), and that, in ticks.
  struct Turn {
    RoundTimes rounds;
    double speed = 0;
  };
  Turn TimeTurn() const;
  Turn Time() const;
  static bool Agree(const std::vector<Turn>& turns);
  static Turn Middle(const std::vector<Turn>& turns);

  PythonObject globals_;      // of the functions
  PythonObject far_globals_;  // of the same, from a far line on
  Turn plain_;
};

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_CALIBRATION_H_
