// Whether a code object's lines are counted: what the launcher's filters say of its file and name,
// and whether it was decorated.
//
// Answers are kept by file and name. Nothing here is asked without filters. GIL: held. THREAD: any.
#ifndef LINEPROF_AGENT_TRACING_CODE_CHOICE_H_
#define LINEPROF_AGENT_TRACING_CODE_CHOICE_H_

#include <cstdint>

#include "pyruntime/frame_layout.h"
#include "recording/recording_map.h"
#include "recording/settings.h"

namespace lineprof {

// What the choice depends on. REQUIRES: all of it outlives the process.
struct ChoiceContext {
  const Settings* settings = nullptr;
  const FrameLayout* layout = nullptr;
  const RecordingMap* map = nullptr;
};

void SetChoiceContext(const ChoiceContext& context);

// For CodeReading::is_counted. Called when the code is met, which is as it starts to run: the
// innermost frame's globals tell whether it runs as __main__.
bool IsCodeCounted(uint64_t code);

// Whether `code`, or code that it holds, may come to be counted: asked as it is about to be
// executed as a module. Errs on the side of yes.
bool MayHoldCounted(void* code);

// Makes `profile` a builtin that marks the functions it decorates. False, with Python's error set,
// if it cannot be.
// `on_mark` is called for each function that it marks.
bool InstallDecorator(void (*on_mark)());

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_CODE_CHOICE_H_
