"""What a computer's memory holds: what is larger is refused in words, and not by the operating system."""

from __future__ import annotations

import os
from functools import cache

STEP = 1000


@cache
def memory() -> float:
    """Bytes of this computer's memory; without end where it does not say."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):  # Windows has no such question
        return float("inf")


def check_memory(size: float, what: str, remedy: str) -> None:
    """Raise a ValueError if `size` bytes, which `what` takes, are more than there are; `remedy` says what to do."""
    if size > memory():
        raise ValueError(f"{what} would take {_told(size)}, and this computer has {_told(memory())}: {remedy}.")


def _told(size: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if size < STEP:
            return f"{size:.3g} {unit}"
        size /= STEP
    return f"{size:.3g} PB"
