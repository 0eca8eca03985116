"""What sanitizers are told in processes that preload an agent built with them. README.md says why.

As a program it prints the changes for a shell: environment.py BUILD LOG_PATH.
"""

import os
import re
import subprocess
import sys

ASAN = {
    "verify_asan_link_order": 0,
    "detect_leaks": 0,
    "handle_segv": 0,
    "handle_sigbus": 0,
    "handle_abort": 0,
    "use_sigaltstack": 0,
    "allocator_may_return_null": 1,
}
UBSAN = {"print_stacktrace": 1}


def runtime(agent):
    """The path of the library with the sanitizer's runtime that the agent needs."""
    needed = subprocess.run(["ldd", agent], stdout=subprocess.PIPE, check=True).stdout.decode()
    found = re.search(r"libasan\.so\S* => (\S+)", needed)
    if not found:
        sys.exit("%s is not built with ASan" % agent)
    return found[1]


def changes(build, log_path):
    """Changes of the environment for that CMake build folder; reports go to `log_path`.PID."""

    def text(options):
        return ":".join("%s=%s" % item for item in {**options, "log_path": log_path}.items())

    return {
        "LD_PRELOAD": runtime(os.path.join(build, "lib", "lineprof", "liblineprof_agent.so")),
        "ASAN_OPTIONS": text(ASAN),
        "UBSAN_OPTIONS": text(UBSAN),
        "PYTHONMALLOC": "malloc",
    }


if __name__ == "__main__":
    print("\n".join("%s=%s" % item for item in changes(*sys.argv[1:]).items()))
