#include "top/columns.h"

#include <wchar.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/utf8.h"

namespace lineprof {
namespace {

constexpr std::string_view kEllipsis = "\u2026";
constexpr std::string_view kReplacement = "\ufffd";

struct Character {
  std::string_view bytes;
  size_t columns;
};

// REQUIRES: `bytes` is one well-formed sequence.
wchar_t Decode(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  if (bytes.size() == 1) return static_cast<wchar_t>(first);
  auto value = static_cast<uint32_t>(first & (0x7f >> bytes.size()));
  for (const char c : bytes.substr(1)) value = value << 6 | (static_cast<unsigned char>(c) & 0x3f);
  return static_cast<wchar_t>(value);
}

// The character that `text` begins with; takes it off.
Character Take(std::string_view& text) {
  const size_t length = Utf8SequenceLength(text);
  Character character{text.substr(0, std::max<size_t>(length, 1)), 1};
  text.remove_prefix(character.bytes.size());
  if (length == 0) {
    character.bytes = kReplacement;
    return character;
  }
  const wchar_t value = Decode(character.bytes);
  if (value < 0x20 || (value >= 0x7f && value < 0xa0)) {
    character.bytes = " ";
  } else if (length > 1) {
    const int width = wcwidth(value);
    if (width >= 0) character.columns = static_cast<size_t>(width);
  }
  return character;
}

std::vector<Character> Split(std::string_view text) {
  std::vector<Character> characters;
  while (!text.empty()) characters.push_back(Take(text));
  return characters;
}

size_t Sum(const std::vector<Character>& characters) {
  size_t columns = 0;
  for (const Character& character : characters) columns += character.columns;
  return columns;
}

template <typename Iterator>
std::string Join(Iterator begin, Iterator end) {
  std::string text;
  for (; begin != end; ++begin) text += begin->bytes;
  return text;
}

}  // namespace

size_t CountColumns(std::string_view text) { return Sum(Split(text)); }

std::string CutToColumns(std::string_view text, size_t columns, Cut cut) {
  const std::vector<Character> characters = Split(text);
  if (Sum(characters) <= columns) return Join(characters.begin(), characters.end());
  if (columns == 0) return "";
  size_t left = columns - 1;
  const auto fits = [&left](const Character& character) {
    if (character.columns > left) return false;
    left -= character.columns;
    return true;
  };
  if (cut == Cut::kEnd) {
    const auto end = std::find_if_not(characters.begin(), characters.end(), fits);
    return Join(characters.begin(), end).append(kEllipsis);
  }
  const auto begin = std::find_if_not(characters.rbegin(), characters.rend(), fits);
  return std::string(kEllipsis) + Join(begin.base(), characters.end());
}

std::string FitColumns(std::string_view text, size_t columns, Cut cut) {
  std::string fitted = CutToColumns(text, columns, cut);
  const size_t used = CountColumns(fitted);
  if (used < columns) fitted.append(columns - used, ' ');
  return fitted;
}

}  // namespace lineprof
