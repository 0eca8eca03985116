// What top shows, as rows of text: a whole screen of a given size, or a plain table of any width.
//
// Text and styles only; terminal.h puts them on a terminal. THREAD: any, while nobody changes the
// locale (columns.h).
#ifndef LINEPROF_TOP_SCREEN_H_
#define LINEPROF_TOP_SCREEN_H_

#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "top/controls.h"
#include "top/table.h"

namespace lineprof {

struct ScreenSize {
  size_t columns = 80;
  size_t rows = 24;
};

enum class Style { kPlain, kTitle, kHeading, kQuiet, kNotice };

struct ScreenRow {
  std::string text;
  Style style = Style::kPlain;
};

// What is shown beside the table.
struct ScreenFacts {
  std::string title;  // what is watched
  double elapsed_s = 0;
  Overview overview;
  std::string notice;               // why there is no table; empty if there is one
  std::vector<std::string> notes;   // what the reader must know: on the page of help
  std::vector<std::string> output;  // the program's last lines, where top keeps them
};

// The source of a line, by the number of its place.
using SourceOf = std::function<std::string(uint32_t line)>;

// Rows of the table that a screen has room for.
size_t TableRowsOf(const ScreenSize& size);

// The screen, `size.rows` rows of at most `size.columns` columns. `rows`: all of the table; those
// from controls.first_row() on are shown.
std::vector<ScreenRow> DrawScreen(const Controls& controls, const ScreenFacts& facts,
                                  const std::vector<TableRow>& rows, const SourceOf& source,
                                  const ScreenSize& size);

inline constexpr size_t kUnlimitedColumns = std::numeric_limits<size_t>::max();

// The facts and the first `count` rows, for where there is no screen: a line each, cut to
// `columns`.
std::string PlainTable(const Controls& controls, const ScreenFacts& facts,
                       const std::vector<TableRow>& rows, const SourceOf& source, size_t count,
                       size_t columns = kUnlimitedColumns);

}  // namespace lineprof

#endif  // LINEPROF_TOP_SCREEN_H_
