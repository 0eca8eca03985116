"""Counts: for loop."""
total = 0
for i in range(10):  #= 11
    total += i  #= 10
done = True  #= 1
