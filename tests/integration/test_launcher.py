"""The launcher: the program behaves as without lineprof, and nothing of lineprof is left behind."""

import os
import pty
import re
import resource
import shutil
import signal
import subprocess
import sys
import unittest

import support

# Prints "ready" once it can be interrupted, and how often it was.
COUNT_SIGNALS = """
import signal, sys, time
count = 0
def note(*_):
    global count
    count += 1
signal.signal(int(sys.argv[1]), note)
print("ready", flush=True)
while count == 0:
    time.sleep(0.01)
deadline = time.monotonic() + 0.3
while time.monotonic() < deadline:
    time.sleep(0.01)
print("count", count, flush=True)
"""


def read_until(stream, text):
    """Reads a descriptor until `text` has come; returns all that came."""
    got = b""
    while text not in got:
        try:
            some = os.read(stream, 4096)
        except OSError:  # EIO: the other end of the terminal is closed
            some = b""
        if not some:
            raise AssertionError("ended before %r: %r" % (text, got))
        got += some
    return got


class Endings(support.TestCase):
    def test_exit_status_is_the_programs(self):
        for status in (0, 1, 3, 127, 255):
            with self.subTest(status=status):
                code = "import sys; sys.exit(%d)" % status
                done = self.sample("-qo", "out.txt", "-c", code)
                self.assertEqual(done.returncode, status, done.stderr)
        self.assert_no_recordings()

    def test_killed_by_signal_ends_by_it_and_reports(self):
        resource_limit = resource.getrlimit(resource.RLIMIT_CORE)
        for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV, signal.SIGINT, signal.SIGRTMIN):
            with self.subTest(signal=number):
                code = "import os, signal; signal.signal({0}, signal.SIG_DFL) if {0} != 9 else 0;"
                code += "os.kill(os.getpid(), {0})"
                done = self.sample("-qo", "out.txt", "-c", code.format(int(number)))
                self.assertEqual(done.returncode, -number, done.stderr)
                self.assertTrue(self.read("out.txt").startswith("Command line: "))
                os.unlink(self.path("out.txt"))
        self.assertEqual(resource.getrlimit(resource.RLIMIT_CORE), resource_limit)
        self.assert_no_recordings()

    def test_command_that_is_no_python_is_named_and_keeps_its_status(self):
        done = self.lineprof("-s", "0.001", "-o", "out.txt", "--", "sh", "-c", "exit 7")
        self.assertEqual(done.returncode, 7)
        self.assertIn(b"no Python that can be profiled has run", done.stderr)
        self.assertTrue(self.read("out.txt").startswith("Command line: sh -c 'exit 7'\n"))

    def test_what_the_kernel_refuses_to_run_is_a_failure(self):
        self.write("garbage", "no program at all\n", mode=0o755)
        done = self.lineprof("-s", "0.001", "-o", "out.txt", "--", "./garbage")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, b"lineprof: cannot run ./garbage: Exec format error\n")
        self.assertFalse(os.path.exists(self.path("out.txt")))
        self.assert_no_recordings()


