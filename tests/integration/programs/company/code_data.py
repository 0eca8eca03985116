"""Keeps data of its own in code objects: its destructor is called for that alone."""

import ctypes
import gc

python = ctypes.pythonapi
prefix = "PyUnstable_" if hasattr(python, "PyUnstable_Code_SetExtra") else "_Py"
request = python[prefix + "Eval_RequestCodeExtraIndex"]
set_extra = python[prefix + "Code_SetExtra"]
set_extra.argtypes = (ctypes.py_object, ctypes.c_ssize_t, ctypes.c_voidp)
freed = []
on_freed = ctypes.CFUNCTYPE(None, ctypes.c_voidp)(freed.append)
index = request(on_freed)


def run(data):
    names = {}
    exec("def function():\n    return 1\nfunction()\n", names)
    if data:
        set_extra(names["function"].__code__, index, data)
    del names  # a circle with the function
    gc.collect()


run(None)
run(7)
run(None)
print(freed)
