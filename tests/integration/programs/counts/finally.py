"""Counts: finally."""
log = []


def risky(n):  #= 5
    try:
        if n == 2:  #= 4
            return "early"
        log.append(n)  #= 3
    finally:
        log.append(-n)


for i in range(4):
    risky(i)  #= 4
