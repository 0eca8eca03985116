"""What children run: SECONDS of CPU time on a known line. Prints what it used."""
import json
import sys
import time


def work(seconds):
    began = time.thread_time()
    while time.thread_time() < began + seconds:
        sum(range(4000))  # child
    return time.thread_time() - began


if __name__ == "__main__":
    print(json.dumps(work(float(sys.argv[1]))))
