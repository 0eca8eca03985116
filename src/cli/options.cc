#include "cli/options.h"

#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstring>
#include <optional>
#include <sstream>

namespace lineprof {
namespace {

namespace po = boost::program_options;

constexpr double kMinPeriod = 0.00005;
constexpr double kMaxPeriod = 1;
constexpr double kMaxRate = 20000;
constexpr unsigned kHelpColumns = 80;
constexpr unsigned kDescriptionColumns = 50;

constexpr char kUsage[] =
    "lineprof: a line profiler for CPython programs, which it runs unchanged.\n"
    "\n"
    "Usage:\n"
    "  lineprof [OPTIONS] SCRIPT [ARGS...]\n"
    "  lineprof [OPTIONS] -m MODULE [ARGS...]\n"
    "  lineprof [OPTIONS] -c CODE [ARGS...]\n"
    "  lineprof [OPTIONS] -- COMMAND [ARGS...]\n"
    "All that follows SCRIPT, MODULE, CODE or COMMAND belongs to the program.\n";

constexpr char kExamples[] =
    "Examples:\n"
    "  lineprof -o out.txt script.py a b\n"
    "      every line counted and timed; the annotated source goes to out.txt\n"
    "  lineprof -s 0.001 -o out.txt script.py a b\n"
    "      one sample a millisecond instead: long runs\n"
    "  lineprof -r 1000 --exclude-syspath -o out.txt -m unittest discover\n"
    "      the same rate; only the project's own files in the report\n"
    "  lineprof -s 0.001 -o out.txt -- make check\n"
    "      every Python that a command starts, all in one report\n";

using Strings = std::vector<std::string>;

// A value of one string (a path may hold blanks, numbers are checked by hand).
po::typed_value<std::string>* Text(const char* name) {
  return po::value<std::string>()->value_name(name);
}

// One that may be given several times.
po::typed_value<Strings>* Texts(const char* name) { return po::value<Strings>()->value_name(name); }

po::options_description Describe() {
  po::options_description sampling("Sampling", kHelpColumns, kDescriptionColumns);
  sampling.add_options()                                                                //
      ("statistic,s", Text("SECONDS"), "take a sample every so often: 0.00005 to 1")    //
      ("rate,r", Text("HZ"), "the same as a rate: 1 to 20000")                          //
      ("clock", Text("wall|cpu"), "what a line's time is: wall (default) or CPU time")  //
      ("threads,t", Text("0|1"), "1 (default): all threads; 0: the main thread only");
  po::options_description counting("Counting (without -s and -r)", kHelpColumns,
                                   kDescriptionColumns);
  counting.add_options()  //
      ("only", Texts("RE"),
       "count only functions whose qualified name matches; the rest runs at full speed")  //
      ("decorated", "count only functions decorated with @profile, which is then a builtin");
  po::options_description report("Report", kHelpColumns, kDescriptionColumns);
  report.add_options()  //
      ("out,o", Texts("FILE"),
       "write the report there; - (default) is standard output; "
       "may be repeated")                                                 //
      ("format,f", Text("NAME"), "format of the report: text (default)")  //
      ("include", Texts("RE"),
       "report a file whose name matches, even if an --exclude "
       "matches too; alone: report only such files")                  //
      ("exclude", Texts("RE"), "leave out files whose name matches")  //
      ("exclude-syspath", "leave out the standard library and site-packages");
  po::options_description general("General", kHelpColumns, kDescriptionColumns);
  general.add_options()  //
      ("python", Text("PATH"),
       "the interpreter; default: the active virtual environment's, "
       "else python3 on PATH")                                 //
      ("verbose,v", "say what is done; counting: each event")  //
      ("quiet,q", "no summary, no progress")                   //
      ("help,h", "print this help")                            //
      ("version", "print the version");
  po::options_description advanced("Advanced", kHelpColumns, kDescriptionColumns);
  advanced.add_options()                                                                     //
      ("timer", Text("NAME"), "what drives the samples: auto (default), perf or monotonic")  //
      ("signal", Text("SIG"),
       "the signal that takes a sample, by number or name: SIGURG (default)");
  po::options_description all("", kHelpColumns, kDescriptionColumns);
  all.add(sampling).add(counting).add(report).add(general).add(advanced);
  return all;
}

// How many of `arguments` are lineprof's: up to SCRIPT, -m, -c or --. An unknown option is taken
// for one without a value; parsing will complain about it.
size_t CountOwnWords(const Strings& arguments, const po::options_description& known) {
  const auto takes_value = [&](const std::string& name, bool is_short) {
    const std::string key = is_short ? "-" + name : name;
    const po::option_description* option = known.find_nothrow(key, false);
    return option != nullptr && option->semantic()->max_tokens() > 0;
  };
  size_t i = 0;
  while (i < arguments.size()) {
    const std::string& word = arguments[i];
    if (word.size() < 2 || word[0] != '-' || word == "--") break;
    if (word[1] == 'm' || word[1] == 'c') break;
    bool value_follows = false;
    if (word.starts_with("--")) {
      value_follows = word.find('=') == std::string::npos && takes_value(word.substr(2), false);
    } else {
      // A cluster of flags; the first letter that takes a value has the rest of the word as it.
      size_t letter = 1;
      while (letter < word.size() && !takes_value(word.substr(letter, 1), true)) ++letter;
      value_follows = letter + 1 == word.size();
    }
    i += value_follows ? 2 : 1;
  }
  return std::min(i, arguments.size());
}

// What stands after lineprof's own words: SCRIPT, -m MODULE, -mMODULE, -c CODE or -- COMMAND.
Result<ProgramRequest> ParseProgram(const Strings& words) {
  if (words.empty()) return Error{"no program to profile; see lineprof --help"};
  ProgramRequest request;
  const std::string& first = words[0];
  request.words.assign(words.begin() + 1, words.end());
  if (first == "--") {
    request.kind = ProgramKind::kCommand;
    if (request.words.empty()) return Error{"no command after --"};
  } else if (first.starts_with("-m") || first.starts_with("-c")) {
    const bool is_module = first[1] == 'm';
    request.kind = is_module ? ProgramKind::kModule : ProgramKind::kCode;
    if (first.size() > 2) request.words.insert(request.words.begin(), first.substr(2));
    if (request.words.empty()) return Error{is_module ? "no module after -m" : "no code after -c"};
  } else {
    request.kind = ProgramKind::kScript;
    request.words = words;
  }
  return request;
}

std::optional<double> ParseDouble(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<int> ParseInt(const std::string& text) {
  int value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

Result<uint64_t> ParsePeriod(const po::variables_map& given) {
  const bool has_period = given.count("statistic") > 0;
  const bool has_rate = given.count("rate") > 0;
  if (has_period && has_rate) return Error{"-s and -r say the same thing: give one of them"};
  if (!has_period && !has_rate) return uint64_t{0};
  const auto& text = given[has_period ? "statistic" : "rate"].as<std::string>();
  const std::optional<double> value = ParseDouble(text);
  if (has_period && (!value || *value < kMinPeriod || *value > kMaxPeriod)) {
    return Error{"-s '" + text + "': the period must be from 0.00005 to 1 second"};
  }
  if (has_rate && (!value || *value < 1 || *value > kMaxRate)) {
    return Error{"-r '" + text + "': the rate must be from 1 to 20000 Hz"};
  }
  return static_cast<uint64_t>(std::llround((has_period ? *value : 1 / *value) * 1e9));
}

// Sets `target` to the value whose name stands at the same place as the given one. Fails with one
// line that names the option and what it takes.
template <typename T>
Result<void> ParseChoice(const po::variables_map& given, const char* option,
                         const std::vector<std::pair<std::string, T>>& choices, T& target) {
  if (given.count(option) == 0) return {};
  const auto& text = given[option].as<std::string>();
  std::string names;
  for (const auto& [name, value] : choices) {
    if (text == name) {
      target = value;
      return {};
    }
    names += (names.empty() ? "" : ", ") + name;
  }
  return Error{fmt::format("--{} '{}': must be one of {}", option, text, names)};
}

Result<void> ParseFormat(const po::variables_map& given, Options& options) {
  const std::string name = given.count("format") > 0 ? given["format"].as<std::string>() : "text";
  options.format = FindReportFormat(name);
  if (options.format != nullptr) return {};
  std::string names;
  for (const ReportFormat& format : ReportFormats()) {
    names += (names.empty() ? "" : ", ") + std::string(format.name);
  }
  return Error{"--format '" + name + "': unknown; there is " + names};
}

// Whether the signal can be taken for ticks: caught, and of no meaning to the system or the C
// library.
bool IsUsableSignal(int signal) {
  switch (signal) {
    case 0:
    case SIGKILL:
    case SIGSTOP:
    case SIGCONT:
    case SIGCHLD:
    case SIGSEGV:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGTRAP:
    case SIGABRT:
      return false;
    default:
      return true;
  }
}

Result<void> ParseTickSignal(const po::variables_map& given, Options& options) {
  if (given.count("signal") == 0) return {};
  const auto& text = given["signal"].as<std::string>();
  options.signal = ParseSignal(text);
  if (IsUsableSignal(options.signal)) return {};
  return Error{"--signal '" + text + "': no signal that can be used"};
}

Strings Repeated(const po::variables_map& given, const char* option) {
  return given.count(option) > 0 ? given[option].as<Strings>() : Strings();
}

// Without a period every line is counted. Options of the other mode are a misunderstanding.
Result<void> ParseMode(const po::variables_map& given, Options& options) {
  const bool samples = options.period_ns != 0;
  options.mode = samples ? Mode::kStatistical : Mode::kDeterministic;
  for (const char* option : {"clock", "threads", "timer", "signal"}) {
    if (!samples && given.count(option) > 0) {
      return Error{fmt::format("--{} is for samples: it needs -s SECONDS or -r HZ", option)};
    }
  }
  options.only = Repeated(given, "only");
  options.decorated = given.count("decorated") > 0;
  if (samples && (!options.only.empty() || options.decorated)) {
    return Error{"--only and --decorated choose what is counted: not with -s or -r"};
  }
  return {};
}

Result<Options> Interpret(const po::variables_map& given, const Strings& program_words) {
  using Timer = Settings::Timer;
  Options options;
  const Result<void> steps[] = {
      ParseChoice<Clock>(given, "clock", {{"wall", Clock::kWall}, {"cpu", Clock::kCpu}},
                         options.clock),
      ParseChoice<bool>(given, "threads", {{"0", true}, {"1", false}}, options.main_thread_only),
      ParseChoice<Timer>(
          given, "timer",
          {{"auto", Timer::kAuto}, {"perf", Timer::kPerf}, {"monotonic", Timer::kMonotonic}},
          options.timer),
      ParseFormat(given, options),
      ParseTickSignal(given, options),
  };
  for (const Result<void>& step : steps) {
    if (!step.ok()) return Error{step.error()};
  }
  Result<ProgramRequest> program = ParseProgram(program_words);
  if (!program.ok()) return Error{program.error()};
  const Result<uint64_t> period = ParsePeriod(given);
  if (!period.ok()) return Error{period.error()};

  options.program = std::move(program).value();
  if (given.count("python") > 0) options.program.python = given["python"].as<std::string>();
  options.period_ns = period.value();
  if (const Result<void> mode = ParseMode(given, options); !mode.ok()) return Error{mode.error()};
  options.outputs = Repeated(given, "out");
  if (options.outputs.empty()) options.outputs = {"-"};
  options.includes = Repeated(given, "include");
  options.excludes = Repeated(given, "exclude");
  options.exclude_library = given.count("exclude-syspath") > 0;
  options.verbose = given.count("verbose") > 0;
  options.quiet = given.count("quiet") > 0;
  return options;
}

}  // namespace

Result<Options> ParseOptions(const Strings& arguments) {
  const po::options_description known = Describe();
  const size_t own_count = CountOwnWords(arguments, known);
  const auto split = arguments.begin() + static_cast<std::ptrdiff_t>(own_count);
  const Strings own(arguments.begin(), split);
  const Strings program(split, arguments.end());
  namespace style = po::command_line_style;
  constexpr int kStyle = style::unix_style & ~style::allow_guessing;
  po::variables_map given;
  try {
    po::store(po::command_line_parser(own).options(known).style(kStyle).run(), given);
  } catch (const po::error& error) {
    return Error{error.what()};
  }
  Options options;
  if (given.count("help") > 0) {
    options.action = Options::Action::kHelp;
    return options;
  }
  if (given.count("version") > 0) {
    options.action = Options::Action::kVersion;
    return options;
  }
  return Interpret(given, program);
}

std::string HelpText() {
  std::ostringstream text;
  text << kUsage << Describe() << '\n' << kExamples;
  return text.str();
}

int ParseSignal(const std::string& text) {
  const std::string name = text.starts_with("SIG") ? text.substr(3) : text;
  for (int signal = 1; signal < SIGRTMIN; ++signal) {
    const char* known = sigabbrev_np(signal);
    if (known != nullptr && name == known) return signal;
  }
  if (name == "RTMIN") return SIGRTMIN;
  const bool counts_from_rtmin = name.starts_with("RTMIN+");
  const std::optional<int> number = ParseInt(counts_from_rtmin ? name.substr(6) : text);
  if (!number || *number < 0 || *number > SIGRTMAX) return 0;
  if (counts_from_rtmin) return SIGRTMIN + *number <= SIGRTMAX ? SIGRTMIN + *number : 0;
  // Those between the named ones and SIGRTMIN are the C library's own.
  return *number >= SIGRTMIN || sigabbrev_np(*number) != nullptr ? *number : 0;
}

}  // namespace lineprof
