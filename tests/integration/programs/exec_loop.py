"""Compiles and runs code for SECONDS. Same: always the same text; else one of its own each time."""
import sys
import time

same = sys.argv[1] == "same"
end = time.monotonic() + float(sys.argv[2])
count = 0
while time.monotonic() < end:
    count += 1
    name = 0 if same else count
    text = "def made_%d(n):\n    return sum(range(n))\nfor _ in range(40): made_%d(500)\n"
    exec(compile(text % (name, name), "<made>", "exec"), {})
print(count)
