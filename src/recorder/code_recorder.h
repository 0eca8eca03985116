// Writes a code object into the recording: its names and its line table.
//
// SIGNAL-SAFE. THREAD: any that may read the code object through Memory (its own frame's code, or
// under the GIL). GIL: not needed by itself.
#ifndef LINEPROF_RECORDER_CODE_RECORDER_H_
#define LINEPROF_RECORDER_CODE_RECORDER_H_

#include <cstdint>

#include "pyruntime/code_reader.h"
#include "recording/recording_map.h"

namespace lineprof {

// The CodeRecord of the code object that `identity` is of, which may be there already (of another
// code object with the same content); 0 if it cannot be read or there is no room.
template <typename Memory>
uint32_t RecordCode(const RecordingMap& map, const FrameLayout& layout, const Memory& memory,
                    const CodeIdentity& identity);

extern template uint32_t RecordCode(const RecordingMap&, const FrameLayout&, const DirectMemory&,
                                    const CodeIdentity&);
extern template uint32_t RecordCode(const RecordingMap&, const FrameLayout&, const CheckedMemory&,
                                    const CodeIdentity&);

}  // namespace lineprof

#endif  // LINEPROF_RECORDER_CODE_RECORDER_H_
