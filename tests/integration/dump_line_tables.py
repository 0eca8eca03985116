"""Writes the line table of every code object of this interpreter's standard library, and what the
interpreter itself makes of it, to standard output: the input of lineprof_line_table_check.

Run by the interpreter in question (3.8 or newer); test_line_tables.py does. The stream, all
integers 32 bits little-endian:

    stream     "LPLINES1" format { file { code } } end
    file       1 length path
    code       2 first_line name_length name table_length table code_length count { begin end line }
    end        3 sources_that_do_not_compile

`format` is LineTableFormat of src/recording/recording.h. The expected ranges cover [0, code_length)
in bytes; line is -1 where the interpreter has none.
"""

import array
import ctypes
import dis
import os
import struct
import sys
import sysconfig
import warnings

NO_LINE = -1
LNOTAB, PEP626, LOCATIONS = 1, 2, 3
FILE, CODE, END_OF_STREAM = 1, 2, 3


def table_format():
    if sys.version_info < (3, 10):
        return LNOTAB
    return PEP626 if sys.version_info < (3, 11) else LOCATIONS


def ranges_of_co_lines(code):
    expected = array.array("i")
    for begin, end, line in code.co_lines():
        expected.extend((begin, end, NO_LINE if line is None else line))
    return expected


def ranges_of_lnotab(code):
    """3.8 and 3.9: every instruction through dis and through the interpreter's own C function."""
    addr2line = ctypes.pythonapi.PyCode_Addr2Line
    starts = dict(dis.findlinestarts(code))
    expected = array.array("i")
    reference = ctypes.py_object(code)
    line = code.co_firstlineno
    for offset in range(0, len(code.co_code), 2):
        line = starts.get(offset, line)
        if addr2line(reference, offset) != line:
            sys.exit("dis and PyCode_Addr2Line differ: %r at %d" % (code, offset))
        expected.extend((offset, offset + 2, line))
    return expected


def code_objects(code):
    """`code` and all code objects within it; not recursive, as some sources nest very deep."""
    waiting = [code]
    while waiting:
        code = waiting.pop()
        yield code
        waiting.extend(c for c in code.co_consts if hasattr(c, "co_consts"))


def sources(library):
    for folder, folders, names in os.walk(library):
        folders[:] = sorted(set(folders) - {"__pycache__", "site-packages", "dist-packages"})
        for name in sorted(names):
            path = os.path.join(folder, name)
            if name.endswith(".py") and os.path.isfile(path):  # Debian has links to /etc
                yield path


def write_code(write, code, expected, table):
    name = code.co_name.encode("utf-8", "replace")
    write(struct.pack("<3i", CODE, code.co_firstlineno, len(name)))
    write(name)
    write(struct.pack("<i", len(table)))
    write(table)
    write(struct.pack("<2i", len(code.co_code), len(expected) // 3))
    if sys.byteorder == "big":
        expected.byteswap()
    write(expected.tobytes())


def main():
    warnings.simplefilter("ignore")  # sources of the tests warn on purpose
    write = sys.stdout.buffer.write
    encoding = table_format()
    write(b"LPLINES1" + struct.pack("<i", encoding))
    expected_of = ranges_of_lnotab if encoding == LNOTAB else ranges_of_co_lines
    broken = 0
    for path in sources(sysconfig.get_path("stdlib")):
        with open(path, "rb") as file:
            source = file.read()
        try:
            module = compile(source, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            broken += 1  # the tests of the standard library have such sources on purpose
            continue
        name = os.fsencode(path)
        write(struct.pack("<2i", FILE, len(name)) + name)
        for code in code_objects(module):
            table = code.co_lnotab if encoding == LNOTAB else code.co_linetable
            write_code(write, code, expected_of(code), table)
    write(struct.pack("<2i", END_OF_STREAM, broken))


if __name__ == "__main__":
    main()
