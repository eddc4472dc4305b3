"""NPZ archives: arrays whose names say quantity and unit (`potential_mV`, `current_pA`), of one cell or several."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from typing import IO

import numpy as np

from ...core.archive import archive_of, array_in, names_in
from ...core.fault import Fault
from .assembled import step_of
from .sweep import Sweep
from .units import Column, factor, quantity_of, said

KINDS = "fi"
STEPS = ("dt", "time_step", "timestep", "sampling_interval")
RATES = {"hz": 1.0, "khz": 1e3}
"""1/s by unit."""


def read(
    stream: IO[bytes], columns: Sequence[str] | Mapping[str, str] | None, dt: float | None, largest: int
) -> list[Sweep]:
    """The sweeps of an archive: the last axis of an array is time, the one before it counts sweeps.

    Args:
        stream: the file.
        columns: what arrays hold, by name, where their names do not say it.
        dt: ms, where the archive does not say it.
        largest: bytes that the archive may unpack to.

    Raises:
        Fault: it is no such archive, or says too little.
    """
    if columns is not None and not isinstance(columns, Mapping):
        raise Fault('columns= of an NPZ file is by name, such as {"v": "potential_mV"}')
    with archive_of(stream, largest) as archive:
        names = names_in(archive)
        told = dict(zip(names, said(names, columns, "array"), strict=True))
        wanted = {name: one for name, one in told.items() if one is not None and one.quantity}
        wanted = {name: one for name, one in wanted.items() if one.named or one.quantity != "time"}  # dt_ms
        if columns is None:  # what has no unit is something else, unless somebody says what
            unsaid = [name for name, one in wanted.items() if not one.unit]
            wanted = {name: one for name, one in wanted.items() if one.unit}
        held = {name: _matrix(array_in(archive, name, KINDS), name) for name in wanted}
        dt = _step(archive, names, {n: held[n] for n, one in wanted.items() if one.quantity == "time"}, wanted, dt)
    cells: dict[str, dict[str, str]] = {}
    for name, one in wanted.items():
        if one.quantity in ("potential", "current", "spikes"):
            cells.setdefault(one.group, {})[one.quantity] = name
    cells = {group: there for group, there in cells.items() if "potential" in there or "current" in there}
    if not cells:
        like = f"; of {unsaid[0]!r} the unit is not said" if columns is None and unsaid else ""
        raise Fault(
            f"none of its arrays ({', '.join(names[:12])}) is a potential or a current by its name{like}: "
            'say columns={"NAME": "potential_mV"}'
        )
    if dt is None:
        raise Fault("it says no time: say dt=, the ms from one sample to the next")
    sweeps: list[Sweep] = []
    for group, there in cells.items():
        sweeps += _cell(group, {q: (held[n], wanted[n]) for q, n in there.items()}, dt)
    return sweeps


def _cell(group: str, there: Mapping[str, tuple[np.ndarray, Column]], dt: float) -> list[Sweep]:
    counts = {q: values.shape[0] for q, (values, _) in there.items()}
    most = max(counts.values())
    if any(count not in (1, most) for count in counts.values()):
        raise Fault(f"{group or 'it'} has {' and '.join(f'{n} sweeps of {q}' for q, n in counts.items())}")
    stored = {q: one.unit for q, (_, one) in there.items()}
    sweeps = []
    for number in range(most):
        parts = {q: v[number if counts[q] > 1 else 0] * one.factor for q, (v, one) in there.items() if q != "spikes"}
        sweeps.append(
            Sweep(f"{group} {number}".strip(), dt, parts.get("potential"), parts.get("current"), stored=stored)
        )
    return sweeps


def _matrix(values: np.ndarray, name: str) -> np.ndarray:
    if values.ndim not in (1, 2) or not values.size:
        raise Fault(f"{name} has shape {values.shape}, not (samples,) or (sweeps, samples)")
    return np.atleast_2d(np.asarray(values, np.float64))


def _step(
    archive: zipfile.ZipFile,
    names: Sequence[str],
    times: Mapping[str, np.ndarray],
    told: Mapping[str, Column],
    dt: float | None,
) -> float | None:
    """ms from one sample to the next: what the caller says, an array of that name, a rate, or times."""
    if dt is not None:
        return dt
    for name in names:
        quantity, _, unit = name.lower().rpartition("_")
        if quantity in STEPS and quantity_of(unit) == "time":
            return _number(archive, name) * factor(unit, name)
        if unit in RATES and ("rate" in quantity or "freq" in quantity):
            return 1000 / (_number(archive, name) * RATES[unit])
    for name, values in times.items():
        return step_of(values[0] * told[name].factor)
    return None


def _number(archive: zipfile.ZipFile, name: str) -> float:
    value = array_in(archive, name, KINDS)
    if value.size != 1 or not float(value.reshape(())) > 0:
        raise Fault(f"{name} is no number above 0")
    return float(value.reshape(()))
