"""Packages from PyPI that profiled programs use: fetched into the build folder, for each version of Python."""

import functools
import os
import subprocess

import support

FETCH = os.path.join(support.ROOT, "tests", "integration", "fetch_package")


@functools.lru_cache(maxsize=None)
def fetched(package, interpreter, build=support.BUILD, needs=()):
    """(folder for PYTHONPATH, None), or (None, why there is none).

    `needs`: what it needs on some versions only. pip asks the Python that runs pip which those are.
    """
    version = "3.%d" % interpreter.version[1]
    folder = os.path.join(build, "packages", version, package)
    done = subprocess.run([FETCH, folder, version, package, *needs], check=False, capture_output=True)
    if done.returncode != 0:
        return None, done.stderr.decode(errors="replace").strip()
    probe = subprocess.run([interpreter.path, "-c", "import " + package], check=False, capture_output=True,
                           env=support.environment(PYTHONPATH=folder, PYTHONDONTWRITEBYTECODE="1"))
    if probe.returncode != 0:
        complaint = probe.stderr.decode(errors="replace").strip().split("\n")[-1]
        return None, "%s on Python %s: %s" % (package, version, complaint)
    return folder, None
