"""`argv[1]` threads that wait at once, with names of their own."""
import sys
import threading
import time

go = threading.Event()
threads = [threading.Thread(target=go.wait, name="stand-%d" % i) for i in range(int(sys.argv[1]))]
for thread in threads:
    thread.start()
time.sleep(0.5)
go.set()
for thread in threads:
    thread.join()
