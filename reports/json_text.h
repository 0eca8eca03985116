// Strings as JSON has them. All escaping is nlohmann-json's.
//
// For formats that are too large to be built as one JSON value in memory and are written piece by
// piece. THREAD: any.
#ifndef LINEPROF_REPORTS_JSON_TEXT_H_
#define LINEPROF_REPORTS_JSON_TEXT_H_

#include <nlohmann/json.hpp>
#include <string>

namespace lineprof {

// `value` on one line; a byte that is no UTF-8 becomes U+FFFD.
inline std::string JsonText(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_JSON_TEXT_H_
