"""The main thread and another one, each busy on a line of its own. Prints their CPU times."""
import json
import threading
import time

used = {}


def work():
    began = time.thread_time()
    while time.thread_time() < began + 0.3:
        sum(range(4000))  # thread
    used["thread"] = time.thread_time() - began


thread = threading.Thread(target=work)
thread.start()
began = time.thread_time()
while time.thread_time() < began + 0.4:
    sum(range(4000))  # main
used["main"] = time.thread_time() - began
thread.join()
print(json.dumps(used))
