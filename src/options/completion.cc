#include "options/completion.h"

#include <fmt/format.h>

#include <vector>

#include "options/help.h"
#include "options/option_table.h"

namespace lineprof {
namespace {

using Strings = std::vector<std::string>;

// What a command is called within the scripts.
std::string_view KeyOf(const CommandSpec& command) {
  return command.name.empty() ? "run" : command.name;
}

std::vector<const OptionSpec*> OptionsOf(const CommandSpec& command) {
  std::vector<const OptionSpec*> options;
  for (const OptionSpec& option : OptionTable()) {
    const bool is_shown = option.group != OptionGroup::kHidden;
    if (is_shown && BelongsTo(option, command.id)) options.push_back(&option);
  }
  return options;
}

// The words that the option's value is one of; none if it is free.
Strings WordsOf(const OptionSpec& option) {
  if (option.value_kind == ValueKind::kFormat) return FormatNames();
  return {option.words.begin(), option.words.end()};
}

Strings CommandNames() {
  Strings names;
  for (const CommandSpec& command : CommandTable()) {
    if (!command.name.empty()) names.emplace_back(command.name);
  }
  return names;
}

// "-s" and "--statistic".
Strings SpellingsOf(const OptionSpec& option) {
  Strings spellings;
  if (option.letter != 0) spellings.push_back(fmt::format("-{}", option.letter));
  spellings.push_back(fmt::format("--{}", option.name));
  return spellings;
}

// In single quotes of a shell.
std::string Quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

// ---- bash

constexpr char kBashHead[] =
    R"(# bash completion for lineprof                           -*- shell-script -*-

# Sets `options`, the options of command $1.
__lineprof_options() {
  case $1 in
)";

constexpr char kBashValues[] = R"(  esac
}

# Sets `words` to what may follow option $2 of command $1. Status 1 if it takes no value.
__lineprof_values() {
  words=
  case "$1 $2" in
)";

constexpr char kBashTail[] = R"(    *) return 1 ;;
  esac
}

_lineprof() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local command=run first=1 options words i
  COMPREPLY=()
  if [[ $COMP_CWORD -gt 1 && " $__lineprof_commands " == *" ${COMP_WORDS[1]} "* ]]; then
    command=${COMP_WORDS[1]} first=2
  fi
  # --option=value is three words.
  if [[ $previous == "=" ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ $current == "=" ]]; then
    current=
  fi
  # Behind the program's name the words are the program's.
  for ((i = first; i < COMP_CWORD; i++)); do
    [[ " $__lineprof_runners " == *" $command "* ]] || break
    case ${COMP_WORDS[i]} in
      =) i=$((i + 1)) ;;
      -m* | -c* | --) return ;;
      -*)
        if __lineprof_values "$command" "${COMP_WORDS[i]}" && [[ ${COMP_WORDS[i + 1]} != "=" ]]; then
          i=$((i + 1))
        fi
        ;;
      *) return ;;
    esac
  done
  if __lineprof_values "$command" "$previous"; then
    [[ -n $words ]] && mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  elif [[ $current == -* ]]; then
    __lineprof_options "$command"
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  elif [[ $COMP_CWORD -eq 1 ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(
      compgen -W "$__lineprof_commands" -- "$current"
      compgen -f -- "$current"
    )
  fi
}

# Where nothing is found, names of files.
complete -o bashdefault -o default -F _lineprof lineprof
)";

std::string BashScript() {
  std::string options;
  std::string values;
  Strings runners;
  for (const CommandSpec& command : CommandTable()) {
    if (command.runs_program) runners.emplace_back(KeyOf(command));
    Strings names;
    for (const OptionSpec* option : OptionsOf(command)) {
      Strings patterns;
      for (const std::string& spelling : SpellingsOf(*option)) {
        names.push_back(spelling);
        patterns.push_back(fmt::format("\"{} {}\"", KeyOf(command), spelling));
      }
      if (!option->takes_value()) continue;
      values += fmt::format("    {}) words=\"{}\" ;;\n", fmt::join(patterns, " | "),
                            fmt::join(WordsOf(*option), " "));
    }
    options += fmt::format("    {}) options=\"{}\" ;;\n", KeyOf(command), fmt::join(names, " "));
  }
  return kBashHead + options + kBashValues + values + kBashTail +
         fmt::format("__lineprof_commands=\"{}\"\n", fmt::join(CommandNames(), " ")) +
         fmt::format("__lineprof_runners=\"{}\"\n", fmt::join(runners, " "));
}

// ---- zsh

