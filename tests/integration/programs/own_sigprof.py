"""Uses SIGPROF itself: a handler and ITIMER_PROF. Prints what it got."""
import json
import os
import signal
import time

before = signal.getsignal(signal.SIGPROF)
got = []


def handler(number, frame):
    got.append(frame.f_code.co_name)


signal.signal(signal.SIGPROF, handler)
same = signal.getsignal(signal.SIGPROF) is handler
os.kill(os.getpid(), signal.SIGPROF)
sent = len(got)
signal.setitimer(signal.ITIMER_PROF, 0.02, 0.02)


def spin():
    end = time.thread_time() + 0.6
    while time.thread_time() < end:
        sum(range(4000))  # hot


spin()
signal.setitimer(signal.ITIMER_PROF, 0, 0)
count = len(got)
back = signal.signal(signal.SIGPROF, signal.SIG_IGN) is handler
os.kill(os.getpid(), signal.SIGPROF)
ignored = len(got) == count
print(
    json.dumps(
        {
            "before": before == signal.SIG_DFL,
            "same": same,
            "sent": sent,
            "timer": count - sent,
            "in_spin": got.count("spin"),
            "back": back,
            "ignored": ignored,
        }
    )
)
