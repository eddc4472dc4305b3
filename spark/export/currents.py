"""A stimulus as NumPy code: the current that Spark holds over each step."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..stimuli import Chirp, OrnsteinUhlenbeck, Ramp, Sine, Stimulus, Sum
from .asked import Run
from .literals import numbers, wrapped

MOST_PIECES = 60
"""A current of more constant pieces is told by its formula, or number by number."""
LONGEST = 20_000
"""So many numbers are written into a script."""
FORMS: dict[type[Stimulus], str] = {
    Ramp: "{start} + ({end} - {start}) * middle / {duration}",
    Sine: "{offset} + {amplitude} * np.sin(2 * np.pi * {frequency} * middle / 1000 + np.deg2rad({phase}))"
    " * np.sinc({frequency} * half / 500)",
    Chirp: """rise = ({end_frequency} - {start_frequency}) / {duration}  # Hz per ms
angle = 2 * np.pi * ({start_frequency} * middle + rise * middle**2 / 2) / 1000
local = ({start_frequency} + rise * middle) * half / 500  # cycles in that part of the step
turn = np.maximum(np.abs(np.pi * local), 1e-3)
bent = np.sin(turn) / turn + 2 * (np.cos(turn) - np.sin(turn) / turn) / turn**2
mean = np.sin(angle) * np.sinc(local) + np.pi * rise * half**2 / 1000 * np.cos(angle) * bent
{offset} + {amplitude} * mean""",
}
"""Means of currents that no few numbers give, over 2 `half` ms around `middle` ms after their onset.

Lines of which the last is the current. The tests hold them against the stimuli's own.
"""
DIGITS = 9
"""A current is rounded to so many digits of its largest value, which is finer than float32."""


@dataclass
class Current:
    """How the current of a run is told.

    Attributes:
        lines: code that makes the array `current`, pA, of shape (steps, units), or (steps, 1) where all get the same.
        columns: units of that array.
        noise: noise too long to be written number by number, which the array leaves out.
    """

    lines: list[str]
    columns: int
    noise: list[Any] = field(default_factory=list)


def current_of(run: Run, endless: bool = False) -> Current:
    """The current of a run as code.

    Args:
        run: the run.
        endless: whether the caller can make Ornstein-Uhlenbeck noise of its own where the numbers are too many.

    Raises:
        ValueError: a current that can be told neither by pieces, formula nor so few numbers.
    """
    formulas, rest = [], []
    for part in run.stimulus.parts:
        formula = _formula(part, run.dt)
        if formula and len(_edges(_sampled(run, part))) > MOST_PIECES:
            formulas.append(formula)
        else:
            rest.append(part)
    told = Current([], 1)
    if rest or not formulas:
        told = _numbers(run, rest, endless)
    if formulas:
        told.lines += [
            f"step = np.arange({run.steps})[:, None] * {run.dt!r}  # ms, where each begins",
            *(line for formula in formulas for line in _windowed(run, *formula)),
        ]
    if not rest and formulas:
        told.lines.insert(0, f"current = np.zeros(({run.steps}, 1))")
    return told


def _numbers(run: Run, parts: list[Stimulus], endless: bool) -> Current:
    """Pieces, or one number for each step."""
    values = _sampled(run, Sum(parts=parts))
    if len(_edges(values)) <= MOST_PIECES * values.shape[1]:
        columns = [_pieces(column) for column in values.T]
        if len(columns) == 1:
            return Current([f"current = {columns[0]}[:, None]"], 1)
        return Current(["current = np.column_stack([", *(f"    {column}," for column in columns), "])"], len(columns))
    if values.size <= LONGEST:
        exact = Sum(parts=parts).sample(run.steps, run.dt, run.units, dtype=run.soma.config.float_type)
        written = wrapped(f"[{', '.join(str(x) for x in exact.ravel())}]")
        return Current([f"current = np.array({written}).reshape({run.steps}, {values.shape[1]})"], values.shape[1])
    noise = [part for part in parts if endless and _one_noise(part, run.units)]
    if noise:
        told = _numbers(run, [part for part in parts if part not in noise], False)
        return Current(told.lines, told.columns, noise)
    raise ValueError(
        f"the current of {run.steps:,} steps and {values.shape[1]} columns is too long to be written number by number "
        f"(at most {LONGEST:,}): shorten the run, lengthen dt, or give every neuron the same current."
    )


def _one_noise(part: Stimulus, units: int) -> bool:
    """Whether a part is noise of one kind for all units, each with its own."""
    if not isinstance(part, OrnsteinUhlenbeck) or not part.noisy or (part.frozen and units > 1):
        return False
    return all(isinstance(getattr(part, name), float) for name in part.per_unit())


def _sampled(run: Run, stimulus: Stimulus) -> np.ndarray:
    values = stimulus.sample(run.steps, run.dt, run.units, dtype=np.float64)
    largest = float(np.abs(values).max())
    return np.round(values, DIGITS - math.ceil(math.log10(largest))) + 0.0 if largest > 0 else values


def _edges(values: np.ndarray) -> np.ndarray:
    """The places (step, column) where the current changes."""
    return np.argwhere(np.diff(values, axis=0))


def _pieces(column: np.ndarray) -> str:
    begins = np.concatenate([[0], np.flatnonzero(np.diff(column)) + 1])
    lengths = np.diff([*begins, len(column)])
    return f"np.repeat({numbers(column[begins])}, {lengths.tolist()})"


def _formula(part: Stimulus, dt: float) -> tuple[str, float, float] | None:
    """Formula, onset and end (ms) of a current that has one, the same for every unit."""
    form, values = FORMS.get(type(part)), part.values()
    if form is None or not all(isinstance(value, float) for value in values.values()) or values["duration"] == 0:
        return None
    if isinstance(part, Chirp) and part.fast(dt):
        return None
    return (
        form.format_map({k: repr(v) for k, v in values.items()}),
        values["onset"],
        values["onset"] + values["duration"],
    )


def _windowed(run: Run, formula: str, onset: float, end: float) -> list[str]:
    """The mean over each step of what lies in the window, as Spark takes it."""
    *before, value = formula.splitlines()
    return [
        f"begin, end = np.maximum(step, {onset!r}), np.minimum(step + {run.dt!r}, {end!r})",
        f"middle, half = (begin + end) / 2 - {onset!r}, np.maximum(end - begin, 0) / 2  # ms after the onset",
        *before,
        f"current = current + 2 * half / {run.dt!r} * ({value})",
    ]
