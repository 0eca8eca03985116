// Result<T>: a value, or one line that says why there is none.
//
// The library reports expected failures (a missing file, a truncated recording) by value;
// exceptions are for option parsing and main only. The message names the thing (file, offset,
// option) and is complete: callers print it as it is. THREAD: any.
#ifndef LINEPROF_RESULT_H_
#define LINEPROF_RESULT_H_

#include <string>
#include <utility>
#include <variant>

namespace lineprof {

struct Error {
  std::string message;  // one line, no newline at its end
};

template <typename T>
class [[nodiscard]] Result {
 public:
  // Implicit, so that a function returns a value or an Error as it is.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok()
  const T& value() const& { return std::get<0>(state_); }
  T& value() & { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }

  // REQUIRES: !ok()
  const std::string& error() const { return std::get<1>(state_).message; }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : message_(std::move(error.message)), ok_(false) {}  // NOLINT: as above

  bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }

  // REQUIRES: !ok()
  const std::string& error() const { return message_; }

 private:
  std::string message_;
  bool ok_ = true;
};

}  // namespace lineprof

#endif  // LINEPROF_RESULT_H_
