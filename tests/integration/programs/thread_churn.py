"""COUNT short threads, a few at a time. Prints the CPU time of all."""
import json
import sys
import threading
import time

used = []


def work():
    sum(range(4000))  # short
    used.append(time.thread_time())


for _ in range(int(sys.argv[1]) // 8):
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(json.dumps({"threads": len(used), "cpu": sum(used)}))
