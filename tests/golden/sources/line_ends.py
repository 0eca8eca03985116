one = 1
two = 2three = 3

four = "abc"
five = " "
last = 1