// A list of tagged values, the inside of an archive's run and source chunks:
//
//   fields = { field } ;   field = u32 tag, u32 size, bytes * size ;
//
// A reader passes over tags that it does not know. THREAD: any, one at a time per object.
#ifndef LINEPROF_ARCHIVE_FIELDS_H_
#define LINEPROF_ARCHIVE_FIELDS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace lineprof {

class FieldWriter {
 public:
  template <typename Tag>
  void Text(Tag tag, std::string_view text) {
    Add(static_cast<uint32_t>(tag), text);
  }
  // As eight bytes.
  template <typename Tag>
  void Number(Tag tag, uint64_t number) {
    AddNumber(static_cast<uint32_t>(tag), number);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void Add(uint32_t tag, std::string_view value);
  void AddNumber(uint32_t tag, uint64_t number);

  std::string bytes_;
};

// Goes through fields in their order.
class FieldReader {
 public:
  // `bytes` must outlive it.
  explicit FieldReader(std::string_view bytes) : rest_(bytes) {}

  // Steps to the next field. False at the end, and where the bytes are no fields: then !ok().
  bool Next();

  bool ok() const { return ok_; }
  uint32_t tag() const { return tag_; }
  std::string_view text() const { return value_; }
  // The value as a number; makes !ok() if it is not eight bytes.
  uint64_t Number();

 private:
  std::string_view rest_;
  uint32_t tag_ = 0;
  std::string_view value_;
  bool ok_ = true;
};

}  // namespace lineprof

#endif  // LINEPROF_ARCHIVE_FIELDS_H_
