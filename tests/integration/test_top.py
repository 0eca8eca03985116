"""lineprof top: tables in a pipe, and a real screen: a pseudo-terminal, drawn by tmux."""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import tempfile
import termios
import time
import unittest

import support

REFUSED = 2
# Ends when the file `stop` is there, with what it counted as its last words, and status 3.
PROGRAM = """\
import os, sys, threading, time

def hot(n):
    return sum(i * i for i in range(n))  # hot

def wait():
    while not os.path.exists("stop"):
        time.sleep(0.02)  # parked

print("hello from the program", flush=True)
thread = threading.Thread(target=wait)
thread.start()
count = 0
while not os.path.exists("stop"):
    hot(1000)
    count += 1
thread.join()
print("counted" if count else "nothing", sys.stdin.read() == "", flush=True)
sys.exit(3)
"""
DEADLINE_SECONDS = 60
PARENT = """\
import subprocess, sys
sys.exit(subprocess.call([sys.executable, "program.py"]))
"""


def wait_for(condition, what):
    """The first true value of condition()."""
    end = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError("never: %s" % what)


def text_of(command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode()


class TestCase(support.TestCase):
    def setUp(self):
        super().setUp()
        self.script = self.write("program.py", PROGRAM)

    def command(self, *options):
        return [support.LINEPROF, "top", "--python", support.PYTHON, *options]

    def stop(self):
        self.write("stop", "")


class Tables(TestCase):
    def table(self, *options):
        """What is printed while the program runs for two tables and to its end; status."""
        program = subprocess.Popen(
            [*self.command("--interval", "0.3", *options), self.script],
            cwd=self.directory,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.addCleanup(program.kill)
        text = ""
        while text.count("lineprof top: ") < 4:
            text += os.read(program.stdout.fileno(), 65536).decode()
        self.stop()
        rest, errors = program.communicate(timeout=support.TIMEOUT_SECONDS)
        self.assertEqual(errors, b"")
        return text + rest.decode(), program.returncode

    def test_name_the_hot_line_and_what_waits(self):
        text, status = self.table()
        self.assertEqual(status, 3)
        self.assertIn("hello from the program\n", text)
        self.assertIn("counted True\n", text)
        last = text.split("lineprof top: ")[3].splitlines()
        self.assertRegex(last[4], r"^ +[1-9][\d.]* .*program\.py:4 .* return sum\(i \* i .* # hot$")
        self.assertRegex(last[1], r"^[\d.]+ % CPU, .* 1 process, 2 threads$")
        parked = next(line for line in last if line.endswith("# parked"))
        self.assertGreater(float(parked.split()[1]), 80)
        # The last one is of the whole time.
        self.assertIn("[average]", text[text.rindex("lineprof top: ") :])
        self.assert_no_recordings()

    def test_by_function(self):
        text, _ = self.table("--by", "function", "--sort", "wait", "-n", "1")
        rows = text.split("lineprof top: ")[3].splitlines()
        self.assertRegex(rows[4], r" wait +program\.py:6$")
        self.assertEqual(rows[5], "")

    def test_by_thread(self):
        text, _ = self.table("--by", "thread")
        self.assertEqual(len(re.findall(r"^ .*(?:running|sleeping)", text.split("lineprof top: ")[3], re.M)), 2)

    def test_by_process(self):
        text, _ = self.table("--by", "process")
        self.assertRegex(text.split("lineprof top: ")[3], r"(?m)^ .*(?:running|sleeping) +\S*python\S* .*program\.py$")

    def test_of_a_reader_that_goes_away_are_no_harm(self):
        command = " ".join([*self.command("-i", "0.1"), self.script])
        shell = subprocess.Popen(
            ["bash", "-c", command + " | head -n 3; echo ${PIPESTATUS[0]}"],
            cwd=self.directory,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # of the program, which may have lost its reader too
        )
        self.addCleanup(shell.kill)
        time.sleep(1)
        self.stop()
        text, _ = shell.communicate(timeout=support.TIMEOUT_SECONDS)
        # Its own, or, if the program lost its reader too, what Python makes of that.
        self.assertIn(text.decode().splitlines()[-1], ("3", "1", "120"))

    def test_of_a_program_that_is_killed(self):
        done = self.lineprof("top", "--python", support.PYTHON, "-c", "import os; os.kill(os.getpid(), 9)")
        self.assertEqual(done.returncode, -signal.SIGKILL)
        self.assertIn(b"lineprof top: ", done.stdout)
        self.assert_no_recordings()

    def test_of_what_is_no_python_say_so(self):
        done = self.lineprof("top", "--", "true")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stderr, b"lineprof: no Python that can be profiled has run\n")


class Running(TestCase):
    """A process that runs already."""

    def start(self, *command, name="program.py"):
        """The program as that command runs it; lineprof if there are options, else Python itself."""
        words = [*command, self.path(name)]
        program = subprocess.Popen(
            words,
            cwd=self.directory,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        self.addCleanup(program.stdout.close)
        self.addCleanup(program.wait)
        self.addCleanup(program.kill)
        program.stdout.readline()
        return program

    def lineprof_start(self, *options):
        return self.start(support.LINEPROF, *options, "-qo", "out.txt", "--python", support.PYTHON)

    def child_of(self, program):
        return int(text_of(["pgrep", "-P", str(program.pid)]).split()[0])

    def tables_of(self, pid, *options, count=4):
        """Tables of the process, and the lineprof that prints them."""
        top = subprocess.Popen(
            [support.LINEPROF, "top", "-i", "0.3", *options, str(pid)],
            cwd=self.directory,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.addCleanup(top.communicate)
        self.addCleanup(top.kill)
        text = ""
        while text.count("lineprof top: ") < count:
            piece = os.read(top.stdout.fileno(), 65536).decode()
            self.assertNotEqual(piece, "", top.stderr)
            text += piece
        return text, top

    def assert_shown_and_unharmed(self, program, pid):
        """Each way to end the view, and then the program's own end."""
        for end in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM):
            text, top = self.tables_of(pid)
            top.send_signal(end)
            top.communicate()
            self.assertEqual(top.returncode, -end)
            self.assertRegex(text, r"\n +[1-9].* program\.py:4 .*# hot\n")
            self.assertRegex(text, r"\n +\S+ +[6-9]\d.* program\.py:8 .*# parked\n")
            self.assertRegex(text, r"^lineprof top: %d \S*python\S* .*program\.py  \d+ s\n" % pid)
        _, top = self.tables_of(pid, count=1)
        self.stop()
        self.assertEqual(program.wait(support.TIMEOUT_SECONDS), 3)
        out, errors = top.communicate(timeout=support.TIMEOUT_SECONDS)
        self.assertEqual((top.returncode, errors), (0, b""))
        self.assertIn(b"[average]", out)
        self.assertEqual(program.stdout.read(), b"counted True\n")

    def test_one_that_lineprof_samples_is_shown_by_its_own_recording(self):
        program = self.lineprof_start("-s", "0.001")
        self.assert_shown_and_unharmed(program, self.child_of(program))
        self.assert_no_recordings()

    def test_another_is_looked_at_from_outside(self):
        program = self.start(support.PYTHON)
        self.assert_shown_and_unharmed(program, program.pid)

    def test_one_whose_lines_are_counted_is_looked_at_from_outside(self):
        program = self.lineprof_start()
        text, top = self.tables_of(self.child_of(program))
        self.assertRegex(text, r"\n +[1-9].* program\.py:4 ")
        top.kill()
        self.stop()
        self.assertEqual(program.wait(support.TIMEOUT_SECONDS), 3)

    def test_threads_and_who_has_the_gil(self):
        program = self.start(support.PYTHON)
        text, _ = self.tables_of(program.pid, "--by", "thread", count=8)
        self.assertRegex(text, r"\n +[1-9]\S+ .* %d +%d  running, GIL " % (program.pid, program.pid))
        self.stop()

    def test_children_are_shown_if_asked_for(self):
        self.write("parent.py", PARENT)
        program = self.start(support.PYTHON, name="parent.py")
        text, _ = self.tables_of(program.pid, "--by", "process", count=5)
        self.assertEqual(len(re.findall(r"program\.py$", text.split("top: ")[4], re.M)), 0)
        text, _ = self.tables_of(program.pid, "--children", "--by", "process", count=5)
        self.assertEqual(len(re.findall(r"program\.py$", text.split("top: ")[4], re.M)), 1)
        self.stop()
        self.assertEqual(program.wait(support.TIMEOUT_SECONDS), 3)


class Refusals(support.TestCase):
    def test_each_is_one_line(self):
        ended = subprocess.Popen(["true"])
        ended.wait()
        sleeper = subprocess.Popen(["sleep", "60"])  # no Python
        self.addCleanup(sleeper.wait)
        self.addCleanup(sleeper.kill)
        cases = [
            ("no PID and no program", []),
            ("'0' is no process id", ["0"]),
            ("process %d" % ended.pid, [str(ended.pid)]),
            ("'-5'", ["-5"]),
            ("a PID stands alone", ["12", "13"]),
            ("no-such.py", ["no-such.py"]),
            ("no command after --", ["--"]),
            ("no-such-command", ["--", "no-such-command"]),
            ("no module after -m", ["-m"]),
            ("--interval '0'", ["--interval", "0", "x.py"]),
            ("--interval '1h'", ["--interval", "1h", "x.py"]),
            ("--rows '-1'", ["--rows=-1", "x.py"]),
            ("--by 'file'", ["--by", "file", "x.py"]),
            ("--sort total", ["--by", "thread", "--sort", "total", "x.py"]),
            ("bad regular expression", ["--include", "(", "-c", "pass"]),
            ("--python", ["--python", "python3", "1"]),
            ("--children", ["--children", "x.py"]),
            ("process %d" % sleeper.pid, [str(sleeper.pid)]),
        ]
        for named, arguments in cases:
            with self.subTest(arguments=arguments):
                done = self.lineprof("top", *arguments)
                self.assertEqual(done.returncode, REFUSED, done.stderr)
                self.assertEqual(done.stdout, b"")
                self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)
                self.assertIn(named, done.stderr.decode())


@unittest.skipUnless(shutil.which("tmux"), "there is no tmux on this machine")
class Screen(TestCase):
    """What a user sees: tmux is the terminal, at 80x24."""

    def setUp(self):
        super().setUp()
        self.socket = self.path("tmux")
        self.addCleanup(self.tmux, "kill-server", check=False)

    def tmux(self, *arguments, check=True):
        done = subprocess.run(
            ["tmux", "-S", self.socket, "-f", "/dev/null", *arguments],
            check=check,
            cwd=self.directory,
            env=self.environment(TMUX=None, LC_ALL="C.UTF-8"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return done.stdout.decode()

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def keys(self, *keys):
        self.tmux("send-keys", *keys)

    def see(self, pattern):
        """Waits until the screen shows it."""
        try:
            return wait_for(lambda: re.search(pattern, self.screen(), re.M), pattern)
        except AssertionError as error:
            raise AssertionError("%s in\n%s" % (error, self.screen())) from None

    def start(self, command=None, setting=""):
        """A shell in the terminal, which says how the command ended, and the terminal's settings."""
        words = command or [*self.command("-i", "0.3"), self.script]
        # A terminal of its own: the last one may be ending still.
        self.tmux("kill-server", check=False)
        self.socket = tempfile.mktemp(prefix="tmux", dir=self.directory)
        for name in ("after", "stop"):
            if os.path.exists(self.path(name)):
                os.unlink(self.path(name))
        self.write(
            "shell",
            "stty -g > before\n%s%s\necho status=$?\nstty -g > after\nexec cat\n"
            % (setting, " ".join(words)),
        )
        self.tmux("new-session", "-d", "-x", "80", "-y", "24", "bash shell")

    def assert_ended(self, status):
        self.see("^status=%d$" % status)
        wait_for(lambda: os.path.exists(self.path("after")) and self.read("after"), "the shell goes on")
        self.assertEqual(self.read("after"), self.read("before"))
        self.assertEqual(self.tmux("display", "-p", "#{alternate_on} #{cursor_flag}").split(), ["0", "1"])

    def test_shows_the_hot_line_at_80x24_and_after_a_resize(self):
        self.start()
        self.see(r"^ +[1-9]\S+ .* program\.py:4 .*return sum")
        lines = self.screen().split("\n")
        self.assertRegex(lines[0], r"^lineprof top: .* \d+ s$")
        self.assertRegex(lines[1], r"CPU, .* waiting, .* samples/s")
        self.assertRegex(lines[3], r">CPU% +WAIT%")
        self.assertIn("q quit", lines[23])
        self.tmux("resize-window", "-x", "120", "-y", "12")
        self.see(r"program\.py:4 +hot\S* +return sum\(i \* i for i")
        self.see(r"q quit")
        self.assertEqual(len(self.screen().rstrip("\n").split("\n")), 12)
        self.tmux("resize-window", "-x", "20", "-y", "5")
        self.see(r"too small")
        self.tmux("resize-window", "-x", "80", "-y", "24")
        self.see(r"program\.py:4")
        self.stop()
        self.assert_ended(3)
        # What the program wrote is there, and where the time went.
        self.see(r"^hello from the program$")
        self.see(r"^counted True$")
        self.see(r"^\[average\] ")
        self.see(r"program\.py:4 +return sum\(i \* i")
        self.assert_no_recordings()

    def test_obeys_keys(self):
        self.start()
        self.see(r"program\.py:4 ")
        self.keys("f")
        self.see(r"^ +[1-9]\S+ .* (<genexpr>|hot\.<locals>)")
        self.see(r"FUNCTION +DEFINED AT")
        self.keys(">")
        self.see(r">WAIT%")
        self.see(r"(?s)>WAIT%[^\n]*\n +\S+ +[1-9]\S+[^\n]* wait +program\.py:6")
        self.keys("/", "HOT", "Enter")
        self.see(r"\[filter: HOT\]")
        self.assertNotIn(" wait ", self.screen().split("DEFINED AT")[1])
        self.keys("/", "(", "Enter")
        self.see(r"bad regular expression")
        self.keys("Escape")
        self.see(r" wait +program")
        self.keys("t")
        self.see(r"(?s)STATE +NAME.*(running|sleeping)")
        self.see(r"running, GIL")
        self.keys("p")
        self.see(r"STATE +COMMAND")
        self.keys("l")
        self.see(r"LINE +SOURCE")
        self.keys("Space")
        self.see(r"paused")
        seconds = self.screen().split("SOURCE")[1]
        time.sleep(1)
        self.assertEqual(self.screen().split("SOURCE")[1], seconds)
        self.keys("Space", "a")
        self.see(r"\[average\]")
        self.keys("a", "h")
        self.see(r"sort by the column")
        self.keys("x", "o")
        self.see(r"^hello from the program")
        self.keys("x", "r")
        self.see(r"(?s)SOURCE\n +\S+ +\S+ +\S+ +\S+ +[0-3]\.\d ")
        self.keys("q")
        self.see(r"shall the program go on")
        self.keys("x")
        self.see(r"q quit")
        self.stop()
        self.assert_ended(3)

    def test_quit_and_go_on_leaves_the_program_to_its_right_end(self):
        self.start()
        self.see(r"program\.py:4 ")
        self.keys("q")
        self.see(r"shall the program go on")
        self.keys("g")
        self.see(r"^hello from the program")
        self.assertNotIn("status=", self.screen())
        self.stop()
        self.see(r"^counted True$")
        self.assert_ended(3)

    def test_quit_and_end_it(self):
        for key in ("e", "C-c"):
            with self.subTest(key=key):
                self.start()
                self.see(r"program\.py:4 ")
                self.keys("C-c")
                self.see(r"shall the program go on")
                self.keys(key)
                self.assert_ended(128 + signal.SIGTERM)
                self.assert_no_recordings()

    def signalled(self, which):
        self.start()
        self.see(r"program\.py:4 ")
        top = int(text_of(["pgrep", "-f", "^%s top .*%s" % (support.LINEPROF, self.directory)]).split()[0])
        os.kill(top, which)

    def test_sigterm_ends_the_view_and_the_program(self):
        self.signalled(signal.SIGTERM)
        self.assert_ended(128 + signal.SIGTERM)

    def test_sighup_ends_the_view_and_the_program(self):
        self.signalled(signal.SIGHUP)
        self.assert_ended(128 + signal.SIGHUP)

    def test_program_that_crashes(self):
        crash = self.write("crash.py", "import os\nfor i in range(5_000_000): pass\nos.abort()\n")
        self.start(command=[*self.command("-i", "0.1"), crash])
        self.assert_ended(128 + signal.SIGABRT)

    def test_unknown_terminal_gets_tables(self):
        for term in ("no-such-terminal", "''"):
            with self.subTest(term=term):
                # Where nothing is redirected, the terminal is the program's.
                self.start([*self.command("-i", "0.3"), self.script, "</dev/null"], "TERM=%s " % term)
                self.see(r"program\.py:4 ")
                self.stop()
                self.assert_ended(3)
                everything = self.tmux("capture-pane", "-p", "-J", "-S", "-")
                self.assertIn("tables instead of a screen", everything)
                self.assertIn("hello from the program", everything)

    def test_stops_and_goes_on_like_any_job(self):
        self.write("jobs", "set -m\n%s\necho stopped\nfg\necho status=$?\nexec cat\n" % " ".join(
            [*self.command("-i", "0.3"), self.script]))
        self.tmux("new-session", "-d", "-x", "80", "-y", "24", "bash jobs")
        self.see(r"program\.py:4 ")
        self.keys("C-z")
        self.see(r"program\.py:4 .*(?s:.*)q quit")
        self.stop()
        self.see(r"^status=3$")
        self.see(r"^stopped$")


class HungUp(TestCase):
    def test_terminal_that_goes_away_ends_the_view_not_the_program(self):
        pid, master = pty.fork()
        if pid == 0:
            os.chdir(self.directory)
            os.environ.update(TERM="xterm", XDG_RUNTIME_DIR=self.recordings)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
            os.execv(support.LINEPROF, [*self.command("-i", "0.1"), self.script])
        settings = termios.tcgetattr(master)
        self.assertTrue(settings)
        seen = b""
        while b"program.py:4" not in seen:
            self.assertTrue(select.select([master], [], [], DEADLINE_SECONDS)[0])
            seen += os.read(master, 65536)
        os.close(master)
        time.sleep(0.5)
        with open("/proc/%d/stat" % pid, encoding="ascii") as file:
            ticks = int(file.read().rsplit(")", 1)[1].split()[11])
        time.sleep(0.5)
        with open("/proc/%d/stat" % pid, encoding="ascii") as file:
            self.assertLess(int(file.read().rsplit(")", 1)[1].split()[11]) - ticks, 25)
        self.stop()
        _, status = os.waitpid(pid, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 3)


if __name__ == "__main__":
    unittest.main()
