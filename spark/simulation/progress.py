"""Who is told how far a run is: a function, or a bar in the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import jax

from ..core.echo import echo

Progress: TypeAlias = "Callable[[float], object] | bool | None"
BAR = "{desc}: {percentage:3.0f}%|{bar}| {n:,.0f} of {total:,.10g} ms [{elapsed}, {remaining} left, {rate_noinv_fmt}]"
MISSING = (
    "progress=True draws its bar with tqdm, which is not installed: run pip install tqdm, "
    "or pass a function that is called with the part that is done."
)


def check_told(progress: Any) -> None:
    """Refuse what can be told of no progress."""
    if progress is not None and not isinstance(progress, bool) and not callable(progress):
        raise TypeError(f"progress takes True or a function of the part that is done, not {echo(progress)}.")


@contextmanager
def telling(progress: Progress, what: str, duration: float) -> Iterator[Callable[[float], object] | None]:
    """The function to call with the part that is done, if anybody wants to know.

    Args:
        progress: True for a bar on stderr, which is closed however the run ends; a function; None or False for nothing.
        what: what runs, in words.
        duration: length of the run, ms.

    Raises:
        TypeError: none of these.
        ImportError: a bar, and no tqdm.
    """
    check_told(progress)
    if not isinstance(progress, bool):
        yield progress
        return
    if not progress:
        yield None
        return
    try:
        from tqdm import tqdm  # of the extra `progress`; only who wants a bar needs it
    except ImportError as error:
        raise ImportError(MISSING) from error
    # Of several processes, which all write to one terminal, the first one speaks.
    quiet = jax.process_index() > 0
    with tqdm(total=duration, desc=what, unit=" ms", bar_format=BAR, dynamic_ncols=True, disable=quiet) as bar:
        yield lambda done: bar.update(done * duration - bar.n)
