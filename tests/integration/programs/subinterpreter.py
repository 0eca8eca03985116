"""Works in a subinterpreter, then in the main one. Prints what each used."""
import json
import os
import sys
import time

try:
    import _interpreters as interpreters  # 3.13+
except ImportError:
    import _xxsubinterpreters as interpreters

SECONDS = 0.3


def work():
    while time.thread_time() < began + SECONDS:
        sum(range(2000))  # work
    return time.thread_time() - began


if __name__ == "__main__":
    folder = os.path.dirname(os.path.abspath(__file__))
    inner = interpreters.create()
    code = "import sys; sys.path.insert(0, %r); import subinterpreter_worker" % folder
    run = getattr(interpreters, "exec", None) or interpreters.run_string
    run(inner, code)
    began = time.thread_time()
    work()
    interpreters.destroy(inner)
    json.dump(SECONDS, sys.stdout)
