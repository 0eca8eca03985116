"""Counts: generator throw."""
def patient():  #= 2
    for i in range(3):
        try:
            yield i
        except ValueError:
            pass  #= 2


g = patient()
next(g)
g.throw(ValueError)  #= 1
g.throw(ValueError)  #= 1
g.close()
