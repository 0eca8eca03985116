def work(n):
    a = sorted(range(n))
    b = [x for x in a]
    c = sum(x * x for x in b)
    d = c + 1
    return d
work(1_000_000)
