"""B3, B10: lines whose time goes to C code, or to sleep. Argument: SECONDS."""

import hashlib
import time
import zlib

from meter import Meter


def main():
    numbers = list(range(60000))
    shuffled = [i * 7919 % 20011 for i in range(4000)]
    block = bytes(range(256)) * 4096
    half = block[: len(block) // 2]
    big = 7**9000
    missing = -1
    meter = Meter()
    while meter.running():
        meter.restart()
        sum(numbers)  #: sum
        meter.lap("sum")
        sorted(shuffled)  #: sorted
        meter.lap("sorted")
        zlib.crc32(block)  #: crc32
        meter.lap("crc32")
        hashlib.sha256(half)  #: sha256
        meter.lap("sha256")
        time.sleep(0.001)  #: sleep
        meter.lap("sleep")
        [i * i for i in shuffled]  #: listcomp
        [i * i for i in shuffled]  #: listcomp
        [i * i for i in shuffled]  #: listcomp
        meter.lap("listcomp")
        big * big  #: multiply
        meter.lap("multiply")
        missing in numbers  #: contains
        meter.lap("contains")
    meter.print()


main()
