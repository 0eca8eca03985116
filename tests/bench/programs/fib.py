import sys


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


for _ in range(int(1500 * float(sys.argv[1])) or 1):
    fib(22)
