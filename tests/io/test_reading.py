"""Recordings of real cells: what each format holds is what comes in, in mV, pA and ms."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import spark
import spark.io
from spark.io.readers import child
from spark.nn.somas import LeakySoma

from . import cells

V, C = cells.potentials(), cells.COMMANDS
TIME = np.arange(cells.SAMPLES) * cells.DT


def table(delimiter: str, titles: str | None, columns: list[np.ndarray], comma: bool = False) -> str:
    rows = [delimiter.join(f"{value:.6f}" for value in row) for row in np.stack(columns, axis=1)]
    text = "\n".join(([titles] if titles else []) + rows) + "\n"
    return text.replace(".", ",") if comma else text


def close(found: np.ndarray | None, wanted: Any, **how: Any) -> None:
    assert found is not None
    np.testing.assert_allclose(found, wanted, **how)


TABLES: dict[str, tuple[str, dict[str, Any]]] = {
    "commas": (table(",", "time_ms,potential_mV,current_pA", [TIME, V[2], C[2]]), {}),
    "tabs, seconds, volts": (table("\t", "t [s]\tVm (V)\tI (nA)", [TIME / 1000, V[2] / 1000, C[2] / 1000]), {}),
    "decimal commas": (table(";", "Zeit (ms);V (mV);I (pA)", [TIME, V[2], C[2]], comma=True), {}),
    "decimal commas, tabs": (table("\t", "time (ms)\tV (mV)\tI (pA)", [TIME, V[2], C[2]], comma=True), {}),
    "blanks": (table("   ", "time_ms potential_mV current_pA", [TIME, V[2], C[2]]), {}),
    "units in a line": (table(",", "Time,Voltage,Current\nms,mV,pA", [TIME, V[2], C[2]]), {}),
    "comments": (f"# made by hand\n\n% 2020\n{table(',', 'time_ms,V_mV,I_pA', [TIME, V[2], C[2]])}", {}),
    "no titles": (table(",", None, [TIME, V[2], C[2]]), {"columns": ["time_ms", "potential_mV", "current_pA"]}),
    "no time": (table(",", "V_mV,I_pA", [V[2], C[2]]), {"dt": cells.DT}),
    "titles that say nothing": (
        table(",", "a,b,c", [TIME, V[2], C[2]]),
        {"columns": {"a": "time_ms", "b": "potential_mV", "c": "current_pA"}},
    ),
    "a column too many": (table(",", "time_ms,Vm (mV),theta (mV),I (pA)", [TIME, V[2], V[0], C[2]]), {}),
    "quoted": (table(",", '"time (ms)","V (mV)","I (pA)"', [TIME, V[2], C[2]]), {}),
    "commas at the ends": ("time_ms,V_mV,I_pA,\n" + table(",", None, [TIME, V[2], C[2]]).replace("\n", ",\n"), {}),
}


@pytest.mark.parametrize(("text", "given"), TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("read", [spark.io.read, spark.io.read_apart])
def test_a_table_is_understood(tmp_path: Path, read: Any, text: str, given: dict[str, Any]) -> None:
    path = tmp_path / "cell.csv"
    path.write_text(text, "utf-8")
    found = read(path, **given)
    assert (found.kind, found.name, len(found)) == ("CSV", "cell.csv", 1)
    sweep = found[0]
    assert sweep.dt == pytest.approx(cells.DT)
    close(sweep.potential, V[2], atol=1e-3)
    close(sweep.current, C[2], atol=1e-3)
    assert not sweep.protocol


def test_sweeps_of_a_table_are_columns_or_follow_one_another(tmp_path: Path) -> None:
    beside, below = tmp_path / "beside.csv", tmp_path / "below.csv"
    titles = "time_ms," + ",".join(f"V{k} (mV)" for k in range(3)) + "," + ",".join(f"I{k} (pA)" for k in range(3))
    beside.write_text(table(",", titles, [TIME, *V, *C]))
    below.write_text(table(",", "time_ms,V_mV,I_pA", [np.tile(TIME, 3), V.ravel(), C.ravel()]))
    for path in (beside, below):
        found = spark.io.read(path)
        assert [sweep.name for sweep in found] == ["0", "1", "2"]
        for k, sweep in enumerate(found):
            close(sweep.potential, V[k], atol=1e-5)
            close(sweep.current, C[k], atol=1e-5)


def test_a_run_of_spark_is_a_recording(tmp_path: Path) -> None:
    run = spark.simulate(
        LeakySoma(), spark.stimuli.Step(amplitude=600.0), duration=50.0, record=("potential", "current")
    )
    spark.io.write(run, tmp_path / "run.traces.csv")
    found = spark.io.read(tmp_path / "run.traces.csv")
    close(found[0].potential, run.potential[:, 0], rtol=1e-6)
    close(found[0].current, run.current[:, 0], rtol=1e-6)


def test_arrays_of_several_cells(tmp_path: Path) -> None:
    path = tmp_path / "cells.npz"
    np.savez(
        path,
        A_current_pA=C,
        A_voltage_mV=V,
        B_current_nA=C[0] / 1000,
        B_voltage_V=V / 1000,
        A_sweep=[4, 5, 6],
        dt_ms=0.1,
    )
    for read in (spark.io.read, spark.io.read_apart):
        found = read(path)
        assert [sweep.name for sweep in found] == ["A 0", "A 1", "A 2", "B 0", "B 1", "B 2"]
        close(found[1].potential, V[1])
        close(found[4].potential, V[1])
        close(found[5].current, C[0])
        assert found[0].dt == 0.1 and found[0].stored == {"potential": "mV", "current": "pA"}


def test_arrays_whose_names_say_nothing_are_named(tmp_path: Path) -> None:
    path = tmp_path / "cell.npz"
    np.savez(path, v=V, i=C)
    with pytest.raises(ValueError, match=r"cell\.npz .* 'v' the unit is not said: say columns="):
        spark.io.read(path)
    with pytest.raises(ValueError, match=r"it says no time: say dt="):
        spark.io.read(path, columns={"v": "potential_mV", "i": "current_pA"})
    found = spark.io.read(path, columns={"v": "potential_mV", "i": "current_pA"}, dt=0.1)
    close(found[2].potential, V[2])
    assert len(found) == 3


@pytest.mark.parametrize("read", [spark.io.read, spark.io.read_apart])
def test_axon_files(tmp_path: Path, read: Any) -> None:
    found = read(cells.abf2(tmp_path / "steps.abf"))
    assert (found.kind, len(found)) == ("ABF", 3)
    for k, sweep in enumerate(found):
        assert sweep.dt == pytest.approx(cells.DT) and sweep.protocol
        close(sweep.potential, V[k], atol=0.03)
        close(sweep.current, [-50.0, 25.0, 100.0][k] * (C[2] > 0))
    recorded = read(cells.abf2(tmp_path / "two.abf", current=True))
    assert not recorded[2].protocol and recorded[2].stored == {"potential": "mV", "current": "nA"}
    close(recorded[2].current, 0.98 * C[2], atol=0.5)
    first = read(cells.abf1(tmp_path / "old.abf"))
    close(first[1].potential, V[1], atol=0.03)


def test_a_command_that_is_not_known_is_not_made_up(tmp_path: Path) -> None:
    assert spark.io.read(cells.abf2(tmp_path / "mV.abf", command_unit="mV"))[0].current is None
    played = spark.io.read(cells.abf2(tmp_path / "played.abf", source=2))  # from a file that its header names
    assert played[0].current is None and played[0].potential is not None
    with pytest.raises(ValueError, match=r"none of its channels is a potential \(they are in pA\)"):
        spark.io.read(cells.abf2(tmp_path / "clamp.abf", channel_unit="pA"))


@pytest.mark.parametrize("read", [spark.io.read, spark.io.read_apart])
@pytest.mark.parametrize("how", [{}, {"table": True}])
def test_neurodata_without_borders(tmp_path: Path, read: Any, how: dict[str, bool]) -> None:
    found = read(cells.nwb(tmp_path / "cell.nwb", **how))
    assert found.kind == "NWB"
    for k, sweep in enumerate(found):
        assert sweep.name == f"a{k}" and sweep.dt == pytest.approx(cells.DT) and sweep.protocol
        close(sweep.potential, V[k], rtol=1e-9)
        close(sweep.current, C[k], atol=1e-9)
        assert sweep.stored == {"potential": "0.001 volts", "current": "1e-12 amperes"}
    alone = read(cells.nwb(tmp_path / "alone.nwb", stimulus=False))
    assert alone[0].current is None


def test_igor_waves_are_joined(tmp_path: Path) -> None:
    v, i = cells.ibw(tmp_path / "v.ibw", V[2], "mV"), cells.ibw(tmp_path / "i.ibw", C[2] * 1e-12, "A")
    for read in (spark.io.read, spark.io.read_apart):
        found = read([v, i])
        assert len(found) == 1 and found.kind == "IBW" and found.name == "v.ibw + i.ibw"
        assert found[0].dt == pytest.approx(cells.DT)
        close(found[0].potential, V[2], rtol=1e-6)
        close(found[0].current, C[2], rtol=1e-6)
    with pytest.raises(ValueError, match="have a potential"):
        spark.io.read([v, v])


def test_spikes_come_from_a_list_or_from_the_potential(tmp_path: Path) -> None:
    path = tmp_path / "spikes.txt"
    path.write_text("0.0589\n0.1259\n0.2565\n")
    with pytest.raises(ValueError, match="its 1 columns have no titles: name them by columns="):
        spark.io.read(path)
    listed = spark.io.read(path, columns=["spikes_s"])[0]
    close(listed.spike_times(), [58.9, 125.9, 256.5])
    current = tmp_path / "current.txt"
    current.write_text("\n".join(f"{value:.6e}" for value in C[2] * 1e-12))
    both = spark.io.joined(
        [spark.io.read(current, columns=["current_A"], dt=0.1), spark.io.read(path, columns=["spikes_s"])]
    )
    close(both[0].current, C[2])
    assert both[0].spike_times()[0] == pytest.approx(58.9)
    traced = spark.io.Sweep("0", 0.1, potential=V[2])
    close(traced.spike_times(), [0.1 * (150 + 10 / 40)])
    close(traced.spike_times(threshold=0.0), [0.1 * (150 + 30 / 40)])
    assert spark.io.Sweep("0", 0.1, potential=V[0]).spike_times().size == 0


def test_a_current_drives_a_model_with_the_charge_that_was_recorded(tmp_path: Path) -> None:
    np.savez(tmp_path / "cell.npz", potential_mV=V[2], current_pA=100 * np.sin(TIME), dt_ms=cells.DT)
    sweep = spark.io.read(tmp_path / "cell.npz")[0]
    stimulus = spark.io.stimulus_of(sweep)
    held = stimulus.sample(10, 4 * cells.DT)
    close(held[:, 0], sweep.current[:40].reshape(10, 4).mean(axis=1))  # type: ignore[index]
    run = spark.simulate(LeakySoma(), stimulus, duration=sweep.duration, dt=cells.DT)
    assert run.steps == sweep.samples
    with pytest.raises(ValueError, match=r"the current of sweep 0 is not known: join a file that has it"):
        spark.io.stimulus_of(spark.io.Sweep("0", 0.1, potential=V[0]))


WRONG: dict[str, tuple[str, str]] = {
    "no numbers": ("what is this\nno table", "it is no table of numbers"),
    "a hole": (
        table(",", "time_ms,V_mV", [TIME, V[0]]).replace("2.000000,", "oops,"),
        r"not all of its lines.*line 22",
    ),
    "uneven": ("time_ms,V_mV\n0,-70\n1,-70\n5,-70\n6,-70\n", "not evenly spaced"),
    "no unit": (table(",", "time_ms,V", [TIME, V[0]]), "the unit of 'V' is not said"),
    "volts called mV": (table(",", "time_ms,V_V", [TIME, V[0]]), r"reaches .* \(read as V\).*say its unit"),
    "nothing": ("", "it is empty"),
    "no potential": (table(",", "time_ms,weather", [TIME, V[0]]), "none of its columns is a potential or a current"),
    "two times": (table(",", "time_ms,t (s),V_mV", [TIME, TIME, V[0]]), "several columns of time"),
    "not finite": (table(",", "time_ms,V_mV", [TIME, np.where(TIME == 1.0, np.nan, V[0])]), "no number at sample 10"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_a_table_that_says_too_little_is_refused_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "cell.csv"
    path.write_text(text)
    for read in (spark.io.read, spark.io.read_apart):
        with pytest.raises(ValueError, match=rf"cell\.csv cannot be read as a recording: .*{said}"):
            read(path)


def test_reading_apart_waits_for_no_jax(tmp_path: Path) -> None:
    path = tmp_path / "cell.csv"
    path.write_text(TABLES["commas"][0])
    asked = {"path": str(path), "columns": None, "dt": None, "largest": 10**8}
    asked |= {"memory": 10**9, "seconds": 20, "output": 10**8}
    code = f"""
import runpy, sys
sys.argv = ["child", {json.dumps(json.dumps(asked))}]
runpy.run_path({child.__file__!r}, run_name="__main__")
assert "jax" not in sys.modules and "spark.io.readers.kinds" in sys.modules
"""
    subprocess.run([sys.executable, "-I", "-c", code], check=True, capture_output=True, cwd=tmp_path)


@pytest.mark.parametrize(("given", "error"), [({"dt": -1.0}, ValueError), ({"dt": float("nan")}, ValueError)])
def test_what_is_given_is_checked(tmp_path: Path, given: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error, match="dt takes ms above 0"):
        spark.io.read(tmp_path / "cell.csv", **given)
    with pytest.raises(TypeError, match="from a path"):
        spark.io.read(5)  # type: ignore[arg-type]
    with pytest.raises(FileNotFoundError):
        spark.io.read_apart(tmp_path / "nowhere.csv")
