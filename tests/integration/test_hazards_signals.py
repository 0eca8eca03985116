"""Signals and system calls: the program's own signals, calls and descriptors (hazards.md)."""

import signal
import subprocess
import unittest

import support

FAST = "0.00005"


class BlockingCalls(support.TestCase):
    def check(self, timer, prefixes):
        """No call whose name begins so has gone wrong."""
        library = self.native("blocking_calls")
        for python in support.spread():
            with self.subTest(python=python.name):
                self.need_timer(timer)
                printed, _ = self.profiled(
                    python, "blocking_calls.py", library, options=["--timer", timer]
                )
                self.assertEqual(len(printed), 16)
                wrong = {name for name in printed if name.startswith(prefixes) and printed[name]}
                self.assertEqual({name: printed[name] for name in wrong}, {})

    PYTHON_CALLS = ("time", "select", "queue", "lock", "event", "socket", "os", "sub", "signal")

    def test_poll_select_epoll_wait_nanosleep_never_return_eintr_under_perf(self):
        self.check("perf", "c_")

    def test_blocking_calls_of_python_never_return_early_under_perf(self):
        self.check("perf", self.PYTHON_CALLS)

    def test_blocking_calls_of_python_never_return_early_under_monotonic(self):
        self.check("monotonic", self.PYTHON_CALLS)

    def test_200_sleeping_threads_are_never_woken(self):
        for python in support.spread():
            for timer in support.TIMERS:
                with self.subTest(python=python.name, timer=timer):
                    self.need_timer(timer)
                    printed, report = self.profiled(
                        python, "idle_threads.py", 200, options=["--timer", timer]
                    )
                    self.assertEqual(printed["threads"], 200)
                    self.assertLessEqual(printed["most_woken"], 1)
                    self.assertEqual(report.headers["Threads"], "201")
                    # What else the process used: the watcher.
                    self.assertLess(printed["all"], 1.15 * printed["used"] + 0.02)
                    busy = report.marked("idle_threads.py", "busy").time
                    self.assertGreater(busy, 0.9 * printed["used"])

    def test_waiting_of_200_threads_is_on_the_line_where_they_wait(self):
        _, report = self.profiled(support.spread()[-1], "idle_threads.py", 200)
        waiting = [row for row in report.rows("idle_threads.py") if "select.select" in row.source]
        self.assertGreater(waiting[0].time, 0.8 * report.header_number("Waiting time"))


class Forks(support.TestCase):
    def test_fork_of_a_big_process_is_not_restarted_forever(self):
        for timer in support.TIMERS:
            with self.subTest(timer=timer):
                self.need_timer(timer)
                printed, report = self.profiled(
                    *[support.spread()[-1], "fork_big.py", 1 << 29],
                    period=FAST,
                    options=["--timer", timer],
                )
                self.assertEqual(printed, 10)
                # Ticks go on after the forks.
                self.assertGreater(report.marked("fork_big.py", "after").hits, 0.5 * 0.2 / 0.00005)

    def test_timers_do_not_survive_exec(self):
        for python in support.spread():
            for timer in support.TIMERS:
                with self.subTest(python=python.name, timer=timer):
                    self.need_timer(timer)
                    done, report = self.profile(
                        python, "exec_later.py", period="0.0001", options=["--timer", timer]
                    )
                    self.assertEqual((done.returncode, done.stdout), (5, b""))
                    self.assertGreater(report.marked("exec_later.py", "before").time, 0.15)