class Streams(support.TestCase):
    def test_standard_streams_are_the_programs(self):
        code = "import sys; sys.stderr.write('err'); sys.stdout.write(sys.stdin.read().upper())"
        done = self.sample("-qo", "out.txt", "-c", code, stdin=None, input=b"some text")
        self.assertEqual((done.stdout, done.stderr), (b"SOME TEXT", b"err"))

    def test_program_inherits_no_descriptor_of_lineprof(self):
        code = "import os; print(sorted(os.listdir('/proc/self/fd')))"
        bare = subprocess.run(
            [support.PYTHON, "-c", code], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True
        )
        done = self.lineprof("-s", "0.001", "-qo", "out.txt", "--", support.PYTHON, "-c", code)
        descriptors = [int(name) for name in re.findall(r"\d+", done.stdout.decode())]
        low = [number for number in descriptors if number < 10]
        self.assertEqual(low, [int(name) for name in re.findall(r"\d+", bare.stdout.decode())])

    def test_closed_standard_output_of_the_program_stays_closed(self):
        code = "import os; os.fstat(1)"
        done = self.sample(
            "-qo", "out.txt", "-c", code, stdout=None, preexec_fn=lambda: os.close(1)
        )
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"Bad file descriptor", done.stderr)

    def test_report_on_closed_standard_output_keeps_the_recording(self):
        done = self.sample("-c", "pass", stdout=None, preexec_fn=lambda: os.close(1))
        self.assert_kept(done, "standard output: Bad file descriptor")

    def test_full_device_keeps_the_recording_and_names_it(self):
        done = self.sample("-o", "/dev/full", "-c", "pass")
        self.assert_kept(done, "/dev/full: No space left on device")
        with open("/dev/full", "wb") as full:
            done = self.sample("-c", "pass", stdout=full)
        self.assert_kept(done, "standard output: No space left on device")

    def assert_kept(self, done, reason):
        stderr = done.stderr.decode()
        self.assertEqual(done.returncode, 1, stderr)
        pattern = r"lineprof: cannot write %s; the recording is kept in (\S+)\n" % re.escape(reason)
        self.assertRegex(stderr, pattern)
        self.assertTrue(os.path.isdir(re.search(pattern, stderr)[1]))

    def test_failed_write_leaves_the_last_report_and_no_rubbish(self):
        self.write("out.txt", "the last report\n")
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))  # noqa: E731
        # The limit raises SIGXFSZ, which Python ignores and lineprof is given ignored here.
        command = ["-s", "0.001", "-q", "-o", "out.txt", "--", "true"]
        done = self.lineprof(*command, preexec_fn=lambda: (limit(), ignore(signal.SIGXFSZ)))
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"cannot write out.txt: File too large", done.stderr)
        self.assertEqual(self.read("out.txt"), "the last report\n")
        self.assertEqual(sorted(os.listdir(self.directory)), ["out.txt", "recordings"])

    def test_report_into_head_is_quiet(self):
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "wb") as closed:
            done = self.sample("-q", "-c", "import sys; sys.exit(5)", stdout=closed)
        self.assertEqual((done.returncode, done.stderr), (5, b""))
        self.assert_no_recordings()

    def test_broken_pipe_still_kills_a_program_that_leaves_it_alone(self):
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "wb") as closed:
            command = ["-s", "0.001", "-qo", "out.txt", "--", "sh", "-c", "echo text; exit 1"]
            done = self.lineprof(*command, stdout=closed, restore_signals=True)
        self.assertEqual(done.returncode, -signal.SIGPIPE)

    def test_every_output_gets_the_report(self):
        os.mkfifo(self.path("fifo"))
        os.symlink("target.txt", self.path("link"))
        self.write("target.txt", "old", mode=0o640)
        copy = open(self.path("copy.txt"), "wb")
        with copy, subprocess.Popen(["cat", self.path("fifo")], stdout=copy):
            names = ["a.txt", "link", "fifo", "/dev/null", "-"]
            outputs = [word for name in names for word in ("-o", name)]
            done = self.sample("-q", *outputs, "-c", "pass")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith(b"Command line: "))
        self.assertEqual(self.read("a.txt").encode(), done.stdout)
        self.assertEqual(self.read("target.txt").encode(), done.stdout)
        self.assertEqual(self.read("copy.txt").encode(), done.stdout)
        self.assertTrue(os.path.islink(self.path("link")))
        self.assertEqual(os.stat(self.path("target.txt")).st_mode & 0o777, 0o640)


def ignore(number):
    signal.signal(number, signal.SIG_IGN)


