"""Counts: exceptions."""
caught = 0
for i in range(6):  #= 7
    try:  #= 6
        if i % 2:  #= 6
            raise ValueError(i)  #= 3
        caught += 0  #= 3
    except ValueError:  #= 3
        caught += 1  #= 3