class OwnSignals(support.TestCase):
    def test_program_uses_sigprof_itself(self):
        for python in support.spread():
            for timer in support.TIMERS:
                with self.subTest(python=python.name, timer=timer):
                    self.need_timer(timer)
                    printed, report = self.profiled(
                        python, "own_sigprof.py", options=["--timer", timer, "--signal", "SIGPROF"]
                    )
                    for fact in ("before", "same", "back", "ignored"):
                        self.assertTrue(printed[fact], fact)
                    self.assertEqual(printed["sent"], 1)
                    # 0.6 s of a timer of 20 ms; no tick of ours among them.
                    self.assertGreater(printed["timer"], 10)
                    self.assertLess(printed["timer"], 40)
                    self.assertGreater(printed["in_spin"], 10)
                    self.assertGreater(report.marked("own_sigprof.py", "hot").hits, 400)

    def test_sigprof_without_a_handler_ends_the_program_as_it_does_bare(self):
        code = "import os, signal, time; os.kill(os.getpid(), signal.SIGPROF); time.sleep(5)"
        options = ["--signal", "SIGPROF"]
        for python in support.spread():
            with self.subTest(python=python.name):
                done, _ = self.profile(python, self.write("main.py", code), options=options)
                self.assertEqual(done.returncode, -signal.SIGPROF)

    def test_handler_replaced_by_system_call_is_reported_and_ticks_stop(self):
        library = self.native("take_signal")
        for python in support.spread():
            for timer in support.TIMERS:
                with self.subTest(python=python.name, timer=timer):
                    self.need_timer(timer)
                    printed, report = self.profiled(
                        python,
                        "taken_sigprof.py",
                        library,
                        options=["--timer", timer, "--signal", "SIGPROF"],
                    )
                    self.assertTrue(printed["stopped"], printed)
                    self.assertRegex(
                        "\n".join(report.notes()), r"the program took signal 27 over after [\d.]+ s"
                    )
                    self.assertGreater(report.header_number("Samples on CPU"), 300)

    def test_signal_blocked_in_a_thread_is_named_as_unsampled_time(self):
        for python in support.spread():
            for timer in support.TIMERS:
                with self.subTest(python=python.name, timer=timer):
                    self.need_timer(timer)
                    options = ["--timer", timer, "--clock", "cpu", "--signal", "SIGPROF"]
                    printed, report = self.profiled(python, "blocked_sigprof.py", options=options)
                    unsampled = report.header_number("Unsampled CPU time")
                    self.assertAlmostEqual(unsampled, printed["blocked"], delta=0.05)
                    free = report.marked("blocked_sigprof.py", "free").time
                    self.assertAlmostEqual(free, printed["free"], delta=0.03)

    def test_one_pending_signal_carries_the_time_of_all_that_were_overrun(self):
        for timer in support.TIMERS:
            with self.subTest(timer=timer):
                self.need_timer(timer)
                options = ["--timer", timer, "--clock", "cpu", "--signal", "SIGPROF"]
                python = support.spread()[-1]
                printed, report = self.profiled(python, "blocked_sigprof.py", options=options)
                # The tick that was pending comes in signal.py, which unblocks it.
                expected = printed["unblocked"] + printed["free"]
                self.assertGreater(report.seconds(), 0.95 * expected)
                self.assertLess(report.seconds(), expected + 0.15)

    def test_signal_is_choosable(self):
        code = "import signal, time\nsignal.signal(signal.SIGPROF, lambda *_: None)\n"
        code += "end = time.process_time() + 0.3\n"
        code += "while time.process_time() < end: sum(range(999))  # hot\n"
        path = self.write("main.py", code)
        for chosen in ("SIGUSR1", "SIGVTALRM", "40"):
            for timer in ("auto", "monotonic"):
                with self.subTest(signal=chosen, timer=timer):
                    options = ["--signal", chosen, "--timer", timer]
                    done, report = self.profile(support.spread()[-1], path, options=options)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertGreater(report.marked("main.py", "hot").hits, 200)

    def test_real_time_signal_without_pending_room_does_not_end_the_program(self):
        # Where such a signal cannot be queued, fcntl's F_SETSIG sends SIGIO, which ends a program.
        for timer in support.TIMERS:
            with self.subTest(timer=timer):
                self.need_timer(timer)
                python = support.spread()[-1]
                command = ["prlimit", "--sigpending=0", python.path]
                command += [support.program("hot_line.py"), "0.3", "0"]
                options = ["-s", "0.001", "-qo", "out.txt", "--timer", timer, "--signal", "40"]
                done = self.lineprof(*options, "--", *command)
                self.assertEqual(done.returncode, 0, done.stderr)


class Descriptors(support.TestCase):
    def test_program_closes_every_descriptor(self):
        for python in support.spread():
            for timer in support.TIMERS:
                with self.subTest(python=python.name, timer=timer):
                    self.need_timer(timer)
                    _, report = self.profiled(python, "descriptors.py", options=["--timer", timer])
                    after = report.marked("descriptors.py", "after")
                    self.assertGreater(after.time, 0.35)
                    self.assertGreater(after.hits, 250)

    def test_program_and_children_count_as_many_descriptors_as_bare(self):
        for python in support.spread():
            for timer in support.TIMERS:
                with self.subTest(python=python.name, timer=timer):
                    self.need_timer(timer)
                    bare = subprocess.run(
                        [python.path, support.program("descriptors.py")],
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL,
                        check=True,
                    )
                    done, _ = self.profile(python, "descriptors.py", options=["--timer", timer])
                    self.assertEqual(done.stdout, bare.stdout)


class Periods(support.TestCase):
    def test_aliasing_with_work_of_the_same_period(self):
        for timer in support.TIMERS:
            with self.subTest(timer=timer):
                self.need_timer(timer)
                options = ["--timer", timer, "--clock", "cpu", "--signal", "SIGPROF"]
                printed, report = self.profiled(support.spread()[-1], "periodic.py", options=options)
                first = report.marked("periodic.py", "first").time
                second = report.marked("periodic.py", "second").time
                self.assertAlmostEqual(first + second, printed, delta=0.15)
                self.assertGreater(first / (first + second), 0.38)
                self.assertLess(first / (first + second), 0.62)

    def test_hand_offs_of_threads_and_event_loops_make_progress(self):
        for timer in support.TIMERS:
            with self.subTest(timer=timer):
                self.need_timer(timer)
                python = support.spread()[-1]
                bare = subprocess.run(
                    [python.path, support.program("hand_offs.py")], stdout=subprocess.PIPE, check=True
                )
                options = ["--timer", timer]
                used, _ = self.profiled(python, "hand_offs.py", period=FAST, options=options)
                # 20,000 interrupts a second cost much on a virtual machine; a livelock costs all.
                self.assertLess(used, 20 * float(bare.stdout) + 1)


if __name__ == "__main__":
    unittest.main()
