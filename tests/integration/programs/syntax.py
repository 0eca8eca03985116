"""Kinds of frames and statements, each with one line that takes its time."""
import asyncio
import contextlib
import functools
import json
import time

SECONDS = 0.12
used = {}  # mark -> CPU seconds


# A C call of about 50 us, without a Python frame of its own.
BURN = functools.partial(sum, range(4000))


def timed(mark):
    def decorate(function):
        @functools.wraps(function)
        def run():
            began = time.thread_time()
            while time.thread_time() < began + SECONDS:
                function()
            used[mark] = time.thread_time() - began

        return run

    return decorate


@timed("comprehension")
def comprehension():
    return [
        BURN()  # comprehension
        for _ in range(50)
    ]


@timed("generator")
def generator():
    def numbers():
        for _ in range(50):
            yield BURN()  # generator

    return list(numbers())


@timed("argument")
def call_of_several_lines():
    return max(
        0,
        sum(range(200000)),  # argument
        1,
    )


@timed("async")
def coroutine():
    async def work():
        for _ in range(50):
            BURN()  # async
        await asyncio.sleep(0)

    loop.run_until_complete(work())


@timed("lambda")
def anonymous():
    return sorted(
        range(50),
        key=lambda _: BURN(),  # lambda
    )


@timed("with")
def context():
    with contextlib.suppress(ValueError):
        for _ in range(50):
            BURN()  # with


@timed("class")
def class_body():
    class Made:
        for _ in range(50):
            BURN()  # class

    return Made


@timed("f-string")
def formatted():
    return f"{sum(range(200000))}"  # f-string


@timed("except")
def exception():
    try:
        raise KeyError
    except KeyError:
        for _ in range(50):
            BURN()  # except
    finally:
        pass


loop = asyncio.new_event_loop()
for each in (
    comprehension,
    generator,
    call_of_several_lines,
    coroutine,
    anonymous,
    context,
    class_body,
    formatted,
    exception,
):
    each()
loop.close()
print(json.dumps(used))
