// What tells code objects apart, read from memory that ends where its objects do.
#include "pyruntime/code_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace lineprof {
namespace {

constexpr uint64_t kCode = 0x10000;
constexpr uint64_t kTable = 0x20000;

// A code object and the bytes object of its line table, and nothing around them.
class TwoObjects {
 public:
  TwoObjects(const FrameLayout& layout, const std::string& line_table)
      : code_(layout.code_size, '\0'), table_(FrameLayout::kBytesData, '\0') {
    Put(layout.code_line_table, kTable);
    const uint64_t size = line_table.size();
    std::memcpy(table_.data() + FrameLayout::kVarObjectSize, &size, sizeof(size));
    table_ += line_table;
    table_ += '\0';  // as each bytes object has
  }

  void Put(uint32_t offset, uint64_t value) {
    std::memcpy(code_.data() + offset, &value, sizeof(value));
  }

  bool Read(uint64_t address, void* destination, size_t size) const {
    return ReadFrom(kCode, code_, address, destination, size) ||
           ReadFrom(kTable, table_, address, destination, size);
  }

 private:
  static bool ReadFrom(uint64_t begin, const std::string& bytes, uint64_t address,
                       void* destination, size_t size) {
    if (address < begin || address + size > begin + bytes.size()) return false;
    std::memcpy(destination, bytes.data() + (address - begin), size);
    return true;
  }

  std::string code_;
  std::string table_;
};

TEST(CodeIdentity, OfLineTablesOfEveryLengthStaysWithinThem) {
  const FrameLayout layout = LayoutFromTable(3, 11).value();
  std::string line_table;
  for (size_t length = 0; length <= 20; ++length) {
    const TwoObjects memory(layout, line_table);
    CodeIdentity identity;
    ASSERT_TRUE(ReadCodeIdentity(memory, layout, kCode, &identity)) << length;
    EXPECT_EQ(identity.address, kCode);
    EXPECT_EQ(identity.line_table, kTable);
    EXPECT_EQ(identity.line_table_size, length);
    uint64_t begin = 0;
    uint64_t end = 0;
    std::memcpy(&begin, line_table.data(), std::min<size_t>(length, 8));
    if (length > 8) std::memcpy(&end, line_table.data() + length - 8, 8);
    EXPECT_EQ(identity.line_table_begin, begin) << length;
    EXPECT_EQ(identity.line_table_end, end) << length;
    line_table += static_cast<char>('a' + length);
  }
}

TEST(CodeIdentity, DiffersWhereAnyPartDoes) {
  const FrameLayout layout = LayoutFromTable(3, 11).value();
  const auto identity = [&layout](const std::string& line_table, uint32_t offset, uint64_t value) {
    TwoObjects memory(layout, line_table);
    memory.Put(layout.code_filename, 0x30000);
    if (offset != 0) memory.Put(offset, value);
    CodeIdentity read;
    EXPECT_TRUE(ReadCodeIdentity(memory, layout, kCode, &read));
    return read;
  };
  const std::string table = "0123456789abcdef";
  const CodeIdentity one = identity(table, 0, 0);
  EXPECT_EQ(one, identity(table, 0, 0));
  EXPECT_NE(one, identity("X123456789abcdef", 0, 0));
  EXPECT_NE(one, identity("0123456789abcdeX", 0, 0));
  EXPECT_NE(one, identity(table + "0", 0, 0));
  EXPECT_NE(one, identity(table, layout.code_filename, 0x40000));
  EXPECT_NE(one, identity(table, layout.code_name, 0x40000));
  EXPECT_NE(one, identity(table, layout.code_first_line, 7));
}

TEST(CodeIdentity, OfWhatCannotBeReadIsRefused) {
  const FrameLayout layout = LayoutFromTable(3, 11).value();
  TwoObjects memory(layout, "table");
  CodeIdentity identity;
  EXPECT_FALSE(ReadCodeIdentity(memory, layout, kCode + 8, &identity));
  for (const uint64_t table : {uint64_t{0}, kTable + 1, uint64_t{0x50000}}) {
    memory.Put(layout.code_line_table, table);
    EXPECT_FALSE(ReadCodeIdentity(memory, layout, kCode, &identity)) << table;
  }
}

}  // namespace
}  // namespace lineprof
