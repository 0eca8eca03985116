#include "agent/tracing/verbose.h"

#include <unistd.h>

#include <cstdio>
#include <string>

#include "agent/tracing/code_text.h"
#include "agent/tracing/traced_code.h"
#include "agent/tracing/tracer.h"
#include "base/file.h"

namespace lineprof {

void PrintEvent(const char* event, uint64_t code, uint32_t line) {
  if (!IsTracing() || IsCalibrating()) return;
  const FrameLayout& layout = g_code_reading.layout;
  const uint64_t start_ns = g_trace.file->map.header().trace.start_ns;
  uint32_t first_line = 0;
  ReadValue(DirectMemory{}, code + layout.code_first_line, &first_line);
  char number[64];
  std::snprintf(number, sizeof(number), "%10.6f",
                static_cast<double>(ClockNs(CLOCK_MONOTONIC) - start_ns) * 1e-9);
  std::string text = number + std::string(t_trace == nullptr ? 0 : t_trace->depth, ' ') + event;
  text += ' ' + CodeText(layout, code, layout.code_filename) + ':' + std::to_string(line);
  text += ' ' + CodeText(layout, code, layout.code_name) + '+' +
          std::to_string(static_cast<int64_t>(line) - first_line) + '\n';
  WriteAll(STDERR_FILENO, text);
}

}  // namespace lineprof
