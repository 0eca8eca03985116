// The watcher: one thread of the agent, unknown to Python, that sees what ticks cannot.
//
// Ticks come to threads that run. Where a thread waits is found by looking at it: the watcher reads
// each thread's CPU clock now and then. What the wall clock advanced beyond it is time off the CPU;
// ticks take what passed without the thread having blocked (it was preempted), the rest is waiting.
// Each look puts the waiting that is on no line yet where it belongs:
//   was waiting, has not run since   -> the line where it stands (walked when it was first seen)
//   was waiting, runs now            -> the line where it stood
//   ran, waits now                   -> the line where it stands now
//   was waiting, ran, waits again    -> half to the old line, half to the new one
//   ran, runs now                    -> nowhere yet
// So a wait longer than the time between two looks is placed exactly, and shorter ones by chance,
// in proportion. A stack is walked through memory that the kernel checks, and believed only if the
// thread's CPU clock did not move meanwhile.
//
// While the run is paused (recording/control.h) it looks at nothing but that.
//
// It also arms the main thread's timer, varies the ticks' period now and then, turns monotonic
// timers off and on as threads park and run, grows the recording, and asks for the hooks once the
// interpreter is up. It looks often (each period, at least a millisecond apart) while waits begin
// and end, ten times less often when they do not, and when every thread either runs or stands still
// only each twentieth of a second, so that sampling a busy program costs little more than its
// ticks. Each time it looks at a bounded number of threads.
//
// SIGNAL-SAFE: no; it blocks all signals. GIL: never held or waited for.
#ifndef LINEPROF_AGENT_WATCHER_H_
#define LINEPROF_AGENT_WATCHER_H_

#include "recording/control.h"
#include "recording/recording_file.h"

namespace lineprof {

struct WatcherOptions {
  RecordingFile* recording = nullptr;
  bool place_waiting = true;             // false: only the timers' upkeep
  const ControlWord* control = nullptr;  // whether to profile; null: always
  // Called by the watcher until it gives true: asks the interpreter to run the hooks.
  bool (*request_hooks)() = nullptr;
};

// Starts the watcher. False, with errno, if the system gives no thread; then ticks still work.
bool StartWatcher(const WatcherOptions& options);
// Ends it and waits until it is gone (the kernel no longer counts it). Does nothing if there is
// none.
void StopWatcher();
// Starts it again with the options of the last time.
bool RestartWatcher();
// In a forked child: there is none, whatever this process's memory says.
void ForgetWatcher();

}  // namespace lineprof

#endif  // LINEPROF_AGENT_WATCHER_H_
