"""Code of three files that call each other; which of them are counted is the tests' to choose."""
import cold
import other

other.deep(5)
other.Thing()


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


fib(12)
cold.helper(5)
cold.use()
for x in other.generate(3):
    pass
other.deep(2)
cold.call_back(lambda x: x + 1)
cold.Kind().method()
