#include "recording/settings.h"

#include <array>
#include <charconv>
#include <csignal>
#include <optional>

#include "recording/layout.h"

namespace lineprof {
namespace {

constexpr uint64_t kMinPeriodNs = 50'000;
constexpr uint64_t kMaxPeriodNs = 1'000'000'000;
constexpr uint64_t kMaxPid = 1 << 22;  // proc(5): pid_max
constexpr std::array<std::string_view, 3> kTimerNames = {"auto", "perf", "monotonic"};

Error Bad(std::string_view what, std::string_view value) {
  return Error{std::string(kSettingsVariable) + ": bad " + std::string(what) + " '" +
               std::string(value) + "'"};
}

// Takes `key=` and its value from the front of `text`, up to ';'. Empty if it does not stand there.
std::optional<std::string_view> TakeField(std::string_view key, std::string_view& text) {
  if (!text.starts_with(key) || text.substr(key.size(), 1) != "=") return std::nullopt;
  const size_t end = text.find(';');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view value = text.substr(key.size() + 1, end - key.size() - 1);
  text.remove_prefix(end + 1);
  return value;
}

// A decimal number as EncodeSettings writes it (no sign, no leading zero), in [low, high].
std::optional<uint64_t> ParseNumber(std::string_view text, uint64_t low, uint64_t high) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  if (value < low || value > high) return std::nullopt;
  return value;
}

// Takes the number `key=N;`. Fails if it is missing or out of range.
Result<uint64_t> TakeNumber(std::string_view key, std::string_view& text, uint64_t low,
                            uint64_t high) {
  const std::optional<std::string_view> field = TakeField(key, text);
  if (!field) return Bad("text: no " + std::string(key) + " before", text);
  const std::optional<uint64_t> value = ParseNumber(*field, low, high);
  if (!value) return Bad(key, *field);
  return *value;
}

Result<Settings::Timer> TakeTimer(std::string_view& text) {
  const std::optional<std::string_view> field = TakeField("timer", text);
  if (!field) return Bad("text: no timer before", text);
  for (size_t i = 0; i < kTimerNames.size(); ++i) {
    if (*field == kTimerNames[i]) return static_cast<Settings::Timer>(i);
  }
  return Bad("timer", *field);
}

// Takes the flag `key=0;` or `key=1;` into `flag`.
Result<void> TakeFlag(std::string_view key, std::string_view& text, bool& flag) {
  const Result<uint64_t> value = TakeNumber(key, text, 0, 1);
  if (!value.ok()) return Error{value.error()};
  flag = value.value() == 1;
  return {};
}

// Nothing where there is no timeline.
Result<void> TakeTimeline(std::string_view& text, Settings& settings) {
  if (!text.starts_with("timeline=")) return {};
  const Result<uint64_t> limit = TakeNumber("timeline", text, 1, kMaxTimeline);
  if (!limit.ok()) return Error{limit.error()};
  settings.timeline_limit = limit.value();
  return {};
}

// A flag that only stands there if it is set.
Result<void> TakeOptionalFlag(std::string_view key, std::string_view& text, bool& flag) {
  if (!text.starts_with(std::string(key) + "=")) return {};
  const Result<uint64_t> value = TakeNumber(key, text, 1, 1);
  if (!value.ok()) return Error{value.error()};
  flag = true;
  return {};
}

// What deterministic mode has besides; nothing in statistical mode.
Result<void> TakeTrace(std::string_view& text, Settings& settings) {
  if (Result<void> flag = TakeOptionalFlag("trace", text, settings.trace); !flag) return flag;
  if (!settings.trace) return {};
  if (Result<void> flag = TakeFlag("filtered", text, settings.trace_filtered); !flag) return flag;
  if (Result<void> flag = TakeFlag("named", text, settings.trace_named); !flag) return flag;
  if (Result<void> flag = TakeFlag("decorated", text, settings.trace_decorated); !flag) return flag;
  if (Result<void> flag = TakeFlag("verbose", text, settings.trace_verbose); !flag) return flag;
  const Result<uint64_t> launcher = TakeNumber("launcher", text, 0, kMaxPid);
  if (!launcher.ok()) return Error{launcher.error()};
  settings.launcher = static_cast<int>(launcher.value());
  return {};
}

}  // namespace

std::string EncodeSettings(const Settings& settings) {
  std::string text = "period_ns=" + std::to_string(settings.period_ns);
  text += settings.watch_waiting ? ";watch_waiting=1" : ";watch_waiting=0";
  text += settings.main_thread_only ? ";main_thread_only=1" : ";main_thread_only=0";
  text += ";signal=" + std::to_string(settings.signal);
  text += ";timer=" + std::string(kTimerNames[static_cast<size_t>(settings.timer)]);
  if (settings.timeline_limit != 0) {
    text += ";timeline=" + std::to_string(settings.timeline_limit);
  }
  if (settings.by_thread) text += ";by_thread=1";
  if (settings.by_task) text += ";by_task=1";
  if (settings.trace) {
    text += ";trace=1";
    text += settings.trace_filtered ? ";filtered=1" : ";filtered=0";
    text += settings.trace_named ? ";named=1" : ";named=0";
    text += settings.trace_decorated ? ";decorated=1" : ";decorated=0";
    text += settings.trace_verbose ? ";verbose=1" : ";verbose=0";
    text += ";launcher=" + std::to_string(settings.launcher);
  }
  text += ";directory=" + settings.directory;
  return text;
}

Result<Settings> DecodeSettings(std::string_view text) {
  Settings settings;
  const Result<uint64_t> period = TakeNumber("period_ns", text, kMinPeriodNs, kMaxPeriodNs);
  if (!period.ok()) return Error{period.error()};
  const Result<uint64_t> watch_waiting = TakeNumber("watch_waiting", text, 0, 1);
  if (!watch_waiting.ok()) return Error{watch_waiting.error()};
  const Result<uint64_t> main_thread_only = TakeNumber("main_thread_only", text, 0, 1);
  if (!main_thread_only.ok()) return Error{main_thread_only.error()};
  const Result<uint64_t> signal = TakeNumber("signal", text, 0, NSIG - 1);
  if (!signal.ok()) return Error{signal.error()};
  const Result<Settings::Timer> timer = TakeTimer(text);
  if (!timer.ok()) return Error{timer.error()};

  if (Result<void> log = TakeTimeline(text, settings); !log) return Error{log.error()};
  if (Result<void> flag = TakeOptionalFlag("by_thread", text, settings.by_thread); !flag) {
    return Error{flag.error()};
  }
  if (Result<void> flag = TakeOptionalFlag("by_task", text, settings.by_task); !flag) {
    return Error{flag.error()};
  }
  if (Result<void> trace = TakeTrace(text, settings); !trace) return Error{trace.error()};

  constexpr std::string_view kDirectory = "directory=";
  if (!text.starts_with(kDirectory)) return Bad("text: no directory before", text);
  text.remove_prefix(kDirectory.size());
  if (!text.starts_with('/') || text.find('\0') != std::string_view::npos) {
    return Bad("directory", text);
  }

  settings.period_ns = period.value();
  settings.watch_waiting = watch_waiting.value() == 1;
  settings.main_thread_only = main_thread_only.value() == 1;
  settings.signal = static_cast<int>(signal.value());
  settings.timer = timer.value();
  settings.directory = text;
  return settings;
}

}  // namespace lineprof
