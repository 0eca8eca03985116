"""Counts: multi line call."""
def f(a, b, c):  #= 4
    return a  #= 3


for i in range(3):  #= 4
    f(
        i,
        i + 1,
        i + 2,
    )
after = 1  #= 1
