// A flame graph (brendangregg.com/flamegraphs.html) as one SVG 1.1 file that any browser shows,
// with search and zoom by the script it carries (assets/flamegraph.js), and that stays a picture
// where scripts do not run.
//
//   report = svg: style, script, title, buttons, { frame } ;
//   frame  = g class="frame" data-x data-w data-y: title (the tooltip), rect, text ;
//
// The outermost frames stand on top, so that a window shows them first. A frame is a function
// called by the one above it; its width is its inclusive time under the run's clock (data-x,
// data-w: as parts of the whole), its color comes from its name. Neighbours are in the profile's
// order of functions. Tooltips name the function's hottest lines there. Frames narrower than a
// tenth of a pixel are left out: no zoom on the whole shows them, and two million stacks must open
// in a browser.

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "assets.h"
#include "buffered_output.h"
#include "function_totals.h"
#include "lineprof/one_line.h"
#include "lineprof/report.h"
#include "stack_frames.h"
#include "xml_text.h"

namespace lineprof {
namespace {

constexpr double kWidth = 1200;
constexpr double kMargin = 10;
constexpr double kRowHeight = 17;
constexpr double kTop = 60;  // title, buttons, what the pointer is on
constexpr double kBottom = 10;
constexpr double kLeastPixels = 0.1;
constexpr double kCharacterPixels = 7;
constexpr size_t kTooltipLines = 5;

struct Frame {
  uint32_t node = 0;
  uint32_t row = 0;
  uint64_t begin_ns = 0;
};

class FlamegraphReport {
 public:
  FlamegraphReport(const Profile& profile, std::ostream& out)
      : profile_(profile), out_(out), function_tree_(profile) {
    SumSubtrees();
    LinkChildren();
    PlaceFrames();
  }

  void Write() {
    const double height = kTop + kRowHeight * rows_ + kBottom;
    out_.Print(
        FMT_COMPILE("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"{0}\" "
                    "height=\"{1}\" viewBox=\"0 0 {0} {1}\" data-margin=\"{2}\">\n"
                    "<style><![CDATA[\n"),
        kWidth, height, kMargin);
    out_.Append(kFlamegraphStyle);
    out_.Append("]]></style>\n");
    out_.Print(FMT_COMPILE("<rect width=\"{}\" height=\"{}\" fill=\"#fdf6e3\"/>\n"), kWidth,
               height);
    WriteTitle();
    for (const Frame& frame : frames_) WriteFrame(frame);
    out_.Append("<script><![CDATA[\n");
    out_.Append(kFlamegraphScript);
    out_.Append("]]></script>\n</svg>\n");
  }

 private:
  // Children stand after their parents.
  void SumSubtrees() {
    for (const FunctionNode& node : tree_) totals_.push_back(node.self_ns);
    totals_[0] = 0;
    for (size_t i = tree_.size(); i-- > 1;) totals_[tree_[i].parent] += totals_[i];
  }

  void LinkChildren() {
    children_.resize(tree_.size());
    const double least_ns = kLeastPixels / (kWidth - 2 * kMargin) * static_cast<double>(totals_[0]);
    for (uint32_t i = 1; i < tree_.size(); i++) {
      const bool is_seen = totals_[i] > 0 && static_cast<double>(totals_[i]) >= least_ns;
      if (is_seen) children_[tree_[i].parent].push_back(i);
    }
    for (std::vector<uint32_t>& children : children_) {
      std::sort(children.begin(), children.end(),
                [this](uint32_t a, uint32_t b) { return tree_[a].function < tree_[b].function; });
    }
  }

  // A node's children begin where it begins; its own time is what they leave on the right.
  void PlaceFrames() {
    frames_.push_back({});
    for (size_t i = 0; i < frames_.size(); i++) {
      const Frame frame = frames_[i];
      rows_ = std::max(rows_, frame.row + 1);
      uint64_t begin = frame.begin_ns;
      for (uint32_t child : children_[frame.node]) {
        frames_.push_back({child, frame.row + 1, begin});
        begin += totals_[child];
      }
    }
    AddUpLines();
  }

  // The own time of each placed node by line, for the tooltips.
  void AddUpLines() {
    std::vector<bool> is_placed(tree_.size());
    for (const Frame& frame : frames_) is_placed[frame.node] = true;
    lines_.resize(tree_.size());
    for (size_t i = 1; i < profile_.stacks.size(); i++) {
      const uint64_t time_ns = TimeNs(profile_.stacks[i].self, profile_.clock);
      const uint32_t node = function_tree_.place_of[i];
      if (time_ns > 0 && is_placed[node]) lines_[node][profile_.stacks[i].line] += time_ns;
    }
  }

