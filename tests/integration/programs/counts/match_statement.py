"""Counts: match statement."""
# needs 3.10
def kind(value):  #= 7
    match value:
        case 0:
            return "zero"  #= 1
        case int():
            return "int"  #= 2
        case [x, *rest]:
            return "list"  #= 1
        case {"key": x}:
            return "dict"  #= 1
        case _:
            return "other"  #= 1


for v in (0, 1, 2, [3], {"key": 4}, "five"):  #= 7
    kind(v)  #= 6
