def helper(n):
    total = 0
    for i in range(n):
        total += i
    return total


def use():
    import other

    return other.deep(3) + other.deep(4)


def call_back(function):
    return function(2)


class Kind:
    def method(self):
        return 5
