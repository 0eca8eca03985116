"""Asyncio tasks that take known shares of the time, in the main thread and in one with a loop of its own.

Prints as JSON the CPU seconds of each task's work, by its name.
"""
import asyncio
import json
import threading
import time

spent = {}


def work(name, seconds):
    began = time.thread_time()
    while time.thread_time() < began + seconds:
        sum(range(2000))  # work
    spent[name] = spent.get(name, 0) + time.thread_time() - began


async def worker(name, parts, seconds):
    for _ in range(parts):
        work(name, seconds)
        await asyncio.sleep(0.001)


class OwnTask(asyncio.Task):
    """What a task factory may make."""


async def main():
    loop = asyncio.get_running_loop()
    tasks = []
    for name, seconds in (("small", 0.01), ("large", 0.03), ("größe €", 0.02)):
        tasks.append(asyncio.create_task(worker(name, 10, seconds)))
        tasks[-1].set_name(name)
    loop.set_task_factory(lambda loop, coro, **options: OwnTask(coro, loop=loop, **options))
    tasks.append(asyncio.create_task(worker("own", 10, 0.01)))
    tasks[-1].set_name("own")
    loop.call_soon(work, "callback", 0.1)  # is no task
    await asyncio.gather(*tasks)
    loop.set_task_factory(None)
    unnamed = asyncio.create_task(worker("unnamed", 1, 0.1))
    await unnamed
    spent[unnamed.get_name()] = spent.pop("unnamed")


async def in_thread():
    asyncio.current_task().set_name("in thread")
    await worker("in thread", 10, 0.01)


def run_thread():
    asyncio.run(in_thread())


asyncio.run(main())
thread = threading.Thread(target=run_thread)
thread.start()
thread.join()
work("no loop", 0.1)
print(json.dumps(spent))
