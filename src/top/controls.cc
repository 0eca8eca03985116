#include "top/controls.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

namespace lineprof {
namespace {

// As UTF-8.
void Append(Key key, std::string& text) {
  if (key < 0x80) {
    text += static_cast<char>(key);
  } else if (key < 0x800) {
    text += static_cast<char>(0xc0 | key >> 6);
    text += static_cast<char>(0x80 | (key & 0x3f));
  } else if (key < 0x10000) {
    text += static_cast<char>(0xe0 | key >> 12);
    text += static_cast<char>(0x80 | (key >> 6 & 0x3f));
    text += static_cast<char>(0x80 | (key & 0x3f));
  } else {
    text += static_cast<char>(0xf0 | key >> 18);
    text += static_cast<char>(0x80 | (key >> 12 & 0x3f));
    text += static_cast<char>(0x80 | (key >> 6 & 0x3f));
    text += static_cast<char>(0x80 | (key & 0x3f));
  }
}

void RemoveLastCharacter(std::string& text) {
  const auto is_continuation = [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
  };
  while (!text.empty() && is_continuation(text.back())) text.pop_back();
  if (!text.empty()) text.pop_back();
}

}  // namespace

Controls::Controls(bool owns_program) : owns_program_(owns_program) {}
Controls::~Controls() = default;

Request Controls::Press(Key key, size_t page_rows) {
  if (key == kKeyRepaint || key == kKeyResize) return Request::kRepaint;
  if (key == kKeySuspend) return Request::kSuspend;
  if (page_ == Page::kQuestion) return PressInQuestion(key);
  if (key == kKeyInterrupt) return Quit();
  if (is_typing_) {
    Type(key);
    return Request::kNone;
  }
  if (page_ != Page::kTable && key != 'q') {
    page_ = Page::kTable;
    return Request::kNone;
  }
  return PressInTable(key, page_rows);
}

Request Controls::PressInTable(Key key, size_t page_rows) {
  if (ChooseSubject(key) || Scroll(key, page_rows)) return Request::kNone;
  switch (key) {
    case '<':
    case kKeyLeft:
    case '>':
    case kKeyRight:
      MoveSort(key == '>' || key == kKeyRight);
      break;
    case 'a':
      span_ = span_ == Span::kInterval ? Span::kStart : Span::kInterval;
      break;
    case '/':
      is_typing_ = true;
      typed_ = filter_text_;
      complaint_.clear();
      break;
    case kKeyEscape:
      typed_.clear();
      ApplyFilter();
      break;
    case ' ':
      is_paused_ = !is_paused_;
      break;
    case 'r':
      return Request::kReset;
    case 'o':
      if (owns_program_) page_ = Page::kOutput;
      break;
    case 'h':
    case '?':
      page_ = Page::kHelp;
      break;
    case 'q':
      return Quit();
    default:
      break;
  }
  return Request::kNone;
}

Request Controls::PressInQuestion(Key key) {
  switch (key) {
    case 'g':
      return Request::kLeave;
    case 'e':
    case kKeyInterrupt:
      return Request::kEnd;
    default:
      page_ = Page::kTable;
      return Request::kNone;
  }
}

Request Controls::Quit() {
  if (!owns_program_) return Request::kLeave;
  is_typing_ = false;
  page_ = Page::kQuestion;
  return Request::kNone;
}

void Controls::Type(Key key) {
  if (key == kKeyEnter) {
    is_typing_ = false;
    ApplyFilter();
  } else if (key == kKeyEscape) {
    is_typing_ = false;
  } else if (key == kKeyBackspace) {
    RemoveLastCharacter(typed_);
  } else if (key >= ' ' && key < kKeyUp) {
    Append(key, typed_);
  }
}

void Controls::ApplyFilter() {
  complaint_.clear();
  Expressions filter;
  if (!typed_.empty()) {
    // Letters of both cases unless the user says otherwise by (?-i).
    Result<Expressions> compiled = CompileExpressions("filter", {"(?i)" + typed_});
    if (!compiled.ok()) {
      complaint_ = compiled.error();
      return;
    }
    filter = std::move(compiled).value();
  }
  filter_ = std::move(filter);
  filter_text_ = typed_;
  first_row_ = 0;
}

bool Controls::ChooseSubject(Key key) {
  constexpr std::array kSubjects = {
      std::pair{Key{'l'}, Subject::kLines}, std::pair{Key{'f'}, Subject::kFunctions},
      std::pair{Key{'t'}, Subject::kThreads}, std::pair{Key{'p'}, Subject::kProcesses}};
  for (const auto& [letter, subject] : kSubjects) {
    if (key != letter) continue;
    subject_ = subject;
    first_row_ = 0;
    return true;
  }
  return false;
}

bool Controls::Scroll(Key key, size_t page_rows) {
  const auto up = [this](size_t rows) { first_row_ -= std::min(first_row_, rows); };
  switch (key) {
    case kKeyUp:
      up(1);
      return true;
    case kKeyPageUp:
      up(page_rows);
      return true;
    case kKeyHome:
      first_row_ = 0;
      return true;
    case kKeyDown:
      first_row_++;
      return true;
    case kKeyPageDown:
      first_row_ += page_rows;
      return true;
    case kKeyEnd:
      first_row_ = SIZE_MAX;  // LimitScroll makes the end of it
      return true;
    default:
      return false;
  }
}

void Controls::LimitScroll(size_t rows, size_t page_rows) {
  first_row_ = std::min(first_row_, rows - std::min(rows, page_rows));
}

void Controls::MoveSort(bool to_right) {
  const size_t count = NumberColumns(subject_).size();
  SortBy((sort_column() + (to_right ? 1 : count - 1)) % count);
}

}  // namespace lineprof
