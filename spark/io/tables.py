"""Traces and spikes of a run as CSV: one line of comment that says all of the run, one of names, then numbers."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from io import StringIO
from typing import Any

import numpy as np

from ..core.echo import echo
from ..recording import Recording
from ..recording.frames import few
from ..recording.header import as_text

DIGITS = 9
"""Decimals of a time in ms: a picosecond, so that 0.3 is no 0.30000000000000004. All else is exact."""
AT_ONCE = 50_000
"""Values that become text in one go, from one word of progress to the next."""
Progress = Callable[[float], object]


def traces_csv(
    recording: Recording,
    header: dict[str, Any],
    neurons: Sequence[int] | None,
    time: tuple[float, float] | None,
    progress: Progress,
) -> bytes:
    """A row per sample, a column per variable and neuron: `time_ms`, `potential_mV[0]`, ..."""
    numbers = recording.traced.tolist()
    columns = _chosen(neurons, numbers, "are traced")
    if not recording.recorded or not columns:
        raise ValueError("this run recorded no trace to write: record a variable of a neuron, or write its spikes.")
    rows = _within(recording.time, time)
    names, values = ["time_ms"], [_rounded(recording.time[rows])]
    for variable in recording.soma.system.recordable:
        if variable.name not in recording.recorded:
            continue
        title = f"{variable.name}_{variable.unit}" if variable.unit else variable.name
        for column in columns:
            names.append(f"{title}[{numbers[column]}]")
            values.append(recording.recorded[variable.name][rows, column])
    return _table(header, names, values, progress)


def spikes_csv(
    recording: Recording,
    header: dict[str, Any],
    neurons: Sequence[int] | None,
    time: tuple[float, float] | None,
    progress: Progress,
) -> bytes:
    """A row per spike, in the order of time: `time_ms`, `neuron`."""
    if recording.events is None:
        raise ValueError("this run kept no spikes, only statistics: run it with events=True.")
    units, times = recording.events.unit, recording.events.times(recording.dt)
    kept = np.arange(units.size)[_within(times, time)]
    if neurons is not None:
        _chosen(neurons, range(recording.units), "are there")
        kept = kept[np.isin(units[kept], np.asarray(neurons, int))]
    kept = kept[np.argsort(times[kept], kind="stable")]
    return _table(header, ["time_ms", "neuron"], [_rounded(times[kept]), units[kept]], progress)


def _chosen(neurons: Sequence[int] | None, there: Sequence[int], are: str) -> list[int]:
    """The places of these neurons among those that are there."""
    if neurons is None:
        return list(range(len(there)))
    place = {number: i for i, number in reversed([*enumerate(there)])}
    missing = [number for number in neurons if number not in place]
    if missing:
        raise ValueError(f"neurons asks for {echo(missing[0])}, but of this run only {few(there)} {are}.")
    return [place[number] for number in neurons]


def _within(times: np.ndarray, time: tuple[float, float] | None) -> Any:
    if time is None:
        return slice(None)
    start, end = time
    if not start < end:
        raise ValueError(f"time takes (start, end) in ms with start < end, not {echo(time)}.")
    return np.flatnonzero((times >= start) & (times < end))


def _rounded(times: np.ndarray) -> np.ndarray:
    return np.asarray(np.round(times, DIGITS))


def _digits(values: np.ndarray) -> list[str]:
    """The shortest text that reads back as the same number of its own type."""
    return np.asarray(values).astype(str).tolist()


def _table(header: dict[str, Any], names: list[str], columns: Sequence[np.ndarray], progress: Progress) -> bytes:
    text = StringIO()
    text.write(f"# {as_text(header)}\n")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(names)
    rows, chunk = len(columns[0]), max(AT_ONCE // len(columns), 1)
    for first in range(0, rows, chunk):
        progress(first / rows)
        table.writerows(zip(*(_digits(column[first : first + chunk]) for column in columns), strict=True))
    progress(1.0)
    return text.getvalue().encode()
