"""Somas of other packages: they join the catalogue by a call, or by an entry point of their distribution.

A package that declares

    [project.entry-points."spark.somas"]
    resonate = "my_package.somas:ResonateSoma"

in its `pyproject.toml`, one line a soma, has it in `catalogue()`, and so in the app and the tests, wherever it is
installed. In a notebook or a test `spark.nn.register(ResonateSoma)` does the same for one process. To derive a class is
not enough: a half-finished one is nobody's affair but its author's.

Entry points are loaded when the catalogue is first asked for, never when Spark is imported. One that does not load, or
a soma that would not work (see `soundness`), is named in the log and in `left_out()`, and skipped.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from importlib import metadata
from typing import Any, TypeVar

from .base import Soma
from .soundness import fault_of

GROUP = "spark.somas"
"""The group of entry points in which packages declare their somas."""

SomaT = TypeVar("SomaT", bound=type[Soma])
log = logging.getLogger(__name__)


class Registry:
    """What joined the catalogue from outside, and what was left out.

    Args:
        own: gives the somas that are there already, by name.
    """

    def __init__(self, own: Callable[[], dict[str, type[Soma]]]) -> None:
        self._own = own
        self._joined: dict[str, type[Soma]] = {}
        self._left_out: dict[str, str] = {}
        self._asked = False
        # One thread loads, the others wait for it; a package that asks for the catalogue while it loads does not.
        self._lock = threading.RLock()

    def register(self, kind: SomaT) -> SomaT:
        """Add a soma to the catalogue of this process; usable as a decorator. A class defined anew takes its own place.

        Raises:
            ValueError: it would not work, or its name or title is taken; says why.
        """
        with self._lock:
            others = {name: other for name, other in (self._own() | self._joined).items() if not _same(other, kind)}
            fault = fault_of(kind, list(others.values()))
            if fault:
                raise ValueError(f"{getattr(kind, '__name__', repr(kind))} cannot join the catalogue: {fault}.")
            self._joined[kind.__name__] = kind
        return kind

    def unregister(self, kind: type[Soma]) -> None:
        """Take a soma that joined out of the catalogue again.

        Raises:
            ValueError: it never joined.
        """
        with self._lock:
            if self._joined.get(kind.__name__) is not kind:
                there = ", ".join(self._joined) or "none did"
                raise ValueError(f"{kind.__name__} is not among the somas that joined: {there}.")
            del self._joined[kind.__name__]

    def joined(self) -> dict[str, type[Soma]]:
        """The somas from outside by class name, those of installed packages first."""
        with self._lock:
            if not self._asked:
                self._asked = True
                for point in metadata.entry_points(group=GROUP):
                    self._load(point)
            return dict(self._joined)

    def left_out(self) -> dict[str, str]:
        """Why a soma of an installed package is not in the catalogue, a sentence by the name of its entry point."""
        self.joined()
        return dict(self._left_out)

    def _load(self, point: metadata.EntryPoint) -> None:
        try:
            self.register(point.load())
        except (Exception, SystemExit) as error:  # whatever a stranger's package does, the others work
            package = point.dist.name if point.dist else "an installed package"
            why = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
            why = " ".join(why.split()).rstrip(".")
            sentence = f"The soma {point.name!r} ({point.value}) of {package} is left out: {why}."
            self._left_out[point.name] = sentence
            log.warning(sentence)


def _same(one: Any, other: Any) -> bool:
    """Whether two classes are one, or the same definition run twice, as in a notebook's cell."""
    return one is other or (one.__module__, one.__qualname__) == (
        getattr(other, "__module__", None),
        getattr(other, "__qualname__", None),
    )
