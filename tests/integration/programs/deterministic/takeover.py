"""Sets a trace function of its own for a while."""
import sys

events = []


def tracer(frame, event, arg):
    events.append(event)
    return tracer


def before(n):
    for i in range(n):
        x = i  # before


def during(n):
    for i in range(n):
        x = i


def after(n):
    for i in range(n):
        x = i  # after


before(10)
sys.settrace(tracer)
during(3)
sys.settrace(None)
after(20)
print(events.count("line"))
