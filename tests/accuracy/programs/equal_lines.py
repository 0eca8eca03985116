"""B2, B11: six identical lines, which take the same time. Arguments: SECONDS while|for|nested.

Each line computes the same value from the same operands, so that neither the data nor the sizes of the
numbers make a difference; it has sixteen operations, so that what a processor predicts better in one
line than in another weighs little. The same line stands before and after the six, and another one at the
end of each loop: what comes with the jump back to the start of the loop, and the jump itself, belong to
those.
"""

from meter import Meter

ROUNDS = 8000


def loop_while(a, b, m, k):
    i = 0
    while i < ROUNDS:
        x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b
        x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line1
        x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line2
        x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line3
        x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line4
        x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line5
        x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line6
        x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b
        i += 1
    return x


def loop_for(a, b, m, k):
    for i in range(ROUNDS):
        x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b
        x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line1
        x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line2
        x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line3
        x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line4
        x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line5
        x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line6
        x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b
        last = i
    return x + last


def loop_nested(a, b, m, k):
    for j in range(ROUNDS // 10):
        for i in range(j, j + 10):
            x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b
            x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line1
            x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line2
            x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line3
            x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line4
            x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line5
            x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b  #: line6
            x = (a * i + b) % m - (i & k) + (b * i + a) % k - (m & i) + (a * m - i) % b
        last = i
    return x + last


def main():
    meter = Meter()
    loop = {"while": loop_while, "for": loop_for, "nested": loop_nested}[meter.arguments[0]]
    while meter.running():
        loop(7, 3, 1009, 5)
    meter.print()


main()
