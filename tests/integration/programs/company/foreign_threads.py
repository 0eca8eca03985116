"""Threads that a C library starts enter Python."""
import ctypes
import sys


def work():
    for i in range(10):
        x = i  # counted


library = ctypes.CDLL(sys.argv[1])
entry = ctypes.CFUNCTYPE(None)(work)
failed = library.run_in_threads(entry, 3)
print(failed)
