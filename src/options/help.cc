#include "options/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lineprof/report.h"
#include "options/report_options.h"

namespace lineprof {
namespace {

constexpr size_t kColumns = 80;
constexpr size_t kHelpColumn = 28;  // where the text beside an option begins

constexpr std::array kExamples = {
    Example{"lineprof -o out.txt script.py a b",
            "every line counted and timed; the annotated source goes to out.txt"},
    Example{"lineprof -s 0.001 -o out.txt script.py a b",
            "one sample a millisecond instead: long runs"},
    Example{"lineprof -r 1000 --exclude-syspath -o out.txt -m unittest discover",
            "the same rate; only the project's own files in the report"},
    Example{"lineprof -s 0.001 -o run.lineprof -- make check",
            "every Python that a command starts, kept for lineprof report"},
};

constexpr std::string_view kArchiveMeaning = "the recording: lineprof report makes reports of it";

// Appends `text`, broken at blanks, to what is on the current line up to `used`.
void AppendWrapped(std::string_view text, size_t used, size_t indentation, std::string& out) {
  bool is_first = true;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (!is_first && used + 1 + end > kColumns) {
      out += '\n' + std::string(indentation, ' ');
      used = indentation;
    } else if (!is_first) {
      out += ' ';
      used++;
    }
    out += text.substr(0, end);
    used += end;
    is_first = false;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out += '\n';
}

void AppendOption(const OptionSpec& option, std::string& out) {
  const std::string synopsis = "  " + OptionSynopsis(option);
  out += synopsis;
  size_t used = synopsis.size();
  if (used + 2 > kHelpColumn) {
    out += '\n';
    used = 0;
  }
  out += std::string(kHelpColumn - used, ' ');
  AppendWrapped(option.help, kHelpColumn, kHelpColumn, out);
}

void AppendOptions(CommandId command, std::string& out) {
  for (int group = 0; group < static_cast<int>(OptionGroup::kHidden); group++) {
    bool has_title = false;
    for (const OptionSpec& option : OptionTable()) {
      if (option.group != static_cast<OptionGroup>(group) || !BelongsTo(option, command)) continue;
      if (!has_title) out += fmt::format("\n{}:\n", GroupTitle(option.group));
      has_title = true;
      AppendOption(option, out);
    }
  }
}

void AppendCommands(std::string& out) {
  out += "\nCommands (the first word; a script of that name is ./NAME):\n";
  for (const CommandSpec& command : CommandTable()) {
    if (command.name.empty()) continue;
    out += fmt::format("  {:10}{}\n", command.name, command.summary);
  }
  out += "  lineprof COMMAND --help tells more.\n";
}

}  // namespace

std::span<const Example> Examples() { return kExamples; }

std::string OptionSynopsis(const OptionSpec& option) {
  std::string text = option.letter != 0 ? fmt::format("-{}, ", option.letter) : "";
  text += fmt::format("--{}", option.name);
  if (option.takes_value()) text += fmt::format(" {}", option.value_name);
  return text;
}

std::vector<std::string> FormatNames() {
  std::vector<std::string> names;
  for (const ReportFormat& format : ReportFormats()) names.emplace_back(format.name);
  names.emplace_back(kArchiveFormat);
  std::sort(names.begin(), names.end());
  return names;
}

std::string HelpText(CommandId command) {
  const CommandSpec& spec = FindCommand(command);
  std::string out;
  if (command == CommandId::kRun) {
    out += "lineprof: a line profiler for CPython programs, which it runs unchanged.\n\n";
  } else {
    AppendWrapped(spec.description, 0, 0, out);
    out += '\n';
  }
  out += "Usage:\n";
  for (const std::string_view synopsis : spec.synopses)
    out += fmt::format("  lineprof {}\n", synopsis);
  if (command == CommandId::kRun) {
    out += "All that follows SCRIPT, MODULE, CODE or COMMAND belongs to the program.\n";
    AppendCommands(out);
  }
  AppendOptions(command, out);
  if (command != CommandId::kRun) return out;
  out += "\nExamples:\n";
  for (const Example& example : kExamples) {
    out += fmt::format("  {}\n      {}\n", example.command, example.meaning);
  }
  return out;
}

std::string FormatsText() {
  struct Row {
    std::string name;
    std::string files;
    std::string_view meaning;
  };
  std::vector<Row> rows = {
      {std::string(kArchiveFormat), std::string(kArchiveEnding), kArchiveMeaning}};
  for (const ReportFormat& format : ReportFormats()) {
    std::vector<std::string> files;
    for (const std::string_view ending : format.endings) files.emplace_back(ending);
    for (const std::string_view prefix : format.prefixes)
      files.push_back(std::string(prefix) + "*");
    rows.push_back(
        {std::string(format.name), fmt::format("{}", fmt::join(files, " ")), format.description});
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.name < b.name; });
  size_t name_width = 0;
  size_t files_width = 0;
  for (const Row& row : rows) {
    name_width = std::max(name_width, row.name.size());
    files_width = std::max(files_width, row.files.size());
  }
  std::string out;
  for (const Row& row : rows) {
    out += fmt::format("{:{}}  {:{}}  {}\n", row.name, name_width, row.files, files_width,
                       row.meaning);
  }
  return out;
}

}  // namespace lineprof
