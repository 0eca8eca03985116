#include "attach/repr_text.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace lineprof {
namespace {

// repr() takes double quotes where the text has single ones only.
char QuoteFor(std::string_view text) {
  return text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos
             ? '"'
             : '\'';
}

void AppendAscii(char c, char quote, std::string* out) {
  if (c == quote || c == '\\') {
    *out += '\\';
    *out += c;
  } else if (c == '\n') {
    *out += "\\n";
  } else if (c == '\r') {
    *out += "\\r";
  } else if (c == '\t') {
    *out += "\\t";
  } else if (static_cast<unsigned char>(c) < 32 || c == 127) {
    *out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  } else {
    *out += c;
  }
}

}  // namespace

std::string QuoteText(std::string_view text, size_t limit) {
  const char quote = QuoteFor(text);
  std::string out(1, quote);
  size_t at = 0;
  while (at < text.size() && at < limit) {
    const size_t length = Utf8SequenceLength(text.substr(at));
    if (length > 1) {
      out += text.substr(at, length);
    } else if (length == 1) {
      AppendAscii(text[at], quote, &out);
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[at]));
    }
    at += length > 0 ? length : 1;
  }
  return out + quote + (at < text.size() ? "..." : "");
}

std::string QuoteBytes(std::string_view bytes, size_t limit) {
  const char quote = QuoteFor(bytes);
  std::string out = std::string("b") + quote;
  for (const char c : bytes.substr(0, limit)) {
    if (static_cast<unsigned char>(c) >= 128) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      AppendAscii(c, quote, &out);
    }
  }
  return out + quote + (bytes.size() > limit ? "..." : "");
}

std::string Shorten(const std::string& text, size_t limit) {
  if (text.size() <= limit) return text;
  size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

std::string Printable(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c < 32 || c > 126) c = '?';
  }
  return out;
}

}  // namespace lineprof
