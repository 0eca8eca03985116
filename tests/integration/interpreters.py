"""Which Python interpreters this machine has to test with.

Looked for: python3.N on PATH, pyenv's versions, /usr/bin, and LINEPROF_TEST_PYTHONS (paths with colons
between them; wrapper scripts too). Only CPython with a GIL, 3.8 to 3.15, counts.
"""

import collections
import functools
import glob
import os
import shutil
import subprocess

MINORS = range(8, 16)
PROBE = (
    "import sys, sysconfig; print(sys.implementation.name, sysconfig.get_config_var('Py_GIL_DISABLED')"
    " or 0, *sys.version_info[:3])"
)
PROBE_TIMEOUT_SECONDS = 30

# path: as it is run; version: (major, minor, micro); name: for messages, "3.11.7 /usr/bin/python3.11".
Interpreter = collections.namedtuple("Interpreter", "path version name")


def _candidates():
    yield from filter(None, os.environ.get("LINEPROF_TEST_PYTHONS", "").split(":"))
    yield from sorted(glob.glob(os.path.expanduser("~/.pyenv/versions/*/bin/python3")))
    for minor in MINORS:
        yield "/usr/bin/python3.%d" % minor
        yield shutil.which("python3.%d" % minor) or ""


def probe(path):
    """The interpreter at `path`; None if it is none that lineprof supports."""
    try:
        done = subprocess.run(
            [path, "-c", PROBE],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PROBE_TIMEOUT_SECONDS,
            check=True,
        )
        implementation, free_threaded, *version = done.stdout.decode().split()
        version = tuple(int(part) for part in version)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    if implementation != "cpython" or free_threaded != "0":
        return None
    if version[0] != 3 or version[1] not in MINORS:
        return None
    return Interpreter(path, version, "%d.%d.%d %s" % (version + (path,)))


@functools.lru_cache(maxsize=None)
def found():
    """The interpreters, by version, each file once."""
    seen = set()
    interpreters = []
    for path in _candidates():
        # A pyenv shim is not the interpreter: which one it runs depends on the current directory.
        if not os.access(path, os.X_OK) or "/shims/" in path:
            continue
        interpreter = probe(path)
        if interpreter is None:
            continue
        key = (os.path.realpath(path), interpreter.version)
        if key not in seen:
            seen.add(key)
            interpreters.append(interpreter)
    return tuple(sorted(interpreters, key=lambda each: (each.version, each.path)))


def missing():
    """The names of the supported versions that have no interpreter here."""
    have = {interpreter.version[1] for interpreter in found()}
    return ["python3.%d" % minor for minor in MINORS if minor not in have]
