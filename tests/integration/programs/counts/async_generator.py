"""Counts: async generator."""
import asyncio


async def numbers(n):
    for i in range(n):
        yield i


async def main():
    seen = []  #= 1
    async for i in numbers(4):
        seen.append(i)
    return [j async for j in numbers(3)]


asyncio.run(main())