class Signals(support.TestCase):
    def start(self, number, **options):
        self.write("count.py", COUNT_SIGNALS)
        command = [support.LINEPROF, "-s", "0.001", "-qo", "out.txt", "--python", support.PYTHON]
        process = subprocess.Popen(
            [*command, "count.py", str(int(number))],
            cwd=self.directory,
            env=self.environment(),
            stdout=subprocess.PIPE,
            **options,
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        read_until(process.stdout.fileno(), b"ready")
        return process

    def test_sent_to_lineprof_reach_the_program(self):
        numbers = "SIGTERM SIGHUP SIGINT SIGQUIT SIGUSR1 SIGUSR2".split()
        for name in numbers:
            with self.subTest(signal=name):
                number = getattr(signal, name)
                process = self.start(number)
                process.send_signal(number)
                read_until(process.stdout.fileno(), b"count 1")
                self.assertEqual(process.wait(support.TIMEOUT_SECONDS), 0)
                self.assertTrue(self.read("out.txt").startswith("Command line: "))

    def test_term_to_lineprof_ends_both_by_it_with_a_report(self):
        process = self.start(signal.SIGUSR1)
        process.terminate()
        self.assertEqual(process.wait(support.TIMEOUT_SECONDS), -signal.SIGTERM)
        self.assertTrue(self.read("out.txt").startswith("Command line: "))
        self.assert_no_recordings()

    def test_dispositions_and_mask_are_as_given(self):
        def odd_start():
            ignore(signal.SIGHUP)
            ignore(signal.SIGCHLD)
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, [signal.SIGUSR2, signal.SIGTERM])

        # grep shows what it was started with; Python changes some of it itself.
        command = ["grep", "-E", "Sig(Ign|Blk)", "/proc/self/status"]
        bare = subprocess.run(
            command, stdout=subprocess.PIPE, preexec_fn=odd_start, restore_signals=False, check=True
        )
        done = self.lineprof(
            *["-s", "0.001", "-qo", "out.txt", "--", *command],
            preexec_fn=odd_start,
            restore_signals=False,
        )
        self.assertEqual(done.stdout, bare.stdout)
        self.assertEqual(done.returncode, 0, "the status is lost if SIGCHLD stays ignored")


class Terminal(support.TestCase):
    """On a terminal of its own, whose keys send signals to lineprof and its program alike."""

    def start(self, *arguments):
        """Forks a child that leads the terminal's session; returns (pid, descriptor of the terminal)."""
        command = [support.LINEPROF, "-s", "0.001", "-o", "out.txt", *arguments]
        pid, terminal = pty.fork()
        if pid == 0:
            try:
                os.chdir(self.directory)
                os.execve(command[0], command, self.environment())
            finally:
                os._exit(99)
        self.addCleanup(os.close, terminal)
        return pid, terminal

    def finish(self, pid, terminal):
        """The rest of the terminal's text, and the wait status."""
        text = b""
        while True:
            try:
                some = os.read(terminal, 4096)
            except OSError:
                break
            if not some:
                break
            text += some
        return text, os.waitpid(pid, 0)[1]

    def test_ctrl_c_reaches_the_program_once_and_the_report_is_written(self):
        self.write("count.py", COUNT_SIGNALS)
        pid, terminal = self.start("--python", support.PYTHON, "count.py", str(int(signal.SIGINT)))
        read_until(terminal, b"ready")
        os.write(terminal, b"\x03")
        text, status = self.finish(pid, terminal)
        self.assertIn(b"count 1\r\n", text)
        self.assertEqual(status, 0)
        self.assertTrue(self.read("out.txt").startswith("Command line: "))

    def test_ctrl_c_that_ends_the_program_ends_lineprof_after_the_report(self):
        code = "import time; print('ready', flush=True); time.sleep(60)"
        pid, terminal = self.start("--python", support.PYTHON, "-c", code)
        read_until(terminal, b"ready")
        os.write(terminal, b"\x03")
        text, status = self.finish(pid, terminal)
        self.assertEqual(text.count(b"KeyboardInterrupt"), 1, text)
        self.assertTrue(os.WIFSIGNALED(status), status)
        self.assertEqual(os.WTERMSIG(status), signal.SIGINT)
        self.assertTrue(self.read("out.txt").startswith("Command line: "))
        self.assert_no_recordings()

    def test_ctrl_z_stops_both_and_both_go_on(self):
        # Not the leader of the session (whose stop the terminal would not honour): a child of its own.
        self.write("run.py", JOB_CONTROL)
        self.write("count.py", COUNT_SIGNALS)
        pid, terminal = pty.fork()
        if pid == 0:
            try:
                os.chdir(self.directory)
                command = [support.LINEPROF, "-s", "0.001", "-qo", "out.txt"]
                command += ["--python", support.PYTHON, "count.py", str(int(signal.SIGUSR1))]
                os.execve(sys.executable, [sys.executable, "run.py", *command], self.environment())
            finally:
                os._exit(99)
        self.addCleanup(os.close, terminal)
        read_until(terminal, b"ready")
        os.write(terminal, b"\x1a")
        read_until(terminal, b"stopped")
        text, status = self.finish(pid, terminal)
        self.assertIn(b"count 1\r\n", text)
        self.assertEqual(status, 0, text)

    def test_progress_is_shown_after_two_seconds_and_erased(self):
        code = "import time; time.sleep(3)"
        pid, terminal = self.start("--python", support.PYTHON, "-c", code)
        text, status = self.finish(pid, terminal)
        self.assertEqual(status, 0)
        self.assertRegex(text, rb"lineprof: 2\.\d s, [\d,]+ samples?, \d+ process(es)?\r\x1b\[K")

    def test_quiet_shows_nothing(self):
        pid, terminal = self.start("-q", "--python", support.PYTHON, "-c", "import time; time.sleep(2.5)")
        self.assertEqual(self.finish(pid, terminal), (b"", 0))


