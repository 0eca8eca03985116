"""The command line: what is refused, how it says so, and what belongs to the program."""

import os
import stat
import unittest

import support

REFUSED = 2
NOBODY = 65534


class Refusals(support.TestCase):
    """Bad input: one line that names the thing, status 2, nothing run and nothing overwritten."""

    def setUp(self):
        super().setUp()
        self.write("ran.py", "open('ran', 'w').close()\n")
        self.write("out.txt", "the last report\n")
        self.write("empty.txt", "")
        os.mkdir(self.path("folder"))
        before = self.listing()
        self.addCleanup(lambda: self.assertEqual(self.listing(), before))

    def listing(self):
        """Names and contents of all that is in the test's directory."""
        contents = {}
        for folder, _, names in os.walk(self.directory):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    contents[path] = (file.read(), os.stat(path).st_mtime_ns)
        return contents

    def refuse(self, named, *arguments, **options):
        done = self.lineprof(*arguments, **options)
        stderr = done.stderr.decode()
        self.assertEqual(done.returncode, REFUSED, stderr)
        self.assertEqual(done.stdout, b"")
        self.assertEqual(stderr.count("\n"), 1, stderr)
        self.assertTrue(stderr.startswith("lineprof: "), stderr)
        self.assertIn(named, stderr)

    def test_each_is_one_line_that_names_the_thing(self):
        sampling = ["-s", "0.001", "-o", "out.txt"]
        cases = [
            ("no program", []),
            ("no program", sampling),
            ("missing.py", [*sampling, "missing.py"]),
            ("no/such.py", [*sampling, "no/such.py"]),
            ("ran.py/x.py", [*sampling, "ran.py/x.py"]),
            ("folder is a directory", [*sampling, "folder"]),
            ("no Python script", [*sampling, "ls"]),
            ("''", [*sampling, ""]),
            ("no module after -m", [*sampling, "-m"]),
            ("no code after -c", [*sampling, "-c"]),
            ("no command after --", [*sampling, "--"]),
            ("no-such-command", [*sampling, "--", "no-such-command"]),
            ("./no-such-command", [*sampling, "--", "./no-such-command"]),
            ("ran.py: Permission denied", [*sampling, "--", "./ran.py"]),
            ("folder is a directory", [*sampling, "--", "./folder"]),
            ("--no-such-option", [*sampling, "--no-such-option", "ran.py"]),
            ("--stat", ["--stat", "0.001", "ran.py"]),
            ("-x", [*sampling, "-x", "ran.py"]),
            ("--timer is for samples", ["--timer", "perf", "-o", "out.txt", "ran.py"]),
            ("--only: bad regular expression", ["--only", "(", "-o", "out.txt", "ran.py"]),
            ("-s '0'", ["-s", "0", "-o", "out.txt", "ran.py"]),
            ("-s '-1'", ["-s", "-1", "-o", "out.txt", "ran.py"]),
            ("-s 'abc'", ["-s", "abc", "-o", "out.txt", "ran.py"]),
            ("-s '10'", ["-s", "10", "-o", "out.txt", "ran.py"]),
            ("-s '0.00004'", ["-s", "0.00004", "-o", "out.txt", "ran.py"]),
            ("-s '1.5'", ["-s1.5", "-o", "out.txt", "ran.py"]),
            ("-s 'nan'", ["-s", "nan", "ran.py"]),
            ("-s '0.001s'", ["-s", "0.001s", "ran.py"]),
            ("-s '0x1p-10'", ["-s", "0x1p-10", "ran.py"]),
            ("'--statistic'", ["-s", "0.001", "-s", "0.002", "ran.py"]),
            ("'--statistic'", ["-s"]),
            ("-r '0'", ["-r", "0", "ran.py"]),
            ("-r '20001'", ["-r", "20001", "ran.py"]),
            ("-s and -r", ["-s", "0.001", "-r", "1000", "-o", "out.txt", "ran.py"]),
            ("--include: bad regular expression '('", [*sampling, "--include", "(", "ran.py"]),
            ("'*.py'", [*sampling, "--exclude", "*.py", "ran.py"]),
            ("--format 'html'", [*sampling, "-f", "html", "ran.py"]),
            ("--hot 'x'", [*sampling, "--hot", "x", "ran.py"]),
            ("--hot '-1'", [*sampling, "--hot=-1", "ran.py"]),
            ("--context '1.5'", [*sampling, "--context", "1.5", "ran.py"]),
            ("--sort 'size'", [*sampling, "--sort", "size", "ran.py"]),
            ("--color 'red'", [*sampling, "--color", "red", "ran.py"]),
            ("--columns 'gpu'", [*sampling, "--columns", "cpu,gpu", "ran.py"]),
            ("--clock 'tai'", [*sampling, "--clock", "tai", "ran.py"]),
            ("--threads '2'", [*sampling, "-t", "2", "ran.py"]),
            ("--timer 'hpet'", [*sampling, "--timer", "hpet", "ran.py"]),
            ("--signal 'KILL'", [*sampling, "--signal", "KILL", "ran.py"]),
            ("--signal '0'", [*sampling, "--signal", "0", "ran.py"]),
            ("--signal '32'", [*sampling, "--signal", "32", "ran.py"]),
            ("--signal 'SIGNO'", [*sampling, "--signal", "SIGNO", "ran.py"]),
            ("missing/out.txt", ["-s", "0.001", "-o", "missing/out.txt", "ran.py"]),
            ("/proc/out.txt", ["-s", "0.001", "-o", "/proc/out.txt", "ran.py"]),
            ("folder", ["-s", "0.001", "-o", "folder", "ran.py"]),
            ("new/", ["-s", "0.001", "-o", "new/", "ran.py"]),
            ("out.txt/x", ["-s", "0.001", "-o", "out.txt/x", "ran.py"]),
            ("file name is empty", ["-s", "0.001", "-o", "", "ran.py"]),
            ("out.txt is given twice", [*sampling, "-o", "out.txt", "ran.py"]),
            ("./out.txt is given twice", [*sampling, "-o", "./out.txt", "ran.py"]),
            ("- is given twice", ["-s", "0.001", "-o", "-", "-o", "-", "ran.py"]),
            ("--out %x", ["-s", "0.001", "-o", "%x", "ran.py"]),
            ("--out %p/out", ["-s", "0.001", "-o", "%p/out", "ran.py"]),
            ("missing/", ["-s", "0.001", "-o", "missing/%p.txt", "ran.py"]),
            ("a%p is given twice", [*sampling, "-o", "a%p", "-o", "a%p", "ran.py"]),
            ("b.lineprof", [*sampling, "-f", "text", "-o", "b.lineprof", "ran.py"]),
            ("--fold: bad regular expression '('", [*sampling, "--fold", "(", "ran.py"]),
            ("--root: bad regular expression '*'", [*sampling, "--root", "*", "ran.py"]),
            ("--hot 'x'", [*sampling, "--hot", "x", "ran.py"]),
            ("report takes 1 file", ["report"]),
            ("--no-such", ["report", "out.txt", "--no-such"]),
            ("missing/new.txt", ["merge", "out.txt", "-o", "missing/new.txt"]),
            ("no --out", ["merge", "out.txt"]),
            ("diff takes 2 files", ["diff", "out.txt"]),
            ("--fail-above '-1'", ["diff", "out.txt", "out.txt", "--fail-above", "-1"]),
            ("info takes 1 file", ["info", "out.txt", "empty.txt"]),
            ("--print-completion 'csh'", ["--print-completion", "csh"]),
            ("--python /bin/cat", [*sampling, "--python", "/bin/cat", "ran.py"]),
            ("no-such-python", [*sampling, "--python", "no-such-python", "ran.py"]),
            ("./missing/python", [*sampling, "--python", "./missing/python", "ran.py"]),
            ("./folder", [*sampling, "--python", "./folder", "ran.py"]),
            ("./ran.py", [*sampling, "--python", "./ran.py", "ran.py"]),
        ]
        for named, arguments in cases:
            with self.subTest(arguments=arguments):
                self.refuse(named, *arguments)

    def test_name_with_a_line_break_stays_one_line(self):
        self.refuse("two lines.py", "-s", "0.001", "two\nlines.py")

    def test_no_python_on_path(self):
        environment = self.environment(PATH=self.path("folder"), VIRTUAL_ENV=None)
        self.refuse("no python3 on PATH", "-s", "0.001", "ran.py", env=environment)

    def test_what_permissions_forbid(self):
        options = {}
        if os.geteuid() == 0:  # whom nothing is forbidden
            options = {"user": NOBODY, "group": NOBODY, "extra_groups": [], "lineprof": self.lineprof_for_all()}
            for name in (".", "ran.py", "empty.txt", "folder"):
                os.chown(self.path(name), NOBODY, NOBODY)
        os.chmod(self.path("folder"), stat.S_IRUSR | stat.S_IXUSR)
        self.refuse("folder/out.txt", "-s", "0.001", "-o", "folder/out.txt", "ran.py", **options)
        os.chmod(self.path("empty.txt"), stat.S_IRUSR)
        self.refuse("empty.txt", "-s", "0.001", "-o", "empty.txt", "ran.py", **options)
        os.chmod(self.path("ran.py"), 0)
        self.refuse("ran.py", "-s", "0.001", "ran.py", **options)
        os.chmod(self.path("ran.py"), stat.S_IRUSR)


