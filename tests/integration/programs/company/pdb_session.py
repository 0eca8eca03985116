"""Is debugged for a while, by a script of commands."""
import io
import pdb
import sys

COMMANDS = "next\nnext\np n * 6\ncontinue\n"


def before(n):
    for i in range(n):
        x = i  # before


def after(n):
    for i in range(n):
        x = i  # after


def debugged(debugger):
    debugger.set_trace()
    n = 7
    m = n + 1
    return m


said = io.StringIO()
before(10)
debugged(pdb.Pdb(stdin=io.StringIO(COMMANDS), stdout=said, nosigint=True, readrc=False))
sys.settrace(None)
after(20)
print("42" in said.getvalue(), said.getvalue().count("(Pdb)"))
