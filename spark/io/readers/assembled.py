"""From columns or arrays to sweeps: units, sampling, what belongs together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ...core.fault import Fault
from .sweep import Sweep
from .units import Column, chosen

SHORTEST, LONGEST = 1e-3, 100.0
"""ms between samples of a current clamp; what is outside has another unit."""
UNEVEN = 0.25
"""Part of a step by which a time may be off: files round."""
HIGHEST, STRONGEST = 1_000.0, 1e6
"""mV and pA: beyond them a unit is wrong."""
FEWEST = 2


def step_of(time: np.ndarray) -> float:
    """The distance of these times, ms.

    Raises:
        Fault: they are not even.
    """
    if time.size < FEWEST:
        raise Fault("it has a single sample")
    dt = float(time[-1] - time[0]) / (time.size - 1)
    if not dt > 0 or np.abs(time - (time[0] + dt * np.arange(time.size))).max() > UNEVEN * dt:
        raise Fault("its times are not evenly spaced: sample it evenly, and write that")
    return dt


def pieces(time: np.ndarray) -> list[slice]:
    """The sweeps of a column of times: one ends where the next begins earlier."""
    ends = [0, *(np.flatnonzero(np.diff(time) < 0) + 1).tolist(), time.size]
    return [slice(begin, end) for begin, end in pairwise(ends)]


def checked(sweep: Sweep) -> Sweep:
    """The same sweep.

    Raises:
        Fault: its numbers cannot be those of a current clamp; says what may be wrong.
    """
    for name, unit, most in (("potential", "mV", HIGHEST), ("current", "pA", STRONGEST)):
        values = getattr(sweep, name)
        if values is None:
            continue
        if values.size < FEWEST:
            raise Fault(f"its {name} has {values.size} samples")
        if not np.isfinite(values).all():
            first = int(np.flatnonzero(~np.isfinite(values))[0])
            raise Fault(f"its {name} is no number at sample {first:,} of sweep {sweep.name}")
        largest = float(np.abs(values).max())
        if largest > most:
            raise Fault(
                f"its {name} reaches {largest:,.3g} {unit} (read as {sweep.stored.get(name, unit)}), as no cell "
                "does: say its unit by columns="
            )
    if sweep.dt is not None and not SHORTEST <= sweep.dt <= LONGEST:
        raise Fault(
            f"its samples are {sweep.dt:.3g} ms apart, of {SHORTEST:g} to {LONGEST:g} ms: say the unit of its time"
        )
    if sweep.potential is not None and sweep.current is not None and sweep.potential.size != sweep.current.size:
        raise Fault(
            f"its potential has {sweep.potential.size:,} samples and its current {sweep.current.size:,} "
            f"in sweep {sweep.name}"
        )
    return sweep


def from_columns(columns: Sequence[Column | None], values: Sequence[np.ndarray], dt: float | None) -> list[Sweep]:
    """The sweeps of a table: a column of times, and potentials and currents beside it; a table is one cell.

    Args:
        columns: what each holds.
        values: of each, in its own unit.
        dt: ms, where there is no column of times.

    Raises:
        Fault: says what is missing, and how to say it.
    """
    times = chosen(columns, "time")
    if len(times) > 1:
        raise Fault("it has several columns of time: leave out all but one by columns=")
    v, i, listed = (chosen(columns, quantity) for quantity in ("potential", "current", "spikes"))
    stored = {one.quantity: one.unit for k in (*v, *i, *listed) if (one := columns[k]) is not None}
    if listed and not v and not i:
        return [
            Sweep(str(n), None, spikes=np.sort(_scaled(columns, values, k)), stored=stored)
            for n, k in enumerate(listed)
        ]
    if not v and not i:
        raise Fault("none of its columns is a potential or a current: name them by columns=")
    parts = [slice(None)]
    if times:
        time = _scaled(columns, values, times[0])
        parts = pieces(time)
        dt = step_of(time[parts[0]])
        for part in parts[1:]:
            step_of(time[part])
    if dt is None:
        raise Fault("it has no time: say dt=, the ms from one sample to the next")
    if v and len(i) not in (0, 1, len(v)):
        raise Fault(f"it has {len(v)} potentials and {len(i)} currents: leave some out by columns=")
    sweeps = []
    for number in range(max(len(v), len(i))):
        potential = _scaled(columns, values, v[number]) if v else None
        current = _scaled(columns, values, i[number if len(i) > 1 else 0]) if i else None
        one = columns[(v or i)[number]]
        own = one.number if one is not None and one.number is not None else number
        for place, part in enumerate(parts):
            label = str(own if len(parts) == 1 else place if max(len(v), len(i)) == 1 else f"{own}.{place}")
            sweeps.append(
                Sweep(
                    label,
                    dt,
                    None if potential is None else potential[part],
                    None if current is None else current[part],
                    stored=dict(stored),
                )
            )
    return sweeps


def _scaled(columns: Sequence[Column | None], values: Sequence[np.ndarray], k: int) -> np.ndarray:
    one = columns[k]
    assert one is not None
    return np.asarray(values[k], np.float64) * one.factor
