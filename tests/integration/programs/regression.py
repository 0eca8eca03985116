"""Seven kinds of work in turn, for some seconds. Usage: regression.py PERCENT

One line, the one marked `slow`, does PERCENT percent more work than it would: its text is the same. All
work is in the processor's caches: what memory costs differs from run to run.
"""

import sys
import zlib


class Work:
    def __init__(self, percent):
        self.size = 12000
        self.slow_size = self.size * (100 + percent) // 100
        self.bytes = bytes(range(256)) * 16
        self.text = "some words, and more " * 150
        self.numbers = [i * 7919 % 601 for i in range(600)]

    def add(self):
        return sum(range(self.size))

    def slow(self):
        return sum(range(self.slow_size))  # slow

    def order(self):
        return [sorted(self.numbers) for _ in range(8)]

    def find(self):
        return [self.text.count("more") for _ in range(40)]

    def check(self):
        return [zlib.adler32(self.bytes) for _ in range(100)]

    def count(self):
        total = 0
        for i in range(2500):
            total += i & 3
        return total

    def power(self):
        return [pow(3, 100 + i) for i in range(400)]


def main():
    work = Work(int(sys.argv[1]))
    steps = [work.add, work.slow, work.order, work.find, work.check, work.count, work.power]
    # Each many times in turn: a cycle as short as some periods would keep step with the samples.
    for _ in range(50):
        for step in steps:
            for _ in range(50):
                step()


if __name__ == "__main__":
    main()
