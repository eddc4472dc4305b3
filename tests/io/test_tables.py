"""The CSV files, opened by NumPy and pandas as their users do."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import spark.io
from tests.common import SOMAS
from tests.io import runs


def frame(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, comment="#")


@pytest.mark.parametrize("name", [*SOMAS, "several", "several in odd steps"])
def test_traces_are_columns_with_name_unit_and_neuron(name: str, tmp_path: Path) -> None:
    run, file = runs.run(name), tmp_path / "run.traces.csv"
    spark.io.write(run, file, state=runs.STATE)
    table = frame(file)
    declared = [v for v in run.soma.system.recordable if v.name in run.recorded]
    titles = [f"{v.name}_{v.unit}" if v.unit else v.name for v in declared]
    assert list(table.columns) == ["time_ms", *(f"{title}[{n}]" for title in titles for n in run.traced)]
    assert table.columns[1].startswith("potential_mV[")
    np.testing.assert_allclose(table["time_ms"], run.time, rtol=0, atol=5e-10)
    for title, variable in zip(titles, declared, strict=True):
        for column, number in enumerate(run.traced):
            read = table[f"{title}[{number}]"].to_numpy().astype(np.float32)
            runs.same(read, run.recorded[variable.name][:, column])


def test_numpy_reads_them_without_us(tmp_path: Path) -> None:
    run, traces, spikes = runs.run("several"), tmp_path / "a.traces.csv", tmp_path / "a.spikes.csv"
    spark.io.write(run, traces, state=runs.STATE)
    spark.io.write(run, spikes, state=runs.STATE)
    table = np.genfromtxt(traces, delimiter=",", skip_header=1, names=True, deletechars="")
    runs.same(table["potential_mV[3]"].astype(np.float32), run.potential[:, 0])
    plain = np.loadtxt(traces, delimiter=",", skiprows=2)
    assert plain.shape == (len(run.time), 1 + 2 * len(run.recorded))
    times = np.genfromtxt(spikes, delimiter=",", skip_header=1, names=True)
    assert times.dtype.names == ("time_ms", "neuron") and times.size == run.spike_count


def test_spikes_are_rows_in_the_order_of_time(tmp_path: Path) -> None:
    run, file = runs.run("several"), tmp_path / "run.spikes.csv"
    spark.io.write(run, file)
    table = frame(file)
    assert list(table.columns) == ["time_ms", "neuron"] and table["time_ms"].is_monotonic_increasing
    for number, times in enumerate(run.spike_times):
        np.testing.assert_allclose(table["time_ms"][table["neuron"] == number], times, rtol=0, atol=5e-10)
    assert set(table["neuron"]) == set(range(5))


def test_neurons_and_a_window_are_chosen(tmp_path: Path) -> None:
    run, file = runs.run("several"), tmp_path / "run.traces.csv"
    spark.io.write(run, file, neurons=[0], time=(5.0, 10.0))
    table = frame(file)
    assert [name for name in table.columns if "potential" in name] == ["potential_mV[0]"]
    assert table["time_ms"].iloc[0] == 5.0 and table["time_ms"].iloc[-1] == 9.8
    runs.same(table["potential_mV[0]"].to_numpy().astype(np.float32), run.potential[25:50, 1])
    spikes = io.BytesIO()
    spark.io.write(run, spikes, "spikes.csv", neurons=[4, 2], time=(5.0, 20.0))
    spikes.seek(0)
    table = pd.read_csv(spikes, comment="#")
    assert set(table["neuron"]) == {2, 4} and table["time_ms"].between(5.0, 20.0, inclusive="left").all()
    assert len(table) == sum(((t >= 5.0) & (t < 20.0)).sum() for t in (run.spike_times[2], run.spike_times[4]))


def test_a_silent_run_has_a_table_without_rows(tmp_path: Path) -> None:
    spark.io.write(runs.run("silent"), tmp_path / "run.spikes.csv")
    assert frame(tmp_path / "run.spikes.csv").shape == (0, 2)


def test_times_are_short(tmp_path: Path) -> None:
    file = tmp_path / "run.traces.csv"
    spark.io.write(runs.run("LeakySoma"), file)
    lines = file.read_text("utf-8").splitlines()
    assert lines[0].startswith("# {") and [line.split(",")[0] for line in lines[1:6]] == [
        "time_ms", "0.0", "0.1", "0.2", "0.3",
    ]  # fmt: skip
