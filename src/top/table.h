// The table that top shows: what lines, functions, threads or processes cost between two snapshots,
// sorted and filtered.
//
// Numbers and names only; how wide a column is and what fits on a screen is for screen.h. THREAD:
// any.
#ifndef LINEPROF_TOP_TABLE_H_
#define LINEPROF_TOP_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "profile/expressions.h"
#include "top/cost_snapshot.h"

namespace lineprof {

enum class Subject { kLines, kFunctions, kThreads, kProcesses };

// What the percentages are of.
enum class Span {
  kInterval,  // the time between the last two snapshots
  kStart,     // the time since the start, or the last reset
};

struct NumberColumn {
  std::string_view group;  // above the titles of neighbours that belong together
  std::string_view title;
  int width = 0;  // of the screen's columns, a blank and the mark of sorting included
  int decimals = 0;
};

struct TextColumn {
  std::string_view title;
  bool is_path = false;  // its end says more than its beginning
};

// What a table of a subject has. Static storage.
std::span<const NumberColumn> NumberColumns(Subject subject);
std::span<const TextColumn> TextColumns(Subject subject);

struct TableRow {
  std::vector<double> numbers;     // as NumberColumns
  std::vector<std::string> texts;  // as TextColumns; the source of a line is left empty
  uint32_t line = 0;               // of kLines: the number of the place
};

struct TableOrder {
  size_t column = 0;                    // of NumberColumns; largest first
  const Expressions* filter = nullptr;  // null: all; else rows of which a text matches
};

// What is known of a process or thread from elsewhere, by pid, and by pid and tid.
struct LiveFacts {
  std::string state;  // "running", "sleeping", "ended" ...
  std::string name;   // of a thread
};
using LiveThreads = std::map<std::pair<int64_t, int64_t>, LiveFacts>;
using LiveProcesses = std::map<int64_t, LiveFacts>;

// Three moments of a run: since when totals are told, the last look but one, and the last look.
struct Looks {
  CostSnapshot start;
  CostSnapshot previous;
  CostSnapshot now;

  const CostSnapshot& since(Span span) const { return span == Span::kStart ? start : previous; }
};

// Rows that cost nothing in the whole time since the start are left out.
std::vector<TableRow> MakeRows(Subject subject, Span span, const TableOrder& order,
                               const Looks& looks, const Places& places, const LiveThreads& threads,
                               const LiveProcesses& processes);

// The run in one line's worth of figures, over a span.
struct Overview {
  double span_s = 0;
  double cpu_percent = 0;   // of one processor
  double wait_percent = 0;  // of one thread
  double gil_percent = 0;   // 0 where it is not known
  double samples_per_s = 0;
  double lost_per_s = 0;
  size_t live_processes = 0;
  size_t live_threads = 0;
};

Overview MakeOverview(Span span, const Looks& looks, const LiveProcesses& processes);

}  // namespace lineprof

#endif  // LINEPROF_TOP_TABLE_H_
