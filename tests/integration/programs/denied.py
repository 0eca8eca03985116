"""Becomes another program, in which a system call fails: denied.py NUMBER ERRNO COMMAND...

By a seccomp filter (seccomp(2)), which children inherit.
"""
import ctypes
import os
import struct
import sys

PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
SECCOMP_RET_ERRNO = 0x00050000
SECCOMP_RET_ALLOW = 0x7FFF0000
# linux/bpf_common.h: load a word of seccomp_data, jump if equal, return.
LOAD_NUMBER = 0x20
JUMP_IF_EQUAL = 0x15
RETURN = 0x06


class SockFprog(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def instruction(code, if_true, if_false, operand):
    return struct.pack("HBBI", code, if_true, if_false, operand)


number, error = int(sys.argv[1]), int(sys.argv[2])
code = b"".join(
    [
        instruction(LOAD_NUMBER, 0, 0, 0),
        instruction(JUMP_IF_EQUAL, 0, 1, number),
        instruction(RETURN, 0, 0, SECCOMP_RET_ERRNO | error),
        instruction(RETURN, 0, 0, SECCOMP_RET_ALLOW),
    ]
)
buffer = ctypes.create_string_buffer(code, len(code))
program = SockFprog(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
prctl = ctypes.CDLL(None, use_errno=True).prctl
for request in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program))):
    if prctl(*request) != 0:
        sys.exit("prctl: " + os.strerror(ctypes.get_errno()))
os.execvp(sys.argv[3], sys.argv[3:])
