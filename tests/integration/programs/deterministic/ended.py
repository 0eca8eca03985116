"""Counts some lines and ends in the way that is asked for."""
import ctypes
import os
import signal
import sys


def inner(n):
    for i in range(n):
        x = sum(range(100))  # counted
    end()


def end():
    how = sys.argv[1]
    if how == "exit":
        os._exit(3)
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "abort":
        os.abort()
    ctypes.string_at(0)


def outer():
    inner(1000)


outer()  # open
