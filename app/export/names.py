"""Names of files: the model, the preset and the day, in characters that every system takes."""

from __future__ import annotations

import datetime
import re
import unicodedata

LONGEST = 60
"""Characters of each part: a folder may take 255 of the whole name."""


def file_name(model: str, preset: str, ending: str, what: str = "", day: datetime.date | None = None) -> str:
    """A name such as `spark-AdaptiveExponentialSoma-naud2008_tonic-2026-11-26.svg`.

    Args:
        model: the soma's name.
        preset: the preset's, "" where there is none.
        ending: what kind of file it is, without the dot.
        what: what it holds, where one run is let out as several files: "spikes".
        day: today, unless it is given.
    """
    parts = ["spark", model, preset, what, (day or datetime.date.today()).isoformat()]
    return "-".join(safe for part in parts if (safe := _safe(part))) + f".{_safe(ending)}"


def _safe(text: str) -> str:
    """Letters of ASCII, digits and `_`; everything else becomes one hyphen, and no name begins or ends with one."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_]+", "-", plain)[:LONGEST].strip("-")