  void WriteTitle() {
    out_.Print(FMT_COMPILE("<text id=\"title\" x=\"{}\" y=\"24\">{}</text>\n"), kWidth / 2,
               XmlText(OneLine(profile_.command_line)));
    out_.Print(FMT_COMPILE("<text id=\"reset\" class=\"button hidden\" x=\"{}\" y=\"46\">"
                           "Reset zoom</text>\n"),
               kMargin);
    out_.Print(FMT_COMPILE("<text id=\"matched\" x=\"{}\" y=\"46\"></text>\n"), kWidth - 250);
    out_.Print(
        FMT_COMPILE("<text id=\"search\" class=\"button\" x=\"{}\" y=\"46\">Search</text>\n"),
        kWidth - 100);
    out_.Print(FMT_COMPILE("<text id=\"details\" x=\"{}\" y=\"46\"></text>\n"), kMargin + 110);
  }

  void WriteFrame(const Frame& frame) {
    const double whole = totals_[0] > 0 ? static_cast<double>(totals_[0]) : 1;
    const double begin = static_cast<double>(frame.begin_ns) / whole;
    const double part = frame.node == 0 ? 1 : static_cast<double>(totals_[frame.node]) / whole;
    const double pixels = kWidth - 2 * kMargin;
    const double x = kMargin + begin * pixels;
    const double y = kTop + kRowHeight * frame.row;
    const std::string name = Name(frame.node);
    out_.Print(FMT_COMPILE("<g class=\"frame\" data-x=\"{:.9f}\" data-w=\"{:.9f}\" data-y=\"{}\">"),
               begin, part, frame.row);
    out_.Print(FMT_COMPILE("<title>{}</title>"), XmlText(Tooltip(frame.node, name)));
    out_.Print(FMT_COMPILE("<rect x=\"{:.2f}\" y=\"{}\" width=\"{:.2f}\" height=\"{}\" "
                           "fill=\"{}\"/>"),
               x, y, part * pixels, kRowHeight - 1, Color(name));
    out_.Print(FMT_COMPILE("<text x=\"{:.2f}\" y=\"{}\">{}</text></g>\n"), x + 3, y + 12,
               XmlText(Label(name, part * pixels)));
  }

  std::string Name(uint32_t node) const {
    if (node == 0) return "all";
    const FunctionId id = tree_[node].function;
    const Function& function = profile_.functions[static_cast<size_t>(id)];
    return OneLine(fmt::format("{} ({}:{})", function.qualified_name, FileOf(profile_, id).name,
                               function.first_line));
  }

  // What fits; the script does the same when it zooms.
  static std::string Label(const std::string& name, double pixels) {
    const auto room = static_cast<size_t>(std::max(0.0, (pixels - 4) / kCharacterPixels));
    if (room < 3) return "";
    return name.size() <= room ? name : Utf8Prefix(name, room - 2) + "..";
  }

  std::string Tooltip(uint32_t node, const std::string& name) const {
    const double whole = totals_[0] > 0 ? static_cast<double>(totals_[0]) : 1;
    const auto share = [whole](uint64_t ns) {
      const auto time = static_cast<double>(ns);
      return fmt::format("{:.6g} s, {:.2f} %", time / 1e9, 100 * time / whole);
    };
    std::string text = fmt::format("{}\n{}", name, share(totals_[node]));
    std::vector<std::pair<uint32_t, uint64_t>> hottest(lines_[node].begin(), lines_[node].end());
    std::stable_sort(hottest.begin(), hottest.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    hottest.resize(std::min(hottest.size(), kTooltipLines));
    for (const auto& [line, time_ns] : hottest) {
      text += fmt::format("\nline {}: {}", line, share(time_ns));
    }
    return text;
  }

  // Warm, as flames are; the same name has the same one in every graph.
  static std::string Color(std::string_view name) {
    uint32_t hash = 2166136261u;  // FNV-1a
    for (char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return fmt::format("rgb({},{},{})", 205 + hash % 50, 60 + (hash >> 8) % 150, (hash >> 16) % 60);
  }

  const Profile& profile_;
  BufferedOutput out_;
  const FunctionTree function_tree_;
  const std::vector<FunctionNode>& tree_ = function_tree_.nodes;
  // By node of tree_:
  std::vector<uint64_t> totals_;
  std::vector<std::vector<uint32_t>> children_;  // only those wide enough
  std::vector<std::map<uint32_t, uint64_t>> lines_;
  std::vector<Frame> frames_;  // callers before callees
  uint32_t rows_ = 0;
};

}  // namespace

void WriteFlamegraphReport(const Profile& profile, const ReportOptions& /*options*/,
                           std::ostream& out) {
  FlamegraphReport(profile, out).Write();
}

}  // namespace lineprof
