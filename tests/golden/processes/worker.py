from main import fib


def work():
    fib(20)
    return sum(range(10_000))


work()
