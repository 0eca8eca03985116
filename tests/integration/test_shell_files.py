"""What is installed for shells and man: completions and the manual page, made of the table of options."""

import os
import re
import shutil
import subprocess
import unittest

import support

SHARE = os.path.join(support.BUILD, "share")
# Sets the words of a command line as bash does, and prints what _lineprof offers.
BASH = """
source "$1"; shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_lineprof
printf '%s\\n' "${COMPREPLY[@]}"
"""


def text_of(command, **options):
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, **options)
    return done.stdout.decode()


def need(program):
    return unittest.skipUnless(shutil.which(program), "there is no %s on this machine" % program)


class Bash(support.TestCase):
    def offers(self, *words):
        script = os.path.join(SHARE, "lineprof")
        command = ["bash", "--norc", "-c", BASH, "bash", script, "lineprof", *words]
        return text_of(command, cwd=self.directory).split()

    def test_script_has_no_mistakes(self):
        for options in (["-n"], ["-u"]):
            subprocess.run(["bash", *options, os.path.join(SHARE, "lineprof")], check=True)

    def test_options_are_those_of_the_command(self):
        self.assertEqual(self.offers("--exclude-"), ["--exclude-syspath"])
        self.assertEqual(self.offers("-s", "0.001", "--st"), ["--statistic"])
        self.assertEqual(self.offers("diff", "a", "b", "--fail"), ["--fail-above"])
        self.assertEqual(self.offers("report", "x", "--stat"), [])
        self.assertEqual(self.offers("--print"), [])

    def test_commands_and_files_are_first_words(self):
        self.write("mine.py", "")
        self.assertEqual(sorted(self.offers("m")), ["merge", "mine.py"])
        self.assertEqual(self.offers("rep"), ["report"])

    def test_values_are_the_words_that_there_are(self):
        self.assertEqual(self.offers("--clock", ""), ["wall", "cpu"])
        self.assertEqual(self.offers("--clock", "=", "c"), ["cpu"])
        self.assertEqual(self.offers("--clock", "="), ["wall", "cpu"])
        self.assertEqual(self.offers("diff", "a", "b", "-f", "j"), ["json"])
        self.assertIn("text", self.offers("-f", ""))
        self.assertIn("lineprof", self.offers("report", "x.lineprof", "--format", ""))

    def test_files_are_left_to_the_shell(self):
        for words in (["-o", ""], ["report", ""], ["--include", "x"]):
            self.assertEqual(self.offers(*words), [])

    def test_what_follows_the_program_is_not_lineprofs(self):
        for program in (["x.py"], ["-m", "mod"], ["-mmod"], ["-c", "1"], ["--", "tool"]):
            self.assertEqual(self.offers("-s", "1", "-o", "y", *program, "--clo"), [])
        self.assertEqual(self.offers("-o", "x.py", "--clo"), ["--clock"])


class OtherShells(support.TestCase):
    @need("zsh")
    def test_zsh_script_has_no_mistakes(self):
        subprocess.run(["zsh", "-n", os.path.join(SHARE, "_lineprof")], check=True)

    @need("fish")
    def test_fish_completes(self):
        script = os.path.join(SHARE, "lineprof.fish")

        def offers(line):
            command = ["fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script, line]
            home = support.environment(HOME=self.directory)
            words = text_of(command, cwd=self.directory, env=home).splitlines()
            return [word.split("\t")[0] for word in words]

        self.assertEqual(offers("lineprof rep"), ["report"])
        self.assertEqual(offers("lineprof --exclude-s"), ["--exclude-syspath"])
        self.assertEqual(offers("lineprof diff a b --fail"), ["--fail-above"])
        self.assertEqual(offers("lineprof --clock w"), ["wall"])


class ManualPage(support.TestCase):
    PAGE = os.path.join(SHARE, "lineprof.1")

    @need("mandoc")
    def test_has_no_mistakes(self):
        done = subprocess.run(
            ["mandoc", "-Tlint", "-Wwarning", self.PAGE], check=False, stdout=subprocess.PIPE
        )
        findings = done.stdout.decode().splitlines()
        # It has no date, so that it is the same whenever it is built.
        self.assertEqual([each for each in findings if "missing date" not in each], [])

    @need("mandoc")
    def test_names_every_option_and_command(self):
        page = text_of(["mandoc", "-Tascii", self.PAGE])
        page = re.sub(".\b", "", page)  # overstrikes
        for command in ("", "report", "merge", "diff", "info", "formats"):
            usage = text_of([support.LINEPROF, *command.split(), "--help"])
            for option in re.findall(r"--[a-z-]+", usage):
                self.assertIn(option, page)
        self.assertNotIn("--print-", page)


class Installation(support.TestCase):
    def test_all_is_installed(self):
        subprocess.run(
            ["cmake", "--install", support.BUILD, "--prefix", self.directory],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        for name in (
            "bin/lineprof",
            "lib/lineprof/liblineprof_agent.so",
            "share/bash-completion/completions/lineprof",
            "share/zsh/site-functions/_lineprof",
            "share/fish/vendor_completions.d/lineprof.fish",
            "share/man/man1/lineprof.1",
        ):
            self.assertTrue(os.path.isfile(self.path(name)), name)


if __name__ == "__main__":
    unittest.main()
