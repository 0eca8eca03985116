"""Counts: multi line expression."""
values = []
for i in range(4):  #= 5
    total = (
        i
        + 1
        + 2
    )
    values.append(total)  #= 4
