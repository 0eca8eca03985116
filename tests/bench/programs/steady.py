"""Runs a program of this folder in small parts for SECONDS: steady.py PROGRAM SECONDS. Prints, as JSON, when each
part ended, and what CPU time the process had used by then."""
import json
import os
import sys
import time

PART = "0.004"

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), sys.argv[1] + ".py")
with open(path, encoding="utf-8") as file:
    code = compile(file.read(), path, "exec")
end = time.monotonic() + float(sys.argv[2])
sys.argv = [path, PART]
ends = []
while time.monotonic() < end:
    exec(code, {"__name__": "__main__"})
    ends.append((time.monotonic(), time.process_time()))
json.dump(ends, sys.stdout)
