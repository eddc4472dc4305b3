"""What is known of documents, for all rooms of a process."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from .traced import Traced

KEPT = 2000
"""Documents whose runs are kept: 8 kB and their spikes each."""
Document = dict[str, Any]


@dataclass(frozen=True)
class Met:
    """A document that has been looked at.

    Attributes:
        document: as `to_dict` writes it; None where it cannot be read.
        traced: what came of it; None where nothing did.
        refused: why, in a sentence.
    """

    document: Document | None = None
    traced: Traced | None = None
    refused: str | None = None


class Memory:
    """What has been met, by digest of the document: the latest of it. Any thread may ask."""

    def __init__(self, most: int = KEPT) -> None:
        self._met: OrderedDict[str, Met] = OrderedDict()
        self._most, self._lock = most, threading.Lock()

    def get(self, digest: str) -> Met | None:
        """What is known of a document."""
        with self._lock:
            if digest in self._met:
                self._met.move_to_end(digest)
            return self._met.get(digest)

    def keep(self, digest: str, met: Met) -> None:
        """Keep it, and forget what was asked for longest ago."""
        with self._lock:
            self._met[digest] = met
            self._met.move_to_end(digest)
            while len(self._met) > self._most:
                self._met.popitem(last=False)


MEMORY = Memory()
"""That of the process."""


def digest_of(document: Any) -> str:
    """The same for equal documents of JSON types."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
