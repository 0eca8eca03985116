#include "options/given_options.h"

#include <algorithm>
#include <boost/program_options.hpp>

namespace lineprof {
namespace {

namespace po = boost::program_options;

// What words without a dash are kept under.
constexpr char kFiles[] = "lineprof-files";

po::options_description Describe(CommandId command) {
  po::options_description known;
  for (const OptionSpec& option : OptionTable()) {
    if (!BelongsTo(option, command)) continue;
    std::string name(option.name);
    if (option.letter != 0) (name += ',') += option.letter;
    if (!option.takes_value()) {
      known.add_options()(name.c_str(), "");
    } else if (option.may_be_repeated) {
      known.add_options()(name.c_str(), po::value<Strings>());
    } else {
      known.add_options()(name.c_str(), po::value<std::string>());
    }
  }
  if (FindCommand(command).takes_files) known.add_options()(kFiles, po::value<Strings>());
  return known;
}

Strings ValuesOf(const po::variable_value& value) {
  if (const auto* texts = boost::any_cast<Strings>(&value.value())) return *texts;
  if (const auto* text = boost::any_cast<std::string>(&value.value())) return {*text};
  return {""};  // a switch
}

}  // namespace

Result<GivenOptions> GivenOptions::Parse(const Strings& words, CommandId command) {
  namespace style = po::command_line_style;
  constexpr int kStyle = style::unix_style & ~style::allow_guessing;
  const po::options_description known = Describe(command);
  po::positional_options_description files;
  if (FindCommand(command).takes_files) files.add(kFiles, -1);
  po::variables_map parsed;
  try {
    po::store(po::command_line_parser(words).options(known).positional(files).style(kStyle).run(),
              parsed);
  } catch (const po::error& error) {
    return Error{error.what()};
  }
  GivenOptions given;
  for (const auto& [name, value] : parsed) {
    if (name == kFiles) {
      given.files_ = ValuesOf(value);
    } else {
      given.values_[name] = ValuesOf(value);
    }
  }
  return given;
}

Strings GivenOptions::Texts(std::string_view option) const {
  const auto found = values_.find(option);
  return found == values_.end() ? Strings() : found->second;
}

size_t CountOwnWords(const Strings& words, CommandId command) {
  const auto takes_value = [command](auto matches) {
    const auto table = OptionTable();
    const auto found = std::find_if(table.begin(), table.end(), [&](const OptionSpec& option) {
      return BelongsTo(option, command) && matches(option);
    });
    return found != table.end() && found->takes_value();
  };
  const auto letter_takes_value = [&](char letter) {
    return takes_value([letter](const OptionSpec& option) { return option.letter == letter; });
  };
  const auto name_takes_value = [&](std::string_view name) {
    return takes_value([name](const OptionSpec& option) { return option.name == name; });
  };
  size_t i = 0;
  while (i < words.size()) {
    const std::string& word = words[i];
    if (word.size() < 2 || word[0] != '-' || word == "--") break;
    if (word[1] == 'm' || word[1] == 'c') break;
    bool value_follows = false;
    if (word.starts_with("--")) {
      value_follows = word.find('=') == std::string::npos && name_takes_value(word.substr(2));
    } else {
      // A cluster of flags; the first letter that takes a value has the rest of the word as it.
      size_t letter = 1;
      while (letter < word.size() && !letter_takes_value(word[letter])) ++letter;
      value_follows = letter + 1 == word.size();
    }
    i += value_follows ? 2 : 1;
  }
  return std::min(i, words.size());
}

}  // namespace lineprof
