import subprocess
import sys


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def main():
    fib(27)
    subprocess.run([sys.executable, "worker.py"])


if __name__ == "__main__":
    main()
