"""Counts: executed code."""
# pprofile adds the lines of executed code to those of the script
source = "x = 1\ny = 2\n"
for i in range(3):  #= 4
    exec(source)  #= 3
total = 0
for i in range(4):  #= 5
    total += eval("i + 1")  #= 4
