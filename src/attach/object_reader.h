// Values of another process's Python objects, read from its memory, as repr() would show them.
//
// Of the basic types only: int, float, bool, None, str, bytes, list, tuple, dict; of others the
// name of their type. No code of the process runs. The process goes on meanwhile, so an object may
// change or go while it is read: what cannot be read is shown as `<?>`. Size and depth are bounded
// whatever the memory says. THREAD: one.
#ifndef LINEPROF_ATTACH_OBJECT_READER_H_
#define LINEPROF_ATTACH_OBJECT_READER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "attach/target.h"
#include "pyruntime/object_layout.h"

namespace lineprof {

class ObjectReader {
 public:
  // The target must outlive it. Fails with one line if the version's objects are not known.
  static Result<ObjectReader> Create(const Target& target);

  // One line, about 200 characters at most.
  std::string Repr(uint64_t object) const;

  // The text of a str, in UTF-8; nothing if the object is none.
  std::optional<std::string> Text(uint64_t object) const;

  // The items of a tuple, at most `limit`; empty if the object is none.
  std::vector<uint64_t> TupleItems(uint64_t tuple, uint64_t limit) const;

  // Calls `visit` with the addresses of keys and values, in the dict's order, while it gives true.
  // False if the object is no dict, or cannot be read.
  using Visitor = std::function<bool(uint64_t key, uint64_t value)>;
  bool VisitDict(uint64_t dict, const Visitor& visit) const;

  // The value under a str key; 0 if there is none.
  uint64_t Lookup(uint64_t dict, std::string_view key) const;

  const ObjectLayout& layout() const { return layout_; }
  // What the variable that holds `object` holds if that is a cell, else `object`.
  uint64_t Uncell(uint64_t object) const;

 private:
  ObjectReader(const Target& target, const ObjectLayout& layout);
  std::string ReprAt(uint64_t object, int depth) const;
  std::string IntRepr(uint64_t object) const;
  std::string FloatRepr(uint64_t object) const;
  std::string BytesRepr(uint64_t object) const;
  std::string SequenceRepr(uint64_t object, bool is_tuple, int depth) const;
  std::string DictRepr(uint64_t object, int depth) const;
  std::string OtherRepr(uint64_t object, uint64_t type) const;
  template <typename T>
  bool Read(uint64_t address, T* value) const {
    return ReadValue(target_.memory, address, value);
  }

  const Target& target_;
  ObjectLayout layout_;
  // Addresses of the interpreter's own objects.
  struct {
    uint64_t none, true_, false_;
    uint64_t int_, float_, str, bytes, list, tuple, dict, cell;
  } known_{};
};

}  // namespace lineprof

#endif  // LINEPROF_ATTACH_OBJECT_READER_H_
