"""Counts: lambda."""
double = lambda x: 2 * x  #= 13

for i in range(6):
    double(i)  #= 6
