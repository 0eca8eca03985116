"""Counts: inheritance."""
class Base:
    def __init__(self):  #= 4
        self.n = 0  #= 3


class Child(Base):
    def __init__(self):  #= 4
        super().__init__()  #= 3
        self.m = 1  #= 3


for i in range(3):
    Child()  #= 3
