"""Child processes of every kind; work() is called for 55 rounds in five of them."""
import multiprocessing
import os
import subprocess
import sys


def work(n):
    for i in range(n):
        x = i  # counted
    return n


def main():
    pid = os.fork()
    if pid == 0:
        work(10)
        os._exit(0)
    os.waitpid(pid, 0)
    python = os.environ["TEST_PYTHON"]
    subprocess.run([python, "-c", "a = 1\nfor i in range(5): a += i"], check=True)
    subprocess.run("%s -c 'b = 1'" % python, shell=True, check=True)
    subprocess.run(["true"], check=True)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        pool.map(work, [20, 20])
        pool.close()  # else the one that had no work may be ended before it has begun
        pool.join()
    work(5)


main()
