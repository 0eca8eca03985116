#include "pyruntime/thread_name.h"

#include <algorithm>
#include <cstring>

#include "pyruntime/code_reader.h"

namespace lineprof {
namespace {

constexpr uint64_t kPointer = 8;

// PyTypeObject: the same in 3.8 to 3.15.
constexpr uint64_t kTypeBasicSize = 32;
constexpr uint64_t kTypeFlags = 168;
constexpr uint64_t kInlineValuesFlag = 1 << 2;  // Py_TPFLAGS_INLINE_VALUES, 3.13+
constexpr uint64_t kManagedDictFlag = 1 << 4;   // Py_TPFLAGS_MANAGED_DICT, 3.11+
constexpr uint64_t kHeapTypeFlag = 1 << 9;      // Py_TPFLAGS_HEAPTYPE

// PyDictObject.
constexpr uint64_t kDictKeys = 32;
constexpr uint64_t kDictValues = 40;

// No Thread, and no class derived from it, has more attributes.
constexpr uint64_t kMaxEntries = 64;
constexpr char kAttribute[] = "_name";

// Of a class of Python's (PyHeapTypeObject), which is longer in each version.
constexpr uint64_t kTypeWords = 112;

// PyHeapTypeObject::ht_cached_keys; headers of each version.
uint64_t CachedKeysOffset(int minor) {
  if (minor == 9) return 864;
  if (minor <= 11) return 872;
  return minor <= 14 ? 880 : 888;
}

// Where the entries of a table of keys are, and how far apart.
struct KeyTable {
  uint64_t entries = 0;
  uint64_t count = 0;
  uint64_t entry_size = 0;
  uint64_t key = 0;  // in an entry; its value is behind it
};

// The attributes of an object, one of two ways.
struct Attributes {
  uint64_t keys = 0;    // PyDictKeysObject
  uint64_t values = 0;  // array of objects in the order of the keys; 0: beside each key
};

class AttributeReader {
 public:
  AttributeReader(const CheckedMemory& memory, const FrameLayout& layout)
      : memory_(memory), layout_(layout) {}

  // The object that `object` has under the name; 0 if there is none.
  uint64_t Find(uint64_t object, std::atomic<uint64_t>* key) const {
    Attributes attributes;
    KeyTable table;
    if (!FindAttributes(object, &attributes) || !ReadKeyTable(attributes.keys, &table)) return 0;
    uint64_t words[kMaxEntries * 3];
    if (!memory_.Read(table.entries, words, table.count * table.entry_size)) return 0;
    const auto entry = [&](uint64_t i) { return words + (i * table.entry_size + table.key) / 8; };
    const uint64_t known_key = key->load(std::memory_order_relaxed);
    uint64_t i = 0;
    while (i < table.count && entry(i)[0] != known_key) ++i;
    if (known_key == 0 || i == table.count) {
      i = 0;
      while (i < table.count && !IsName(entry(i)[0])) ++i;
      if (i == table.count) return 0;
      key->store(entry(i)[0], std::memory_order_relaxed);
    }
    return attributes.values == 0 ? entry(i)[1] : Pointer(attributes.values + i * kPointer);
  }

 private:
  uint64_t Pointer(uint64_t address) const {
    uint64_t value = 0;
    return IsPlausiblePointer(address) && ReadValue(memory_, address, &value) ? value : 0;
  }

  bool FindAttributes(uint64_t object, Attributes* found) const {
    uint64_t type[kTypeWords];  // its beginning
    const uint64_t type_address = Pointer(object + FrameLayout::kObjectType);
    if (!IsPlausiblePointer(type_address) || !ReadValue(memory_, type_address, &type) ||
        (type[kTypeFlags / 8] & kHeapTypeFlag) == 0) {
      return false;
    }
    if (layout_.minor <= 10) {
      // A class of Python's keeps the dictionary right behind its object's head, if its first base
      // with attributes does, as Thread does.
      return FindInDict(Pointer(object + 2 * kPointer), found);
    }
    if ((type[kTypeFlags / 8] & kManagedDictFlag) == 0) return false;
    found->keys = type[CachedKeysOffset(layout_.minor) / 8];
    found->values = FindValues(object, type);
    return found->values != 0 || FindInDict(Pointer(object - 3 * kPointer), found);
  }

