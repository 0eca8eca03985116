"""Counts: delete assert pass."""
for i in range(4):  #= 5
    a = [i]  #= 4
    assert a  #= 4
    del a  #= 4
    pass
