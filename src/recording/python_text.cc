#include "recording/python_text.h"

#include <cstring>

namespace lineprof {
namespace {

void AppendUtf8(uint32_t code_point, std::string* text) {
  // surrogateescape: a byte of a file name that was no text (PEP 383).
  if (code_point >= 0xDC80 && code_point <= 0xDCFF) {
    text->push_back(static_cast<char>(code_point - 0xDC00));
    return;
  }
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) code_point = 0xFFFD;
  if (code_point < 0x80) {
    text->push_back(static_cast<char>(code_point));
    return;
  }
  const int trailing = code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
  constexpr unsigned kLeads[] = {0, 0xC0, 0xE0, 0xF0};
  text->push_back(static_cast<char>(kLeads[trailing] | (code_point >> (6 * trailing))));
  for (int i = trailing - 1; i >= 0; --i) {
    text->push_back(static_cast<char>(0x80 | ((code_point >> (6 * i)) & 0x3F)));
  }
}

}  // namespace

std::string PythonTextToUtf8(std::string_view bytes, uint32_t width) {
  std::string text;
  text.reserve(bytes.size() / width);
  for (size_t i = 0; i + width <= bytes.size(); i += width) {
    uint32_t code_point = 0;
    std::memcpy(&code_point, bytes.data() + i, width);
    AppendUtf8(code_point, &text);
  }
  return text;
}

}  // namespace lineprof
