"""Counts: coroutine."""
import asyncio


async def step(n):
    return n + 1  #= 5


async def main():
    total = 0  #= 1
    for i in range(5):  #= 6
        total += await step(i)  #= 5
    return total  #= 1


asyncio.run(main())
