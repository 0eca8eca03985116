// Text as repr() quotes it: one line, shortened, well-formed UTF-8. THREAD: any.
#ifndef LINEPROF_ATTACH_REPR_TEXT_H_
#define LINEPROF_ATTACH_REPR_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace lineprof {

// A str in quotes, of UTF-8 `text`; longer than `limit` bytes it ends in `...` behind its quotes.
std::string QuoteText(std::string_view text, size_t limit);

// A bytes object: b'...'.
std::string QuoteBytes(std::string_view bytes, size_t limit);

// `text`, cut at a character's end to at most `limit` bytes and `...`.
std::string Shorten(const std::string& text, size_t limit);

// `text` with everything that is not printable ASCII as `?`.
std::string Printable(std::string_view text);

}  // namespace lineprof

#endif  // LINEPROF_ATTACH_REPR_TEXT_H_
