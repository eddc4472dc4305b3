"""NWB: current clamp series and what was injected with them, by HDF5 alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

from ...core.fault import Fault
from .assembled import step_of
from .hdf5 import dataset, plain, size, within
from .sweep import Sweep
from .units import factor, quantity_of

MISSING = 'NWB files need h5py: pip install "spark-somas[io]"'
RESPONSE, STIMULUS = "CurrentClampSeries", "CurrentClampStimulusSeries"
OTHERS = ("VoltageClampSeries", "IZeroClampSeries")
TABLE = "general/intracellular_ephys/intracellular_recordings"
DEEPEST, MOST_SERIES = 4, 10_000
COPIES = 3
"""Arrays in memory for each that is read: as stored, in Spark's unit, and on the way."""


@dataclass(frozen=True)
class Series:
    """One series of the file.

    Attributes:
        name: of its group.
        data: its dataset.
        rate: 1/s; None where it has timestamps.
        times: its timestamps, s; None where it has a rate.
        sweep: its sweep number; None where it says none.
        address: where it is in the file.
    """

    name: str
    data: Any
    rate: float | None
    times: Any
    sweep: int | None
    address: int


def read(stream: IO[bytes], largest: int) -> list[Sweep]:
    """The sweeps of all current clamp series, with what was injected where the file has that.

    Conversion and offset are those of the file. A response is held to belong to the stimulus that the table of
    intracellular recordings names, otherwise to that of the same sweep number, of the same number in its name, or,
    where there are as many of both, to that of the same place.

    Args:
        stream: the file.
        largest: bytes that its arrays may take.

    Raises:
        Fault: it is no such file, holds no current clamp, is too large, or reaches out of itself.
        ImportError: h5py is not installed.
    """
    try:
        import h5py
    except ImportError as error:
        raise ImportError(MISSING) from error
    with h5py.File(stream, "r") as root:
        responses = list(_series(root, ("acquisition",), RESPONSE))
        stimuli = list(_series(root, ("stimulus/presentation", "stimulus/templates"), STIMULUS))
        if not responses:
            other = next((kind for kind in OTHERS for _ in _series(root, ("acquisition",), kind)), None)
            raise Fault(f"it holds no CurrentClampSeries{f', only {other}' if other else ''}")
        needed = COPIES * sum(8 * max(size(one.data) // one.data.dtype.itemsize, 1) for one in (*responses, *stimuli))
        if needed > largest:
            raise Fault(f"its series take {needed:,} bytes, of at most {largest:,}")
        pairs = _pairs(root, responses, stimuli)
        return [_sweep(response, stimulus) for response, stimulus in pairs]


def _series(root: Any, places: tuple[str, ...], kind: str) -> Iterator[Series]:
    for place in places:
        group = within(root, place)
        if group is not None:
            yield from _below(group, place, kind, DEEPEST)


def _below(group: Any, path: str, kind: str, depth: int) -> Iterator[Series]:
    import h5py

    names = sorted(group.keys(), key=_natural)
    if len(names) > MOST_SERIES:
        raise Fault(f"{path} has {len(names):,} parts, of at most {MOST_SERIES:,}")
    for name in names:
        try:
            here = within(group, name)
        except Fault:
            if group.id.links.get_info(name.encode()).type == h5py.h5l.TYPE_SOFT:
                continue  # another name for what is in the file by itself
            raise
        if not isinstance(here, h5py.Group):
            continue
        if _word(here, "neurodata_type") == kind:
            yield _one(here, name)
        elif depth > 1 and not _word(here, "neurodata_type").endswith("Series"):
            yield from _below(here, f"{path}/{name}", kind, depth - 1)


def _one(group: Any, name: str) -> Series:
    import h5py

    data = plain(dataset(group, "data"), f"{name}/data")
    if len(data.shape) != 1 or not data.shape[0]:
        raise Fault(f"{name} has shape {data.shape}, not one value for each sample")
    start, sweep = within(group, "starting_time"), group.attrs.get("sweep_number")
    rate = float(start.attrs["rate"]) if start is not None and "rate" in start.attrs else None
    times = None if rate else plain(dataset(group, "timestamps"), f"{name}/timestamps")
    if rate is not None and not rate > 0:
        raise Fault(f"{name} has a rate of {rate:g}/s")
    if times is not None and times.shape != data.shape:
        raise Fault(f"{name} has {times.shape} times for {data.shape} samples")
    address = h5py.h5o.get_info(group.id).addr
    return Series(name, data, rate, times, None if sweep is None else int(sweep), address)


def _pairs(
    root: Any, responses: list[Series], stimuli: list[Series]
) -> list[tuple[tuple[Series, slice], tuple[Series, slice] | None]]:
    """Each response, and the part of it that is a sweep, with its stimulus."""
    found = _by_table(root, responses, stimuli)
    if found:
        return found
    whole = slice(None)
    keys = (lambda one: one.sweep), (lambda one: _number(one.name))
    for key in keys:
        by = {key(one): one for one in stimuli if key(one) is not None}
        if by and len(by) == len(stimuli) and any(key(one) in by for one in responses):
            return [((one, whole), (by[key(one)], whole) if key(one) in by else None) for one in responses]
    if len(stimuli) == len(responses):
        return [((a, whole), (b, whole)) for a, b in zip(responses, stimuli, strict=True)]
    shared = stimuli[0] if len(stimuli) == 1 else None
    return [((one, whole), (shared, whole) if shared is not None else None) for one in responses]


def _by_table(
    root: Any, responses: list[Series], stimuli: list[Series]
) -> list[tuple[tuple[Series, slice], tuple[Series, slice] | None]]:
    """As the table of intracellular recordings says it; nothing where there is none."""
    import h5py

    table = within(root, TABLE)
    if table is None or within(table, "responses/response") is None:
        return []
    rows = []
    for place, several in (("responses/response", responses), ("stimuli/stimulus", stimuli)):
        by, column, parts = {one.address: one for one in several}, within(table, place), []
        cells = column[()] if column is not None and column.dtype.names and column.shape[0] <= MOST_SERIES else []
        for cell in cells:
            begin, count, reference = int(cell["idx_start"]), int(cell["count"]), cell["timeseries"]
            there = by.get(h5py.h5o.get_info(root[reference].id).addr) if reference and begin >= 0 else None
            parts.append(None if there is None else (there, slice(begin, begin + count if count > 0 else None)))
        rows.append(parts)
    first, second = rows
    second += [None] * (len(first) - len(second))
    return [(response, stimulus) for response, stimulus in zip(first, second, strict=False) if response is not None]


def _sweep(response: tuple[Series, slice], stimulus: tuple[Series, slice] | None) -> Sweep:
    one, part = response
    dt = 1000 / one.rate if one.rate else step_of(np.asarray(one.times[part], np.float64) * 1000)
    potential, unit = _values(one, part, "potential", "volts")
    stored, current = {"potential": unit}, None
    if stimulus is not None:
        current, stored["current"] = _values(*stimulus, "current", "amperes")
        other = stimulus[0]
        if other.rate and one.rate and abs(other.rate / one.rate - 1) > 1e-6:
            raise Fault(f"{one.name} has {one.rate:g} samples a second, and its stimulus {other.rate:g}")
        if current.size > potential.size:
            current = current[: potential.size]
    return Sweep(one.name, dt, potential, current, protocol=stimulus is not None, stored=stored)


def _values(one: Series, part: slice, quantity: str, usual: str) -> tuple[np.ndarray, str]:
    """In Spark's unit; and the unit in which the numbers are stored."""
    unit = _word(one.data, "unit") or usual
    if quantity_of(unit) != quantity:
        raise Fault(f"{one.name} is in {unit}, which is no unit of {quantity}")
    conversion, offset = (float(one.data.attrs.get(name, usual)) for name, usual in (("conversion", 1), ("offset", 0)))
    values = np.asarray(one.data[part], np.float64) * conversion + offset
    told = unit if conversion == 1 else f"{conversion:g} {unit}"
    return values * factor(unit, one.name), told


def _word(here: Any, name: str) -> str:
    value = here.attrs.get(name, "")
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _natural(name: str) -> list[Any]:
    """So that sweep 10 comes after sweep 9."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", name)]


def _number(name: str) -> int | None:
    found = re.search(r"(\d+)\D*$", name)
    return int(found[1]) if found else None
