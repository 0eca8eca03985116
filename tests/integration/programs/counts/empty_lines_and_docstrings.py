"""The module's own."""


def documented():  #= 3
    """Says what it is."""
    # A remark.

    return 1  #= 2


documented()  #= 1
documented()  #= 1
