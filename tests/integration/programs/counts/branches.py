"""Counts: branches."""
odd = even = 0
for i in range(9):  #= 10
    if i % 2:  #= 9
        odd += 1  #= 4
    else:
        even += 1  #= 5
