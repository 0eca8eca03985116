"""A function whose line table is much longer than 4 KB, hot on one of its last lines."""
import json
import sys
import time

LINES = 4000
text = "def long(end, clock):\n"
text += "".join("    x%d = (%d,\n          end)\n" % (i, i) for i in range(LINES))
text += "    while clock() < end:\n        sum(range(4000))  # hot\n    return x0\n"
path = sys.argv[1]
with open(path, "w") as file:
    file.write(text)
space = {}
exec(compile(text, path, "exec"), space)
code = space["long"].__code__
began = time.thread_time()
space["long"](began + 0.3, time.thread_time)
table = code.co_linetable if hasattr(code, "co_linetable") else code.co_lnotab
print(json.dumps({"table": len(table), "used": time.thread_time() - began}))
