"""Functions that are made, run for a while and freed: their code takes turns at one address."""
import gc
import json
import time

FUNCTIONS = 20
used = {}
addresses = []


def source(i):
    """A function whose hot line is line i + 3."""
    padding = "    pass\n" * i
    return (
        "def made(end, clock):\n%s    while clock() < end:\n        sum(range(4000))\n" % padding
    )


for i in range(FUNCTIONS):
    space = {}
    exec(compile(source(i), "<made %d>" % i, "exec"), space)
    addresses.append(id(space["made"].__code__))
    began = time.thread_time()
    space["made"](began + 0.04, time.thread_time)
    used[i] = time.thread_time() - began
    space.clear()
    gc.collect()
print(json.dumps({"used": used, "addresses": len(set(addresses))}))
