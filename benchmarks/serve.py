"""Servers of Panel apps in processes of their own."""

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

PATIENCE = 180.0
"""Seconds that a server may take to answer, or to become idle."""


class Server:
    """`panel serve`, as people start it.

    Args:
        app: the app's directory or file, relative to the repository.
        options: further words of the command.
        program: "panel" for `panel serve`, "app" for `python -m app`.
    """

    def __init__(self, app: str, *options: str, program: str = "panel") -> None:
        with socket.socket() as free:
            free.bind(("localhost", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}/{Path(app).stem}"
        panel = [str(Path(sys.executable).with_name("panel")), "serve", app]
        command = panel if program == "panel" else [sys.executable, "-m", app]
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 -- closed when the server has stopped
        self.began = time.perf_counter()
        self._process = subprocess.Popen(
            [*command, "--port", str(self.port), "--log-level", "warning", *options],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": path},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self) -> Server:
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *error: Any) -> None:
        self._stop()

    def _wait(self) -> None:
        """Until the port answers."""
        while time.perf_counter() - self.began < PATIENCE and self._process.poll() is None:
            try:
                with socket.create_connection(("localhost", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.01)
        self._log.seek(0)
        raise RuntimeError(f"{self.url} does not answer:\n{self._log.read().decode(errors='replace')}")

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(30)
        self._log.close()

    def wait_until_idle(self) -> None:
        """Until it has hardly worked for three seconds; where the system does not say, for half a minute."""
        end = time.perf_counter() + PATIENCE
        before = self._worked()
        if before is None:
            time.sleep(30)
            return
        while time.perf_counter() < end:
            time.sleep(3)
            now = self._worked()
            if now is None or now - before < 0.1:
                return
            before = now

    def _worked(self) -> float | None:
        """Seconds of processor time that it has used."""
        stat = Path(f"/proc/{self._process.pid}/stat")
        if not stat.exists():
            return None
        fields = stat.read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
