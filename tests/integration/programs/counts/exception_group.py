"""Counts: exception group."""
# needs 3.11
n = 0
for i in range(2):  #= 3
    try:
        raise ExceptionGroup("both", [ValueError(1), KeyError(2)])  #= 2
    except* ValueError:
        n += 1  #= 2
    except* KeyError:
        n += 1  #= 2
