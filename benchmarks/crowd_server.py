"""The app on a server of its own, of one or several processes: what they work, and what memory they hold (Linux)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from .page import ROOT

STARTING = 180.0
LIFETIME, CHECK = 3000, 1000
"""ms until a session without a connection is discarded, and between two looks for such sessions (the server's own
setting, 15 s and 17 s, would only make the measurement longer)."""
PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")
LOG_SIZE = 1 << 24
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """`panel serve app`.

    Args:
        processes: passed on as `--num-procs`.
    """

    def __init__(self, processes: int) -> None:
        with socket.socket() as free:
            free.bind(("localhost", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}/app"
        panel = str(Path(sys.executable).with_name("panel"))
        options = {
            "--port": self.port,
            "--num-procs": processes,
            "--unused-session-lifetime": LIFETIME,
            "--check-unused-sessions": CHECK,
            "--log-level": "warning",
        }
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the server
        self._process = subprocess.Popen(
            [panel, "serve", "app", *(str(word) for option in options.items() for word in option)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": path},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self) -> Server:
        try:
            self._wait()
        except BaseException:
            print(self.said(), file=sys.stderr)
            self._stop()
            raise
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if error is not None:
            print(self.said(), file=sys.stderr)
        self._stop()

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

    def worked(self) -> float:
        """Seconds of processor time that all processes have used."""
        return sum((int(stat[11]) + int(stat[12])) / TICKS for stat in self._stats())

    def memory(self) -> float:
        """Resident memory of all processes, MB. What they share counts in each: look at differences."""
        return sum(int(stat[21]) * PAGE_SIZE / 1e6 for stat in self._stats())

    def said(self) -> str:
        """The log so far: warnings and errors."""
        return os.pread(self._log.fileno(), LOG_SIZE, 0).decode(errors="replace")

    def _wait(self) -> None:
        """Until the port answers."""
        end = time.perf_counter() + STARTING
        while time.perf_counter() < end and self._process.poll() is None:
            try:
                with socket.create_connection(("localhost", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"{self.url} does not answer")

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(30)
        self._log.close()

    def _stats(self) -> list[list[str]]:
        """What the system says of each process, from the state on."""
        found = []
        for number in (self._process.pid, *self._children()):
            stat = Path(f"/proc/{number}/stat")
            if stat.exists():
                found.append(stat.read_text().rsplit(")", 1)[1].split())
        return found

    def _children(self) -> list[int]:
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(number) for number in children.read_text().split()] if children.exists() else []


def machine_worked() -> float:
    """Seconds of processor time that all programs on the machine have used, waiting and idling apart."""
    user, nice, system, _, _, irq, softirq, *_ = (int(n) for n in Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + irq + softirq) / TICKS
