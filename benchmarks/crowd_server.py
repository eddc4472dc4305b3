"""The app on a server of its own, of one or several processes: what they work, and what memory they hold (Linux)."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from .serve import Server as OneServer

STARTING = 180.0
LIFETIME, CHECK = 3000, 1000
"""ms until a session without a connection is discarded, and between two looks for such sessions (the server's own
setting, 15 s and 17 s, would only make the measurement longer)."""
PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")
LOG_SIZE = 1 << 24
TICKS = os.sysconf("SC_CLK_TCK")


class Measured(OneServer):
    """What the system and the log say of a server and its processes."""

    def worked(self) -> float:
        """Seconds of processor time that all processes have used."""
        return sum(map(_seconds, self._stats()))

    def loop(self) -> float:
        """Seconds of processor time that the first process's main thread has used: the event loop's."""
        return _seconds(_stat(Path(f"/proc/{self._process.pid}/task/{self._process.pid}/stat")))

    def memory(self) -> float:
        """Resident memory of all processes, MB. What they share counts in each: look at differences."""
        return sum(int(stat[21]) * PAGE_SIZE / 1e6 for stat in self._stats())

    def said(self) -> str:
        """The log so far: warnings and errors."""
        return os.pread(self._log.fileno(), LOG_SIZE, 0).decode(errors="replace")

    def _stats(self) -> list[list[str]]:
        """What the system says of each process, from the state on."""
        found = []
        for number in (self._process.pid, *self.children):
            stat = Path(f"/proc/{number}/stat")
            if stat.exists():
                found.append(_stat(stat))
        return found

    @property
    def children(self) -> list[int]:
        """Processes that it has begun."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(number) for number in children.read_text().split()] if children.exists() else []


def _stat(path: Path) -> list[str]:
    """What the system says of a process or a thread, from the state on."""
    return path.read_text().rsplit(")", 1)[1].split()


def _seconds(stat: list[str]) -> float:
    return (int(stat[11]) + int(stat[12])) / TICKS


class Server(Measured):
    """`panel serve app`.

    Args:
        processes: passed on as `--num-procs`.
    """

    def __init__(self, processes: int) -> None:
        super().__init__(
            "app",
            *("--num-procs", str(processes)),
            *("--unused-session-lifetime", str(LIFETIME)),
            *("--check-unused-sessions", str(CHECK)),
        )

    def __exit__(self, *error: Any) -> None:
        if error[1] is not None:
            print(self.said(), file=sys.stderr)
        super().__exit__(*error)

    def settle(self) -> None:
        """Wait until all processes have hardly worked for three seconds: models are compiled, caches are filled."""
        end = time.perf_counter() + STARTING
        before = self.worked()
        while time.perf_counter() < end:
            time.sleep(3)
            now = self.worked()
            if now - before < 0.1:
                return
            before = now
        raise RuntimeError("the server does not come to rest")


def machine_worked() -> float:
    """Seconds of processor time that all programs on the machine have used, waiting and idling apart."""
    user, nice, system, _, _, irq, softirq, *_ = (int(n) for n in Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + irq + softirq) / TICKS
