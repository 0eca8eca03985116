"""The other file: mutual recursion, a lambda, a function whose name is not ASCII."""

square = lambda x: x * x  # noqa: E731: shown as <lambda>


def fläche(n):
    total = 0
    for i in range(n):
        total += square(i)
    return total


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    for _ in range(20):
        pass
    return False if n == 0 else even(n - 1)
