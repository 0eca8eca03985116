#include "base/utf8.h"

namespace lineprof {
namespace {

bool IsContinuation(unsigned char byte) { return (byte & 0xc0) == 0x80; }

// Copies `text`; `write_invalid(byte, out)` writes what stands for a byte that is no UTF-8.
template <typename WriteInvalid>
std::string CopyUtf8(std::string_view text, WriteInvalid write_invalid) {
  std::string out;
  out.reserve(text.size());
  for (size_t position = 0; position < text.size();) {
    size_t length = Utf8SequenceLength(text.substr(position));
    if (length == 0) {
      write_invalid(static_cast<unsigned char>(text[position]), out);
      position++;
    } else {
      out.append(text, position, length);
      position += length;
    }
  }
  return out;
}

}  // namespace

// Table 3-7 of the Unicode standard: the first byte bounds the second, the others are free.
size_t Utf8SequenceLength(std::string_view text) {
  if (text.empty()) return 0;
  auto byte = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (text.size() < length) return 0;
  unsigned char lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  unsigned char highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (byte(1) < lowest || byte(1) > highest) return 0;
  for (size_t i = 2; i < length; i++) {
    if (!IsContinuation(byte(i))) return 0;
  }
  return length;
}

std::string ReplaceInvalidUtf8(std::string_view text) {
  return CopyUtf8(text, [](unsigned char, std::string& out) { out += "\xef\xbf\xbd"; });
}

std::string EscapeInvalidUtf8(std::string_view text) {
  return CopyUtf8(text, [](unsigned char byte, std::string& out) {
    constexpr char kDigits[] = "0123456789abcdef";
    out += "\\x";
    out += kDigits[byte >> 4];
    out += kDigits[byte & 0xf];
  });
}

}  // namespace lineprof
