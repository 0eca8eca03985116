// From the bytes of a Python source file to lines of UTF-8, as the interpreter's tokenizer does it
// (PEP 263; Lib/tokenize.py, detect_encoding), but never refusing: what the interpreter would
// reject is shown as well as it can be.

#include <fmt/format.h>
#include <iconv.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

#include "base/utf8.h"
#include "profile/source_cache.h"

namespace lineprof {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Takes the first line off `text`, its end too: \n, \r\n or \r.
std::string_view TakeLine(std::string_view& text) {
  size_t end = text.find_first_of("\r\n");
  std::string_view line = text.substr(0, end);
  if (end == std::string_view::npos) {
    text = {};
    return line;
  }
  bool two_bytes = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
  text.remove_prefix(end + (two_bytes ? 2 : 1));
  return line;
}

// The encoding that the file declares, as written there; empty if it declares none.
std::string DeclaredEncoding(std::string_view bytes) {
  // Latin1 means bytes here: which characters they are is the question.
  static const re2::RE2 cookie(R"(^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+))", re2::RE2::Latin1);
  static const re2::RE2 blank_or_comment(R"(^[ \t\f]*(?:#|$))", re2::RE2::Latin1);
  for (int i = 0; i < 2; i++) {
    std::string_view line = TakeLine(bytes);
    re2::StringPiece text(line.data(), line.size());
    std::string name;
    if (re2::RE2::PartialMatch(text, cookie, &name)) return name;
    if (!re2::RE2::PartialMatch(text, blank_or_comment)) return "";
  }
  return "";
}

std::string NormalizedName(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c == '_') c = '-';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool IsUtf8Name(std::string_view name) {
  return name.empty() || name == "utf8" || name == "utf-8" || name.substr(0, 6) == "utf-8-";
}

// glibc's name for Python's, where they differ by more than a hyphen.
std::string GlibcName(const std::string& python_name) {
  struct Alias {
    std::string_view python;
    const char* glibc;
  };
  static constexpr std::array<Alias, 11> kAliases = {{
      {"iso-latin-1", "latin1"},
      {"mac-roman", "macintosh"},
      {"iso2022-jp", "iso-2022-jp"},
      {"iso2022-kr", "iso-2022-kr"},
      // glibc reads 0x5c as a yen sign; in a Python source it is a backslash. cp932 agrees.
      {"shift-jis", "cp932"},
      {"shiftjis", "cp932"},
      {"sjis", "cp932"},
      {"s-jis", "cp932"},
      {"csshiftjis", "cp932"},
      {"646", "ascii"},
      {"1252", "cp1252"},
  }};
  for (const Alias& alias : kAliases) {
    if (alias.python == python_name) return alias.glibc;
  }
  return python_name;
}

// Owns an iconv descriptor that converts to UTF-8.
class Converter {
 public:
  explicit Converter(const std::string& python_name) {
    std::string name = GlibcName(python_name);
    // Not possible as source encodings: the cookie itself could not be read.
    for (std::string_view wide : {"utf-16", "utf16", "utf-32", "utf32", "ucs"}) {
      if (name.substr(0, wide.size()) == wide) return;
    }
    descriptor_ = iconv_open("UTF-8", name.c_str());
    if (!ok()) {  // latin-1 is latin1, iso-8859-15 is iso885915
      name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
      descriptor_ = iconv_open("UTF-8", name.c_str());
    }
  }
  ~Converter() {
    if (ok()) iconv_close(descriptor_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool ok() const { return descriptor_ != kNone; }

  // REQUIRES: ok()
  std::string Convert(std::string_view bytes) {
    std::string out;
    char* in = const_cast<char*>(bytes.data());  // iconv does not write there
    size_t in_left = bytes.size();
    while (in_left > 0) {
      // On anything but a full buffer, the byte that `in` points to cannot be decoded.
      if (!Step(&in, &in_left, out) && in_left > 0) {
        out += "\xef\xbf\xbd";
        in++;
        in_left--;
      }
    }
    Step(nullptr, nullptr, out);  // what a stateful encoding still holds back
    return out;
  }

 private:
  static inline const iconv_t kNone = reinterpret_cast<iconv_t>(-1);

  // Converts as much as fits the buffer. False if it stopped at an undecodable byte.
  bool Step(char** in, size_t* in_left, std::string& out) {
    std::array<char, 4096> buffer;
    char* end = buffer.data();
    size_t room = buffer.size();
    size_t result = iconv(descriptor_, in, in_left, &end, &room);
    bool stopped = result == static_cast<size_t>(-1) && errno != E2BIG;
    out.append(buffer.data(), end);
    return !stopped;
  }

  iconv_t descriptor_ = kNone;
};

}  // namespace

SourceText DecodeSource(const std::string& bytes) {
  SourceText source;
  source.state = SourceText::State::kRead;
  std::string_view rest = bytes;
  bool has_mark = rest.substr(0, kByteOrderMark.size()) == kByteOrderMark;
  if (has_mark) rest.remove_prefix(kByteOrderMark.size());
  std::string declared = has_mark ? "" : DeclaredEncoding(rest);
  std::string encoding = NormalizedName(declared);

  std::optional<std::string> converted;
  if (!IsUtf8Name(encoding)) {
    Converter converter(encoding);
    if (converter.ok()) {
      converted = converter.Convert(rest);
    } else {
      source.note = fmt::format("unknown encoding '{}': read as UTF-8", declared);
    }
  }
  std::string text = converted ? *std::move(converted) : ReplaceInvalidUtf8(rest);
  for (std::string_view left = text; !left.empty();) {
    source.lines.emplace_back(TakeLine(left));
  }
  return source;
}

}  // namespace lineprof
