"""A run that is kept beside the live one, and in what two runs differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import param

from spark import Recording
from spark.core.config import Config
from spark.core.quantity import Quantity
from spark.nn.initializers import Normal
from spark.solvers import Solver

from ..numbers import number
from ..run.outcome import Outcome
from ..session import membrane
from ..session.job import Job
from ..sidebar.row_specs import plain_symbol

KEPT = ("potential", "threshold")
Difference = tuple[str, str, str, str]
"""Symbol, name, the one value and the other, in words."""


@dataclass(frozen=True)
class Pinned:
    """A run to compare with.

    Attributes:
        job: everything that it needed: its soma with its values, stimulus, time step, steps, neurons, initial state.
        recording: what is left of it: potential and threshold of the first neuron, all spikes.
    """

    job: Job
    recording: Recording

    @cached_property
    def outcome(self) -> Outcome:
        """What it has shown."""
        return Outcome(self.job, self.recording)


def kept(recording: Recording) -> Recording:
    """The first neuron's potential and threshold alone, in arrays of their own: a tenth of the memory and less."""
    own = {name: np.array(recording.recorded[name][:, :1]) for name in KEPT}
    return replace(recording, recorded=own, traced=recording.traced[:1], final={})


def differences(one: Job, other: Job, capacitive: bool = False) -> list[Difference]:
    """In what two jobs differ: model, values, stimulus, initial state, size; of two models, what both have.

    Args:
        one, other: the jobs.
        capacitive: tell their membranes by C and g_L.
    """
    return [row for row in _rows(one, other, capacitive) if row[2] != row[3]]


def _rows(one: Job, other: Job, capacitive: bool) -> Iterator[Difference]:
    kinds = type(one.soma), type(other.soma)
    yield "model", "", kinds[0].title, kinds[1].title
    configs = one.soma.config, other.soma.config
    fields = [type(config).param for config in configs]
    shown = _membranes(configs) if capacitive else {}
    for name in configs[0].fields():
        if name == "units" or name not in configs[1].fields() or _words(fields[0][name]) != _words(fields[1][name]):
            continue
        if name in shown:
            yield _row(*shown[name])
            continue
        yield _row(name, fields[0][name], *(getattr(config, name) for config in configs))
    parts = one.stimulus.parts, other.stimulus.parts
    for k in range(max(map(len, parts))):
        pair = [own[k] if k < len(own) else None for own in parts]
        before, after = (part.title if part else "none" for part in pair)
        label = "stimulus" if max(map(len, parts)) == 1 else f"stimulus {k + 1}"
        yield label, "", before, after
        if pair[0] is not None and type(pair[0]) is type(pair[1]):
            for name, field in pair[0].fields().items():
                yield _row(name, field, *(getattr(part, name) for part in pair))
    for name in sorted(one.initial.keys() | other.initial.keys()):
        before, after = (number(job.initial[name], 4) if name in job.initial else "rest" for job in (one, other))
        yield "start", name, before, after
    yield "T", "duration", _text(one.steps * one.dt, "ms"), _text(other.steps * other.dt, "ms")
    yield "neurons", "", str(one.units), str(other.units)


def _membranes(configs: Sequence[Config]) -> dict[str, tuple[str, Quantity, float, float]]:
    """By the names of tau and R the rows of C and g_L; {} where not both configs can be told by them."""
    values = [{f"config.{name}": value for name, value in config.values().items()} for config in configs]
    if not all(membrane.applies(config.quantities()) for config in configs):
        return {}
    others = membrane.instead(True, *values)
    if not others:
        return {}
    before, after = (membrane.derived(of[membrane.TAU], of[membrane.RESISTANCE]) for of in values)
    return {
        own.removeprefix("config."): (path, membrane.QUANTITIES[path], before[path], after[path])
        for own, path in others.items()
    }


def _words(field: param.Parameter) -> str:
    return field.words if isinstance(field, Quantity) else str(field.name)


def _row(name: str, field: param.Parameter, before: Any, after: Any) -> Difference:
    plain = name.replace("_", " ")
    symbol, words, unit = plain, "", ""
    if isinstance(field, Quantity):
        symbol, words, unit = plain_symbol(field.symbol) or plain, field.words, field.unit
    texts = _text(before, unit), _text(after, unit)
    if texts[0] == texts[1] and not _equal(before, after):
        return symbol, words, texts[0], f"{texts[1]} (not quite the same)"
    return symbol, words, *texts


def _equal(before: Any, after: Any) -> bool:
    if isinstance(before, np.ndarray) or isinstance(after, np.ndarray):
        return bool(np.array_equal(before, after))
    return bool(before == after)


def _text(value: Any, unit: str) -> str:
    if isinstance(value, Solver):
        return type(value).__name__ + (" on the grid" if value.on_grid and not type(value)().on_grid else "")
    if isinstance(value, Normal):
        return f"{_text(value.mean, '')} ± {_text(value.std, unit)}"
    if isinstance(value, np.ndarray):
        return f"{value.size} values"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{number(value, 5)} {unit}".strip()
    return str(value)