  // Where the object keeps its values itself; 0 if it has a dictionary.
  uint64_t FindValues(uint64_t object, const uint64_t* type) const {
    if (layout_.minor == 11) return Pointer(object - 4 * kPointer);
    if (layout_.minor == 12) {
      const uint64_t tagged = Pointer(object - 3 * kPointer);
      return (tagged & 1) != 0 ? tagged + 1 : 0;
    }
    if ((type[kTypeFlags / 8] & kInlineValuesFlag) == 0) return 0;
    // PyDictValues: capacity, size, embedded, valid; then the values.
    const uint64_t values = object + type[kTypeBasicSize / 8];
    uint8_t head[4];
    if (!ReadValue(memory_, values, &head)) return 0;
    return head[3] == 1 ? values + kPointer : 0;
  }

  bool FindInDict(uint64_t dict, Attributes* found) const {
    if (!IsPlausiblePointer(dict)) return false;
    found->keys = Pointer(dict + kDictKeys);
    found->values = Pointer(dict + kDictValues);
    // In front of a dictionary's split values 3.13 and newer have the same head as in an object.
    if (found->values != 0 && layout_.minor >= 13) found->values += kPointer;
    return true;
  }

  // PyDictKeysObject.
  bool ReadKeyTable(uint64_t keys, KeyTable* table) const {
    struct {
      uint64_t references;
      uint64_t shape;
      uint64_t word16;
      uint64_t word24;
      uint64_t word32;
    } head;
    if (!IsPlausiblePointer(keys) || !ReadValue(memory_, keys, &head)) return false;
    if (layout_.minor <= 10) {  // references, size, lookup, usable, used, indices, entries
      const uint64_t size = head.shape;
      if (size > 4 * kMaxEntries) return false;
      *table = {keys + 40 + size * (size <= 0xff ? 1 : 2), head.word32, 3 * kPointer, kPointer};
    } else {  // references, {log2 size, log2 bytes of indices, kind}, usable, used, indices...
      const uint64_t log2_index_bytes = head.shape >> 8 & 0xff;
      const bool is_general = (head.shape >> 16 & 0xff) == 0;
      if (log2_index_bytes > 10) return false;
      *table = {keys + 32 + (uint64_t{1} << log2_index_bytes), head.word24,
                (is_general ? 3 : 2) * kPointer, is_general ? kPointer : 0};
    }
    return table->count <= kMaxEntries;
  }

  bool IsName(uint64_t key) const {
    constexpr uint32_t kLength = sizeof(kAttribute) - 1;
    TextLocation text;
    char bytes[kLength];
    return key != 0 && LocateText(memory_, layout_, key, &text) && text.bytes == kLength &&
           text.width == 1 && memory_.Read(text.address, bytes, kLength) &&
           std::memcmp(bytes, kAttribute, kLength) == 0;
  }

  const CheckedMemory& memory_;
  const FrameLayout& layout_;
};

}  // namespace

uint64_t FindThreadObject(const CheckedMemory& memory, uint64_t argument, uint64_t method_type) {
  uint64_t state = 0, method = 0;
  struct {
    uint64_t references, type, function, self;
  } head;  // PyMethodObject
  const auto follow = [&memory](uint64_t address, uint64_t* value) {
    return IsPlausiblePointer(address) && ReadValue(memory, address, value);
  };
  if (!follow(argument + kPointer, &state) || !follow(state + kPointer, &method) ||
      !IsPlausiblePointer(method) || !ReadValue(memory, method, &head)) {
    return 0;
  }
  return head.type == method_type ? head.self : 0;
}

bool ReadThreadName(const CheckedMemory& memory, const FrameLayout& layout, uint64_t thread,
                    std::atomic<uint64_t>* key, ThreadName* name) {
  if (!IsPlausiblePointer(thread)) return false;
  const uint64_t text_object = AttributeReader(memory, layout).Find(thread, key);
  TextLocation text;
  if (text_object == 0 || !LocateText(memory, layout, text_object, &text) || text.bytes == 0) {
    return false;
  }
  name->width = text.width;
  name->size = static_cast<uint8_t>(std::min(text.bytes, ThreadName::kMaxBytes));
  return memory.Read(text.address, name->bytes, name->size);
}

}  // namespace lineprof
