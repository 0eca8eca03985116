"""B9: work that repeats with the sampling period. Arguments: SECONDS PERIOD wall|cpu.

Four lines share each period equally; the clock that sets the pace is the one that the ticks follow.
"""

import time

from meter import Meter


def main():
    meter = Meter()
    period = float(meter.arguments[0])
    clock = {"wall": time.perf_counter, "cpu": time.thread_time}[meter.arguments[1]]
    begin = clock()
    for i in range(int(meter.seconds / period)):
        start = begin + i * period
        meter.restart()
        while clock() < start + period / 4: pass  #: quarter1
        meter.lap("quarter1")
        while clock() < start + period / 2: pass  #: quarter2
        meter.lap("quarter2")
        while clock() < start + period * 3 / 4: pass  #: quarter3
        meter.lap("quarter3")
        while clock() < start + period: pass  #: quarter4
        meter.lap("quarter4")
    meter.print()


main()
