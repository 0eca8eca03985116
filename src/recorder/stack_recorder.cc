#include "recorder/stack_recorder_impl.h"

namespace lineprof {

template WalkResult RecordStack(const RecordingMap&, const WalkContext&, const DirectMemory&,
                                uint64_t, StackRecorderState*, uint32_t*);
template WalkResult RecordStack(const RecordingMap&, const WalkContext&, const CheckedMemory&,
                                uint64_t, StackRecorderState*, uint32_t*);

}  // namespace lineprof
