// The one table of lineprof's commands and options: what parsing, --help, the shells' completions
// and the manual page are made from.
//
// Names and texts only: what an option means is for run_options.cc, report_options.cc and
// options.cc. Static storage. THREAD: any.
#ifndef LINEPROF_OPTIONS_OPTION_TABLE_H_
#define LINEPROF_OPTIONS_OPTION_TABLE_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace lineprof {

enum class CommandId : uint32_t {
  kRun,
  kReport,
  kMerge,
  kDiff,
  kInfo,
  kCtl,
  kFormats,
  kAttach,
  kDump,
  kTop,
};

struct CommandSpec {
  CommandId id;
  std::string_view name;  // the first word; empty for running a program, which has none
  // What follows "lineprof ", one form of use a line.
  std::span<const std::string_view> synopses;
  std::string_view summary;      // one line
  std::string_view description;  // sentences for the manual page
  bool takes_files;              // beside its options
  bool runs_program = false;     // what follows its options is a program and the program's own
};

// Under which heading help lists an option.
enum class OptionGroup {
  kSampling,
  kProcess,
  kCounting,
  kReport,
  kText,
  kDiff,
  kTop,
  kGeneral,
  kAdvanced,
  kHidden
};

enum class ValueKind {
  kNone,    // the option is a switch
  kText,    // free
  kFile,    // the name of a file
  kWord,    // one of OptionSpec::words
  kWords,   // some of them, with commas between
  kFormat,  // the name of a report format
};

struct OptionSpec {
  std::string_view name;  // without --
  char letter;            // without -; 0: none
  ValueKind value_kind;
  std::string_view value_name;              // in help: "FILE"
  std::span<const std::string_view> words;  // for kWord and kWords
  bool may_be_repeated;
  OptionGroup group;
  uint32_t commands;  // bits: see Bit
  std::string_view help;

  bool takes_value() const { return value_kind != ValueKind::kNone; }
};

constexpr uint32_t Bit(CommandId command) { return 1u << static_cast<uint32_t>(command); }

std::span<const CommandSpec> CommandTable();
std::span<const OptionSpec> OptionTable();

// "Sampling", as a heading.
std::string_view GroupTitle(OptionGroup group);

// REQUIRES: `id` is one of the enumerators.
const CommandSpec& FindCommand(CommandId id);
// The command of that name, or null.
const CommandSpec* FindCommand(std::string_view name);

inline bool BelongsTo(const OptionSpec& option, CommandId command) {
  return (option.commands & Bit(command)) != 0;
}

}  // namespace lineprof

#endif  // LINEPROF_OPTIONS_OPTION_TABLE_H_
