"""A recording as tables of pandas and xarray says the same numbers, with their units."""

import builtins
from typing import Any

import numpy as np
import pytest
import xarray as xr

import spark
from spark.nn.somas import AdaptiveExponentialSoma, LeakySoma
from tests.io import runs


def test_one_unit_is_a_column_per_variable() -> None:
    run = runs.run("AdaptiveExponentialSoma")
    assert run.traced.size == 1
    frame, recordable = run.to_dataframe(), type(run.soma).system.recordable
    assert [*frame.columns] == [variable.name for variable in recordable]
    assert frame.index.name == "time_ms"
    np.testing.assert_array_equal(frame.index, run.time)
    for variable in recordable:
        np.testing.assert_array_equal(frame[variable.name], run.recorded[variable.name][:, 0])
        assert frame.attrs["units"][variable.name] == variable.unit


def test_several_units_are_a_column_per_variable_and_unit() -> None:
    run = runs.run("several")
    frame = run.to_dataframe()
    assert frame.shape == (200, 2 * len(run.recorded)) and frame.columns.names == ["variable", "unit"]
    np.testing.assert_array_equal(frame["potential"][0], run.potential[:, 1])  # traced are units 3 and 0
    np.testing.assert_array_equal(frame["adaptation"], run.adaptation)
    assert frame["potential"].to_numpy().dtype == run.potential.dtype
    np.testing.assert_array_equal(np.diff(frame.index), np.diff(run.time))


def test_spikes_are_rows_in_the_order_of_time() -> None:
    run = runs.run("several")
    frame = run.to_dataframe("spikes")
    assert [*frame.columns] == ["time_ms", "unit"] and len(frame) == run.spike_count
    assert frame["time_ms"].is_monotonic_increasing
    for unit, times in enumerate(run.spike_times):
        np.testing.assert_array_equal(frame["time_ms"][frame["unit"] == unit], times)
    assert len(runs.run("silent").to_dataframe("spikes")) == 0


@pytest.mark.parametrize("name", ["several", "several in odd steps", "one twice", "silent", "nothing recorded"])
def test_a_dataset_holds_traces_units_and_spikes(name: str) -> None:
    run = runs.run(name)
    data = run.to_xarray()
    np.testing.assert_array_equal(data["time"], run.time)
    np.testing.assert_array_equal(data["unit"], run.traced)
    assert set(data.data_vars) == {*run.recorded, "spike_time", "spike_unit"}
    for variable in run.soma.system.recordable:
        if variable.name in run.recorded:
            held = data[variable.name]
            assert held.dims == ("time", "unit") and held.attrs["units"] == variable.unit
            assert (held.attrs["long_name"], held.attrs["symbol"]) == (variable.words, variable.symbol)
            np.testing.assert_array_equal(held, run.recorded[variable.name])
    for unit, times in enumerate(run.spike_times):
        np.testing.assert_array_equal(data["spike_time"][data["spike_unit"] == unit], times)
    assert data["time"].attrs["units"] == data["spike_time"].attrs["units"] == "ms"
    assert (data.attrs["soma"], data.attrs["dt"]) == (type(run.soma).__name__, run.dt)
    assert (data.attrs["duration"], data.attrs["units"]) == (run.duration, run.units)


def test_a_dataset_is_chosen_from_by_time_and_unit() -> None:
    run = spark.simulate(LeakySoma(), np.full(100, 700.0), units=3, dt=0.5)
    data = run.to_xarray()
    assert isinstance(data, xr.Dataset)
    np.testing.assert_array_equal(data["potential"].sel(unit=2, time=slice(10.0, 20.0)), run.potential[20:41, 2])


def test_a_run_without_events_has_no_spikes_to_show() -> None:
    run = runs.run("no events")
    assert "spike_time" not in run.to_xarray()
    assert len(run.to_dataframe()) == 200
    with pytest.raises(ValueError, match="kept no spikes, only statistics: run it with events=True"):
        run.to_dataframe("spikes")


def test_what_is_not_there_is_refused() -> None:
    for name in ("nothing recorded", "no traces"):
        with pytest.raises(ValueError, match=r"recorded no trace: .* to_dataframe\(\"spikes\"\)"):
            runs.run(name).to_dataframe()
    wrong: Any = "trace"
    with pytest.raises(ValueError, match='takes "traces" or "spikes", not \'trace\''):
        runs.run("several").to_dataframe(wrong)


@pytest.mark.parametrize(
    ("missing", "method", "extra", "call"),
    [
        ("pandas", "to_dataframe", "frames", lambda run: run.to_dataframe()),
        ("pandas", "to_dataframe", "frames", lambda run: run.to_dataframe("spikes")),
        ("xarray", "to_xarray", "frames", lambda run: run.to_xarray()),
        ("holoviews", "plot draws", "plot", lambda run: run.plot()),
    ],
)
def test_without_the_package_it_says_what_to_install(
    missing: str, method: str, extra: str, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = builtins.__import__

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name.split(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return kept(name, *args, **options)

    run = spark.simulate(AdaptiveExponentialSoma(), np.zeros(5))
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=rf"{method}.* not installed: run pip install 'spark-somas\[{extra}\]'\.$"):
        call(run)
