"""Spins on one line for SECONDS of CPU time, then sleeps. Prints its CPU time."""
import json
import sys
import time


def spin(seconds):
    end = time.thread_time() + seconds
    total = 0
    while time.thread_time() < end:
        total += sum(range(4000))  # hot
    return total


def wait(seconds):
    time.sleep(seconds)  # waits


began = time.process_time()
spin(float(sys.argv[1]))
wait(float(sys.argv[2]))
print(json.dumps({"cpu": time.process_time() - began, "all": time.process_time()}))