# A shell's part in job control: runs its arguments in a foreground group, sees it stopped, lets it go
# on, then sends it the signal that it waits for.
JOB_CONTROL = """
import os, signal, sys, time
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
pid = os.fork()
if pid == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])
_, status = os.waitpid(pid, os.WUNTRACED)
assert os.WIFSTOPPED(status), status
children = open("/proc/%d/task/%d/children" % (pid, pid)).read().split()
assert len(children) == 1, children
while open("/proc/%s/stat" % children[0]).read().rsplit(")", 1)[1].split()[0] != "T":
    time.sleep(0.01)
print("stopped", flush=True)
os.kill(-pid, signal.SIGCONT)
os.kill(pid, signal.SIGUSR1)
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status))
"""


class Environment(support.TestCase):
    CODE = "import os; print({name: os.environ[name] for name in sorted(os.environ)})"

    def variables(self, **changes):
        done = self.sample("-qo", "out.txt", "-c", self.CODE, env=self.environment(**changes))
        self.assertEqual(done.returncode, 0, done.stderr)
        return eval(done.stdout.decode())  # a dict, printed by CODE

    def test_only_the_agent_and_its_settings_are_added(self):
        base = self.environment(LD_PRELOAD=None)
        bare = subprocess.run(
            [support.PYTHON, "-c", self.CODE], env=base, stdout=subprocess.PIPE, check=True
        )
        expected = eval(bare.stdout.decode())
        variables = self.variables(LD_PRELOAD=None)
        self.assertEqual(variables.pop("LD_PRELOAD"), support.AGENT)
        self.assertIn("period_ns=1000000;", variables.pop("LINEPROF_SETTINGS"))
        self.assertEqual(variables, expected)

    def test_existing_preloads_are_kept(self):
        for existing in ("libm.so.6", "libm.so.6 libutil.so.1", "libm.so.6:libutil.so.1"):
            with self.subTest(preload=existing):
                preload = self.variables(LD_PRELOAD=existing)["LD_PRELOAD"]
                self.assertEqual(preload, support.AGENT + ":" + existing)

    def test_recordings_go_where_there_is_room(self):
        found = re.search("directory=(.*)", self.variables()["LINEPROF_SETTINGS"])[1]
        self.assertEqual(os.path.dirname(found), self.recordings)
        tmpdir = self.path("tmp")
        os.mkdir(tmpdir)
        variables = self.variables(XDG_RUNTIME_DIR=self.path("missing"), TMPDIR=tmpdir)
        found = re.search("directory=(.*)", variables["LINEPROF_SETTINGS"])[1]
        self.assertEqual(os.path.dirname(found), tmpdir)

    def test_recordings_are_private(self):
        code = "import os, re; print(oct(os.stat(re.search('directory=(.*)', "
        code += "os.environ['LINEPROF_SETTINGS'])[1]).st_mode & 0o7777))"
        for mask in (0, 0o077):
            done = self.sample("-qo", "out.txt", "-c", code, umask=mask)
            self.assertEqual(done.stdout, b"0o700\n")