// Text within the brackets of a specification for _arguments.
std::string ZshText(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// A specification for _arguments: '(-s --statistic)'{-s,--statistic}'[take a sample]:SECONDS:'
std::string ZshOption(const OptionSpec& option) {
  const Strings spellings = SpellingsOf(option);
  std::string value;
  if (option.takes_value()) {
    const Strings words = WordsOf(option);
    std::string action;
    if (option.value_kind == ValueKind::kFile) action = "_files";
    if (option.value_kind == ValueKind::kWords) {
      action = fmt::format("_sequence compadd - {}", fmt::join(words, " "));
    } else if (!words.empty()) {
      action = fmt::format("({})", fmt::join(words, " "));
    }
    value = fmt::format(":{}:{}", ZshText(option.value_name), action);
  }
  const std::string rest = Quoted(fmt::format("[{}]{}", ZshText(option.help), value));
  const std::string exclusion =
      option.may_be_repeated ? "'*'" : Quoted(fmt::format("({})", fmt::join(spellings, " ")));
  if (spellings.size() == 1) return fmt::format("{}{}{}", exclusion, spellings[0], rest);
  return fmt::format("{}{{{}}}{}", exclusion, fmt::join(spellings, ","), rest);
}

constexpr char kZshFiles[] = R"('*:recording:_files -g "*.lineprof"')";
constexpr char kZshProgram[] =
    "'1:script or command:{ _describe command commands; _files }' \\\n      '*:argument:_files'";
constexpr char kZshScript[] = "'1:script:_files' \\\n      '*:argument:_files'";

// What may stand behind the options.
std::string_view ZshWords(const CommandSpec& command) {
  if (command.id == CommandId::kRun) return kZshProgram;
  if (command.runs_program) return kZshScript;
  return command.takes_files ? kZshFiles : "''";
}

std::string ZshScript() {
  std::string cases;
  std::string commands;
  for (const CommandSpec& command : CommandTable()) {
    std::string body;
    for (const OptionSpec* option : OptionsOf(command)) {
      body += fmt::format("      {} \\\n", ZshOption(*option));
    }
    if (command.runs_program) {
      body += "      '(-)-m[run a module]:module:' '(-)-c[run code]:code:' \\\n";
    }
    if (!command.name.empty()) {
      commands += fmt::format("    {}\n",
                              Quoted(fmt::format("{}:{}", command.name, ZshText(command.summary))));
    }
    cases += fmt::format("    {})\n      _arguments -s -S \\\n{}      {}\n      ;;\n",
                         KeyOf(command), body, ZshWords(command));
  }
  return fmt::format(
      "#compdef lineprof\n"
      "\n"
      "_lineprof() {{\n"
      "  local -a commands=(\n{}  )\n"
      "  local command=run\n"
      "  if (( CURRENT > 2 )) && [[ -n ${{(M)commands:#${{words[2]}}:*}} ]]; then\n"
      "    command=${{words[2]}}\n"
      "    shift words\n"
      "    (( CURRENT-- ))\n"
      "  fi\n"
      "  case $command in\n{}  esac\n"
      "}}\n"
      "\n"
      "_lineprof \"$@\"\n",
      commands, cases);
}

// ---- fish

std::string FishOption(const OptionSpec& option, const std::string& condition) {
  std::string line = fmt::format("complete -c lineprof -n {}", Quoted(condition));
  if (option.letter != 0) line += fmt::format(" -s {}", option.letter);
  line += fmt::format(" -l {}", option.name);
  const Strings words = WordsOf(option);
  if (!words.empty()) {
    line += fmt::format(" -x -a {}", Quoted(fmt::format("{}", fmt::join(words, " "))));
  } else if (option.takes_value()) {
    line += option.value_kind == ValueKind::kFile ? " -r -F" : " -x";
  }
  return line + fmt::format(" -d {}\n", Quoted(option.help));
}

std::string FishScript() {
  const std::string names = fmt::format("{}", fmt::join(CommandNames(), " "));
  const std::string no_command = "not __lineprof_command " + names;
  std::string script =
      "# fish completion for lineprof\n"
      "\n"
      "# Whether the first word is one of those given.\n"
      "function __lineprof_command\n"
      "    set -l words (commandline -opc)\n"
      "    test (count $words) -gt 1; and contains -- $words[2] $argv\n"
      "end\n"
      "\n";
  for (const CommandSpec& command : CommandTable()) {
    const bool is_run = command.id == CommandId::kRun;
    if (!is_run) {
      script += fmt::format("complete -c lineprof -n '__fish_is_first_token' -a {} -d {}\n",
                            command.name, Quoted(command.summary));
    }
    const std::string condition =
        is_run ? no_command : fmt::format("__lineprof_command {}", command.name);
    for (const OptionSpec* option : OptionsOf(command)) script += FishOption(*option, condition);
  }
  return script;
}

}  // namespace

Result<std::string> CompletionScript(std::string_view shell) {
  if (shell == "bash") return BashScript();
  if (shell == "zsh") return ZshScript();
  if (shell == "fish") return FishScript();
  return Error{fmt::format("--print-completion '{}': must be one of bash, zsh, fish", shell)};
}

}  // namespace lineprof
