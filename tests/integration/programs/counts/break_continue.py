"""Counts: break continue."""
seen = 0
for i in range(100):  #= 7
    if i == 6:  #= 7
        break  #= 1
    if i % 3:  #= 6
        continue  #= 4
    seen += 1  #= 2
else:
    seen = -1  #= 0
