// What the user of top has chosen by keys: what is shown, sorted how, filtered, paused.
//
// Keys in, state out; reads no keyboard and draws nothing. THREAD: one.
#ifndef LINEPROF_TOP_CONTROLS_H_
#define LINEPROF_TOP_CONTROLS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "profile/expressions.h"
#include "top/table.h"

namespace lineprof {

// A character as Unicode has it, or one of the following.
using Key = uint32_t;
inline constexpr Key kKeyInterrupt = 0x03;  // Ctrl-C
inline constexpr Key kKeyRepaint = 0x0c;    // Ctrl-L
inline constexpr Key kKeyEnter = '\n';
inline constexpr Key kKeyEscape = 0x1b;
inline constexpr Key kKeySuspend = 0x1a;  // Ctrl-Z
inline constexpr Key kKeyUp = 0x110000;
inline constexpr Key kKeyDown = 0x110001;
inline constexpr Key kKeyLeft = 0x110002;
inline constexpr Key kKeyRight = 0x110003;
inline constexpr Key kKeyPageUp = 0x110004;
inline constexpr Key kKeyPageDown = 0x110005;
inline constexpr Key kKeyHome = 0x110006;
inline constexpr Key kKeyEnd = 0x110007;
inline constexpr Key kKeyBackspace = 0x110008;
inline constexpr Key kKeyResize = 0x110009;

// What a key asks for that is not the controls' own.
enum class Request {
  kNone,
  kReset,    // count from now on
  kLeave,    // the end of top; what it watches goes on
  kEnd,      // the end of top and of the program
  kSuspend,  // stop, as the terminal's Ctrl-Z does
  kRepaint,
};

class Controls {
 public:
  enum class Page { kTable, kHelp, kOutput, kQuestion };

  // `owns_program`: quitting asks whether the program shall go on, and its output can be looked at.
  explicit Controls(bool owns_program);
  ~Controls();
  Controls(const Controls&) = delete;
  Controls& operator=(const Controls&) = delete;

  void Show(Subject subject) { subject_ = subject; }
  // REQUIRES: column < NumberColumns(subject()).size()
  void SortBy(size_t column) { sort_columns_[static_cast<size_t>(subject_)] = column; }

  // Percentages are those since the start.
  void Average() { span_ = Span::kStart; }

  // `page_rows`: rows of the table that are on the screen.
  Request Press(Key key, size_t page_rows);

  bool owns_program() const { return owns_program_; }
  Page page() const { return page_; }
  Subject subject() const { return subject_; }
  Span span() const { return span_; }
  size_t sort_column() const { return sort_columns_[static_cast<size_t>(subject_)]; }
  bool is_paused() const { return is_paused_; }
  size_t first_row() const { return first_row_; }
  // The table that the keys ask for.
  TableOrder order() const { return {sort_column(), filter_.empty() ? nullptr : &filter_}; }

  // The expression as applied; being typed; what is wrong with it.
  const std::string& filter_text() const { return filter_text_; }
  bool is_typing() const { return is_typing_; }
  const std::string& typed() const { return typed_; }
  const std::string& complaint() const { return complaint_; }

  // Keeps the first row within a table of that size.
  void LimitScroll(size_t rows, size_t page_rows);

 private:
  Request PressInTable(Key key, size_t page_rows);
  Request PressInQuestion(Key key);
  void Type(Key key);
  bool Scroll(Key key, size_t page_rows);
  bool ChooseSubject(Key key);
  void MoveSort(bool to_right);
  Request Quit();
  void ApplyFilter();

  bool owns_program_;
  Page page_ = Page::kTable;
  Subject subject_ = Subject::kLines;
  Span span_ = Span::kInterval;
  std::array<size_t, 4> sort_columns_{};  // index: Subject
  bool is_paused_ = false;
  size_t first_row_ = 0;
  Expressions filter_;
  std::string filter_text_;
  bool is_typing_ = false;
  std::string typed_;
  std::string complaint_;
};

}  // namespace lineprof

#endif  // LINEPROF_TOP_CONTROLS_H_
