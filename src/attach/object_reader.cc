#include "attach/object_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "attach/repr_text.h"
#include "pyruntime/code_reader.h"
#include "recording/python_text.h"

namespace lineprof {
namespace {

constexpr char kUnreadable[] = "<?>";
constexpr uint64_t kMaxItems = 6;
constexpr size_t kMaxBytes = 60;
constexpr int kMaxDepth = 2;
constexpr uint64_t kMaxDictEntries = 1 << 20;
constexpr size_t kMaxRepr = 200;

}  // namespace

Result<ObjectReader> ObjectReader::Create(const Target& target) {
  std::byte runtime[kDebugOffsetsBytes] = {};
  if (!target.memory.Read(target.runtime, runtime, sizeof(runtime))) {
    return Error{fmt::format("process {}: its _PyRuntime cannot be read", target.pid)};
  }
  const Result<ObjectLayout> layout = FindObjectLayout(target.minor(), runtime);
  if (!layout.ok()) return Error{fmt::format("process {}: {}", target.pid, layout.error())};
  return ObjectReader(target, layout.value());
}

ObjectReader::ObjectReader(const Target& target, const ObjectLayout& layout)
    : target_(target), layout_(layout) {
  const struct {
    const char* symbol;
    uint64_t* address;
  } symbols[] = {
      {"_Py_NoneStruct", &known_.none},    {"_Py_TrueStruct", &known_.true_},
      {"_Py_FalseStruct", &known_.false_}, {"PyLong_Type", &known_.int_},
      {"PyFloat_Type", &known_.float_},    {"PyUnicode_Type", &known_.str},
      {"PyBytes_Type", &known_.bytes},     {"PyList_Type", &known_.list},
      {"PyTuple_Type", &known_.tuple},     {"PyDict_Type", &known_.dict},
      {"PyCell_Type", &known_.cell},
  };
  for (const auto& each : symbols) *each.address = target.Symbol(each.symbol);
}

std::string ObjectReader::Repr(uint64_t object) const {
  return Shorten(ReprAt(object, 0), kMaxRepr);
}

std::string ObjectReader::ReprAt(uint64_t object, int depth) const {
  uint64_t type = 0;
  if (!IsPlausiblePointer(object) || !Read(object + FrameLayout::kObjectType, &type) || type == 0) {
    return kUnreadable;
  }
  if (object == known_.none) return "None";
  if (object == known_.true_) return "True";
  if (object == known_.false_) return "False";
  if (type == known_.int_) return IntRepr(object);
  if (type == known_.float_) return FloatRepr(object);
  if (type == known_.bytes) return BytesRepr(object);
  if (type == known_.str) {
    const std::optional<std::string> text = Text(object);
    return text ? QuoteText(*text, kMaxBytes) : kUnreadable;
  }
  if (type == known_.list || type == known_.tuple) {
    return SequenceRepr(object, type == known_.tuple, depth);
  }
  if (type == known_.dict) return DictRepr(object, depth);
  return OtherRepr(object, type);
}

std::string ObjectReader::IntRepr(uint64_t object) const {
  int64_t size = 0;
  if (!Read(object + FrameLayout::kVarObjectSize, &size)) return kUnreadable;
  const auto tag = static_cast<uint64_t>(size);
  const bool is_negative = layout_.has_int_tag ? (tag & 3) == 2 : size < 0;
  uint64_t count = layout_.has_int_tag ? tag >> 3 : static_cast<uint64_t>(std::abs(size));
  if (layout_.has_int_tag && (tag & 3) == 1) count = 0;
  constexpr uint64_t kMostDigits = 4;  // 120 bits
  if (count > kMostDigits) return fmt::format("<int of about {} bits>", count * 30);
  unsigned __int128 value = 0;
  for (uint64_t i = count; i > 0; --i) {
    uint32_t digit = 0;
    if (!Read(object + ObjectLayout::kIntDigits + (i - 1) * 4, &digit)) return kUnreadable;
    value = value << 30 | digit;
  }
  return (is_negative ? "-" : "") + fmt::format("{}", value);
}

std::string ObjectReader::FloatRepr(uint64_t object) const {
  double value = 0;
  if (!Read(object + ObjectLayout::kFloatValue, &value)) return kUnreadable;
  if (std::isnan(value)) return "nan";
  std::string text = fmt::format("{}", value);
  const bool is_whole = text.find_first_not_of("-0123456789") == std::string::npos;
  return is_whole ? text + ".0" : text;
}

std::optional<std::string> ObjectReader::Text(uint64_t object) const {
  uint64_t type = 0;
  TextLocation text;
  if (!IsPlausiblePointer(object) || !Read(object + FrameLayout::kObjectType, &type) ||
      type != known_.str || !LocateText(target_.memory, target_.walk.layout, object, &text)) {
    return {};
  }
  std::string bytes(text.bytes, '\0');
  if (!target_.memory.Read(text.address, bytes.data(), bytes.size())) return {};
  return PythonTextToUtf8(bytes, text.width);
}

std::string ObjectReader::BytesRepr(uint64_t object) const {
  uint64_t size = 0;
  if (!Read(object + FrameLayout::kVarObjectSize, &size)) return kUnreadable;
  std::string bytes(std::min<uint64_t>(size, kMaxBytes + 1), '\0');
  if (!target_.memory.Read(object + FrameLayout::kBytesData, bytes.data(), bytes.size())) {
    return kUnreadable;
  }
  return QuoteBytes(bytes, kMaxBytes);
}

std::vector<uint64_t> ObjectReader::TupleItems(uint64_t tuple, uint64_t limit) const {
  uint64_t type = 0;
  uint64_t size = 0;
  if (!IsPlausiblePointer(tuple) || !Read(tuple + FrameLayout::kObjectType, &type) ||
      type != known_.tuple || !Read(tuple + FrameLayout::kVarObjectSize, &size)) {
    return {};
  }
  std::vector<uint64_t> items(std::min(size, limit));
  if (!target_.memory.Read(tuple + layout_.tuple_items, items.data(), items.size() * 8)) return {};
  return items;
}

std::string ObjectReader::SequenceRepr(uint64_t object, bool is_tuple, int depth) const {
  const char* ends = is_tuple ? "()" : "[]";
  uint64_t size = 0;
  uint64_t items = object + layout_.tuple_items;
  if (!Read(object + FrameLayout::kVarObjectSize, &size) ||
      (!is_tuple && !Read(object + ObjectLayout::kListItems, &items))) {
    return kUnreadable;
  }
  if (depth >= kMaxDepth && size > 0) return fmt::format("{}...{}", ends[0], ends[1]);
  std::string text(1, ends[0]);
  for (uint64_t i = 0; i < std::min(size, kMaxItems); ++i) {
    uint64_t item = 0;
    if (!Read(items + i * 8, &item)) return kUnreadable;
    if (i > 0) text += ", ";
    text += ReprAt(item, depth + 1);
  }
  if (size > kMaxItems) text += fmt::format(", ... {} more", size - kMaxItems);
  if (is_tuple && size == 1) text += ',';
  return text + ends[1];
}

std::string ObjectReader::DictRepr(uint64_t object, int depth) const {
  if (depth >= kMaxDepth) return "{...}";
  std::string text = "{";
  uint64_t count = 0;
  const bool is_read = VisitDict(object, [&](uint64_t key, uint64_t value) {
    if (count++ > 0) text += ", ";
    if (count > kMaxItems) {
      text += "...";
      return false;
    }
    text += ReprAt(key, depth + 1) + ": " + ReprAt(value, depth + 1);
    return true;
  });
  return is_read ? text + "}" : kUnreadable;
}

std::string ObjectReader::OtherRepr(uint64_t object, uint64_t type) const {
  uint64_t name = 0;
  char text[64] = {};
  if (!Read(type + ObjectLayout::kTypeName, &name)) return kUnreadable;
  // The name may end at the end of what can be read.
  for (size_t i = 0; i + 1 < sizeof(text); ++i) {
    if (!Read(name + i, &text[i])) return kUnreadable;
    if (text[i] == '\0') break;
  }
  return fmt::format("<{} object at {:#x}>", Printable(text), object);
}

bool ObjectReader::VisitDict(uint64_t dict, const Visitor& visit) const {
  uint64_t type = 0;
  uint64_t keys = 0;
  uint64_t values = 0;
  if (!IsPlausiblePointer(dict) || !Read(dict + FrameLayout::kObjectType, &type) ||
      type != known_.dict || !Read(dict + ObjectLayout::kDictKeys, &keys) ||
      !Read(dict + ObjectLayout::kDictValues, &values)) {
    return false;
  }
  struct {
    uint64_t references;
    uint64_t size;  // compact: log2 of the size, log2 of the indices' bytes, kind
    uint64_t lookup;
    uint64_t usable_or_entries;
    uint64_t entries;
  } head;  // one word more than compact keys have: indices, which are at least 8 bytes
  if (!Read(keys, &head)) return false;
  const bool is_compact = layout_.has_compact_keys;
  const bool has_hashes = !is_compact || (head.size >> 16 & 255) == 0;
  const uint64_t count = is_compact ? head.usable_or_entries : head.entries;
  uint64_t index_bytes = 0;
  if (is_compact) {
    index_bytes = uint64_t{1} << std::min<uint64_t>(head.size >> 8 & 255, 40);
  } else {
    const uint64_t width = head.size <= 0xff ? 1 : head.size <= 0xffff ? 2 : 4;
    index_bytes = head.size * width;
  }
  if (count > kMaxDictEntries) return false;
  const uint64_t entry_bytes = has_hashes ? 24 : 16;
  uint64_t entry = keys + (is_compact ? 32 : 40) + index_bytes + (has_hashes ? 8 : 0);
  for (uint64_t i = 0; i < count; ++i, entry += entry_bytes) {
    uint64_t pair[2];
    if (!Read(entry, &pair)) return false;
    if (values != 0 && !Read(values + layout_.split_values + i * 8, &pair[1])) return false;
    if (pair[0] != 0 && pair[1] != 0 && !visit(pair[0], pair[1])) break;
  }
  return true;
}

uint64_t ObjectReader::Lookup(uint64_t dict, std::string_view key) const {
  uint64_t found = 0;
  VisitDict(dict, [&](uint64_t each, uint64_t value) {
    if (Text(each) != key) return true;
    found = value;
    return false;
  });
  return found;
}

uint64_t ObjectReader::Uncell(uint64_t object) const {
  uint64_t type = 0;
  if (!IsPlausiblePointer(object) || !Read(object + FrameLayout::kObjectType, &type) ||
      type != known_.cell) {
    return object;
  }
  uint64_t value = 0;
  return Read(object + ObjectLayout::kCellValue, &value) ? value : 0;
}

}  // namespace lineprof
