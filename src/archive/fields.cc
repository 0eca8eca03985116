#include "archive/fields.h"

#include <cstring>

namespace lineprof {
namespace {

template <typename T>
void Append(T value, std::string& bytes) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

}  // namespace

void FieldWriter::Add(uint32_t tag, std::string_view value) {
  Append(tag, bytes_);
  Append(static_cast<uint32_t>(value.size()), bytes_);
  bytes_ += value;
}

void FieldWriter::AddNumber(uint32_t tag, uint64_t number) {
  Add(tag, {reinterpret_cast<const char*>(&number), sizeof(number)});
}

bool FieldReader::Next() {
  if (!ok_ || rest_.empty()) return false;
  uint32_t size = 0;
  constexpr size_t kHead = sizeof(tag_) + sizeof(size);
  ok_ = rest_.size() >= kHead;
  if (!ok_) return false;
  std::memcpy(&tag_, rest_.data(), sizeof(tag_));
  std::memcpy(&size, rest_.data() + sizeof(tag_), sizeof(size));
  rest_.remove_prefix(kHead);
  ok_ = size <= rest_.size();
  if (!ok_) return false;
  value_ = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

uint64_t FieldReader::Number() {
  uint64_t number = 0;
  ok_ = ok_ && value_.size() == sizeof(number);
  if (ok_) std::memcpy(&number, value_.data(), sizeof(number));
  return number;
}

}  // namespace lineprof
