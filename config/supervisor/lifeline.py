"""Ties a process to the life of its parent."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(parent: int, by: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send this process the signal `by` when its parent ends, even by SIGKILL.

    Called in the child, between fork and exec or soon after the fork. Only Linux can do this:
    elsewhere the children of a killed parent live on.
    """
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:  # it ended before prctl was called
        os.kill(os.getpid(), by)
