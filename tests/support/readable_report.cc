#include "support/readable_report.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <protozero/pbf_reader.hpp>

namespace lineprof::test {
namespace {

constexpr std::string_view kMalformed = "malformed";

// Python's marshal format, as far as a pstats file uses it, as Python would print it; each entry of
// the outer dict on a line of its own.
class MarshalText {
 public:
  explicit MarshalText(std::string_view bytes) : rest_(bytes) {}

  std::string Read() {
    Value(0);
    if (!rest_.empty()) out_ += kMalformed;
    return out_ + '\n';
  }

 private:
  uint64_t Number(size_t bytes) {
    uint64_t number = 0;
    for (size_t i = 0; i < bytes && i < rest_.size(); i++) {
      number |= static_cast<uint64_t>(static_cast<unsigned char>(rest_[i])) << (8 * i);
    }
    rest_.remove_prefix(std::min(bytes, rest_.size()));
    return number;
  }

  void Value(int depth) {
    switch (static_cast<char>(Number(1))) {
      case '{':
        return Dict(depth);
      case ')':
        return Tuple(depth);
      case 'i':
        out_ += std::to_string(static_cast<int32_t>(Number(4)));
        return;
      case 'l':
        return Long();
      case 'g':
        out_ += fmt::format("{}", std::bit_cast<double>(Number(8)));
        return;
      case 'u':
        return String();
      default:
        out_ += kMalformed;
        rest_ = {};
    }
  }

  void Dict(int depth) {
    out_ += '{';
    while (!rest_.empty() && rest_[0] != '0') {
      out_ += depth == 0 ? "\n" : "\n  ";
      Value(depth + 1);
      out_ += ": ";
      Value(depth + 1);
    }
    Number(1);
    out_ += '}';
  }

  void Tuple(int depth) {
    out_ += '(';
    const uint64_t count = Number(1);
    for (uint64_t i = 0; i < count; i++) {
      if (i > 0) out_ += ", ";
      Value(depth + 1);
    }
    out_ += ')';
  }

  void Long() {
    uint64_t number = 0;
    const uint64_t digits = Number(4);
    for (uint64_t i = 0; i < digits; i++) number |= Number(2) << (15 * i);
    out_ += std::to_string(number);
  }

  void String() {
    const uint64_t size = std::min<uint64_t>(Number(4), rest_.size());
    out_ += fmt::format("{:?}", rest_.substr(0, size));
    rest_.remove_prefix(size);
  }

  std::string_view rest_;
  std::string out_;
};

// A pickle of protocol 2, as far as lprof uses it: an opcode, or a value, a line.
class PickleText {
 public:
  explicit PickleText(std::string_view bytes) : rest_(bytes) {}

  std::string Read() {
    if (Take(2) != "\x80\x02") return std::string(kMalformed);
    std::string out;
    while (!rest_.empty()) out += Next() + '\n';
    return out;
  }

 private:
  std::string_view Take(size_t size) {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  uint64_t Number(std::string_view bytes) const {
    uint64_t number = 0;
    for (size_t i = bytes.size(); i-- > 0;) {
      number = number << 8 | static_cast<unsigned char>(bytes[i]);
    }
    return number;
  }

  std::string Next() {
    const char code = Take(1)[0];
    switch (code) {
      case 'c': {
        const std::string_view module = Take(rest_.find('\n'));
        Take(1);
        const std::string_view name = Take(rest_.find('\n'));
        Take(1);
        return fmt::format("class {}.{}", module, name);
      }
      case 'X':
        return fmt::format("{:?}", Take(Number(Take(4))));
      case 'J':
        return fmt::format("{}", static_cast<int32_t>(Number(Take(4))));
      case '\x8a':
        return fmt::format("{}", Number(Take(Number(Take(1)))));
      case 'G': {
        std::string bytes(Take(8));
        std::reverse(bytes.begin(), bytes.end());
        return fmt::format("{}", std::bit_cast<double>(Number(bytes)));
      }
      case '\x81':
        return "new";
      case '\x87':
        return "tuple of 3";
      default:
        return std::string("){}[](ueb.").find(code) == std::string::npos ? std::string(kMalformed)
                                                                         : std::string(1, code);
    }
  }

  std::string_view rest_;
};

// The fields of a protocol buffer in their order: "number: value"; messages in braces. `path` names
// the message by the fields that led to it.
void ProtobufText(protozero::pbf_reader message, const std::string& path, std::string& out) {
  const std::string indent(2 * path.size(), ' ');
  while (message.next()) {
    const uint32_t tag = message.tag();
    out += fmt::format("{}{}:", indent, tag);
    if (message.wire_type() == protozero::pbf_wire_type::varint) {
      out += fmt::format(" {}\n", message.get_int64());
    } else if (path.empty() && tag == 6) {  // a string of the table
      out += fmt::format(" {:?}\n", message.get_string());
    } else if (path == "2") {  // a sample's locations and values
      for (int64_t number : message.get_packed_int64()) out += fmt::format(" {}", number);
      out += '\n';
    } else {
      out += " {\n";
      ProtobufText(message.get_message(), path + std::to_string(tag), out);
      out += indent + "}\n";
    }
  }
}

}  // namespace

std::string Gunzip(const std::string& bytes) {
  std::string out;
  z_stream stream{};
  constexpr int kGzip = 15 + 16;
  if (inflateInit2(&stream, kGzip) != Z_OK) return std::string(kMalformed);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  int status = Z_OK;
  while (status == Z_OK) {
    char buffer[4096];
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof(buffer);
    status = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer, sizeof(buffer) - stream.avail_out);
  }
  inflateEnd(&stream);
  const bool is_whole = status == Z_STREAM_END && stream.avail_in == 0;
  return is_whole ? out : std::string(kMalformed);
}

std::string ReadableReport(std::string_view format, const std::string& bytes) {
  if (format == "pstats") return MarshalText(bytes).Read();
  if (format == "lprof") return PickleText(bytes).Read();
  if (format != "pprof") return bytes;
  const std::string message = Gunzip(bytes);
  std::string out;
  ProtobufText(protozero::pbf_reader(message), "", out);
  return out;
}

}  // namespace lineprof::test
