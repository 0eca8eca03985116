#include "support/debug_offsets.h"

#include <cstring>

#include "pyruntime/frame_layout.h"

namespace lineprof::test {

void PrintTo(const DebugOffsetsVersion& version, std::ostream* out) {
  *out << "3." << version.minor;
}

const std::vector<DebugOffsetsVersion>& DebugOffsetsVersions() {
  static const std::vector<DebugOffsetsVersion> versions = {
      {13,
       {{"thread_state.size", 152, 304},
        {"thread_state.prev", 160, 0},
        {"thread_state.next", 168, 8},
        {"thread_state.interp", 176, 16},
        {"thread_state.current_frame", 184, 72},
        {"thread_state.thread_id", 192, 152},
        {"thread_state.datastack_chunk", 208, 232},
        {"interpreter_frame.size", 224, 80},
        {"interpreter_frame.previous", 232, 8},
        {"interpreter_frame.executable", 240, 0},
        {"interpreter_frame.instr_ptr", 248, 56},
        {"interpreter_frame.localsplus", 256, 72},
        {"interpreter_frame.owner", 264, 70},
        {"code_object.size", 272, 208},
        {"code_object.filename", 280, 112},
        {"code_object.name", 288, 120},
        {"code_object.qualname", 296, 128},
        {"code_object.linetable", 304, 136},
        {"code_object.firstlineno", 312, 68},
        {"code_object.co_code_adaptive", 344, 200},
        {"pyobject.size", 352, 16},
        {"pyobject.ob_type", 360, 8},
        {"bytes_object.size", 512, 40},
        {"bytes_object.ob_size", 520, 16},
        {"bytes_object.ob_sval", 528, 32},
        {"unicode_object.size", 536, 64},
        {"unicode_object.state", 544, 32},
        {"unicode_object.length", 552, 16},
        {"unicode_object.asciiobject_size", 560, 40}},
       568,
       {{"code_object.localsplusnames", 328, 96},
        {"code_object.localspluskinds", 336, 104},
        {"tuple_object.ob_item", 408, 24}}},
      {14,
       {{"thread_state.size", 176, 832},
        {"thread_state.prev", 184, 0},
        {"thread_state.next", 192, 8},
        {"thread_state.interp", 200, 16},
        {"thread_state.current_frame", 208, 72},
        {"thread_state.thread_id", 216, 152},
        {"thread_state.datastack_chunk", 232, 232},
        {"interpreter_frame.size", 248, 88},
        {"interpreter_frame.previous", 256, 8},
        {"interpreter_frame.executable", 264, 0},
        {"interpreter_frame.instr_ptr", 272, 56},
        {"interpreter_frame.localsplus", 280, 80},
        {"interpreter_frame.owner", 288, 74},
        {"code_object.size", 312, 216},
        {"code_object.filename", 320, 112},
        {"code_object.name", 328, 120},
        {"code_object.qualname", 336, 128},
        {"code_object.linetable", 344, 136},
        {"code_object.firstlineno", 352, 68},
        {"code_object.co_code_adaptive", 384, 208},
        {"pyobject.size", 400, 16},
        {"pyobject.ob_type", 408, 8},
        {"bytes_object.size", 592, 40},
        {"bytes_object.ob_size", 600, 16},
        {"bytes_object.ob_sval", 608, 32},
        {"unicode_object.size", 616, 64},
        {"unicode_object.state", 624, 32},
        {"unicode_object.length", 632, 16},
        {"unicode_object.asciiobject_size", 640, 40}},
       648,
       {{"code_object.localsplusnames", 368, 96},
        {"code_object.localspluskinds", 376, 104},
        {"tuple_object.ob_item", 456, 32}}},
      {15,
       {{"thread_state.size", 176, 888},
        {"thread_state.prev", 184, 0},
        {"thread_state.next", 192, 8},
        {"thread_state.interp", 200, 16},
        {"thread_state.current_frame", 208, 72},
        {"thread_state.thread_id", 240, 176},
        {"thread_state.datastack_chunk", 256, 256},
        {"interpreter_frame.size", 312, 88},
        {"interpreter_frame.previous", 320, 8},
        {"interpreter_frame.executable", 328, 0},
        {"interpreter_frame.instr_ptr", 336, 56},
        {"interpreter_frame.localsplus", 344, 80},
        {"interpreter_frame.owner", 352, 74},
        {"code_object.size", 376, 216},
        {"code_object.filename", 384, 112},
        {"code_object.name", 392, 120},
        {"code_object.qualname", 400, 128},
        {"code_object.linetable", 408, 136},
        {"code_object.firstlineno", 416, 68},
        {"code_object.co_code_adaptive", 448, 208},
        {"pyobject.size", 464, 16},
        {"pyobject.ob_type", 472, 8},
        {"bytes_object.size", 688, 40},
        {"bytes_object.ob_size", 696, 16},
        {"bytes_object.ob_sval", 704, 32},
        {"unicode_object.size", 712, 64},
        {"unicode_object.state", 720, 32},
        {"unicode_object.length", 728, 16},
        {"unicode_object.asciiobject_size", 736, 40}},
       744,
       {{"code_object.localsplusnames", 432, 96},
        {"code_object.localspluskinds", 440, 104},
        {"tuple_object.ob_item", 552, 32}}},
  };
  return versions;
}

void PutWord(RuntimeImage* image, size_t position, uint64_t value) {
  std::memcpy(image->data() + position, &value, sizeof value);
}

RuntimeImage MakeRuntimeImage(const DebugOffsetsVersion& version) {
  RuntimeImage image(kDebugOffsetsBytes, std::byte{0xee});
  std::memcpy(image.data(), "xdebugpy", 8);
  PutWord(&image, 8, 0x030000f0u | static_cast<uint64_t>(version.minor) << 16);
  PutWord(&image, 16, 0);
  for (const auto& words : {version.words, version.object_words}) {
    for (const DebugOffsetsWord& word : words) PutWord(&image, word.position, word.value);
  }
  return image;
}

}  // namespace lineprof::test
