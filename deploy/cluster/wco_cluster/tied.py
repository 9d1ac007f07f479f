"""Become another program, one that ends when whoever started it ends, and that has its folder for itself.

Run as a file, with nothing but the standard library: PARENT SIGNAL UID GID LOCK PATIENCE COMMAND…

The tie to the parent is Linux's; elsewhere a program outlives a parent that is killed. The lock is the kernel's: the
program has it as long as any of its processes lives, whoever started it.
"""

import ctypes
import fcntl
import os
import sys
import time

_PR_SET_PDEATHSIG = 1
_LOOK_EVERY = 0.02


def become(parent: int, signal: int, uid: int, gid: int, lock: str, patience: float, command: list[str]) -> None:
    """Take the lock, give up root's rights where `uid` is not 0, and run the command in this process's place.

    For so many seconds it waits for a process that ends and has the lock still. `signal` is what the program gets
    when the parent is gone.
    """
    _hold(lock, time.monotonic() + patience)
    if uid:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":  # after the change of user, which would undo it
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal)
    if os.getppid() != parent:
        sys.exit("whoever started this has ended already")
    os.execv(command[0], command)


def _hold(lock: str, deadline: float) -> None:
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(descriptor, True)
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                sys.exit(f"another process has {lock}: this one was not started")
            time.sleep(_LOOK_EVERY)
        else:
            return


if __name__ == "__main__":
    parent, signal, uid, gid = map(int, sys.argv[1:5])
    become(parent, signal, uid, gid, sys.argv[5], float(sys.argv[6]), sys.argv[7:])
