"""Become another program, one that ends when whoever started it ends, however that is.

Run as a file, with nothing but the standard library: PARENT SIGNAL UID GID COMMAND…, all but the last whole numbers.
Only Linux has such a tie; elsewhere a program outlives a parent that is killed.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def become(parent: int, signal: int, uid: int, gid: int, command: list[str]) -> None:
    """Tie this process to its parent, give up root's rights where `uid` is not 0, and run the command in its place."""
    if uid:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":  # after the change of user, which would undo it
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal)
    if os.getppid() != parent:
        sys.exit("whoever started this has ended already")
    os.execv(command[0], command)


if __name__ == "__main__":
    parent, signal, uid, gid = map(int, sys.argv[1:5])
    become(parent, signal, uid, gid, sys.argv[5:])
