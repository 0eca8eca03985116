"""Counts: iterator class."""
class Countdown:
    def __init__(self, n):  #= 2
        self.n = n  #= 1

    def __iter__(self):  #= 2
        return self  #= 1

    def __next__(self):  #= 6
        if self.n == 0:  #= 5
            raise StopIteration  #= 1
        self.n -= 1  #= 4
        return self.n  #= 4


for i in Countdown(4):  #= 5
    x = i  #= 4
