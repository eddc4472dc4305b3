"""All data of a picture in one message, acknowledged when painted; the strip of read-outs above the plots."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable
from typing import Any

import numpy as np

from .messenger import Messenger

Sources = dict[str, dict[str, np.ndarray]]


class Picture(Messenger):
    """Sets the data sources of the page's figures, named as in `Sources`, and shows read-outs and messages."""

    _esm = pathlib.Path(__file__).with_name("picture.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on_painted: Callable[[int], None] = lambda revision: None
        self.on_ready: Callable[[], None] = lambda: None
        self.on_meter: Callable[[], None] = lambda: None
        self._line: dict[str, Any] = {}

    def paint(self, revision: int, sources: Sources, line: dict[str, Any]) -> None:
        """Send a picture and its read-outs.

        Args:
            revision: number that comes back when it is painted.
            sources: arrays by source and column; float32 on the wire, uint8 images as they are.
            line: `readouts` [[label, value, unit], ...], `cost`, `about`, `meter`: texts for the strip.
        """
        layout, data = _packed(sources)
        self._line |= line
        self.send({"revision": revision, "layout": layout, "line": json.dumps(line), "data": data})

    def add(self, sources: Sources) -> None:
        """Change single sources of the picture that is shown."""
        layout, data = _packed(sources)
        self.send({"layout": layout, "data": data})

    def say(self, **line: Any) -> None:
        """Change texts of the strip: `error` (None clears it), `busy`, `about`."""
        self._line |= line
        self.send({"line": json.dumps(line)})

    def download(self, name: str, content: bytes) -> None:
        """Let the visitor's browser save a file."""
        self.send({"name": name, "file": content})

    def receive(self, message: dict[str, Any]) -> None:
        """Handle the page's "ready" and "painted"."""
        if message["type"] == "painted":
            self.on_painted(message["revision"])
        elif message["type"] == "meter":
            self.on_meter()
        elif message["type"] == "ready":
            self.send({"line": json.dumps(self._line)})
            self.on_ready()


def _packed(sources: Sources) -> tuple[str, bytes]:
    """Where each array lies, as JSON, and the bytes of all."""
    layout: dict[str, dict[str, Any]] = {}
    parts: list[bytes] = []
    at = 0
    for name, columns in sources.items():
        layout[name] = {}
        for column, values in columns.items():
            image = values.dtype == np.uint8
            data = np.ascontiguousarray(values if image else values.astype("<f4", copy=False)).tobytes()
            layout[name][column] = [at, values.size, "u1" if image else "f4", list(values.shape) if image else None]
            padding = -len(data) % 8
            parts += [data, b"\0" * padding]
            at += len(data) + padding
    return json.dumps(layout), b"".join(parts)
