"""Threads that give way to others: what nobody waits for leaves the processors to what a hand waits for."""

from __future__ import annotations

import os
import sys
import threading


def give_way(by: int) -> None:
    """Let this thread's niceness be so much higher, for good; where threads have none of their own, nothing.

    It cannot be taken back without the rights of an administrator: a thread that has given way serves nothing else.
    """
    if sys.platform == "linux":
        this = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, this, os.getpriority(os.PRIO_PROCESS, this) + by)
