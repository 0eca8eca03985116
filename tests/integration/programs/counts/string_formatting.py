"""Counts: string formatting."""
class Shown:
    def __format__(self, how):  #= 4
        return "x"  #= 3

    def __repr__(self):  #= 3
        return "y"  #= 2


s = Shown()
for i in range(3):
    f"{s} {i:>3}"  #= 3
repr(s), repr(s)  #= 1
