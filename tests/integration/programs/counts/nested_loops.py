"""Counts: nested loops."""
n = 0
for i in range(4):  #= 5
    for j in range(5):  #= 24
        n += 1  #= 20
