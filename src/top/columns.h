// Text in columns of a terminal: how many it takes, and cut or filled to so many.
//
// UTF-8 in and out. Wide characters take two columns, combining ones none (wcwidth(3), so LC_CTYPE
// must be one of UTF-8 for other than ASCII; else those count one). Control characters, which would
// move the cursor, become blanks, and bytes that are no UTF-8 become U+FFFD. THREAD: any, while
// nobody changes the locale.
#ifndef LINEPROF_TOP_COLUMNS_H_
#define LINEPROF_TOP_COLUMNS_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace lineprof {

enum class Cut {
  kEnd,    // "a long te…"
  kBegin,  // "…/path.py:12"
};

size_t CountColumns(std::string_view text);

// `text` in at most `columns` columns.
std::string CutToColumns(std::string_view text, size_t columns, Cut cut = Cut::kEnd);

// The same with blanks behind it, in just so many.
std::string FitColumns(std::string_view text, size_t columns, Cut cut = Cut::kEnd);

}  // namespace lineprof

#endif  // LINEPROF_TOP_COLUMNS_H_
