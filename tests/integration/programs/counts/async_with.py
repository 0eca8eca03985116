"""Counts: async with."""
import asyncio


class Guard:
    async def __aenter__(self):  #= 3
        return self  #= 2

    async def __aexit__(self, *error):  #= 3
        return False  #= 2


async def main():
    for i in range(2):
        async with Guard():
            x = i  #= 2


asyncio.run(main())
