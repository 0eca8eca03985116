#include "attach/target.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <climits>
#include <optional>

#include "attach/permission.h"
#include "base/file.h"
#include "base/process_files.h"

namespace lineprof {
namespace {

constexpr int kOldestMinor = 8;
constexpr int kFirstWithDebugOffsets = 13;
constexpr uint64_t kMaxScannedBytes = 64 << 20;

// Where whole files are mapped, the likeliest first: the program, files called python, all others.
std::vector<Mapping> Modules(pid_t pid, const std::string& maps) {
  char link[PATH_MAX];
  const ssize_t length = readlink(ProcPath(pid, "exe").c_str(), link, sizeof(link));
  const std::string_view program(link, length > 0 ? static_cast<size_t>(length) : 0);
  std::vector<Mapping> modules;
  for (Mapping& mapping : ParseMaps(maps)) {
    const bool is_start = mapping.file_offset == 0 && mapping.is_readable && !mapping.path.empty();
    const bool is_known = std::any_of(modules.begin(), modules.end(), [&](const Mapping& module) {
      return module.path == mapping.path;
    });
    if (is_start && !is_known) modules.push_back(std::move(mapping));
  }
  const auto rank = [&](const Mapping& module) {
    if (module.path == program) return 0;
    const size_t name = module.path.rfind('/') + 1;
    return module.path.find("python", name) != std::string::npos ? 1 : 2;
  };
  std::stable_sort(modules.begin(), modules.end(),
                   [&](const Mapping& a, const Mapping& b) { return rank(a) < rank(b); });
  return modules;
}

// 3.11 and newer tell (Py_Version); the others have the text that sys.version is made of among
// their data (Python/getversion.c).
uint32_t ReadVersion(const Target& target) {
  if (const uint64_t symbol = target.Symbol("Py_Version")) {
    uint32_t version = 0;
    return ReadValue(target.memory, symbol, &version) ? version >> 8 : 0;
  }
  for (const ElfSymbols& module : target.modules) {
    for (const AddressRange& range : module.writable()) {
      std::string bytes(std::min(range.end - range.begin, kMaxScannedBytes), '\0');
      if (!target.memory.Read(range.begin, bytes.data(), bytes.size())) continue;
      if (const uint32_t version = FindVersionText(bytes)) return version;
    }
  }
  return 0;
}

Result<void> ReadLayouts(Target* target) {
  const int minor = target->minor();
  if (target->hex_version >> 16 != 3 || minor < kOldestMinor) {
    return Error{fmt::format("CPython {}.{} is not supported: 3.8 and newer are",
                             target->hex_version >> 16, minor)};
  }
  if (minor < kFirstWithDebugOffsets) {
    const Result<FrameLayout> frames = LayoutFromTable(3, minor);
    const Result<RuntimeLayout> runtime = RuntimeLayoutFromTable(minor);
    if (!frames.ok()) return Error{frames.error()};
    if (!runtime.ok()) return Error{runtime.error()};
    target->walk.layout = frames.value();
    target->layout = runtime.value();
    return {};
  }
  std::byte bytes[kDebugOffsetsBytes];
  if (!target->memory.Read(target->runtime, bytes, sizeof(bytes))) {
    return Error{"its _PyRuntime cannot be read"};
  }
  const Result<FrameLayout> frames = LayoutFromDebugOffsets(bytes, 3, minor);
  if (!frames.ok()) return Error{frames.error()};
  const Result<RuntimeLayout> runtime = RuntimeLayoutFromDebugOffsets(bytes, minor);
  if (!runtime.ok()) return Error{runtime.error()};
  target->walk.layout = frames.value();
  target->layout = runtime.value();
  return {};
}

LineTableFormat TableFormat(int minor) {
  if (minor < 10) return LineTableFormat::kLnotab;
  return minor == 10 ? LineTableFormat::kPep626 : LineTableFormat::kLocations;
}

// Whether there is a process to read, and it may be read.
Result<void> CheckProcess(pid_t pid, std::string* maps) {
  const std::optional<ProcessStat> stat = ParseStat(ReadProcText(pid, "stat"));
  if (!stat) return Error{fmt::format("process {}: there is none", pid)};
  if (!IsAlive(pid)) {
    return Error{fmt::format("process {}: it has ended (its parent has not yet asked how)", pid)};
  }
  Result<std::string> text = ReadFile(ProcPath(pid, "maps"), size_t{64} << 20);
  if (!text.ok()) {
    if (!IsAlive(pid)) return Error{fmt::format("process {}: it has ended", pid)};
    return Error{ExplainRefusal(ReadAccessFacts(pid))};
  }
  *maps = std::move(text).value();
  return {};
}

}  // namespace

uint64_t Target::Symbol(std::string_view name) const {
  for (const ElfSymbols& module : modules) {
    if (const uint64_t address = module.Find(name)) return address;
  }
  return 0;
}

bool IsAlive(pid_t pid) {
  const std::optional<ProcessStat> stat = ParseStat(ReadProcText(pid, "stat"));
  return stat && stat->state != 'Z' && stat->state != 'X';
}

uint32_t FindVersionText(std::string_view bytes) {
  for (size_t at = bytes.find(" ("); at != std::string_view::npos; at = bytes.find(" (", at + 1)) {
    const size_t nul = bytes.substr(0, at).rfind('\0');
    const size_t begin = nul == std::string_view::npos ? 0 : nul + 1;
    const std::string_view text = bytes.substr(begin, at - begin);
    if (text.size() > 16 || (!text.starts_with("2.") && !text.starts_with("3."))) continue;
    uint32_t minor = 0;
    uint32_t micro = 0;
    const char* end = text.data() + text.size();
    const auto [after_minor, minor_error] = std::from_chars(text.data() + 2, end, minor);
    if (minor_error != std::errc() || after_minor == end || *after_minor != '.') continue;
    if (std::from_chars(after_minor + 1, end, micro).ec != std::errc()) continue;
    return static_cast<uint32_t>(text[0] - '0') << 16 | (minor & 255) << 8 | (micro & 255);
  }
  return 0;
}

Result<Target> FindTarget(pid_t pid) {
  std::string maps;
  const Result<void> process = CheckProcess(pid, &maps);
  if (!process.ok()) return Error{process.error()};
  Target target;
  target.pid = pid;
  target.memory = CheckedMemory{pid};
  target.walk.checked = target.memory;
  std::optional<ElfSymbols> program;
  for (const Mapping& module : Modules(pid, maps)) {
    char byte;
    if (!target.memory.Read(module.begin, &byte, 1) && (errno == EPERM || errno == ENOSYS)) {
      return Error{ExplainRefusal(ReadAccessFacts(pid))};
    }
    std::optional<ElfSymbols> symbols = ElfSymbols::Read(target.memory, module.begin);
    if (!symbols) continue;
    if (!program) program = symbols;  // it may have copies of a library's variables
    target.runtime = symbols->Find("_PyRuntime");
    if (target.runtime == 0) continue;
    target.modules = {*program, *symbols};
    break;
  }
  if (target.runtime == 0) {
    if (!IsAlive(pid)) return Error{fmt::format("process {}: it has ended", pid)};
    return Error{fmt::format("process {}: no CPython 3.8 or newer in it", pid)};
  }
  target.walk.code_type = target.Symbol("PyCode_Type");
  target.hex_version = ReadVersion(target);
  if (target.hex_version == 0 || target.walk.code_type == 0) {
    return Error{fmt::format("process {}: its Python has not started yet", pid)};
  }
  target.line_table_format = TableFormat(target.minor());
  const Result<void> layouts = ReadLayouts(&target);
  if (!layouts.ok()) return Error{fmt::format("process {}: {}", pid, layouts.error())};
  return target;
}

}  // namespace lineprof
