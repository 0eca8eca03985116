// A str as the interpreter keeps it, in UTF-8.
//
// U+DC80-U+DCFF stands for a byte of a file name that was no text (PEP 383), and becomes that byte;
// other surrogates become U+FFFD. THREAD: any.
#ifndef LINEPROF_RECORDING_PYTHON_TEXT_H_
#define LINEPROF_RECORDING_PYTHON_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace lineprof {

// `width`: bytes a code point: 1 (Latin-1), 2 or 4.
std::string PythonTextToUtf8(std::string_view bytes, uint32_t width);

}  // namespace lineprof

#endif  // LINEPROF_RECORDING_PYTHON_TEXT_H_
