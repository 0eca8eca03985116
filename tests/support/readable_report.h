// Binary reports as text, so that golden files and failures can be read.
//
// Decoders of their own, for what the reports write of a format and no more; the real readers are
// in tests/integration. THREAD: any.
#ifndef LINEPROF_TESTS_SUPPORT_READABLE_REPORT_H_
#define LINEPROF_TESTS_SUPPORT_READABLE_REPORT_H_

#include <string>
#include <string_view>

namespace lineprof::test {

// What `format` wrote, as it is if it is text. Bytes that are not the format end in "malformed".
std::string ReadableReport(std::string_view format, const std::string& bytes);

// The bytes that a gzip file holds; "malformed" if it is none.
std::string Gunzip(const std::string& bytes);

}  // namespace lineprof::test

#endif  // LINEPROF_TESTS_SUPPORT_READABLE_REPORT_H_