class Installation(support.TestCase):
    """The files as they are installed."""

    def install(self, prefix):
        """Copies what `cmake --install` puts into a prefix."""
        done = subprocess.run(
            ["cmake", "--install", support.BUILD, "--prefix", prefix],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout)

    def run_from(self, prefix, **changes):
        return subprocess.run(
            [os.path.join(prefix, "bin", "lineprof"), "-vs", "0.001", "-o", "out.txt", "-c", "pass"],
            cwd=self.directory,
            env=self.environment(**changes),
            stderr=subprocess.PIPE,
            check=False,
        )

    def test_installed_prefix_can_be_moved(self):
        self.install(self.path("first"))
        files = sorted(
            os.path.relpath(os.path.join(folder, name), self.path("first"))
            for folder, _, names in os.walk(self.path("first"))
            for name in names
        )
        expected = """bin/lineprof
            lib/lineprof/liblineprof_agent.so
            share/bash-completion/completions/lineprof
            share/fish/vendor_completions.d/lineprof.fish
            share/man/man1/lineprof.1
            share/zsh/site-functions/_lineprof"""
        self.assertEqual(files, expected.split())
        os.rename(self.path("first"), self.path("second"))
        done = self.run_from(self.path("second"))
        self.assertEqual(done.returncode, 0, done.stderr)
        agent = "agent: %s/lib/lineprof/liblineprof_agent.so\n" % self.path("second")
        self.assertIn(agent.encode(), done.stderr)
        self.assertNotIn(b"cannot be preloaded", done.stderr)

    def test_prefix_with_blanks_is_preloaded_through_a_link(self):
        prefix = self.path("a b:c")
        self.install(prefix)
        done = self.run_from(prefix)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, rb"agent: \S+/recordings/lineprof-\w+/liblineprof_agent.so\n")
        self.assertNotIn(b"cannot be preloaded", done.stderr)
        self.assert_no_recordings()

    def test_prefix_and_recordings_with_blanks_fail_with_one_line(self):
        prefix = self.path("a b")
        self.install(prefix)
        done = self.run_from(prefix, XDG_RUNTIME_DIR=prefix)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, rb"\Alineprof: the agent cannot be preloaded: .*\n\Z")

    def test_missing_agent_fails_with_one_line(self):
        self.install(self.path("prefix"))
        shutil.rmtree(self.path("prefix/lib"))
        done = self.run_from(self.path("prefix"))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, rb"\Alineprof: cannot open the agent .*agent.so: No such.*\n\Z")

    def test_needs_nothing_but_glibc(self):
        libc = {"linux-vdso.so.1", "libc.so.6", "ld-linux-x86-64.so.2"}
        # Each child of the program loads the agent, and what it needs.
        for path, allowed in ((support.LINEPROF, libc | {"libm.so.6"}), (support.AGENT, libc)):
            listing = subprocess.run(["ldd", path], stdout=subprocess.PIPE, check=True).stdout.decode()
            names = {os.path.basename(line.split()[0]) for line in listing.splitlines()}
            with self.subTest(file=path):
                self.assertEqual(names - allowed, set())

    def test_agent_exports_only_what_its_map_lists(self):
        with open(os.path.join(support.ROOT, "src", "agent", "agent.map"), encoding="utf-8") as file:
            text = re.sub(r"/\*.*?\*/|#[^\n]*", "", file.read(), flags=re.DOTALL)
        listed = re.search(r"global:(.*?)local:", text, re.DOTALL)[1]
        allowed = set(re.findall(r"\w+", listed))
        symbols = subprocess.run(
            ["nm", "--dynamic", "--defined-only", "--format=just-symbols", support.AGENT],
            stdout=subprocess.PIPE,
            check=True,
        )
        exported = {name.split("@")[0] for name in symbols.stdout.decode().split()}
        self.assertEqual(exported, allowed)


class Wrappers(support.TestCase):
    def test_program_started_through_wrapper_scripts(self):
        self.write("inner", '#!/bin/sh\nexec %s "$@"\n' % support.PYTHON, mode=0o755)
        self.write("outer", '#!/bin/sh\nexec ./inner "$@"\n', mode=0o755)
        done = self.lineprof(
            *["-s", "0.001", "-qo", "out.txt", "--python", "./outer", "-c", "import sys; sys.exit(4)"]
        )
        self.assertEqual((done.returncode, done.stderr), (4, b""))

    def test_unsupported_python_is_named_and_runs(self):
        answer = "lineprof-probe pypy 3 10 0"
        self.write("pypy", '#!/bin/sh\ncase $* in *lineprof-probe*) echo %s;; *) exit 6;; esac' % answer)
        os.chmod(self.path("pypy"), 0o755)
        done = self.lineprof("-s", "0.001", "-qo", "out.txt", "--python", "./pypy", "-c", "pass")
        self.assertEqual(done.returncode, 6)
        self.assertRegex(done.stderr, rb"\Alineprof: ./pypy is pypy 3\.10: .*it runs unprofiled\n\Z")


if __name__ == "__main__":
    unittest.main()
