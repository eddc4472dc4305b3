"""What of param the library uses though param does not promise it; `tests/app/test_seam.py` looks each name up."""

from __future__ import annotations

from typing import Any

import param

NAMES = (("param.parameterized:Parameter._slot_defaults", "2.4.2", "slot_defaults"),)
"""Its module and the way to it, the public releases it was seen in, the function here that needs it."""


def slot_defaults(**ours: Any) -> dict[str, Any]:
    """What the slots of a parameter hold when nothing is given, here and in every class above: `_slot_defaults`."""
    return param.Parameter._slot_defaults | ours
