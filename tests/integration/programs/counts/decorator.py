"""Counts: decorator."""
def twice(function):  #= 2
    def wrapper(*args):  #= 5
        function(*args)  #= 4
        return function(*args)  #= 4
    return wrapper  #= 1


@twice
def work(n):
    return n + 1  #= 8


for i in range(4):  #= 5
    work(i)  #= 4
