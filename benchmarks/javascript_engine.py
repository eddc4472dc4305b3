"""V8, JavaScript's engine in Chromium, as Deno brings it: one process that runs exported modules."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import numpy as np

DENO = Path(sys.executable).with_name("deno")
"""Of the environment, as the Makefile has it."""


class Engine:
    """Runs code in modules. A context: the process ends with it.

    Raises:
        FileNotFoundError: the environment has no Deno.
    """

    def __init__(self) -> None:
        script = Path(__file__).with_suffix(".js")
        own = {"DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": str(Path(sys.prefix) / ".deno"), "NO_COLOR": "1"}
        self._process = subprocess.Popen(
            [DENO, "run", "--quiet", "--no-config", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=os.environ | own,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def __call__(self, source: str, code: str, **given: Any) -> Any:
        """What a function body returns.

        Args:
            source: a module.
            code: statements; they see `module`, what the source exports, and `given`.
            given: plain data for it.

        Raises:
            RuntimeError: what the code throws.
        """
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"source": source, "code": code, "given": given}, allow_nan=False) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline(), object_hook=_read)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]


def _read(told: dict[str, Any]) -> Any:
    if "float64" in told:
        return np.frombuffer(base64.b64decode(told["float64"]))
    return float(told["number"]) if told.keys() == {"number"} else told
