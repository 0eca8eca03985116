"""Works, then becomes another program that must not be signalled."""
import os
import time

end = time.process_time() + 0.2
while time.process_time() < end:
    sum(range(4000))  # before
os.execv("/bin/sh", ["sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done; exit 5"])
