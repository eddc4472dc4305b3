"""Changes as text, for the browser that keeps them over a reload, and back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np

from .link import CUT, KEPT, STORED, BadLink, pack, short, unpack


def step(document: dict[str, Any], known: Collection[str] = ()) -> tuple[str, dict[str, str]]:
    """A document as the browser keeps it for undo, and its long currents by the names that it has for them.

    Each of those is kept once, however many changes have it: those that are `known` are there. One of more values than
    a browser keeps is for a file.
    """
    told = short(document)
    pairs = zip(document["stimulus"], told["stimulus"], strict=True)
    long = {named["samples"]["digest"]: part["samples"] for part, named in pairs if part is not named}
    fresh = {
        digest: pack(samples, 1)
        for digest, samples in long.items()
        if digest not in known and np.size(samples["values"]) <= KEPT
    }
    return pack({"state": told}, 1), fresh


def stepped(steps: Iterable[str], currents: Mapping[str, str]) -> list[dict[str, Any]]:
    """The documents of which `step` made these; `from_dict` says whether they are such.

    Raises:
        ValueError: they are no such texts.
    """
    known = {digest: unpack(text, STORED, STORED) for digest, text in currents.items()}
    return [_filled(unpack(text).get("state"), known) for text in steps]


def _filled(document: Any, known: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The document with the currents that are known in the place of their names."""
    parts = document.get("stimulus") if isinstance(document, dict) else None
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise BadLink(CUT)
    return document | {"stimulus": [_with(part, known) for part in parts]}


def _with(part: dict[str, Any], known: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    samples = part.get("samples", {})
    found = known.get(str(samples.get("digest"))) if isinstance(samples, dict) else None
    return part if found is None else part | {"samples": found}
