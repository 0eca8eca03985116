"""How well lineprof diff tells what got slower from what did not, on this machine, now.

Keeps recordings of a program, in turn with one line 20 % slower, and compares: each equal run with each
other, each slow run with the equal one before it, and all of each kind merged. Prints counts.
Usage: diff_trial.py LINEPROF [RUNS]
"""
import itertools
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(HERE, "..", "integration", "programs", "regression.py")
PERIOD = "0.0002"
SLOWER = "20"


def main():
    lineprof, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5

    def call(*words):
        return subprocess.run([lineprof, *words], check=True, stdout=subprocess.PIPE).stdout.decode()

    def keep(name, percent):
        call("-s", PERIOD, "-q", "--python", sys.executable, "-o", name, PROGRAM, percent)
        return name

    def compared(before, after):
        """(is the slow line first, is it marked, is another marked)"""
        rows = [line for line in call("diff", before, after).splitlines() if line[1:2] == "|"]
        lines = [line for line in rows if "# " in line]
        marked = [line for line in lines if line[0] == "*"]
        is_slow = [line.endswith("# slow") for line in marked]
        return bool(lines) and lines[0].endswith("# slow"), any(is_slow), not all(is_slow)

    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        pairs = [(keep("equal%d.lineprof" % i, "0"), keep("slow%d.lineprof" % i, SLOWER))
                 for i in range(runs)]
        equal = [before for before, _ in pairs]
        slow = [after for _, after in pairs]
        silent = ["nothing differs beyond chance" in call("diff", *pair)
                  for pair in itertools.combinations(equal, 2)]
        single = [compared(*pair) for pair in pairs]
        call("merge", *equal, "-o", "before.lineprof")
        call("merge", *slow, "-o", "after.lineprof")
        merged = compared("before.lineprof", "after.lineprof")
    print("pairs of equal runs that are silent: %d of %d" % (sum(silent), len(silent)))
    for column, what in enumerate(("first", "marked", "joined by another mark")):
        print("slow line %s: %d of %d single pairs; merged: %s" % (
            what, sum(each[column] for each in single), len(single), "yes" if merged[column] else "no"))


if __name__ == "__main__":
    main()
