"""Counts: exception else."""
n = 0
for i in range(5):  #= 6
    try:
        x = 10 // i  #= 5
    except ZeroDivisionError:  #= 1
        n -= 1  #= 1
    else:
        n += 1  #= 4
