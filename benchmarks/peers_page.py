"""docs/peers.md, made of spark/export/peers.json."""

from __future__ import annotations

from typing import Any

from .page import ROOT

PAGE = ROOT / "docs" / "peers.md"


def page(document: dict[str, Any]) -> str:
    return ""
