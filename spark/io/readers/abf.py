"""Axon Binary Format, versions 1 and 2, by pyABF."""

from __future__ import annotations

import importlib
import os
import warnings
from typing import Any

import numpy as np

from ...core.fault import Fault
from .sweep import Sweep
from .units import factor, quantity_of

SIGNATURES = (b"ABF ", b"ABF2")
MISSING = 'ABF files need pyABF: pip install "spark-somas[recordings]"'
LARGER = 24
"""Bytes of memory for each byte of samples: those in the file, as float32, and as float64 with current and time."""


def read(path: str | os.PathLike[str], largest: int) -> list[Sweep]:
    """The sweeps of the channels that are in volts.

    A channel that is in amperes is the current; without one it is the command of the amplifier, as the protocol says
    it. A command that was played from another file is not known: that file is not opened, whatever its name.

    Args:
        path: of the file.
        largest: bytes that its samples may take.

    Raises:
        Fault: it is a voltage clamp, or damaged.
        ImportError: pyABF is not installed.
    """
    try:
        pyabf: Any = importlib.import_module("pyabf")
        importlib.import_module("pyabf.stimulus")
    except ImportError as error:
        raise ImportError(MISSING) from error
    played = pyabf.stimulus.findStimulusWaveformFile
    pyabf.stimulus.findStimulusWaveformFile = lambda *of, **how: None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(pyabf, os.fspath(path), largest)
    finally:
        pyabf.stimulus.findStimulusWaveformFile = played


def _read(pyabf: Any, path: str, largest: int) -> list[Sweep]:
    abf = pyabf.ABF(path, loadData=False)
    size, samples = os.path.getsize(path), int(abf.dataPointCount)
    if not 0 < samples * int(abf.dataPointByteSize) <= size or not 0 < abf.sweepCount * abf.channelCount <= samples:
        raise Fault(f"it says {samples:,} samples in {abf.sweepCount:,} sweeps, which its {size:,} bytes are not")
    if LARGER * samples > largest:
        raise Fault(f"its {samples:,} samples take {LARGER * samples:,} bytes, of at most {largest:,}")
    kinds = [quantity_of(unit) for unit in abf.adcUnits]
    potentials = [k for k, kind in enumerate(kinds) if kind == "potential"]
    currents = [k for k, kind in enumerate(kinds) if kind == "current"]
    if not potentials:
        units = ", ".join(map(str, abf.adcUnits))
        raise Fault(f"none of its channels is a potential (they are in {units}): it is no current clamp")
    sweeps = []
    for place, channel in enumerate(potentials):
        label = f"{abf.adcNames[channel]} " if len(potentials) > 1 else ""
        beside = currents[place if len(currents) == len(potentials) else 0] if currents else None
        for number in abf.sweepList:
            current, unit = _current(abf, number, channel, beside)
            abf.setSweep(number, channel)
            stored = {"potential": str(abf.adcUnits[channel])} | ({"current": unit} if current is not None else {})
            potential = _scaled(abf.sweepY, str(abf.adcUnits[channel]))
            dt = 1000 / float(abf.dataRate)
            protocol = current is not None and beside is None
            sweeps.append(Sweep(f"{label}{number}", dt, potential, current, protocol=protocol, stored=stored))
    return sweeps


def _current(abf: Any, number: int, channel: int, beside: int | None) -> tuple[np.ndarray | None, str]:
    """What was recorded, otherwise the command; None where neither is known."""
    if beside is not None:
        abf.setSweep(number, beside)
        return _scaled(abf.sweepY, str(abf.adcUnits[beside])), str(abf.adcUnits[beside])
    abf.setSweep(number, channel)
    unit = str(abf.sweepUnitsC)
    command = np.asarray(abf.sweepC, np.float64)
    if quantity_of(unit) != "current" or not np.isfinite(command).all():
        return None, ""
    return _scaled(command, unit), unit


def _scaled(values: Any, unit: str) -> np.ndarray:
    return np.asarray(values, np.float64) * factor(unit, "a channel")
