"""Counts: with statement."""
class Guard:
    def __enter__(self):  #= 4
        return self  #= 3

    def __exit__(self, *error):  #= 4
        return True  #= 3


for i in range(3):  #= 4
    with Guard() as g:
        x = i  #= 3
        if i == 1:  #= 3
            raise ValueError
