"""NPZ and NWB give back the recording that was written, in every bit."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

import spark
import spark.io
from app.session.session import Session
from app.session.share import from_dict, to_dict
from spark.nn.somas import LeakySoma
from tests.io import runs

READERS: dict[str, Callable[..., spark.Recording]] = {"npz": spark.io.read_npz, "nwb": spark.io.read_nwb}
BOTH = pytest.mark.parametrize("kind", READERS)


@BOTH
@pytest.mark.parametrize("name", runs.NAMES)
def test_what_is_read_is_what_was_written(name: str, kind: Any, tmp_path: Path) -> None:
    sent = runs.run(name)
    assert sent.spike_count or name in ("silent", "unchecked")
    file = tmp_path / f"run.{kind}"
    spark.io.write(sent, file, stimulus=runs.STEP, state=runs.STATE)
    got = READERS[kind](file)
    runs.assert_equal(got, sent)
    assert spark.io.about(file)["state"] == runs.STATE


@pytest.mark.parametrize("name", runs.NAMES)
def test_a_recording_saves_and_loads_itself(name: str, tmp_path: Path) -> None:
    sent, file, same = runs.run(name), tmp_path / "run.npz", io.BytesIO()
    sent.save(file, stimulus=runs.STEP, state=runs.STATE)
    got = spark.Recording.load(file)
    assert type(got) is spark.Recording
    runs.assert_equal(got, sent)
    spark.io.write(sent, same, "npz", stimulus=runs.STEP, state=runs.STATE)
    assert file.read_bytes() == same.getvalue()  # one kind of file, by either way


def test_saving_by_another_name_or_loading_another_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"run\.nwb does not end in \.npz: .* let spark\.io\.write make a CSV or NWB"):
        runs.run("several").save(tmp_path / "run.nwb")
    assert not [*tmp_path.iterdir()]
    (tmp_path / "run.npz").write_bytes(b"time_ms,neuron\n")
    with pytest.raises(ValueError, match=r"run\.npz cannot be read as an NPZ file of Spark: it is no NPZ file\.$"):
        spark.Recording.load(tmp_path / "run.npz")
    runs.run("several").save(tmp_path / "run.npz")
    with pytest.raises(ValueError, match=r"of at most 1,000: a larger `largest` lets it in"):
        spark.Recording.load(tmp_path / "run.npz", largest=1_000)
    with pytest.raises(FileNotFoundError):
        spark.Recording.load(tmp_path / "nowhere.npz")


@BOTH
def test_a_run_in_double_precision_comes_back(kind: Any, x64: None) -> None:
    for traces in (1, 0):
        sent, file = runs.of(LeakySoma, dt=0.1, traces=traces), io.BytesIO()
        assert sent.potential.dtype == np.float64
        spark.io.write(sent, file, kind)
        runs.assert_equal(READERS[kind](file), sent)


@BOTH
def test_a_run_goes_on_from_a_file(kind: Any) -> None:
    first, file = runs.run("several"), io.BytesIO()
    spark.io.write(first, file, kind)
    read = READERS[kind](file)
    drive, key = np.full(100, 800.0), jax.random.key(3)
    there, here = (spark.simulate(run.soma, drive, initial=run.final, units=5, key=key) for run in (first, read))
    runs.assert_equal(here, there)


@BOTH
def test_a_recording_out_of_a_file_can_be_cut_and_written_again(kind: Any) -> None:
    sent, file, again = runs.run("several"), io.BytesIO(), io.BytesIO()
    spark.io.write(sent, file, kind)
    part = READERS[kind](file).head(50, 2)
    runs.assert_equal(part, sent.head(50, 2))
    spark.io.write(part, again, kind)
    runs.assert_equal(READERS[kind](again), part)


@pytest.mark.parametrize("kind", ["npz", "nwb", "traces.csv", "spikes.csv"])
def test_every_file_says_how_it_was_made(kind: Any) -> None:
    sent, file = runs.run("several"), io.BytesIO()
    session = Session()
    session.put("config.potential_tau", 13.7)
    spark.io.write(sent, file, kind, stimulus=runs.STEP, state=to_dict(session))
    told = spark.io.about(file)
    assert (told["spark"], told["soma"]) == (spark.__version__, "AdaptiveExponentialSoma")
    assert told["config"] == json.loads(json.dumps(sent.config.to_dict()))
    assert spark.solvers.Solver.from_dict(told["solver"]) == sent.solver and told["dt"] == sent.dt
    assert spark.stimuli.Stimulus.from_dict(told["stimulus"]) == runs.STEP
    assert to_dict(from_dict(told["state"])) == to_dict(session)
    assert told["variables"]["adaptation"] == {"symbol": "w", "unit": "pA", "words": "adaptation current"}
    assert told["parameters"]["resistance"]["unit"] == "GΩ"


def test_an_npz_says_all_to_who_has_only_numpy(tmp_path: Path) -> None:
    sent, file = runs.run("several"), tmp_path / "run.npz"
    spark.io.write(sent, file)
    with np.load(file, allow_pickle=False) as content:
        header = json.loads(content["header"].item())
        assert header["variables"]["potential"]["unit"] == "mV"
        np.testing.assert_array_equal(content["recorded/potential"], sent.potential)
        np.testing.assert_array_equal(content["time"], sent.time)
        fifth = content["spikes/time"][content["spikes/unit"] == 4]
        np.testing.assert_array_equal(fifth, sent.spike_times[4])
        assert all(not content[name].dtype.hasobject for name in content.files)


def test_an_npz_is_the_same_in_every_byte() -> None:
    one, other = io.BytesIO(), io.BytesIO()
    for file in (one, other):
        spark.io.write(runs.run("several"), file, "npz")
    assert one.getvalue() == other.getvalue()


def refused(match: str, error: type[Exception] = ValueError, **options: Any) -> None:
    settings: dict[str, Any] = {"recording": runs.run("several"), "file": io.BytesIO(), "kind": "npz"} | options
    with pytest.raises(error, match=match):
        spark.io.write(**settings)
    if isinstance(settings["file"], io.BytesIO):
        assert not settings["file"].getvalue()
    else:
        assert not Path(settings["file"]).exists()


def test_what_cannot_be_written_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    refused("a recording, what spark.simulate gives", TypeError, recording=None)
    refused("does not say what it is: end its name in one of .traces.csv", file=tmp_path / "run.csv", kind=None)
    refused("kind is one of traces.csv, spikes.csv, npz, nwb, not 'mat'", kind="mat")
    refused("kind is one of", kind=None)
    refused("npz holds the whole run", neurons=[0])
    refused("nwb holds the whole run", kind="nwb", time=(0.0, 1.0))
    refused("state and config must be of JSON types", TypeError, state={"when": object()})
    refused("finite numbers only", state={"gain": float("inf")})
    refused("kept no spikes, only statistics", recording=runs.run("no events"), kind="spikes.csv")
    refused("recorded no trace", recording=runs.run("no traces"), kind="traces.csv")
    refused("recorded no trace", recording=runs.run("nothing recorded"), kind="traces.csv")
    refused(r"neurons asks for 1, but of this run only 3, 0 are traced", kind="traces.csv", neurons=[0, 1])
    refused(r"neurons asks for 7, but of this run only 0, 1, 2, 3, 4 are there", kind="spikes.csv", neurons=[7])
    refused(r"start < end", kind="traces.csv", time=(5.0, 5.0))
    refused("started is kept in NWB files only", started=1)
    with pytest.raises(FileNotFoundError):
        spark.io.read_npz(tmp_path / "nowhere.npz")
    with pytest.raises(FileNotFoundError):
        spark.io.write(runs.run("several"), tmp_path / "nowhere" / "run.npz")


@pytest.mark.parametrize("file", [3, None])
def test_what_is_no_file_is_refused(file: Any) -> None:
    with pytest.raises(TypeError, match=f"save takes a path that ends in .npz, or a file .* not {file}"):
        runs.run("several").save(file)
    with pytest.raises(TypeError, match=f"is read from a path, or from a file .* not from {file}"):
        spark.Recording.load(file)
