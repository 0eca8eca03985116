"""Measures the coverage of one of its functions."""
import coverage


def before(n):
    for i in range(n):
        x = i  # before


def during(n):
    if n > 5:
        return 1
    return 2


def after(n):
    for i in range(n):
        x = i  # after


before(10)
measured = coverage.Coverage(data_file=None, config_file=False)
measured.start()
during(3)
measured.stop()
after(20)
lines = measured.get_data().lines(__file__)
print([11 in lines, 12 in lines, 13 in lines])
