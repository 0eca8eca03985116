"""Counts: loop else."""
n = 0
for i in range(3):  #= 4
    n += 1  #= 3
else:
    n = -n  #= 1
