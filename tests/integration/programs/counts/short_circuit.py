"""Counts: short circuit."""
def yes():  #= 4
    return True  #= 3


def no():  #= 3
    return False  #= 2


for i in range(2):  #= 3
    no() and yes()  #= 2
    yes() or no()  #= 2
yes()  #= 1
