"""Fills the file system of DIRECTORY, then runs much new code, so that the recording has to grow."""
import os
import sys
import time

path = os.path.join(sys.argv[1], "filling")
with open(path, "wb", buffering=0) as file:
    for size in (1 << 20, 4096):
        try:
            while True:
                file.write(b"x" * size)
        except OSError:
            pass
end = time.process_time() + 1.5
count = 0
name = "made" * 500  # what is recorded of new code is mostly that
while time.process_time() < end:
    count += 1
    body = "".join("    x = %d + n\n" % i for i in range(100))
    text = "def made_%d(n):\n%sfor _ in range(100): made_%d(1)\n" % (count, body, count)
    exec(compile(text, "<%s %d>" % (name, count), "exec"), {})
print('"done"')
