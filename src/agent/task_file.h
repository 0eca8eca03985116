// What the kernel says of a thread of this process, in text (proc(5)). SIGNAL-SAFE. THREAD: any; a
// descriptor is open for some microseconds, so away from the program's table where it matters.
#ifndef LINEPROF_AGENT_TASK_FILE_H_
#define LINEPROF_AGENT_TASK_FILE_H_

#include <sys/types.h>

#include <cstddef>

namespace lineprof {

// Reads /proc/self/task/<tid>/<name> into `text`, NUL-terminated. False if it cannot be read.
bool ReadTaskFile(pid_t tid, const char* name, char* text, size_t size);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TASK_FILE_H_
