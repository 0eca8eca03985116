"""Works for a while, then takes memory until there is no more."""
import time

end = time.thread_time() + 0.3
while time.thread_time() < end:
    sum(range(4000))  # hot
hoard = []
while True:
    hoard.append(b"x" * (1 << 20))
