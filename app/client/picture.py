"""All data of a picture in one message, acknowledged when painted; the strip of read-outs above the plots."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from bokeh.model import Model

from .bundle import script
from .frames import LARGEST, part, whole, word
from .messenger import Messenger

FEWEST, MOST = 100, 4000
"""Pixel columns that are believed."""
Sources = dict[str, dict[str, np.ndarray]]
Looks = Iterable[tuple[Model, dict[str, Any]]]
"""Properties of Bokeh models, as JSON."""


class Picture(Messenger):
    """Sets the data sources of the page's figures, named as in `Sources`, and shows read-outs and messages.

    `columns` is how many pixels wide the plots are, once the page has told.
    """

    _esm = script("picture/picture.js")

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.on_painted: Callable[[int], None] = lambda revision: None
        self.on_ready: Callable[[Any], None] = lambda begin: None
        self.on_lost: Callable[[], None] = lambda: None
        self.on_meter: Callable[[], None] = lambda: None
        self.on_resized: Callable[[], None] = lambda: None
        self.on_cancel: Callable[[], None] = lambda: None
        self.on_remedy: Callable[[dict[str, Any]], None] = lambda values: None
        self.on_sent: Callable[[dict[str, Any], dict[str, Any], bytes], None] | None = None
        """Is told what of sources and line goes to the page with each picture: `mirror` shows it on another page."""
        self._line: dict[str, Any] = {}
        self._looks: dict[tuple[str, str], Any] = {}
        self._shown: dict[tuple[str, str], int] = {}
        self._mirrored: tuple[Sources, dict[str, Any]] = {}, {}
        self._mirrors = 0
        self._unpainted = 0  # the mirrored picture that is on its way, 0 for none
        self.columns: int | None = None

    def paint(self, revision: int, sources: Sources, line: dict[str, Any], looks: Looks = ()) -> None:
        """Send a picture and its read-outs.

        Args:
            revision: number that comes back when it is painted.
            sources: arrays by source and column; float32 on the wire, uint8 images as they are.
            line: `readouts` [[label, value, unit], ...], `cost`, `about`, `meter`: texts for the strip; also what
                `say` changes.
            looks: properties of figures that change with it: labels, ranges, what is visible.
        """
        layout, data = self._packed(sources)
        self._mirrored = {}, {}  # older than this
        self._line |= line
        self.tell({"revision": revision, "layout": layout, "line": line, "looks": self._changed(looks)}, data)
        if self.on_sent is not None:
            self.on_sent(layout, line, data)

    def mirror(self, layout: dict[str, Any], line: dict[str, Any], data: bytes) -> bool:
        """Show what was sent to another page that has the same figures, but for images; whether it goes there now.

        Until the one before is painted it waits, as the newest of each array: a slow connection gets fewer pictures,
        and no queue of them grows.
        """
        sources, words = self._mirrored
        for name, columns in layout.items():
            arrays = {column: np.frombuffer(data, "<f4", size, at) for column, (at, size, *_) in columns.items()}
            sources.setdefault(name, {}).update(arrays)
        words |= line
        return not self._unpainted and self._send_mirrored()

    def _send_mirrored(self) -> bool:
        (sources, line), self._mirrored = self._mirrored, ({}, {})
        layout, data = self._packed(sources)
        self._line |= line
        if not layout:
            self.tell({"line": line})
            return True
        self._mirrors += 1
        self._unpainted = -self._mirrors  # no number of the page's own pictures
        self.tell({"revision": self._unpainted, "layout": layout, "line": line, "looks": []}, data)
        return True

    def adjust(self, looks: Looks) -> None:
        """Change properties of figures alone."""
        changed = self._changed(looks)
        if changed:
            self.tell({"looks": changed})

    def add(self, sources: Sources, looks: Looks = ()) -> None:
        """Change single sources of the picture that is shown, and properties of figures."""
        layout, data = self._packed(sources)
        changed = self._changed(looks)
        if layout or changed:
            self.tell({"layout": layout, "looks": changed}, data)
        if layout and self.on_sent is not None:
            self.on_sent(layout, {}, data)

    def say(self, **line: Any) -> None:
        """Change texts of the strip: `error` (None clears it), `busy`, `note`, `about`: the first of them is shown.

        `remedy` is what mends a run that failed, and shows a button: {"label": "...", "values": {...}} by rows' keys.
        `run` is how far a run is, and shows a bar: {"part": 0.42, "words": "..."}.
        """
        self._line |= line
        self.tell({"line": line})

    def rest(self) -> None:
        """Take away the bar and the note, if they are there."""
        if self._line.get("run") or self._line.get("note"):
            self.say(run=None, note=None)

    def tell_again(self) -> None:
        """Count nothing as shown."""
        self._begin_anew()
        self.tell({"line": self._line, "looks": self._all_looks()})
        self.on_lost()

    def _changed(self, looks: Looks) -> list[tuple[str, dict[str, Any]]]:
        """What the page does not show yet, by the model's id.

        The server's own copies of the models keep their old values: setting them would send each over Bokeh's
        connection, in no order with the data.
        """
        changed = []
        for model, values in looks:
            fresh = {name: value for name, value in values.items() if self._looks.get((model.id, name), self) != value}
            self._looks |= {(model.id, name): value for name, value in fresh.items()}
            if fresh:
                changed.append((model.id, fresh))
        return changed

    def notice(self, model: Model, name: str, value: Any) -> None:
        """The page itself has changed a property."""
        self._looks[model.id, name] = value

    def _all_looks(self) -> list[tuple[str, dict[str, Any]]]:
        return [(model, {name: value}) for (model, name), value in self._looks.items()]

    def receive(self, message: dict[str, Any]) -> None:
        """Handle the page's "ready", by which the session begins, and "painted"."""
        columns = message.get("columns")
        if isinstance(columns, int) and columns > 0:
            self.columns = min(max(columns, FEWEST), MOST)
        match message.get("type"):
            case "painted":
                self._painted(whole(message, "revision", -LARGEST))
            case "pass":  # the page's channel is closed
                if self.channel is not None:
                    self.channel.deliver(word(message, "to"), part(message, "said"))
            case "meter":
                self.on_meter()
            case "resized":
                self.on_resized()
            case "cancel":
                self.on_cancel()
            case "remedy":
                if remedy := self._line.get("remedy"):
                    self.on_remedy(remedy["values"])
            case "ready":
                self._begin_anew()
                key = self.channel.invite() if self.channel else None
                head = {"line": self._line, "looks": self._all_looks(), "channel": key}
                self.send({"head": json.dumps(head), "data": b""})
                self.on_ready(message.get("begin"))

    def _painted(self, revision: int) -> None:
        if revision >= 0:
            self.on_painted(revision)
        elif revision == self._unpainted:
            self._unpainted = 0
            if any(self._mirrored):
                self._send_mirrored()

    def _begin_anew(self) -> None:
        """The page shows nothing yet, and nothing is on its way."""
        self._shown.clear()
        self._mirrored, self._unpainted = ({}, {}), 0

    def _packed(self, sources: Sources) -> tuple[dict[str, Any], bytes]:
        """Where each array lies, and the bytes of all; sources that the page shows already are left out.

        What does not change is then not painted either: each figure of the page costs several milliseconds.
        """
        layout: dict[str, dict[str, Any]] = {}
        parts: list[bytes] = []
        at = 0
        for name, columns in sources.items():
            packed = {column: _bytes(values) for column, values in columns.items()}
            if all(self._shown.get((name, column)) == hash(data) for column, data in packed.items()):
                continue
            layout[name] = {}
            for column, data in packed.items():
                values = columns[column]
                image = values.dtype == np.uint8
                layout[name][column] = [at, values.size, "u1" if image else "f4", list(values.shape) if image else None]
                padding = -len(data) % 8
                parts += [data, b"\0" * padding]
                at += len(data) + padding
                self._shown[name, column] = hash(data)
        return layout, b"".join(parts)


def _bytes(values: np.ndarray) -> bytes:
    return np.ascontiguousarray(values if values.dtype == np.uint8 else values.astype("<f4", copy=False)).tobytes()
