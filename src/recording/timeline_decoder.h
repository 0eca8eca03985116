// Reads the timeline out of a recording's bytes.
//
// A part of the reader, with the same rule: nothing is believed. Owns nothing. THREAD: any.
#ifndef LINEPROF_RECORDING_TIMELINE_DECODER_H_
#define LINEPROF_RECORDING_TIMELINE_DECODER_H_

#include <cstdint>
#include <string_view>

#include "recording/layout.h"
#include "recording/record_offsets.h"
#include "recording/recording.h"

namespace lineprof {

class TimelineDecoder {
 public:
  // `nodes`: offset of a NodeRecord -> index in Recording::nodes. All three outlive it.
  TimelineDecoder(std::string_view bytes, const RecordingHeader& header, const RecordIds& nodes)
      : bytes_(bytes), header_(header), nodes_(nodes) {}

  // Fills the timeline of `recording`. False if the bytes are not sound.
  bool Decode(Recording* recording);

 private:
  bool DecodeChunk(uint64_t offset, uint64_t entries, Recording* recording);

  std::string_view bytes_;
  const RecordingHeader& header_;
  const RecordIds& nodes_;
};

}  // namespace lineprof

#endif  // LINEPROF_RECORDING_TIMELINE_DECODER_H_
