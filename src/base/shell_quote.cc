#include "base/shell_quote.h"

#include <algorithm>

#include "base/utf8.h"

namespace lineprof {
namespace {

// The characters that Python's shlex.quote leaves bare: the same command line reads the same there.
bool IsBare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("@%+=:,./_-").find(c) != std::string_view::npos;
}

bool IsControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
}

bool NeedsEscapes(std::string_view argument) {
  for (size_t position = 0; position < argument.size();) {
    size_t length = Utf8SequenceLength(argument.substr(position));
    if (length == 0 || IsControl(argument[position])) return true;
    position += length;
  }
  return false;
}

// Three octal digits always end an escape; hexadecimal ones run on in some shells.
void AppendOctal(unsigned char byte, std::string& out) {
  out += '\\';
  out += static_cast<char>('0' + (byte >> 6));
  out += static_cast<char>('0' + ((byte >> 3) & 7));
  out += static_cast<char>('0' + (byte & 7));
}

std::string QuoteWithEscapes(std::string_view argument) {
  std::string out = "$'";
  for (size_t position = 0; position < argument.size();) {
    char c = argument[position];
    size_t length = Utf8SequenceLength(argument.substr(position));
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\\' || c == '\'') {
      out += '\\';
      out += c;
    } else if (length == 0 || IsControl(c)) {
      AppendOctal(static_cast<unsigned char>(c), out);
    } else {
      out.append(argument, position, length);
    }
    position += std::max<size_t>(length, 1);
  }
  return out + '\'';
}

}  // namespace

std::string ShellQuote(std::string_view argument) {
  if (!argument.empty() && std::all_of(argument.begin(), argument.end(), IsBare)) {
    return std::string(argument);
  }
  if (NeedsEscapes(argument)) return QuoteWithEscapes(argument);
  std::string out = "'";
  for (char c : argument) {
    if (c == '\'') {
      out += "'\"'\"'";
    } else {
      out += c;
    }
  }
  return out + '\'';
}

std::string ShellJoin(const std::vector<std::string>& arguments) {
  std::string out;
  for (const std::string& argument : arguments) {
    if (&argument != &arguments.front()) out += ' ';
    out += ShellQuote(argument);
  }
  return out;
}

}  // namespace lineprof
