#include "options/manual_page.h"

#include <fmt/format.h>

#include <string_view>

#include "lineprof/report.h"
#include "lineprof/version.h"
#include "options/help.h"
#include "options/option_table.h"

namespace lineprof {
namespace {

// Text for roff: its escape character and hyphens as themselves, no line taken for a request.
std::string Escaped(std::string_view text) {
  std::string out;
  if (text.starts_with('.') || text.starts_with('\'')) out += "\\&";
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

void AppendOptions(const CommandSpec& command, std::string& page) {
  for (const OptionSpec& option : OptionTable()) {
    if (option.group == OptionGroup::kHidden || !BelongsTo(option, command.id)) continue;
    if (command.id != CommandId::kRun && option.name == "help") continue;
    std::string synopsis;
    if (option.letter != 0) synopsis += fmt::format("\\fB\\-{}\\fR, ", option.letter);
    synopsis += fmt::format("\\fB{}\\fR", Escaped(fmt::format("--{}", option.name)));
    if (option.takes_value()) synopsis += fmt::format(" \\fI{}\\fR", Escaped(option.value_name));
    page += fmt::format(".TP\n{}\n{}\n", synopsis, Escaped(option.help));
  }
}

constexpr char kStatus[] = R"(.SH EXIT STATUS
A run ends like its program: with its status, or by its signal.
.TP
.B 0
success, of the other commands
.TP
.B 1
lineprof itself failed: a file cannot be read or written
.TP
.B 2
the command line was refused; nothing was run or written
.TP
.B 3
.B diff \-\-fail\-above
found what it looks for
)";

constexpr char kEnvironment[] = R"(.SH ENVIRONMENT
.TP
.B VIRTUAL_ENV
the virtual environment whose interpreter runs scripts
.TP
.BR XDG_RUNTIME_DIR ", " TMPDIR
where recordings are while the program runs; else /tmp
.TP
.B NO_COLOR
no color unless
.B \-\-color=always
is given
)";

void AppendFormats(std::string& page) {
  page += ".SH FORMATS\n";
  for (const ReportFormat& format : ReportFormats()) {
    std::string files;
    for (const std::string_view ending : format.endings) files += fmt::format(" *{}", ending);
    for (const std::string_view prefix : format.prefixes) files += fmt::format(" {}*", prefix);
    page += fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", Escaped(format.name), Escaped(files),
                        Escaped(format.description));
  }
}

}  // namespace

std::string ManualPage() {
  std::string page = ".TH LINEPROF 1 \"\" \"lineprof " LINEPROF_VERSION
                     "\" \"User Commands\"\n"
                     ".SH NAME\n"
                     "lineprof \\- a line profiler for CPython programs\n"
                     ".SH SYNOPSIS\n.nf\n";
  for (const CommandSpec& command : CommandTable()) {
    for (const std::string_view synopsis : command.synopses) {
      page += fmt::format(".B lineprof\n{}\n", Escaped(synopsis));
    }
  }
  page +=
      fmt::format(".fi\n.SH DESCRIPTION\n{}\n", Escaped(FindCommand(CommandId::kRun).description));
  page +=
      ".PP\nThe first word may be a command; a script that is called like one is run as "
      "./NAME.\n.SH OPTIONS\n";
  AppendOptions(FindCommand(CommandId::kRun), page);
  page += ".SH COMMANDS\n";
  for (const CommandSpec& command : CommandTable()) {
    if (command.name.empty()) continue;
    page += fmt::format(".SS {}\n{}\n", Escaped(command.synopses[0]), Escaped(command.description));
    AppendOptions(command, page);
  }
  AppendFormats(page);
  page += kStatus;
  page += kEnvironment;
  page += ".SH EXAMPLES\n";
  for (const Example& example : Examples()) {
    page += fmt::format(".TP\n.B {}\n{}\n", Escaped(example.command), Escaped(example.meaning));
  }
  return page;
}

}  // namespace lineprof
