// What chance does to measured times, and which differences it cannot explain.
//
// README.md gives the model and the reasons. THREAD: any.
#ifndef LINEPROF_DIFF_SIGNIFICANCE_H_
#define LINEPROF_DIFF_SIGNIFICANCE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lineprof {

// A time that samples stand for.
struct Measure {
  uint64_t samples = 0;
  double seconds = 0;
  double error_s = 0;  // one standard deviation of sampling
};

// `total_s`: of the whole profile; `period_s`: between samples, 0 if every event was counted.
Measure MakeMeasure(uint64_t samples, double seconds, double total_s, double period_s);

// How much slower the second run was as a whole, and how much its lines scatter about that.
struct Drift {
  double factor = 1;
  double error = 0;    // of the factor, one standard deviation
  double noise = 0;    // of a line's time, relative, one standard deviation
  double stall_s = 0;  // what the machine's stalls may add to any line, the same
  size_t lines = 0;    // that it was learnt from; 0: it was not
};

struct MeasurePair {
  Measure before;
  Measure after;
};

// What the lines are part of.
struct Whole {
  double before_s = 0;
  double after_s = 0;
  double runs = 1;  // how many were added up on each side
};

Drift EstimateDrift(const std::vector<MeasurePair>& lines, const Whole& whole);

struct Difference {
  double seconds = 0;  // after, less what was expected
  double error_s = 0;  // one standard deviation
  bool is_marked = false;
};

// Of each pair. Marks those that chance does not explain, looking at all of them together.
std::vector<Difference> FindDifferences(const std::vector<MeasurePair>& pairs, const Drift& drift);

// Of two whole runs, which have no drift but the one that is asked about.
Difference TotalDifference(const Whole& whole);

}  // namespace lineprof

#endif  // LINEPROF_DIFF_SIGNIFICANCE_H_
