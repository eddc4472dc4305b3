"""The edge between the traces and the view beside them."""

from __future__ import annotations

from .bundle import script
from .seam import Component


class Split(Component):
    """Is dragged by pointer and keys, and gives the view the whole area when its card asks; all of it in the page."""

    _esm = script("arrangement/split.js")
