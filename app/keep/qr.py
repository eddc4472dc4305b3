"""A link as a QR code, for the camera of whoever sits in the room."""

from __future__ import annotations

MOST = 2_953
"""Characters that the largest code holds."""


def rows(text: str) -> list[str]:
    """The code's modules, row by row: "1" is dark; without the white around it.

    Raises:
        ValueError: the text is too long.
    """
    import segno

    if len(text) > MOST:
        raise ValueError(f"A QR code holds {MOST:,} characters; this link has {len(text):,}: copy the link instead.")
    code = segno.make_qr(text, error="l", boost_error=True)
    return ["".join(str(module) for module in row) for row in code.matrix]
