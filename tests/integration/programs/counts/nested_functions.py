"""Counts: nested functions."""
def a(n):  #= 4
    def b(m):  #= 9
        def c(k):  #= 18
            return k  #= 12
        return c(m) + c(m)  #= 6
    return b(n) + b(n)  #= 3


a(1), a(2), a(3)  #= 1
