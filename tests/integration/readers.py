"""The programs that users read reports with, where they are, and what to do where they are not."""

import functools
import os
import shutil
import subprocess
import sys
import unittest

import support

# Fetched into the build folder, once a build.
DIRECTORY = os.path.join(support.BUILD, "readers")
PYTHON_PACKAGES = os.path.join(DIRECTORY, "python")
# Debian's only copy, in the package of a Perl profiler.
FLAMEGRAPH_PL = "/usr/share/perl5/Devel/NYTProf/flamegraph.pl"
LINE_PROFILER = os.path.join(DIRECTORY, "line_profiler")
FIREFOX = os.path.join(DIRECTORY, "firefox", "node_modules")
SPEEDSCOPE = os.path.join(DIRECTORY, "node", "node_modules", "speedscope")
TRACE_VIEWER = os.path.join(DIRECTORY, "trace_viewer", "node_modules", "traceviewer")
FETCH = os.path.join(support.ROOT, "tests", "integration", "fetch_readers")


@functools.lru_cache(maxsize=None)
def fetch():
    """Fetches what is not there yet; returns what the fetcher complained about."""
    done = subprocess.run([FETCH, DIRECTORY], check=False, capture_output=True)
    return done.stderr.decode(errors="replace").strip()


def need_fetched(name):
    """Skips the test if `name`, of those in fetch_readers, could not be fetched."""
    complaint = fetch()
    if not os.path.exists(os.path.join(DIRECTORY, name + ".fetched")):
        raise unittest.SkipTest(complaint)


def need_python_packages():
    """Makes the packages from PyPI importable; skips the test where they cannot be had."""
    need_fetched("python")
    if PYTHON_PACKAGES not in sys.path:
        sys.path.append(PYTHON_PACKAGES)


def need(program):
    """The path of a program that scripts/setup installs; skips the test where it is not."""
    path = shutil.which(program)
    if path is None:
        raise unittest.SkipTest("there is no %s" % program)
    return path


def output(*command, **options):
    """What a reader prints; it must succeed."""
    done = subprocess.run(
        command, check=False, capture_output=True, timeout=support.TIMEOUT_SECONDS, **options
    )
    if done.returncode != 0:
        complaint = done.stderr.decode(errors="replace")
        raise AssertionError("%s: status %d: %s" % (command[0], done.returncode, complaint))
    return done.stdout.decode()
