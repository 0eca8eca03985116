#include "output/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <vector>

namespace lineprof {
namespace {

constexpr size_t kHotLines = 5;
constexpr size_t kMaxSourceBytes = 60;

struct HotLine {
  uint64_t time_ns = 0;
  const SourceFile* file = nullptr;
  uint32_t line = 0;
};

std::vector<HotLine> HottestLines(const Profile& profile) {
  std::vector<HotLine> hot;
  for (const SourceFile& file : profile.files) {
    for (const LineCost& line : file.lines) {
      const uint64_t time_ns = TimeNs(line.self, profile.clock);
      if (time_ns > 0) hot.push_back({time_ns, &file, line.line});
    }
  }
  const auto hotter = [](const HotLine& a, const HotLine& b) {
    return std::tie(b.time_ns, a.file->name, a.line) < std::tie(a.time_ns, b.file->name, b.line);
  };
  const size_t count = std::min(kHotLines, hot.size());
  std::partial_sort(hot.begin(), hot.begin() + static_cast<std::ptrdiff_t>(count), hot.end(),
                    hotter);
  hot.resize(count);
  return hot;
}

// The line's text without its indentation, cut at a whole character; empty where it is not known.
std::string SourceOf(const HotLine& hot) {
  const std::vector<std::string>& lines = hot.file->source.lines;
  if (hot.line == 0 || hot.line > lines.size()) return "";
  const std::string& text = lines[hot.line - 1];
  const size_t begin = text.find_first_not_of(" \t\f");
  if (begin == std::string::npos) return "";
  if (text.size() - begin <= kMaxSourceBytes) return text.substr(begin);
  size_t end = begin + kMaxSourceBytes;
  while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // inside a UTF-8 sequence
  return text.substr(begin, end - begin) + "...";
}

std::string Losses(const Profile& profile) {
  std::string reasons;
  uint64_t total = 0;
  for (const Loss& loss : profile.losses) {
    total += loss.samples;
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", loss.samples, loss.reason);
  }
  return total == 0 ? "no samples lost" : fmt::format("{} samples lost: {}", total, reasons);
}

std::string SampledFacts(const Profile& profile) {
  std::string text = fmt::format(
      "lineprof: {} samples ({} running, {} waiting), {} process{}, {:.3g} s\n",
      profile.cpu_samples + profile.wait_samples, profile.cpu_samples, profile.wait_samples,
      profile.processes.size(), profile.processes.size() == 1 ? "" : "es", profile.duration_s);
  const double asked_hz = profile.period_s > 0 ? 1 / profile.period_s : 0;
  text += fmt::format("lineprof: {:.6g} samples per second of CPU time, {:.6g} asked\n",
                      profile.delivered_hz, asked_hz);
  text += "lineprof: " + Losses(profile) + "\n";
  if (profile.timeline_lost > 0) {
    text += fmt::format(
        "lineprof: the timeline is full: {} samples are missing there "
        "(--timeline-limit)\n",
        profile.timeline_lost);
  }
  return text;
}

std::string CountedFacts(const Profile& profile) {
  return fmt::format("lineprof: {} events of {:.3g} ns each, {} process{}, {:.3g} s\n",
                     profile.events, profile.event_cost_ns, profile.processes.size(),
                     profile.processes.size() == 1 ? "" : "es", profile.duration_s);
}

}  // namespace

std::string FormatSummary(const Profile& profile) {
  std::string text =
      profile.mode == Mode::kDeterministic ? CountedFacts(profile) : SampledFacts(profile);
  for (const HotLine& hot : HottestLines(profile)) {
    const double time_s = static_cast<double>(hot.time_ns) / 1e9;
    const double percent = profile.duration_s > 0 ? 100 * time_s / profile.duration_s : 0;
    const std::string source = SourceOf(hot);
    text += fmt::format("{:6.2f}%  {}:{}{}{}\n", percent, hot.file->name, hot.line,
                        source.empty() ? "" : "  ", source);
  }
  return text;
}

}  // namespace lineprof
