"""Family of processes: every child that runs Python records too, all added up (hazards.md)."""

import json
import os
import re
import subprocess
import unittest

import interpreters
import support


class Children(support.TestCase):
    def check(self, how, processes, pythons=None, **options):
        """family.py starts its children so, and its report has their work and its own."""
        for python in pythons or support.spread():
            with self.subTest(python=python.name, how=how):
                printed, report = self.profiled(
                    python, "family.py", how, options=["--clock", "cpu"], **options
                )
                self.assertEqual(len(printed["children"]), 2)
                child = report.marked("worker.py", "child").time
                expected = sum(printed["children"])
                self.assertAlmostEqual(child, expected, delta=0.04 + 0.05 * expected)
                parent = report.marked("family.py", "parent").time
                forked_work = printed["parent"] * (2 if how == "fork_in_thread" else 1)
                self.assertAlmostEqual(parent, forked_work, delta=0.04 + 0.05 * forked_work)
                self.assertIn(int(report.headers["Processes"]), processes)
                self.assert_no_recordings()

    def test_subprocess_records_too(self):
        self.check("subprocess", [3], interpreters.found())

    def test_fork_writes_a_recording_of_its_own(self):
        self.check("fork", [3], interpreters.found())

    def test_multiprocessing_fork_is_merged(self):
        self.check("multiprocessing_fork", [2, 3], interpreters.found())

    def test_multiprocessing_spawn_is_merged(self):
        # A resource tracker is a process too; one worker may do all before the other has begun.
        self.check("multiprocessing_spawn", [2, 3, 4], interpreters.found())

    def test_multiprocessing_forkserver_is_merged(self):
        self.check("multiprocessing_forkserver", [3, 4, 5])

    def test_fork_in_threads(self):
        self.check("fork_in_thread", [3])

    def test_fork_by_c_code_that_tells_the_interpreter(self):
        self.check("c_fork", [3])

    def test_vfork_and_posix_spawn(self):
        self.check("posix_spawn", [3])

    def test_subprocess_with_preexec_fn(self):
        # The child runs Python before its exec, so it may have recorded.
        self.check("preexec", [3, 5])

    def test_exec_after_fork(self):
        # A child of os.fork() may go on as Python for a while: it has recorded before its exec.
        self.check("exec", [3, 5])

    def test_child_with_a_cleared_environment_is_named(self):
        for python in interpreters.found():
            if not os.path.basename(python.path).startswith("python"):
                continue  # a wrapper script of another name is not known to become Python
            for how in ("cleared_environment", "spawned_with_cleared_environment"):
                if how == "cleared_environment" and python.version < (3, 10):
                    continue  # subprocess forks there, and a forked child cannot name anything
                with self.subTest(python=python.name, how=how):
                    _, report = self.profiled(python, "family.py", how)
                    self.assertEqual(report.headers["Processes"], "1")
                    self.assertRegex(
                        "\n".join(report.notes()), "not profiled, its environment lacks lineprof's: .*python"
                    )


class ForkOfThreads(support.TestCase):
    def test_fork_gives_no_warning_of_threads(self):
        for python in interpreters.found():
            for timer in support.TIMERS:
                with self.subTest(python=python.name, timer=timer):
                    self.need_timer(timer)
                    done = self.lineprof(
                        *["-s", "0.001", "-qo", "out.txt", "--timer", timer, "--", python.path],
                        *["-W", "always", support.program("fork_warnings.py")],
                    )
                    self.assertEqual((done.returncode, done.stderr), (0, b""))
                    self.assertEqual(json.loads(done.stdout), [4] * 10)

    def test_program_sees_its_own_threads_only(self):
        code = "import threading, time; time.sleep(0.1)\n"
        code += "print(threading.active_count(), [thread.name for thread in threading.enumerate()])"
        path = self.write("main.py", code)
        for python in support.spread():
            with self.subTest(python=python.name):
                done, _ = self.profile(python, path)
                self.assertEqual(done.stdout, b"1 ['MainThread']\n")


class Strangers(support.TestCase):
    def test_children_that_are_no_python_keep_their_status(self):
        code = "import subprocess; print(subprocess.call(['sh', '-c', 'exit 6']))"
        for python in support.spread():
            with self.subTest(python=python.name):
                done, report = self.profile(python, self.write("main.py", code))
                self.assertEqual((done.returncode, done.stdout), (0, b"6\n"), done.stderr)
                self.assertEqual(report.headers["Processes"], "1")

    def test_child_that_outlives_the_run_is_left_in_peace(self):
        code = "import os, sys, time\nif os.fork():\n    sys.exit(0)\ntime.sleep(1)\n"
        code += "end = time.process_time() + 0.3\nwhile time.process_time() < end: pass\n"
        code += "open(sys.argv[1], 'w').write('survived')\n"
        path = self.write("main.py", code)
        for python in support.spread():
            with self.subTest(python=python.name):
                survivor = self.path("survivor-%d" % python.version[1])
                done = self.lineprof(
                    *["-s", "0.001", "-qo", "out.txt", "--python", python.path, path, survivor],
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                self.assertEqual(done.returncode, 0)
                wait = "import os, sys, time\nfor _ in range(1500):\n"
                wait += "    if os.path.exists(sys.argv[1]) and open(sys.argv[1]).read(): break\n"
                wait += "    time.sleep(0.01)\nelse: sys.exit(1)"
                subprocess.run([support.PYTHON, "-c", wait, survivor], check=True)

    def test_several_pythons_in_one_run_are_named(self):
        pythons = support.spread()
        if len(pythons) < 2:
            self.skipTest("only one Python here")
        script = support.program("worker.py")
        command = "; ".join("%s %s 0.2" % (python.path, script) for python in pythons)
        done = self.lineprof("-s", "0.001", "-qo", "out.txt", "--", "sh", "-c", command)
        self.assertEqual(done.returncode, 0, done.stderr)
        report = support.Report(self.read("out.txt"))
        versions = set(re.findall(r"3\.\d+\.\d+", report.headers["Python"]))
        self.assertEqual(versions, {"%d.%d.%d" % python.version for python in pythons})
        self.assertGreater(report.marked("worker.py", "child").time, 0.18 * len(pythons))


if __name__ == "__main__":
    unittest.main()
