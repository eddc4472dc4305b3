"""A document as it is sent to its page, written beside the event loop before anybody asks for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bokeh.core.serialization import Serializer


class Prepared:
    """What `doc.to_json` answers once, unless the document has told of a change by then: Bokeh writes it anew then.

    It tells of all but two things: what Panel sets in `doc.config` once a page is built, which is written anew here,
    and what changes while a document is held to which nobody is connected, which nothing of this app does.

    Args:
        doc: the document, whose page is built.
    """

    def __init__(self, doc: Any) -> None:
        self._doc = doc
        self._write, self._written = doc.to_json, doc.to_json()
        doc.to_json = self._answer
        doc.on_change(self._outdate)

    def _answer(self, **how: Any) -> Any:
        if how:
            return self._write(**how)
        written, self._written = self._written, None
        if written is None:
            return self._write()
        config = Serializer().encode(self._doc.config)
        return replace(written, content=written.content | {"config": config})

    def _outdate(self, event: Any) -> None:
        self._written = None
