"""Goes through the rows before the deadline, and keeps what has been measured: printed, and on disk after each part."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from .answers import answers
from .loops import BYTES
from .plan import LOOPS, Row
from .worker import Worker

LEAST = 5.0
"""Seconds without which no row is begun."""
PATIENCE = 2
"""A loop in which so many rows had to be ended is not asked any more."""


class Keeper:
    """The document of a run.

    Attributes:
        rows: what has been measured so far.
    """

    def __init__(
        self,
        worker: Worker,
        path: Path,
        deadline: float,
        clock: Callable[[], float] = time.monotonic,
        say: Callable[[str], object] = lambda line: print(line, flush=True),
    ) -> None:
        self._worker, self._path, self._deadline, self._clock, self._say = worker, path, deadline, clock, say
        self._began = clock()
        self.rows: list[dict[str, Any]] = []
        self._document: dict[str, Any] = {"conditions": None, "bytes": BYTES, "answers": {}}
        self._document |= {"not_measured": [], "rows": self.rows}

    def begin(self, row: Row) -> bool:
        """Ask for the conditions; without them nothing is measured, and nothing written."""
        found: dict[str, Any] = {}
        for part in self._worker.ask(row.measure, row.given, row.limit, self._left()):
            found |= part
        self._say(json.dumps(found, ensure_ascii=False))
        if "error" not in found:
            self._document["conditions"] = found
            self._write()
        return "error" not in found

    def go_through(self, rows: Iterable[Row]) -> None:
        """Measure each, as long as there is time."""
        for row in rows:
            if self._left() < LEAST:
                self._document["not_measured"].append(f"{row.question}: {row.name}: no time left")
                self._say(self._document["not_measured"][-1])
            else:
                self._measure(row)
        self._write()
        self._say(json.dumps(self._document["answers"], ensure_ascii=False, indent=1))

    def _measure(self, row: Row) -> None:
        began, loops = self._clock(), tuple(loop for loop in LOOPS if self._ended_in(loop) < PATIENCE)
        found: dict[str, Any] = {"question": row.question, "name": row.name}
        found |= {key: value for key, value in row.given.items() if key != "gpu"}
        given = set(found)
        self.rows.append(found)
        for part in self._worker.ask(row.measure, row.given | {"loops": loops}, row.limit, self._left()):
            found |= part
            self._write()
        found["seconds"] = round(self._clock() - began, 2)
        if not found.get("ended"):
            found.pop("doing", None)
        if loops != LOOPS:
            found["without"] = [loop for loop in LOOPS if loop not in loops]
        told = json.dumps({key: value for key, value in found.items() if key not in given}, ensure_ascii=False)
        self._say(f"{self._clock() - self._began:4.0f} s  {row.question}: {row.name}: {told}")
        self._document["answers"] = answers(self.rows)
        self._write()

    def _ended_in(self, loop: str) -> int:
        return sum(bool(row.get("ended")) and row.get("doing") == loop for row in self.rows)

    def _left(self) -> float:
        return self._deadline - self._clock()

    def _write(self) -> None:
        """All at once: whoever reads the file meanwhile, or after a run that was killed, finds it whole."""
        aside = self._path.with_name(self._path.name + ".new")
        aside.write_text(json.dumps(self._document, ensure_ascii=False, indent=1) + "\n", "utf-8")
        os.replace(aside, self._path)
