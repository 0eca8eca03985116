"""B5: all work is on a line of a coroutine that others await. Argument: SECONDS."""

import asyncio

from meter import Meter


async def work():
    await asyncio.sleep(0)
    total = sum(i * i for i in range(60000))  #: hot
    return total


async def run(meter):
    while meter.running():
        await work()


def main():
    meter = Meter()
    asyncio.run(run(meter))
    meter.print()


main()
