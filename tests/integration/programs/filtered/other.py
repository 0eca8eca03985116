def deep(n):
    return n if n == 0 else 1 + deep(n - 1)


class Thing:
    def __init__(self):
        self.x = 1


def generate(n):
    for i in range(n):
        yield i
