"""Counts: global statement."""
n = 0


def bump():  #= 4
    global n
    n += 1  #= 3


bump()
bump()
bump()
