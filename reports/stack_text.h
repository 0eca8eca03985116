// The text of a stack, frame by frame from the outermost, while a walk goes down and up the tree:
// what neighbours have in common is written once. THREAD: one.
#ifndef LINEPROF_REPORTS_STACK_TEXT_H_
#define LINEPROF_REPORTS_STACK_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lineprof {

class StackText {
 public:
  explicit StackText(char separator) : separator_(separator) {}

  // Puts a frame at `depth`, from 1, and takes off what was there and deeper. REQUIRES: there is a
  // frame at each smaller depth.
  void Put(uint32_t depth, std::string_view frame) {
    ends_.resize(depth - 1);
    text_.resize(ends_.empty() ? 0 : ends_.back());
    if (!ends_.empty()) text_ += separator_;
    text_ += frame;
    ends_.push_back(text_.size());
  }

  const std::string& text() const { return text_; }

 private:
  char separator_;
  std::string text_;
  std::vector<size_t> ends_;  // of each frame in `text_`
};

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_STACK_TEXT_H_
