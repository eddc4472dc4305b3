"""A run as tables of pandas and xarray, where these are installed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.variable import Variable
from ..core.version import __version__
from .run import Run

MISSING = "{method} needs {name}, which is not installed: run pip install 'spark-somas[frames]'."


def traces_frame(run: Run) -> Any:
    """A row per sample, a column per variable, or per variable and unit."""
    try:
        import pandas as pd
    except ImportError as error:
        raise ImportError(MISSING.format(method="to_dataframe", name="pandas")) from error
    shown = traced_variables(run)
    if not shown or not run.traced.size:
        raise ValueError(
            'this run recorded no trace: record a variable of a unit, or ask for its spikes, to_dataframe("spikes").'
        )
    names, values = [variable.name for variable in shown], [run.recorded[variable.name] for variable in shown]
    columns: Any = names
    if run.traced.size > 1:
        columns = pd.MultiIndex.from_product([names, run.traced.tolist()], names=["variable", "unit"])
    frame = pd.DataFrame(np.hstack(values), index=pd.Index(run.time, name="time_ms"), columns=columns)
    frame.attrs["units"] = {variable.name: variable.unit for variable in shown}
    return frame


def spikes_frame(run: Run) -> Any:
    """A row per spike, in the order of time."""
    try:
        import pandas as pd
    except ImportError as error:
        raise ImportError(MISSING.format(method="to_dataframe", name="pandas")) from error
    if run.events is None:
        raise ValueError("this run kept no spikes, only statistics: run it with events=True.")
    times, units = _spikes(run)
    return pd.DataFrame({"time_ms": times, "unit": units})


def dataset(run: Run) -> Any:
    """Traces by time and unit, spikes as events."""
    try:
        import xarray as xr
    except ImportError as error:
        raise ImportError(MISSING.format(method="to_xarray", name="xarray")) from error
    held: dict[str, Any] = {
        variable.name: (
            ("time", "unit"),
            run.recorded[variable.name],
            {"units": variable.unit, "long_name": variable.words, "symbol": variable.symbol},
        )
        for variable in traced_variables(run)
    }
    if run.events is not None:
        times, units = _spikes(run)
        held["spike_time"] = ("spike", times, {"units": "ms", "long_name": "time of a spike"})
        held["spike_unit"] = ("spike", units, {"units": "", "long_name": "number of the unit that fired"})
    return xr.Dataset(
        held,
        coords={
            "time": ("time", run.time, {"units": "ms", "long_name": "time"}),
            "unit": ("unit", run.traced, {"units": "", "long_name": "number of the unit"}),
        },
        attrs={
            "soma": type(run.soma).__name__,
            "solver": str(run.solver),
            "dt": run.dt,
            "duration": run.duration,
            "units": run.units,
            "spark": __version__,
        },
    )


def traced_variables(run: Run) -> list[Variable]:
    """What was recorded, in the order in which the soma declares it."""
    return [variable for variable in run.soma.system.recordable if variable.name in run.recorded]


def _spikes(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Times (ms) and units of all spikes, in the order of time."""
    assert run.events is not None
    times = run.events.times(run.dt)
    order = np.argsort(times, kind="stable")
    return times[order], run.events.unit[order]


def few(numbers: Sequence[int]) -> str:
    """These numbers in words, the first five of many."""
    told = ", ".join(map(str, numbers[:5]))
    return f"{told}, ... (up to {max(numbers)})" if len(numbers) > 5 else told or "none"
