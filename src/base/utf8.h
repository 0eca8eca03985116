// Well-formed UTF-8: which bytes of a text are, and what to write for those that are not.
//
// Everything a report prints is UTF-8, but file names, arguments and sources are bytes. The rule is
// Python's (and Unicode's): no overlong forms, no surrogates, nothing above U+10FFFF. It is not a
// Unicode library: no case, no normal forms, no widths. THREAD: any.
#ifndef LINEPROF_BASE_UTF8_H_
#define LINEPROF_BASE_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace lineprof {

// The length of the well-formed sequence that `text` begins with; 0 if it begins with none.
size_t Utf8SequenceLength(std::string_view text);

// `text` with U+FFFD for each byte that belongs to no well-formed sequence.
std::string ReplaceInvalidUtf8(std::string_view text);

// `text` with the four characters \xNN for each such byte: different names stay different.
std::string EscapeInvalidUtf8(std::string_view text);

}  // namespace lineprof

#endif  // LINEPROF_BASE_UTF8_H_
