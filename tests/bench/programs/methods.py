import sys


class Counter:
    def __init__(self):
        self.value = 0

    def add(self, n):
        self.value += n
        return self

    def get(self):
        return self.value


def run(n):
    counter = Counter()
    for i in range(n):
        counter.add(i).add(1).get()


run(int(16000000 * float(sys.argv[1])))
