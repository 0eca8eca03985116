#include "options/help.h"

#include <gtest/gtest.h>

#include <sstream>

#include "options/completion.h"
#include "options/manual_page.h"

namespace lineprof {
namespace {

TEST(Help, FitsEightyColumns) {
  for (const CommandSpec& command : CommandTable()) {
    std::istringstream help(HelpText(command.id));
    for (std::string line; std::getline(help, line);) EXPECT_LE(line.size(), 80U) << line;
  }
}

TEST(Help, NamesEveryOptionAndCommand) {
  for (const OptionSpec& option : OptionTable()) {
    for (const CommandSpec& command : CommandTable()) {
      if (!BelongsTo(option, command.id)) continue;
      const bool is_shown = option.group != OptionGroup::kHidden;
      const bool is_there =
          HelpText(command.id).find("--" + std::string(option.name)) != std::string::npos;
      EXPECT_EQ(is_there, is_shown) << option.name << " of " << command.name;
    }
  }
  for (const CommandSpec& command : CommandTable()) {
    EXPECT_NE(HelpText(CommandId::kRun).find(command.name), std::string::npos);
    EXPECT_NE(ManualPage().find(command.summary.substr(0, 1)), std::string::npos);
  }
}

TEST(Help, CommandsStandWhereTheirNumberSays) {
  for (const CommandSpec& command : CommandTable()) {
    EXPECT_EQ(FindCommand(command.id).name, command.name);
  }
  EXPECT_EQ(FindCommand(""), nullptr);
  EXPECT_EQ(FindCommand("run"), nullptr);
}

TEST(Help, ListsEveryFormat) {
  for (const std::string& name : FormatNames()) {
    EXPECT_NE(FormatsText().find(name + " "), std::string::npos) << name;
  }
  EXPECT_NE(FormatsText().find(".lineprof"), std::string::npos);
}

TEST(Completion, KnowsThreeShells) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const Result<std::string> script = CompletionScript(shell);
    ASSERT_TRUE(script.ok()) << script.error();
    for (const char* word : {"exclude-syspath", "fail-above", "merge", "monotonic"}) {
      EXPECT_NE(script.value().find(word), std::string::npos) << shell << ": " << word;
    }
    EXPECT_EQ(script.value().find("print-completion"), std::string::npos) << shell;
  }
  EXPECT_FALSE(CompletionScript("tcsh").ok());
}

}  // namespace
}  // namespace lineprof
