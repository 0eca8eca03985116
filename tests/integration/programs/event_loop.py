"""Coroutines that take turns, async generators and generators that delegate, each with a hot line."""
import asyncio
import json
import time

used = {"coroutine": 0, "asyncgen": 0, "delegated": 0}


def add(mark, began):
    used[mark] += time.thread_time() - began


async def worker():
    for _ in range(60):
        began = time.thread_time()
        sum(range(100000))  # coroutine
        add("coroutine", began)
        await asyncio.sleep(0)


async def produce():
    for i in range(80):
        began = time.thread_time()
        sum(range(100000))  # asyncgen
        add("asyncgen", began)
        yield i


async def consume():
    async for _ in produce():
        await asyncio.sleep(0)


def inner():
    for i in range(80):
        began = time.thread_time()
        sum(range(100000))  # delegated
        add("delegated", began)
        yield i


def outer():
    yield from inner()


async def main():
    await asyncio.gather(worker(), worker(), consume())


asyncio.run(main())
list(outer())
print(json.dumps({"used": used}))
