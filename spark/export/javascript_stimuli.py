"""The stimuli as JavaScript: their means over a step, printed; what is drawn and what is looked up, by hand."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from ..stimuli import Stimulus, catalogue
from ..stimuli.step_means import StepMeans
from .javascript_text import Written, written


@cache
def stimuli() -> str:
    """The functions `currents` and what it needs.

    Raises:
        ValueError: an operation of a stimulus that has no counterpart in JavaScript; it is named.
    """
    means = [_mean(name, kind) for name, kind in catalogue().items() if kind._source is Stimulus._source]
    law = written("the law of noise", StepMeans.of, "length")
    assert isinstance(law.results, StepMeans)
    text = resources.files(__package__).joinpath("javascript_stimuli.js").read_text("utf-8")
    laws = "\n".join(["function stepMeans(length) {", *_statements(law), _record(law.results), "}"])
    names = ", ".join(name for name, kind in catalogue().items() if kind._source is Stimulus._source and name != "Sum")
    return text.replace("/*:means*/", "\n\n".join([*filter(None, means), laws])).replace("/*:names*/", names)


def _mean(name: str, kind: type[Stimulus]) -> str:
    """A function of a stimulus's fields that gives its mean current between two times."""
    if name == "Sum":
        return ""
    fields = [field for field, quantity in kind.quantities().items() if not quantity.scalar]
    p = {field: field if field not in ("start", "end") else f"{field}_current" for field in fields}
    found = written(f"the stimulus {name}", lambda p, start, end: kind()._mean(p, start, end, 1), p, "start", "end")
    read = [f"  const {own} = p.{field}" for field, own in p.items() if own in found.read]
    inner = [f"    {line}" for line in found.each]
    body = [*read, *(f"  {line}" for line in found.once), "  return (start, end) => {", *inner]
    return "\n".join([f"function {name}(p) {{", *body, f"    return {found.results}", "  }", "}"])


def _statements(found: Written) -> list[str]:
    return [f"  {line}" for line in (*found.once, *found.each)]


def _record(law: Any) -> str:
    return "  return {" + ", ".join(f"{name}: {text}" for name, text in law._asdict().items()) + "}"
