"""Counts: generator close."""
closed = []


def stream():  #= 2
    try:  #= 1
        yield 1  #= 2
    finally:
        closed.append(1)  #= 1


g = stream()
next(g)
g.close()  #= 1
