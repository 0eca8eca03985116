#include "recorder/code_recorder_impl.h"

namespace lineprof {

template uint32_t RecordCode(const RecordingMap&, const FrameLayout&, const DirectMemory&,
                             const CodeIdentity&);
template uint32_t RecordCode(const RecordingMap&, const FrameLayout&, const CheckedMemory&,
                             const CodeIdentity&);

}  // namespace lineprof
