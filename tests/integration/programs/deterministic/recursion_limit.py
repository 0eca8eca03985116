"""Recursions that end in RecursionError. Prints, as JSON, how often the line with each mark was started."""
import json
import sys
import threading

MARKS = ["python", "attribute", "key", "generated", "short", "deep", "unwound", "failed"]
started = dict.fromkeys(MARKS, 0)  # no function is called to add to it: there may be no room for one


def python(depth):
    started["python"] += 1  # python
    return python(depth + 1)


class ThroughC:
    def __getattr__(self, name):
        started["attribute"] += 1  # attribute
        return getattr(self, name)


def sorting(depth):
    started["key"] += 1  # key
    return sorted([depth + 1], key=sorting)


def generating(depth):
    started["generated"] += 1  # generated
    yield from generating(depth + 1)


def short():
    started["short"] += 1  # short


def unwinding(depth):
    started["deep"] += 1  # deep
    try:
        unwinding(depth + 1)
    finally:
        started["unwound"] += 1  # unwound
        short()


def fail(function, *arguments):
    try:
        function(*arguments)
    except RecursionError:
        started["failed"] += 1  # failed


sys.setrecursionlimit(150)
fail(python, 1)
fail(getattr, ThroughC(), "anything")
fail(sorting, 1)
fail(list, generating(1))
fail(unwinding, 1)
thread = threading.Thread(target=fail, args=(sorting, 1))
thread.start()
thread.join()
for _ in range(10):
    short()
sys.setrecursionlimit(1000)
json.dump(started, sys.stdout)
