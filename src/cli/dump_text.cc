#include "cli/dump_text.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "lineprof/one_line.h"

namespace lineprof {
namespace {

std::string StateOf(const DumpedThread& thread) {
  std::string text = thread.is_running ? "running" : "waiting";
  if (thread.has_gil) text += ", has the GIL";
  if (thread.is_truncated) text += ", some frames left out";
  return text;
}

std::string Shown(const std::string& text) { return OneLine(EscapeInvalidUtf8(text)); }

}  // namespace

std::string DumpText(const StackDump& dump, const std::string& command, const SourceLine& source) {
  std::string text =
      fmt::format("Process {}: Python {}, {}\n", dump.pid, dump.python_version, command);
  for (const DumpedThread& thread : dump.threads) {
    text += fmt::format("\nThread {} ({}): {}\n", thread.tid, Shown(thread.name), StateOf(thread));
    if (!thread.is_readable) text += "  its stack moved too fast to be read\n";
    if (thread.is_readable && thread.frames.empty()) text += "  no Python frames\n";
    for (const DumpedFrame& frame : thread.frames) {
      text += fmt::format("  {}:{} {}\n", Shown(frame.file), frame.line, Shown(frame.function));
      const std::string line = source(frame);
      if (!line.empty()) text += fmt::format("    {}\n", Shown(line));
      for (const auto& [name, value] : frame.locals) {
        text += fmt::format("      {} = {}\n", Shown(name), Shown(value));
      }
    }
  }
  return text;
}

std::string DumpJson(const StackDump& dump, const std::string& command, const SourceLine& source) {
  using Json = nlohmann::ordered_json;
  Json threads = Json::array();
  for (const DumpedThread& thread : dump.threads) {
    Json frames = Json::array();
    for (const DumpedFrame& frame : thread.frames) {
      Json locals = Json::object();
      for (const auto& [name, value] : frame.locals) locals[EscapeInvalidUtf8(name)] = value;
      frames.push_back({{"file", EscapeInvalidUtf8(frame.file)},
                        {"line", frame.line},
                        {"function", EscapeInvalidUtf8(frame.function)},
                        {"source", source(frame)},
                        {"locals", std::move(locals)}});
    }
    threads.push_back({{"tid", thread.tid},
                       {"name", EscapeInvalidUtf8(thread.name)},
                       {"running", thread.is_running},
                       {"gil", thread.has_gil},
                       {"readable", thread.is_readable},
                       {"truncated", thread.is_truncated},
                       {"frames", std::move(frames)}});
  }
  const Json whole = {{"type", "lineprof dump"}, {"version", 1},
                      {"pid", dump.pid},         {"python", dump.python_version},
                      {"command", command},      {"threads", std::move(threads)}};
  return whole.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lineprof
