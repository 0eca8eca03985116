"""Servers that people run, attached to and launched: gunicorn, uvicorn and a Jupyter kernel.

They come from PyPI; where they cannot be had the test is skipped, saying why.
"""

import concurrent.futures
import glob
import json
import os
import re
import signal
import socket
import subprocess
import time
import unittest

import interpreters
import packages
import support

REQUESTS = 24
CLIENTS = 3
NEEDS = {"uvicorn": ("typing_extensions",)}  # before Python 3.11


def expected_work(rounds):
    total = 0
    for _ in range(rounds):
        total = (total * 31 + sum(range(2000))) % 1000003
    return total


def wait_until(fact, what):
    deadline = time.monotonic() + support.TIMEOUT_SECONDS
    while not fact():
        if time.monotonic() > deadline:
            raise AssertionError("waited in vain: " + what)
        time.sleep(0.02)


class ServerTestCase(support.TestCase):
    def fetched(self, package, interpreter, needs=()):
        folder, complaint = packages.fetched(package, interpreter, needs=needs)
        if folder is None:
            self.skipTest(complaint)
        return folder

    def start(self, command, env, **options):
        """A process with its output in log.txt; it is gone when the test ends."""
        with open(self.path("log.txt"), "ab") as log:
            options = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log, **options}
            process = subprocess.Popen(command, cwd=self.directory, env=env, **options)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def attach(self, pid, processes):
        """lineprof attach --children, once it has begun with so many processes."""
        command = [support.LINEPROF, "attach", str(pid), "--children", "-qo", "attached.txt"]
        lineprof = self.start(command, self.environment())
        pattern = os.path.join(self.recordings, "*", "*.recording")
        wait_until(lambda: len(glob.glob(pattern)) >= processes, "processes looked at")
        return lineprof

    def assert_succeeds(self, process):
        self.assertEqual(process.wait(support.TIMEOUT_SECONDS), 0, self.read("log.txt"))
        self.assert_no_recordings()

    def assert_hot(self, report, file):
        """Nearly all the CPU time in the file is on the line of the work."""
        rows = report.rows(file)
        hot = [row for row in rows if row.source.endswith("# hot")]
        self.assertEqual(len(hot), 1, rows)
        self.assertGreater(hot[0].time, 0.9 * sum(row.time for row in rows if row.line is not None))
        return hot[0]


