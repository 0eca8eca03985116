#include "top/screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "top/columns.h"

namespace lineprof {
namespace {

constexpr size_t kGap = 2;        // blanks between texts
constexpr size_t kFixedRows = 5;  // two of facts, two of headings, one at the foot
constexpr size_t kLeastRows = kFixedRows + 1;
constexpr size_t kLeastColumns = 30;
// Of texts beside the numbers: with fewer columns the middle one of three is left out.
constexpr size_t kRoomForThree = 60;

constexpr std::string_view kKeys =
    "l f t p view  <> sort  / filter  a average  space pause  r reset  h help  q quit";

constexpr std::string_view kHelp[] = {
    "l  lines            f  functions",
    "t  threads          p  processes",
    "<  >  sort by the column to the left or right (> marks it)",
    "/  filter: rows whose place or name matches an expression (RE2);  Esc  all rows",
    "a  percentages of the last interval, or on average since the start or reset",
    "space  pause the display (the program runs on)",
    "r  reset: count from now on",
    "o  the program's last output, where lineprof started it",
    "arrows, page up and down, home, end  scroll;  Ctrl-L  repaint",
    "q  quit; of a program that lineprof started it is asked whether it shall go on",
    "",
    "SELF: in the line or function itself.  TOTAL: with all that it calls.",
    "CPU%: time on a processor, 100 is one.  WAIT%: time off it: sleeping, blocked,",
    "waiting for the GIL or for a processor; 100 is one thread.",
    "SO FAR: seconds since the start, or the last reset.",
};

// Whether a text of the table has columns of its own, and how many.
struct TextLayout {
  std::vector<size_t> widths;  // as TextColumns; 0: not shown
};

// What a table of texts needs, in columns, by text.
std::vector<size_t> NeededWidths(Subject subject,
                                 const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> needed;
  for (const TextColumn& column : TextColumns(subject)) needed.push_back(column.title.size());
  for (const std::vector<std::string>& row : rows) {
    for (size_t i = 0; i < row.size(); i++) needed[i] = std::max(needed[i], CountColumns(row[i]));
  }
  return needed;
}

TextLayout LayOutTexts(std::vector<size_t> needed, size_t columns) {
  TextLayout layout{std::move(needed)};
  std::vector<size_t>& widths = layout.widths;
  if (columns == kUnlimitedColumns) return layout;
  const bool has_middle = widths.size() == 3;
  if (has_middle && columns < kRoomForThree) widths[1] = 0;
  widths[0] = std::min(widths[0], has_middle ? columns * 2 / 5 : columns * 3 / 5);
  if (has_middle) widths[1] = std::min(widths[1], columns / 4);
  size_t used = 0;
  for (size_t i = 0; i + 1 < widths.size(); i++) used += widths[i] == 0 ? 0 : widths[i] + kGap;
  widths.back() = columns - std::min(columns, used);
  return layout;
}

std::string JoinTexts(Subject subject, const std::vector<std::string>& texts,
                      const TextLayout& layout) {
  const auto columns = TextColumns(subject);
  std::string joined;
  for (size_t i = 0; i < texts.size(); i++) {
    if (layout.widths[i] == 0) continue;
    const Cut cut = columns[i].is_path ? Cut::kBegin : Cut::kEnd;
    const bool is_last = i + 1 == texts.size();
    joined += is_last ? CutToColumns(texts[i], layout.widths[i], cut)
                      : FitColumns(texts[i], layout.widths[i], cut) + std::string(kGap, ' ');
  }
  return joined;
}

size_t NumbersWidth(Subject subject) {
  size_t width = kGap;
  for (const NumberColumn& column : NumberColumns(subject)) {
    width += static_cast<size_t>(column.width);
  }
  return width;
}

// "     SELF        TOTAL ": each group's name above the middle of its columns.
std::string Groups(Subject subject) {
  const auto columns = NumberColumns(subject);
  std::string text;
  for (size_t i = 0; i < columns.size();) {
    size_t width = 0;
    const std::string_view group = columns[i].group;
    for (; i < columns.size() && columns[i].group == group; i++) {
      width += static_cast<size_t>(columns[i].width);
    }
    text += fmt::format("{:^{}}", group, width);
  }
  return text;
}

std::string Titles(Subject subject, size_t sort_column, const TextLayout& layout) {
  const auto columns = NumberColumns(subject);
  std::string text;
  for (size_t i = 0; i < columns.size(); i++) {
    const std::string title = (i == sort_column ? ">" : "") + std::string(columns[i].title);
    text += fmt::format("{:>{}}", title, columns[i].width);
  }
  std::vector<std::string> titles;
  for (const TextColumn& column : TextColumns(subject)) titles.emplace_back(column.title);
  return text + std::string(kGap, ' ') + JoinTexts(subject, titles, layout);
}

std::string Numbers(Subject subject, const TableRow& row) {
  const auto columns = NumberColumns(subject);
  std::string text;
  for (size_t i = 0; i < columns.size(); i++) {
    text += fmt::format("{:{}.{}f}", row.numbers[i], columns[i].width, columns[i].decimals);
  }
  return text + std::string(kGap, ' ');
}

// A part of the table: two rows of headings, then those of `rows` from `first` to `last`.
std::vector<ScreenRow> TableText(const Controls& controls, const std::vector<TableRow>& rows,
                                 size_t first, size_t last, const SourceOf& source,
                                 size_t columns) {
  const Subject subject = controls.subject();
  std::vector<std::vector<std::string>> texts;
  for (size_t i = first; i < last; i++) {
    texts.push_back(rows[i].texts);
    if (subject == Subject::kLines) texts.back().back() = source(rows[i].line);
  }
  const size_t numbers = NumbersWidth(subject);
  const TextLayout layout = LayOutTexts(
      NeededWidths(subject, texts),
      columns == kUnlimitedColumns ? kUnlimitedColumns : columns - std::min(columns, numbers));
  std::vector<ScreenRow> out = {{Groups(subject), Style::kQuiet},
                                {Titles(subject, controls.sort_column(), layout), Style::kHeading}};
  for (size_t i = first; i < last; i++) {
    const std::string text = JoinTexts(subject, texts[i - first], layout);
    // Rows of which nothing has happened lately.
    const bool is_quiet = rows[i].numbers[0] == 0 && rows[i].numbers[1] == 0;
    out.push_back({Numbers(subject, rows[i]) + text, is_quiet ? Style::kQuiet : Style::kPlain});
  }
  return out;
}

std::string Count(size_t count, std::string_view thing) {
  std::string_view plural = count == 1 ? "" : thing.ends_with("s") ? "es" : "s";
  return fmt::format("{} {}{}", count, thing, plural);
}

std::string TitleText(const ScreenFacts& facts, size_t columns) {
  const std::string time = fmt::format("{:.0f} s", facts.elapsed_s);
  const std::string title = "lineprof top: " + facts.title;
  if (columns == kUnlimitedColumns) return title + "  " + time;
  const size_t room = columns - std::min(columns, time.size() + kGap);
  return FitColumns(title, room) + std::string(kGap, ' ') + time;
}

std::string OverviewText(const Overview& overview) {
  std::string text =
      fmt::format("{:.1f} % CPU, {:.1f} % waiting, {:.0f} samples/s", overview.cpu_percent,
                  overview.wait_percent, overview.samples_per_s);
  if (overview.lost_per_s >= 0.5) text += fmt::format(" ({:.0f} lost)", overview.lost_per_s);
  if (overview.gil_percent > 0) text += fmt::format(", {:.1f} % for the GIL", overview.gil_percent);
  return text + ", " + Count(overview.live_processes, "process") + ", " +
         Count(overview.live_threads, "thread");
}

// What is special about the figures comes first: it must not be cut off.
std::string FactsText(const Controls& controls, const ScreenFacts& facts) {
  std::string text;
  if (controls.span() == Span::kStart) text += "[average] ";
  if (!controls.filter_text().empty()) text += "[filter: " + controls.filter_text() + "] ";
  if (!facts.notes.empty()) text += "[notes: h] ";
  return text + OverviewText(facts.overview);
}

ScreenRow Foot(const Controls& controls, const ScreenFacts& facts) {
  if (controls.page() == Controls::Page::kQuestion) {
    return {"Quit: shall the program go on?  g: it goes on   e: end it   other keys: back",
            Style::kNotice};
  }
  if (controls.is_typing()) return {"filter: " + controls.typed() + "_", Style::kNotice};
  if (!controls.complaint().empty()) return {controls.complaint(), Style::kNotice};
  if (controls.is_paused()) return {"paused: space goes on, h helps, q quits", Style::kNotice};
  if (!facts.notice.empty()) return {facts.notice, Style::kNotice};
  return {std::string(kKeys), Style::kQuiet};
}

void AppendHelp(const ScreenFacts& facts, std::vector<ScreenRow>& screen) {
  for (const std::string& note : facts.notes) screen.push_back({"Note: " + note, Style::kPlain});
  for (const std::string_view line : kHelp) screen.push_back({std::string(line), Style::kPlain});
}

void AppendOutput(const ScreenFacts& facts, size_t room, std::vector<ScreenRow>& screen) {
  if (facts.output.empty())
    screen.push_back({"the program has written nothing yet", Style::kQuiet});
  const size_t count = std::min(room, facts.output.size());
  for (size_t i = facts.output.size() - count; i < facts.output.size(); i++) {
    screen.push_back({facts.output[i], Style::kPlain});
  }
}

}  // namespace

size_t TableRowsOf(const ScreenSize& size) { return size.rows - std::min(size.rows, kFixedRows); }

std::vector<ScreenRow> DrawScreen(const Controls& controls, const ScreenFacts& facts,
                                  const std::vector<TableRow>& rows, const SourceOf& source,
                                  const ScreenSize& size) {
  std::vector<ScreenRow> screen;
  if (size.rows < kLeastRows || size.columns < kLeastColumns) {
    screen.push_back({"too small", Style::kNotice});
  } else {
    screen.push_back({TitleText(facts, size.columns), Style::kTitle});
    screen.push_back({FactsText(controls, facts), Style::kPlain});
    if (controls.page() == Controls::Page::kHelp) {
      AppendHelp(facts, screen);
    } else if (controls.page() == Controls::Page::kOutput) {
      AppendOutput(facts, size.rows - screen.size() - 1, screen);
    } else {
      const size_t first = std::min(controls.first_row(), rows.size());
      const size_t last = first + std::min(rows.size() - first, TableRowsOf(size));
      for (ScreenRow& row : TableText(controls, rows, first, last, source, size.columns)) {
        screen.push_back(std::move(row));
      }
    }
    screen.resize(size.rows - 1);
    screen.push_back(Foot(controls, facts));
  }
  screen.resize(size.rows);
  for (ScreenRow& row : screen) row.text = CutToColumns(row.text, size.columns);
  return screen;
}

std::string PlainTable(const Controls& controls, const ScreenFacts& facts,
                       const std::vector<TableRow>& rows, const SourceOf& source, size_t count,
                       size_t columns) {
  std::vector<ScreenRow> lines = {{TitleText(facts, columns), Style::kTitle},
                                  {FactsText(controls, facts), Style::kPlain}};
  const size_t last = std::min(rows.size(), count);
  for (ScreenRow& row : TableText(controls, rows, 0, last, source, columns)) {
    lines.push_back(std::move(row));
  }
  std::string text;
  for (const ScreenRow& row : lines) {
    std::string line = CutToColumns(row.text, columns);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text + "\n";
}

}  // namespace lineprof