class Information(support.TestCase):
    def test_help_fits_80_columns_and_names_every_option(self):
        done = self.lineprof("--help")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stderr, b"")
        text = done.stdout.decode()
        self.assertLessEqual(max(len(line) for line in text.splitlines()), 80)
        for option in (
            "-s -r -o -f -t -v -q --statistic --rate --out --format --clock --threads --python "
            "--include --exclude --exclude-syspath --hot --context --sort --color --columns --timer --signal --help --version"
        ).split():
            self.assertIn(option, text)
        self.assertEqual(text.count("\n  lineprof -"), 4, "examples")

    def test_version(self):
        done = self.lineprof("--version")
        self.assertEqual((done.returncode, done.stdout), (0, b"lineprof 0.1.0\n"))

    def test_help_into_a_full_device_fails(self):
        with open("/dev/full", "wb") as full:
            done = self.lineprof("--help", stdout=full)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"No space left on device", done.stderr)


class ProgramArguments(support.TestCase):
    """All that follows the program's name is the program's."""

    def setUp(self):
        super().setUp()
        self.code = "import sys; print(sys.argv)"
        self.write("show.py", self.code + "\n")
        self.write("show_module.py", self.code + "\n")

    def program_output(self, *arguments, **options):
        """The first line that the program printed."""
        done = self.sample("-q", "-o", "out.txt", *arguments, **options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.decode().split("\n")[0]

    def test_arguments_are_passed_untouched(self):
        odd = ["-x", "--out", "-s", "--", "-m", "", "a b", "--help"]
        module = self.path("show_module.py")
        cases = [
            (["show.py", *odd], ["show.py", *odd]),
            (["-c", self.code, *odd], ["-c", *odd]),
            (["-c" + self.code, *odd], ["-c", *odd]),
            (["-m", "show_module", *odd], [module, *odd]),
            (["-mshow_module", *odd], [module, *odd]),
            (["--", support.PYTHON, "show.py", *odd], ["show.py", *odd]),
        ]
        for arguments, expected in cases:
            with self.subTest(arguments=arguments):
                self.assertEqual(self.program_output(*arguments), str(expected))

    def test_directory_with_main_is_a_script(self):
        os.mkdir(self.path("package"))
        self.write("package/__main__.py", self.code + "\n")
        self.assertEqual(self.program_output("package", "-x"), "['package', '-x']")

    def test_program_from_standard_input(self):
        with open(self.path("show.py"), "rb") as script:
            self.assertEqual(self.program_output("-", "-x", stdin=script), "['-', '-x']")

    def test_command_on_path_with_a_python_shebang_is_a_script(self):
        os.mkdir(self.path("bin"))
        shebangs = [
            "#!%s" % support.PYTHON,
            "#! %s -B" % support.PYTHON,
            "#!/usr/bin/env python3",
            "#!/usr/bin/env -S python3 -B",
        ]
        tool = os.path.join(self.path("bin"), "tool")
        environment = self.environment(PATH=self.path("bin") + ":" + os.environ["PATH"])
        for shebang in shebangs:
            with self.subTest(shebang=shebang):
                self.write("bin/tool", "%s\n%s\n" % (shebang, self.code), mode=0o755)
                arguments = ["-s", "0.001", "-q", "-o", "out.txt", "tool", "-x"]
                done = self.lineprof(*arguments, env=environment)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(done.stdout.decode(), "%s\n" % [tool, "-x"])

    def test_interpreter_of_the_active_virtual_environment(self):
        os.makedirs(self.path("venv/bin"))
        self.write("venv/bin/python", "#!/bin/sh\necho venv \"$@\"\n", mode=0o755)
        environment = self.environment(VIRTUAL_ENV=self.path("venv"))
        done = self.lineprof("-s", "0.001", "-qo", "out.txt", "show.py", "-x", env=environment)
        self.assertEqual(done.stdout, b"venv show.py -x\n")


if __name__ == "__main__":
    unittest.main()
