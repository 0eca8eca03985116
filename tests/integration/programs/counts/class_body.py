"""Counts: class body."""
class Point:
    origin = 0  #= 1

    def __init__(self, x):  #= 4
        self.x = x  #= 3

    def move(self):  #= 7
        self.x += 1  #= 6
        return self  #= 6


for i in range(3):  #= 4
    Point(i).move().move()  #= 3
