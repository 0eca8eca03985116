"""Counts: gather."""
import asyncio


async def worker(n):
    for i in range(3):
        await asyncio.sleep(0)
    return n  #= 4


async def main():
    await asyncio.gather(*[worker(i) for i in range(4)])


asyncio.run(main())
