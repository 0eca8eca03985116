#include "support/profile_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lineprof::test {
namespace {

const LineCost* FindLine(const Profile& profile, const std::string& name, uint32_t number) {
  const SourceFile* file = FindFile(profile, name);
  if (file == nullptr) return nullptr;
  auto line = std::find_if(file->lines.begin(), file->lines.end(),
                           [number](const LineCost& l) { return l.line == number; });
  return line == file->lines.end() ? nullptr : &*line;
}

std::string Describe(const Cost& cost) {
  return fmt::format("{}/{}/{}", cost.hits, cost.cpu_ns, cost.wait_ns);
}

}  // namespace

Profile Build(const std::vector<Recording>& recordings) {
  return Build(recordings, BuildOptions());
}

Profile Build(const std::vector<Recording>& recordings, const BuildOptions& options, Filter filter,
              StackTransform stacks) {
  SourceCache sources(UINT64_MAX);
  const RunRecordings run{recordings, "/jobs", ""};
  const Selection selection{std::move(filter), std::move(stacks)};
  return BuildProfile({&run, 1}, selection, sources, options);
}

std::vector<std::string> FileNames(const Profile& profile) {
  std::vector<std::string> names;
  for (const SourceFile& file : profile.files) names.push_back(file.name);
  return names;
}

const SourceFile* FindFile(const Profile& profile, const std::string& name) {
  auto file = std::find_if(profile.files.begin(), profile.files.end(),
                           [&name](const SourceFile& f) { return f.name == name; });
  return file == profile.files.end() ? nullptr : &*file;
}

Cost SelfOf(const Profile& profile, const std::string& file, uint32_t line) {
  const LineCost* found = FindLine(profile, file, line);
  return found == nullptr ? Cost{} : found->self;
}

Cost CallOf(const Profile& profile, const std::string& file, uint32_t line,
            const std::string& callee) {
  const LineCost* found = FindLine(profile, file, line);
  if (found == nullptr) return {};
  for (const CallCost& call : found->calls) {
    if (profile.functions[static_cast<size_t>(call.callee)].name == callee) return call.inclusive;
  }
  return {};
}

std::string Describe(const Profile& profile) {
  std::string out = fmt::format("{}\n{} {} {} {}\n", profile.command_line, profile.duration_s,
                                profile.delivered_hz, profile.cpu_samples, profile.wait_samples);
  for (const Loss& loss : profile.losses) out += fmt::format("{} {}\n", loss.reason, loss.samples);
  for (const Process& p : profile.processes) {
    out += fmt::format("{} {} {}\n", p.pid, p.start_s, p.command_line);
  }
  for (const std::string& note : profile.notes) out += note + '\n';
  for (const SourceFile& file : profile.files) {
    out += fmt::format("{} {}\n", file.name, file.source.note);
    for (const LineCost& line : file.lines) {
      out += fmt::format("{} {}\n", line.line, Describe(line.self));
      for (const CallCost& call : line.calls) {
        out +=
            fmt::format("-> {} {}\n", static_cast<uint32_t>(call.callee), Describe(call.inclusive));
      }
    }
  }
  for (const Function& f : profile.functions) {
    out += fmt::format("{} {} {} {}\n", static_cast<uint32_t>(f.file), f.name, f.qualified_name,
                       f.first_line);
  }
  for (const StackNode& node : profile.stacks) {
    out += fmt::format("{} {} {} {} {}\n", node.parent, static_cast<uint32_t>(node.function),
                       node.line, static_cast<uint32_t>(node.callee), Describe(node.self));
  }
  return out;
}

}  // namespace lineprof::test
