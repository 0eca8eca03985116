#include <gtest/gtest.h>

#include "agent/tracing/traced_code.h"

namespace lineprof {
namespace {

void Insert(CodeTable& table, uint64_t address) {
  auto code = std::make_unique<TracedCode>();
  code->address = address;
  table.Insert(std::move(code));
}

TEST(CodeTable, FindsWhatWasInserted) {
  CodeTable table;
  EXPECT_EQ(table.Find(16), nullptr);
  for (uint64_t i = 1; i <= 20000; ++i) Insert(table, i * 16);
  for (uint64_t i = 1; i <= 20000; ++i) {
    ASSERT_NE(table.Find(i * 16), nullptr);
    EXPECT_EQ(table.Find(i * 16)->address, i * 16);
  }
  EXPECT_EQ(table.Find(20001 * 16), nullptr);
}

TEST(CodeTable, ErasingKeepsTheOthers) {
  CodeTable table;
  for (uint64_t i = 1; i <= 3000; ++i) Insert(table, i * 4096);
  for (uint64_t i = 1; i <= 3000; i += 2) table.Erase(i * 4096);
  table.Erase(5);
  EXPECT_EQ(table.size(), 1500u);
  for (uint64_t i = 1; i <= 3000; ++i) EXPECT_EQ(table.Find(i * 4096) != nullptr, i % 2 == 0);
}

}  // namespace
}  // namespace lineprof
