"""Counts: class features."""
class Thing:
    @staticmethod
    def make():
        return Thing()  #= 2

    @classmethod
    def build(cls):
        return cls()  #= 3

    @property
    def size(self):
        return 1  #= 5

    def __call__(self):  #= 5
        return 2  #= 4

    def __getitem__(self, key):  #= 3
        return key  #= 2


Thing.make(), Thing.make()
Thing.build(), Thing.build(), Thing.build()
t = Thing()
for i in range(5):
    t.size  #= 5
for i in range(4):
    t()  #= 4
t[0], t[1]  #= 1
