"""A document as it is sent to its page, written beside the event loop before anybody asks for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bokeh.core.serialization import Serializer


class Prepared:
    """What `doc.to_json` answers once, unless the document has changed by then: Bokeh writes it anew in that case.

    Args:
        doc: the document, whose page is built.
    """

    def __init__(self, doc: Any) -> None:
        self._doc = doc
        self._write, self._written = doc.to_json, doc.to_json()
        doc.to_json = self._answer
        doc.on_change(self._outdate)

    def _answer(self, **how: Any) -> Any:
        written, self._written = self._written, None
        if written is None or how:
            return self._write(**how)
        config = Serializer().encode(self._doc.config)  # Panel sets it once the page is built, and nobody is told
        return replace(written, content=written.content | {"config": config})

    def _outdate(self, event: Any) -> None:
        self._written = None
