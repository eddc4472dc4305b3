"""Numbers as people read them: few digits, a typographic minus, no minus before a rounded zero."""

from __future__ import annotations

import re


def number(value: float, digits: int = 3, sign: bool = False) -> str:
    """So many significant digits, or all before the point where there are more; `sign`: also a plus."""
    plus = "+" if sign else ""
    text = f"{value:{plus}z.{digits}g}"
    return typographic(f"{value:{plus}z,.0f}" if "e+" in text else text)


def fixed(value: float, digits: int) -> str:
    """So many digits after the point."""
    return typographic(f"{value:z.{digits}f}")


def neurons(count: int) -> str:
    """So many in words: 1 neuron, 1,000 neurons."""
    return "1 neuron" if count == 1 else f"{count:,} neurons"


def typographic(text: str) -> str:
    """A text with a typographic minus before each negative number in it."""
    return re.sub(r"-(?=[\d.])", "−", text)
