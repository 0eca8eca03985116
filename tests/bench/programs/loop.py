import sys


def loop(n):
    i = 0
    while i < n:
        i += 1
    return i


loop(int(140000000 * float(sys.argv[1])))
