"""Counts: deep recursion."""
import sys

sys.setrecursionlimit(3000)


def down(n):  #= 1002
    if n:  #= 1001
        down(n - 1)  #= 1000


down(1000)  #= 1
