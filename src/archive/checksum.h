// The checksum of an archive's chunk: CRC-32, which finds every flipped bit. Not a defence against
// forgery: the reader believes nothing even where it matches. THREAD: any.
#ifndef LINEPROF_ARCHIVE_CHECKSUM_H_
#define LINEPROF_ARCHIVE_CHECKSUM_H_

#include <cstdint>
#include <string_view>

#include "archive/layout.h"

namespace lineprof {

// Over all of `header` but its checksum, and over the `stored` bytes.
uint32_t ChunkChecksum(const ChunkHeader& header, std::string_view stored);

}  // namespace lineprof

#endif  // LINEPROF_ARCHIVE_CHECKSUM_H_
