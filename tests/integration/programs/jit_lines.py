"""Loops hot enough for a JIT, with the time on two lines of known share."""
import json
import time


def one(n):
    total = 0
    for i in range(n):
        total += i * 3 % 7 + i * 5 % 11 + i * 7 % 13  # one
    return total


def two(n):
    total = 0
    for i in range(n):
        total += i * 3 % 7  # two
    return total


used = {"one": 0, "two": 0}
for _ in range(150):
    for function in (one, two):
        began = time.thread_time()
        function(20000)
        used[function.__name__] += time.thread_time() - began
print(json.dumps(used))
