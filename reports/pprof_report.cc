// pprof's profile.proto, gzipped, for `go tool pprof`, pprof and what reads it (Grafana Pyroscope,
// Parca, speedscope). github.com/google/pprof: proto/profile.proto
//
//   Profile  = sample types, { Sample }, Mapping, { Location }, { Function }, { string },
//              duration, period type, period, command line as a comment ;
//   Sample   = { location id }, leaf first, samples, time, cpu, wait ;   times in ns
//   Location = id, mapping id, Line of function id and line ;
//   Function = id, name, system name, file, first line ;
//
// One location a (function, line), so that `-list` shows lines. Names are function_labels.h's; the
// system name is the qualified one: where both are the same, pprof demangles as if it were C++ and
// shows <module> as nothing. The mapping says that all is symbolised already.

#include <cmath>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "function_labels.h"
#include "function_totals.h"
#include "gzip_output.h"
#include "lineprof/report.h"
#include "stack_frames.h"
#include "stack_tree.h"

namespace lineprof {
namespace {

// The numbers of the fields, as profile.proto has them.
enum ProfileField : uint32_t {
  kSampleType = 1,
  kSample = 2,
  kMapping = 3,
  kLocation = 4,
  kFunction = 5,
  kStringTable = 6,
  kDurationNanos = 10,
  kPeriodType = 11,
  kPeriod = 12,
  kComment = 13,
  kDefaultSampleType = 14,
};
enum ValueTypeField : uint32_t { kType = 1, kUnit = 2 };
enum SampleField : uint32_t { kSampleLocationIds = 1, kSampleValues = 2 };
enum MappingField : uint32_t {
  kMappingId = 1,
  kHasFunctions = 7,
  kHasFilenames = 8,
  kHasLineNumbers = 9,
  kHasInlineFrames = 10,
};
enum LocationField : uint32_t { kLocationId = 1, kLocationMappingId = 2, kLocationLine = 4 };
enum LineField : uint32_t { kLineFunctionId = 1, kLineNumber = 2 };
enum FunctionField : uint32_t {
  kFunctionId = 1,
  kFunctionName = 2,
  kFunctionSystemName = 3,
  kFunctionFilename = 4,
  kFunctionStartLine = 5,
};

constexpr uint64_t kOnlyMapping = 1;

int64_t Nanoseconds(double seconds) { return std::llround(seconds * 1e9); }

class PprofReport {
 public:
  PprofReport(const Profile& profile, std::ostream& out)
      : profile_(profile), out_(out), frames_(profile) {
    StringId("");  // the first string must be empty
  }

  void Write() {
    WriteRun();
    WriteSamples();
    WriteLocations();
    WriteFunctions();
    WriteStrings();
    Flush();
    out_.Finish();
  }

 private:
  static constexpr size_t kFlushAt = size_t{1} << 16;

  int64_t StringId(std::string_view text) {
    const auto next = static_cast<int64_t>(strings_.size());
    auto [found, is_new] = string_ids_.try_emplace(std::string(text), next);
    if (is_new) strings_.emplace_back(text);
    return found->second;
  }

  // A message's fields may come in any order and any number of pieces.
  void Flush() {
    out_.Append(buffer_);
    buffer_.clear();
  }
  void FlushIfFull() {
    if (buffer_.size() >= kFlushAt) Flush();
  }

  void WriteValueType(ProfileField field, std::string_view type, std::string_view unit) {
    protozero::pbf_writer value_type(message_, field);
    value_type.add_int64(kType, StringId(type));
    value_type.add_int64(kUnit, StringId(unit));
  }

  void WriteRun() {
    WriteValueType(kSampleType, "samples", "count");
    WriteValueType(kSampleType, "time", "nanoseconds");
    WriteValueType(kSampleType, "cpu", "nanoseconds");
    WriteValueType(kSampleType, "wait", "nanoseconds");
    message_.add_int64(kDefaultSampleType, StringId("time"));
    message_.add_int64(kDurationNanos, Nanoseconds(profile_.duration_s));
    WriteValueType(kPeriodType, "time", "nanoseconds");
    message_.add_int64(kPeriod, Nanoseconds(profile_.period_s));
    message_.add_int64(kComment, StringId(profile_.command_line));
    protozero::pbf_writer mapping(message_, kMapping);
    mapping.add_uint64(kMappingId, kOnlyMapping);
    mapping.add_bool(kHasFunctions, true);
    mapping.add_bool(kHasFilenames, true);
    mapping.add_bool(kHasLineNumbers, true);
    mapping.add_bool(kHasInlineFrames, true);
  }

  void WriteSamples() {
    std::vector<uint64_t> path;  // of location ids, outermost first
    Preorder(profile_.stacks).ForEach([&](uint32_t node, uint32_t depth) {
      path.resize(depth);
      path.back() = frames_.frame_of[node] + uint64_t{1};  // 0 is no id
      const Cost& cost = profile_.stacks[node].self;
      if (cost == Cost{}) return;
      const int64_t values[] = {
          static_cast<int64_t>(cost.hits), static_cast<int64_t>(TimeNs(cost, profile_.clock)),
          static_cast<int64_t>(cost.cpu_ns), static_cast<int64_t>(cost.wait_ns)};
      {
        protozero::pbf_writer sample(message_, kSample);
        sample.add_packed_uint64(kSampleLocationIds, path.rbegin(), path.rend());
        sample.add_packed_int64(kSampleValues, std::begin(values), std::end(values));
      }
      FlushIfFull();
    });
  }

  void WriteLocations() {
    uint64_t id = 0;
    for (const LineFrame& frame : frames_.frames) {
      {
        protozero::pbf_writer location(message_, kLocation);
        location.add_uint64(kLocationId, ++id);
        location.add_uint64(kLocationMappingId, kOnlyMapping);
        protozero::pbf_writer line(location, kLocationLine);
        line.add_uint64(kLineFunctionId, static_cast<uint64_t>(frame.function) + 1);
        line.add_int64(kLineNumber, frame.line);
      }
      FlushIfFull();
    }
  }

  void WriteFunctions() {
    const std::vector<std::string> labels = FunctionLabels(profile_);
    for (uint32_t i = 0; i < profile_.functions.size(); i++) {
      const Function& function = profile_.functions[i];
      {
        protozero::pbf_writer message(message_, kFunction);
        message.add_uint64(kFunctionId, i + uint64_t{1});
        message.add_int64(kFunctionName, StringId(labels[i]));
        message.add_int64(kFunctionSystemName, StringId(function.qualified_name));
        message.add_int64(kFunctionFilename, StringId(FileOf(profile_, FunctionId{i}).name));
        message.add_int64(kFunctionStartLine, function.first_line);
      }
      FlushIfFull();
    }
  }

  void WriteStrings() {
    for (const std::string& text : strings_) {
      message_.add_string(kStringTable, text);
      FlushIfFull();
    }
  }

  const Profile& profile_;
  GzipOutput out_;
  const LineFrames frames_;
  std::string buffer_;
  protozero::pbf_writer message_{buffer_};
  std::unordered_map<std::string, int64_t> string_ids_;
  std::vector<std::string> strings_;
};

}  // namespace

void WritePprofReport(const Profile& profile, const ReportOptions& /*options*/, std::ostream& out) {
  PprofReport(profile, out).Write();
}

}  // namespace lineprof
