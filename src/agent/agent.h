// What the agent's other files tell it of the process's end.
//
// A process that is killed leaves its recording as it is; one that exits leaves its status too.
// SIGNAL-SAFE. THREAD: any. GIL: not needed. Do nothing in a process without a recording of its
// own, such as a child of vfork.
#ifndef LINEPROF_AGENT_AGENT_H_
#define LINEPROF_AGENT_AGENT_H_

namespace lineprof {

// The process exits with that status.
void NoteExit(int status);

// The same at once (_exit(2)): nothing of the process's comes after this.
void NoteAbruptExit(int status);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_AGENT_H_
