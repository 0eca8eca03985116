"""Works, and keeps a tally in a file: its process id, and how much CPU time main() has used."""
import mmap
import os
import struct
import sys
import time

TALLY = struct.Struct("qd")


def work(tally):
    began = time.thread_time()
    while True:
        sum(range(4000))  # hot
        TALLY.pack_into(tally, 0, os.getpid(), time.thread_time() - began)


with open(sys.argv[1], "r+b") as file:
    work(mmap.mmap(file.fileno(), TALLY.size))
