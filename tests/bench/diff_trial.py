"""How well lineprof diff tells what got slower from what did not, on this machine, now.

A trial keeps three recordings of a program, the third with one line 20 % slower: diff must say nothing of
the first two, and of the last two name the slow line first. Prints a line a trial, what diff says of all
trials merged, and the verdict; status 0 if every trial went so, else 1.
Usage: diff_trial.py LINEPROF [TRIALS]     default: 10 trials, some two minutes
"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(HERE, "..", "integration", "programs", "regression.py")
PERIOD = "0.0002"
SLOWER = "20"


def words_of(facts):
    return ", ".join("%s: %s" % (name, "yes" if fact else "no") for name, fact in facts.items())


def main():
    lineprof = os.path.abspath(sys.argv[1])
    trials = int(sys.argv[2]) if len(sys.argv) > 2 else 10

    def call(*words):
        return subprocess.run([lineprof, *words], check=True, stdout=subprocess.PIPE).stdout.decode()

    def keep(name, percent):
        call("-s", PERIOD, "-q", "--python", sys.executable, "-o", name, PROGRAM, percent)
        return name

    def is_silent(before, after):
        return "nothing differs beyond chance" in call("diff", before, after)

    def found(before, after):
        """What diff says of the slow line, and whether it marks another."""
        rows = [line for line in call("diff", before, after).splitlines() if line[1:2] == "|"]
        lines = [line for line in rows if "# " in line]
        is_slow = [line.endswith("# slow") for line in lines if line[0] == "*"]
        return {"slow line first": bool(lines) and lines[0].endswith("# slow"),
                "marked": any(is_slow), "another marked": not all(is_slow)}

    silent, first = 0, 0
    equal, slow = [], []
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        for trial in range(1, trials + 1):
            before = keep("before%d.lineprof" % trial, "0")
            again = keep("again%d.lineprof" % trial, "0")
            after = keep("after%d.lineprof" % trial, SLOWER)
            facts = {"equal runs silent": is_silent(before, again), **found(again, after)}
            print("trial %d: %s" % (trial, words_of(facts)), flush=True)
            silent += facts["equal runs silent"]
            first += facts["slow line first"]
            equal.append(again)
            slow.append(after)
        if trials > 1:
            call("merge", *equal, "-o", "before.lineprof")
            call("merge", *slow, "-o", "after.lineprof")
            print("all merged: %s" % words_of(found("before.lineprof", "after.lineprof")))
    is_good = silent == first == trials
    print("%s: equal runs silent in %d of %d trials, the slow line first in %d of %d" % (
        "PASS" if is_good else "FAIL", silent, trials, first, trials))
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
