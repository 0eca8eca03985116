"""Counts: threads."""
import threading


def work(n):  #= 5
    for i in range(n):  #= 44
        x = i  #= 40


threads = [threading.Thread(target=work, args=(10,)) for i in range(4)]
for t in threads:  #= 5
    t.start()  #= 4
for t in threads:  #= 5
    t.join()  #= 4
