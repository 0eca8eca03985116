// What a fuzz target holds against the code it runs: a broken promise ends the run, as a crash
// does.
//
// Beside the sanitizers, which see what no promise names. Not for unit tests. THREAD: any.
#ifndef LINEPROF_TESTS_FUZZ_FUZZ_CHECK_H_
#define LINEPROF_TESTS_FUZZ_FUZZ_CHECK_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace lineprof::fuzz {

inline void Check(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

inline std::string_view AsText(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace lineprof::fuzz

#endif  // LINEPROF_TESTS_FUZZ_FUZZ_CHECK_H_
