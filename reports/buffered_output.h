// Writes a report to a stream through a buffer: formatting into a stream costs several times as
// much.
//
// Not a formatter of its own: Print is fmt's. What is left is written when the object goes. Errors
// stay with the stream. THREAD: one.
#ifndef LINEPROF_REPORTS_BUFFERED_OUTPUT_H_
#define LINEPROF_REPORTS_BUFFERED_OUTPUT_H_

#include <fmt/compile.h>
#include <fmt/format.h>

#include <iterator>
#include <ostream>
#include <string_view>

namespace lineprof {

class BufferedOutput {
 public:
  explicit BufferedOutput(std::ostream& out) : out_(out) {}
  ~BufferedOutput() { Flush(); }
  BufferedOutput(const BufferedOutput&) = delete;
  BufferedOutput& operator=(const BufferedOutput&) = delete;

  // `format` is of FMT_COMPILE.
  template <typename Format, typename... Values>
  void Print(const Format& format, const Values&... values) {
    fmt::format_to(std::back_inserter(buffer_), format, values...);
    FlushIfFull();
  }
  void Append(std::string_view text) {
    buffer_.append(text.data(), text.data() + text.size());
    FlushIfFull();
  }
  void Append(char c) { buffer_.push_back(c); }
  void AppendNumber(uint64_t number) {
    const fmt::format_int digits(number);
    buffer_.append(digits.data(), digits.data() + digits.size());
    FlushIfFull();
  }
  // The lowest `bytes` bytes of the number, lowest first.
  void AppendLittleEndian(uint64_t number, int bytes) {
    for (int i = 0; i < bytes; i++) Append(static_cast<char>(number >> (8 * i)));
  }

 private:
  static constexpr size_t kFlushAt = size_t{1} << 16;

  void FlushIfFull() {
    if (buffer_.size() >= kFlushAt) Flush();
  }
  void Flush() {
    out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    buffer_.clear();
  }

  std::ostream& out_;
  fmt::memory_buffer buffer_;
};

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_BUFFERED_OUTPUT_H_
