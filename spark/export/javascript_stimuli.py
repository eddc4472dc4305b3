"""The stimuli as JavaScript: their means over a step, printed; what is drawn and what is looked up, by hand."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources

import numpy as np

from ..stimuli import Stimulus, Sum, catalogue
from ..stimuli.step_means import StepMeans
from .javascript_text import written

BY_HAND = ("OrnsteinUhlenbeck", "PoissonSynapses", "Array")
"""Stimuli whose current is drawn or looked up: they are written in javascript_stimuli.js."""


@cache
def stimuli() -> str:
    """The functions `currents` and what it needs.

    Raises:
        ValueError: an operation of a stimulus that has no counterpart in JavaScript; it is named.
    """
    kinds = {name: kind for name, kind in catalogue().items() if kind is not Sum}  # currents adds its parts itself
    unknown = [name for name, kind in kinds.items() if name not in BY_HAND and not kind.is_formula()]
    if unknown:
        raise ValueError(f"the stimulus {unknown[0]} is no formula that can be traced: JavaScript cannot be told.")
    told = {name: kind for name, kind in kinds.items() if kind.is_formula()}
    parts = {
        "means": "\n\n".join([*(_mean(name, kind) for name, kind in told.items()), _law()]),
        "names": ", ".join(told),
        "defaults": "\n".join(f"  {name}: {_record(_fields(kind))}," for name, kind in kinds.items()),
    }
    text = resources.files(__package__).joinpath("javascript_stimuli.js").read_text("utf-8")
    return re.sub(r"/\*:(\w+)\*/", lambda found: parts[found[1]], text)


def _mean(name: str, kind: type[Stimulus]) -> str:
    """A function of a stimulus's fields that gives its mean current between two times."""
    fields = [field for field, quantity in kind.quantities().items() if not quantity.scalar]
    p = {field: field if field not in ("start", "end") else f"{field}_current" for field in fields}
    found = written(f"the stimulus {name}", kind().formula, p, "start", "end")
    read = [f"  const {own} = p.{field}" for field, own in p.items() if own in found.read]
    inner = [f"    {line}" for line in found.each]
    body = [*read, *(f"  {line}" for line in found.once), "  return (start, end) => {", *inner]
    return "\n".join([f"function {name}(p) {{", *body, f"    return {found.results}", "  }", "}"])


def _law() -> str:
    """What noise is drawn by, for steps of a length in its correlation times."""
    law = written("the law of noise", StepMeans.of, "length")
    body = [f"  {line}" for line in (*law.once, *law.each, f"return {_record(law.results._asdict())}")]
    return "\n".join(["function stepMeans(length) {", *body, "}"])


def _fields(kind: type[Stimulus]) -> dict[str, str]:
    """Its fields as they are where nothing is said."""
    values = kind().values()
    return {name: json.dumps(np.asarray(value).tolist()) for name, value in values.items()}


def _record(values: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {text}" for name, text in values.items()) + "}"
