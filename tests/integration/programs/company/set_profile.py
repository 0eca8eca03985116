"""Has a profile function."""
import sys

events = []


def profiler(frame, event, arg):
    events.append(event)


def during(n):
    for i in range(n):
        abs(i)  # counted


sys.setprofile(profiler)
during(10)
sys.setprofile(None)
during(20)
print(events.count("c_call"), events.count("call"))
