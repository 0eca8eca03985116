// Text in XML 1.0. THREAD: any.
#ifndef LINEPROF_REPORTS_XML_TEXT_H_
#define LINEPROF_REPORTS_XML_TEXT_H_

#include <string>
#include <string_view>

namespace lineprof {

// `text`, which is UTF-8, as character data; control characters, which XML cannot hold at all,
// become U+FFFD.
inline std::string XmlText(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); i++) {
    const char c = text[i];
    const std::string_view three = text.substr(i, 3);
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') {
      out += "\xef\xbf\xbd";
    } else if (three == "\xef\xbf\xbe" || three == "\xef\xbf\xbf") {  // U+FFFE, U+FFFF
      out += "\xef\xbf\xbd";
      i += 2;
    } else {
      out += c;
    }
  }
  return out;
}

// At most `size` bytes of `text`, no character cut in two.
inline std::string Utf8Prefix(std::string_view text, size_t size) {
  if (size >= text.size()) return std::string(text);
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return std::string(text.substr(0, size));
}

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_XML_TEXT_H_
