#include "archive/checksum.h"

#include <zlib.h>

namespace lineprof {

uint32_t ChunkChecksum(const ChunkHeader& header, std::string_view stored) {
  ChunkHeader without = header;
  without.checksum = 0;
  uLong sum = crc32_z(0, reinterpret_cast<const Bytef*>(&without), sizeof(without));
  sum = crc32_z(sum, reinterpret_cast<const Bytef*>(stored.data()), stored.size());
  return static_cast<uint32_t>(sum);
}

}  // namespace lineprof
