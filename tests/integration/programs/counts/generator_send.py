"""Counts: generator send."""
def echo():  #= 2
    got = None  #= 1
    while True:
        got = yield got


g = echo()
next(g)  #= 1
for i in range(4):  #= 5
    g.send(i)  #= 4
g.close()  #= 1
