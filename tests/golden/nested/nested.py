def leaf(n):
    return n * n


def caller(n):
    total = 0
    a = leaf(n)
    return total + a


caller(10)
