// Reads what deterministic mode counted out of a recording's bytes: lines, call edges, open frames.
//
// A part of the reader, with the same rule: nothing is believed, chains are bounded. Owns nothing.
// THREAD: any.
#ifndef LINEPROF_RECORDING_TRACE_DECODER_H_
#define LINEPROF_RECORDING_TRACE_DECODER_H_

#include <cstdint>
#include <cstring>
#include <string_view>
#include <unordered_map>

#include "recording/layout.h"
#include "recording/record_offsets.h"
#include "recording/recording.h"

namespace lineprof {

class TraceDecoder {
 public:
  // `codes`: offset of a CodeRecord -> index in Recording::codes. All three outlive it.
  TraceDecoder(std::string_view bytes, const RecordingHeader& header, const RecordIds& codes);

  // Fills the deterministic part of `recording`. False if the bytes are not sound.
  bool Decode(Recording* recording);

 private:
  template <typename T>
  bool Get(uint64_t offset, T* value) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) return false;
    std::memcpy(value, bytes_.data() + offset, sizeof(T));
    return true;
  }
  bool DecodeThreads();
  bool DecodeFrames(const TraceThread& thread);
  bool DecodeLines(Recording* recording);
  bool DecodeEdges(const RecordedLine& line, uint32_t first, Recording* recording);
  uint64_t ToNs(int64_t ticks) const;

  std::string_view bytes_;
  const RecordingHeader& header_;
  const RecordIds& codes_;
  uint64_t records_left_;  // more records, counters and frames than that cannot be in the file
  uint64_t last_ticks_ = 0;
  // Time of calls that have not returned, by EdgeRecord.
  std::unordered_map<uint32_t, int64_t> open_ticks_;
};

}  // namespace lineprof

#endif  // LINEPROF_RECORDING_TRACE_DECODER_H_