class HttpServers(ServerTestCase):
    """Served on a socket in the test's directory."""

    def command(self, name, interpreter):
        """The server's words and its environment."""
        folder = self.fetched(name, interpreter, NEEDS.get(name, ()))
        paths = os.pathsep.join([folder, support.program("servers")])
        env = self.environment(PYTHONPATH=paths, PYTHONDONTWRITEBYTECODE="1")
        words = {
            "gunicorn": ["--workers", "2", "--bind", "unix:http", "wsgi_app:application"],
            "uvicorn": ["--uds", "http", "asgi_app:application"],
        }
        return ["-m", name, *words[name]], env

    def ask(self, _=None):
        """One request; the process that answered."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(support.TIMEOUT_SECONDS)
            client.connect(self.path("http"))
            client.sendall(b"GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
            answer = b""
            while True:
                part = client.recv(65536)
                if not part:
                    break
                answer += part
        head, body = answer.split(b"\r\n\r\n", 1)
        self.assertTrue(head.startswith(b"HTTP/1.1 200"), answer)
        pid, total = map(int, body.split())
        self.assertEqual(total, expected_work(1000))
        return pid

    def ask_often(self):
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as clients:
            return set(clients.map(self.ask, range(REQUESTS)))

    def wait_for_server(self, workers):
        def answers():
            try:
                seen.add(self.ask())
            except (ConnectionError, FileNotFoundError):
                pass
            return len(seen) == workers

        seen = set()
        wait_until(answers, "answers of %d workers" % workers)

    def end(self, process):
        process.send_signal(signal.SIGTERM)
        status = process.wait(support.TIMEOUT_SECONDS)
        if os.path.exists(self.path("http")):  # asyncio leaves it before 3.13
            os.unlink(self.path("http"))
        return status

    def check(self, name, workers, processes):
        for interpreter in support.spread():
            with self.subTest(python=interpreter.name):
                words, env = self.command(name, interpreter)
                server = self.start([interpreter.path, *words], env)
                self.wait_for_server(workers)
                lineprof = self.attach(server.pid, processes)
                self.assertLessEqual(len(self.ask_often()), workers)
                status = self.end(server)
                self.assert_succeeds(lineprof)
                attached = support.Report(self.read("attached.txt"))
                self.assertEqual(attached.headers["Processes"], str(processes))

                command = [support.LINEPROF, "-s", "0.001", "-qo", "launched.txt"]
                command += ["--python", interpreter.path, *words]
                launcher = self.start(command, env)
                self.wait_for_server(workers)
                self.ask_often()
                self.assertEqual(self.end(launcher), status, self.read("log.txt"))
                launched = support.Report(self.read("launched.txt"))
                self.assert_no_recordings()
                for report in (attached, launched):
                    self.assert_hot(report, words[-1].split(":")[0] + ".py")

    def test_gunicorn_with_two_workers(self):
        self.check("gunicorn", 2, 3)

    def test_uvicorn(self):
        self.check("uvicorn", 1, 1)


class Kernel(ServerTestCase):
    HOT_LINE = 3  # of the cell

    def setUp(self):
        super().setUp()
        self.interpreter = interpreters.probe(support.PYTHON)
        folder = self.fetched("ipykernel", self.interpreter)
        self.kernel_env = self.environment(
            PYTHONPATH=folder,
            PYTHONDONTWRITEBYTECODE="1",
            HOME=self.directory,
            JUPYTER_RUNTIME_DIR=self.path("runtime"),
            PYDEVD_DISABLE_FILE_VALIDATION="1",  # or debugpy warns
        )

    def client(self, *kernel_words):
        """kernel_client.py and its kernel's process id."""
        command = [support.PYTHON, support.program("servers/kernel_client.py"), *kernel_words]
        client = self.start(command, self.kernel_env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(client.stdin.close)
        self.addCleanup(client.stdout.close)
        line = client.stdout.readline()
        self.assertTrue(line, self.read("log.txt"))
        return client, int(line)

    def run_cell(self, client):
        out, _ = client.communicate(b"\n", timeout=support.TIMEOUT_SECONDS)
        self.assertEqual(client.returncode, 0, self.read("log.txt"))
        self.assertEqual(json.loads(out.decode()), {"said": str(expected_work(30000)), "status": 0})

    def assert_cell(self, report):
        """A cell's code is in no file: it has a name of its own."""
        own = {
            name: {row.line: row.time for row in rows if row.line is not None}
            for name, rows in report.files.items()
            if re.search(r"ipykernel_\d+", name)
        }
        self.assertTrue(own, list(report.files))
        hottest = max(own.values(), key=lambda times: sum(times.values()))
        self.assertGreater(sum(hottest.values()), 0.1)
        self.assertGreater(hottest.get(self.HOT_LINE, 0), 0.9 * sum(hottest.values()))

    def test_attached(self):
        client, pid = self.client(support.PYTHON)
        lineprof = self.attach(pid, 1)
        self.run_cell(client)
        self.assert_succeeds(lineprof)
        self.assert_cell(support.Report(self.read("attached.txt")))

    def test_launched(self):
        words = [support.LINEPROF, "-s", "0.001", "-qo", self.path("launched.txt")]
        client, _ = self.client(*words, "--python", support.PYTHON)
        self.run_cell(client)
        self.assert_no_recordings()
        self.assert_cell(support.Report(self.read("launched.txt")))


if __name__ == "__main__":
    unittest.main()
