"""Two threads hand a token to and fro, and so do an event loop's coroutines. Prints the CPU time."""
import asyncio
import json
import queue
import threading
import time

there, back = queue.Queue(), queue.Queue()


def answer():
    for _ in range(4000):
        back.put(there.get())


async def coroutine(mine, other):
    for _ in range(4000):
        await mine.get()
        await other.put(1)


async def main():
    one, two = asyncio.Queue(), asyncio.Queue()
    await one.put(1)
    await asyncio.gather(coroutine(one, two), coroutine(two, one))


thread = threading.Thread(target=answer)
thread.start()
for _ in range(4000):
    there.put(1)
    back.get()
thread.join()
asyncio.run(main())
print(json.dumps(time.process_time()))
