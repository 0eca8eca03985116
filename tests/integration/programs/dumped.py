"""Waits in a function with variables of each basic type. Prints `ready`; ends at a line on standard input."""
import sys
import threading


class Thing:
    pass


def outer(argument):
    captured = argument + "!"

    def inner(number, real):
        nothing, yes, text, data = None, True, "it's\n\u00f6", b"\x00a"
        some, pair, table = [1, [2, [3, [4]]]], (5, "x"), {"k": [1.5], 2: None}
        big, long_list, thing = -(10**15), list(range(100)), Thing()
        print("ready", captured, flush=True)
        sys.stdin.readline()  # waits
        return nothing, yes, text, data, some, pair, table, big, long_list, thing

    return inner(-7, 2.0)


def park():
    event.wait()


event = threading.Event()
thread = threading.Thread(target=park)
thread.start()
outer("arg")
event.set()
thread.join()
