"""As written for kernprof: profile is nowhere imported."""


@profile
def chosen(n):
    return other(n)  # chosen


def other(n):
    return n + 1  # other


class Thing:
    @profile
    def method(self):
        return 1  # method

    @profile
    @staticmethod
    def static():
        return 2  # static


for i in range(3):
    chosen(i)
Thing().method()
Thing.static()
