"""Switches greenlets in the middle of lines, calls and generators."""
import greenlet


def numbers(n):
    for i in range(n):
        yield i  # yielded


def worker(rounds):
    for i in numbers(rounds):
        main.switch(i)  # switched


main = greenlet.getcurrent()
workers = [greenlet.greenlet(worker) for _ in range(3)]
for each in workers:
    each.switch(10)
for _ in range(9):
    for each in workers:
        each.switch()  # resumed
for each in workers:
    each.switch()
print(all(each.dead for each in workers))
