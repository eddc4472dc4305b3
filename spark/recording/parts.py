"""A recording taken apart into named arrays, and put together again; whatever does not fit is refused."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from functools import partial
from typing import Any, TypeVar

import numpy as np

from ..core.echo import echo
from ..core.fault import Fault
from ..nn.components.somas import Soma, SomaConfig, catalogue
from ..solvers import Solver
from .events import Events
from .run import Run
from .statistics import Statistics

R = TypeVar("R", bound=Run)
MOST = 2**31 - 1
"""Steps and units: both are counted in 32 bits."""
FLOATS = ("float32", "float64")
COUNTED = [field.name for field in fields(Statistics) if field.name != "bin"]


def arrays_of(recording: Run) -> dict[str, np.ndarray]:
    """Every array that a recording is made of, by a name with at most one slash."""
    groups: dict[str, Mapping[str, Any]] = {
        "recorded": recording.recorded,
        "parameters": recording.parameters,
        "final": recording.final,
        "spikes": recording.events._asdict() if recording.events is not None else {},
        "statistics": {name: getattr(recording.counted, name) for name in COUNTED} if recording.counted else {},
    }
    named = {f"{group}/{name}": np.asarray(value) for group, values in groups.items() for name, value in values.items()}
    return {"traced": recording.traced} | named


def digest_of(text: str, arrays: Mapping[str, np.ndarray]) -> str:
    """What changes with any bit of a run: SHA-256 of its header and of all its arrays."""
    digest = hashlib.sha256(text.encode())
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def names_of(header: dict[str, Any]) -> list[str]:
    """The names of the arrays that make up the recording of this header."""
    config = _config(header)
    alone = header["bin"] is not None  # statistics, and no spikes
    named = [
        "traced",
        *(f"recorded/{name}" for name in header["recorded"]),
        *(f"parameters/{name}" for name in config.per_unit()),
        *(f"final/{name}" for name in header["final"]),
        *(f"statistics/{name}" for name in COUNTED if alone),
        *(f"spikes/{name}" for name in Events._fields if not alone),
    ]
    return list(dict.fromkeys(named))  # a header that says a name a million times is read once


def recording_of(header: dict[str, Any], arrays: Mapping[str, np.ndarray], made: type[R]) -> R:
    """The recording that these were made of, as an object of this class.

    Raises:
        Fault: they contradict each other, or the config is one that no soma takes.
    """
    kind, config, solver = _kind(header), _config(header), Solver.from_dict(header["solver"])
    steps, units, every = (_whole(header, name) for name in ("steps", "units", "every"))
    dt = header["dt"]
    if not isinstance(dt, float) or not (0 < dt < math.inf and math.isfinite(1 / dt)):
        raise Fault(f"its time step is {echo(dt)}")
    if header["backend"] not in ("scan", "fused") or not isinstance(header["device"], str):
        raise Fault("it does not say what ran it")
    traced = _array(arrays, "traced", ("int64",), (None,))
    if traced.size and not (traced.min() >= 0 and traced.max() < units):
        raise Fault(f"it traces units that are not among its {units:,}")
    samples = (-(-steps // every), traced.size)
    recordable = {variable.name for variable in kind.system.recordable}
    state = {variable.name for variable in kind.system.variables}
    counted = header["bin"] is not None
    return made(
        model=partial(_made, kind, config.later(config.values())),
        solver=solver,
        dt=dt,
        steps=steps,
        units=units,
        events=None if counted else _events(arrays, steps, units, dt),
        parameters=_group(arrays, "parameters", config.per_unit(), None, (units,)),
        final=_group(arrays, "final", header["final"], state, (units,)),
        recorded=_group(arrays, "recorded", header["recorded"], recordable, samples),
        traced=traced,
        every=every,
        backend=header["backend"],
        device=header["device"],
        counted=_statistics(header, arrays, steps, units) if counted else None,
    )


def _kind(header: dict[str, Any]) -> type[Soma]:
    kind = catalogue().get(str(header["soma"]))
    if kind is None:
        raise Fault(
            f"its soma, {echo(header['soma'])}, is not in the catalogue: spark.nn.register adds one of your own"
        )
    return kind


def _config(header: dict[str, Any]) -> SomaConfig:
    kind = _kind(header)
    try:
        config = SomaConfig.from_dict(header["config"], check=header["checked"] is not False)
    except (TypeError, ValueError) as error:
        raise Fault(f"its config is refused: {error}") from error
    if type(config) is not kind.config_class:
        raise Fault(f"a {type(config).__name__} is no config of {header['soma']}")
    return config


def _made(kind: type[Soma], config: Callable[[], SomaConfig]) -> Soma:
    return kind(config())


def _whole(header: dict[str, Any], name: str) -> int:
    value = header[name]
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST:
        raise Fault(f"its {name} are {echo(value)}, not a whole number from 1 to {MOST:,}")
    return value


def _array(
    arrays: Mapping[str, np.ndarray], name: str, types: tuple[str, ...], shape: tuple[int | None, ...]
) -> np.ndarray:
    """The array of this name; None in `shape` is any length."""
    if name not in arrays:
        raise Fault(f"it lacks {name}")
    array = arrays[name]
    fits = len(array.shape) == len(shape) and all(
        want in (None, have) for want, have in zip(shape, array.shape, strict=True)
    )
    if not fits or array.dtype not in map(np.dtype, types):
        raise Fault(f"{name} is {array.dtype} of shape {array.shape}, not {' or '.join(types)} of shape {shape}")
    return array


def _group(
    arrays: Mapping[str, np.ndarray], group: str, names: Iterable[str], known: set[str] | None, shape: tuple[int, ...]
) -> dict[str, np.ndarray]:
    for name in names:
        if known is not None and name not in known:
            raise Fault(f"its soma has no {echo(name)}")
    return {name: _array(arrays, f"{group}/{name}", FLOATS, shape) for name in names}


def _events(arrays: Mapping[str, np.ndarray], steps: int, units: int, dt: float) -> Events:
    step, unit = (_array(arrays, f"spikes/{name}", ("int32",), (None,)) for name in ("step", "unit"))
    offset = _array(arrays, "spikes/offset", FLOATS, step.shape)
    if unit.shape != step.shape:
        raise Fault(f"its spikes have {step.size:,} steps and {unit.size:,} units")
    if step.size:
        if not (step.min() >= 0 and step.max() < steps and unit.min() >= 0 and unit.max() < units):
            raise Fault(f"it has spikes outside its {steps:,} steps of {units:,} units")
        if not (np.diff(step.astype(np.int64) * units + unit) > 0).all():
            raise Fault("its spikes are not in order")
        if not ((offset >= -1e-3 * dt) & (offset <= 1.001 * dt)).all():
            raise Fault("its spikes lie outside their steps")
    return Events(step, unit, offset)


def _statistics(header: dict[str, Any], arrays: Mapping[str, np.ndarray], steps: int, units: int) -> Statistics:
    if not isinstance(header["bin"], float) or not 0 < header["bin"] < math.inf:
        raise Fault(f"the bins of its rate are {echo(header['bin'])} ms wide")
    each = {
        name: _array(arrays, f"statistics/{name}", ("int64",) if name == "spike_count" else ("float64",), (units,))
        for name in COUNTED
        if name != "population_rate"
    }
    rate = _array(arrays, "statistics/population_rate", ("float64",), (None,))
    if not 1 <= rate.size <= steps:
        raise Fault(f"its rate has {rate.size:,} bins in {steps:,} steps")
    return Statistics(**each, population_rate=rate, bin=header["bin"])
