"""Become another program, one that ends when whoever started it ends, and that has its folder for itself.

Run as a file, with nothing but the standard library: PARENT SIGNAL UID GID REACHES LOCK PATIENCE COMMAND…

The tie to the parent is Linux's; elsewhere a program outlives a parent that is killed. The lock is the kernel's: the
program has it as long as any of its processes lives, whoever started it.
"""

import ctypes
import fcntl
import os
import sys
import time

_PR_SET_PDEATHSIG = 1
_PR_SET_SECUREBITS, _NO_SETUID_FIXUP = 28, 1 << 2
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 47, 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522
_LOOK_EVERY = 0.02


def become(
    parent: int, signal: int, uid: int, gid: int, reaches: bool, lock: str, patience: float, command: list[str]
) -> None:
    """Take the lock, give up root's rights where `uid` is not 0, and run the command in this process's place.

    Where it `reaches` files that the user may not, that one of root's rights is kept. For so many seconds it waits for
    a process that ends and has the lock still. `signal` is what the program gets when the parent is gone.
    """
    _hold(lock, time.monotonic() + patience)
    if uid:
        libc = ctypes.CDLL(None)
        if reaches:
            # KEEPCAPS is not enough: access(2), by which PostgreSQL finds its own programs, would disregard the right.
            libc.prctl(_PR_SET_SECUREBITS, _NO_SETUID_FIXUP, 0, 0, 0)
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
        if reaches:
            _keep(libc, _CAP_DAC_OVERRIDE)
    if sys.platform == "linux":  # after the change of user, which would undo it
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal)
    if os.getppid() != parent:
        sys.exit("whoever started this has ended already")
    os.execv(command[0], command)


def _keep(libc: ctypes.CDLL, capability: int) -> None:
    """Keep one capability of those that are permitted still, beyond the exec too (capabilities(7), ambient)."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    # Effective, permitted, inheritable: of capabilities 0 to 31, then of the others.
    sets = (ctypes.c_uint32 * 6)(*[1 << capability] * 3)
    libc.capset(header, sets)
    libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)


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
    parent, signal, uid, gid, reaches = map(int, sys.argv[1:6])
    become(parent, signal, uid, gid, bool(reaches), sys.argv[6], float(sys.argv[7]), sys.argv[8:])
