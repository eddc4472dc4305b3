"""NWB files as others see them: pynwb opens them, the validator and nwbinspector find nothing."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import h5py
import numpy as np
import pynwb
import pytest
from nwbinspector import Importance, inspect_nwbfile

import spark.io
from tests.common import SOMAS, each
from tests.io import runs

WHEN = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


SI = {"mV": ("volts", 1e-3), "pA": ("amperes", 1e-12), "mV/ms": ("volts/second", 1.0)}
SHAPES = ["several", "silent", "no events", "no traces", "nothing recorded", "one twice"]
THOROUGH = [pytest.param(name, marks=pytest.mark.thorough) for name in runs.NAMES if name not in SHAPES]


@pytest.mark.parametrize("name", [*SHAPES, *THOROUGH])
def test_nobody_finds_fault_with_it(name: str, tmp_path: Path) -> None:
    file = tmp_path / "run.nwb"
    spark.io.write(runs.run(name), file, stimulus=runs.STEP, state=runs.STATE)
    assert pynwb.validate(path=str(file)) == []
    grave = [
        m
        for m in inspect_nwbfile(nwbfile_path=str(file))
        if m.importance.value > Importance.BEST_PRACTICE_SUGGESTION.value
    ]
    assert not grave


@pytest.mark.parametrize("name", each([*SOMAS, "several"]))
def test_pynwb_reads_it_in_si_units(name: str, tmp_path: Path) -> None:
    run, file = runs.run(name), tmp_path / "run.nwb"
    spark.io.write(run, file, stimulus=runs.STEP)
    with pynwb.NWBHDF5IO(file, "r") as reader:
        content = reader.read()
        for column, number in enumerate(run.traced):
            potential = content.acquisition[f"potential_{number}"]
            current = content.stimulus[f"current_{number}"]
            assert type(potential) is pynwb.icephys.CurrentClampSeries and potential.unit == "volts"
            assert type(current) is pynwb.icephys.CurrentClampStimulusSeries and current.unit == "amperes"
            for series, sent in ((potential, run.potential), (current, run.current)):
                runs.same(series.data[:], sent[:, column])
                assert series.rate == pytest.approx(1000.0 / (run.dt * run.every)) and series.starting_time == 0.0
                assert series.electrode.cell_id == f"neuron_{number}"
            assert potential.conversion == 1e-3 and current.conversion == 1e-12
            assert potential.get_data_in_units()[0] == pytest.approx(run.potential[0, column] / 1000.0)
            for variable in run.soma.system.recordable:
                if variable.name not in ("potential", "current"):
                    series = content.processing["icephys"][f"{variable.name}_{number}"]
                    runs.same(series.data[:], run.recorded[variable.name][:, column])
                    assert (series.unit, series.conversion) == SI[variable.unit]
        assert len(content.intracellular_recordings.id) == len(run.traced)
        assert len(content.units) == run.units
        for number, times in enumerate(run.spike_times):
            np.testing.assert_allclose(content.units["spike_times"][number], times / 1000.0, rtol=1e-12)
        header = json.loads(content.scratch["spark"].data)
        assert header["soma"] == type(run.soma).__name__ and header["spark"] == spark.__version__


def test_the_clock_is_what_it_is_told(tmp_path: Path) -> None:
    file, again = tmp_path / "run.nwb", tmp_path / "again.nwb"
    for path in (file, again):
        spark.io.write(runs.run("several"), path, started=WHEN)
    with pynwb.NWBHDF5IO(file, "r") as one, pynwb.NWBHDF5IO(again, "r") as other:
        first, second = one.read(), other.read()
        assert first.session_start_time == first.file_create_date[0] == first.timestamps_reference_time == WHEN
        assert first.identifier == second.identifier
    before = datetime.now(UTC)
    spark.io.write(runs.run("several"), file)
    with pynwb.NWBHDF5IO(file, "r") as reader:
        content = reader.read()
        assert before <= content.session_start_time <= datetime.now(UTC)
        assert content.identifier != first.identifier


def test_only_what_was_recorded_is_there(tmp_path: Path) -> None:
    spark.io.write(runs.run("silent"), tmp_path / "a.nwb")
    spark.io.write(runs.run("no events"), tmp_path / "b.nwb")
    with pynwb.NWBHDF5IO(tmp_path / "a.nwb", "r") as reader:
        content = reader.read()
        assert not content.stimulus and not content.processing and content.units is None
    with pynwb.NWBHDF5IO(tmp_path / "b.nwb", "r") as reader:
        assert reader.read().units is None


def changed(tmp_path: Path, name: str = "several") -> tuple[Path, h5py.File]:
    file = tmp_path / "run.nwb"
    spark.io.write(runs.run(name), file)
    return file, h5py.File(file, "r+")


def refused(file: Path, match: str, **options: int) -> None:
    with pytest.raises(ValueError, match=match) as caught:
        spark.io.read_nwb(file, **options)
    assert str(file) in str(caught.value) and "\n" not in str(caught.value)


def test_nothing_outside_the_file_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(np.zeros(1000, np.float32).tobytes())
    other = tmp_path / "other.h5"
    with h5py.File(other, "w") as target:
        target["data"] = np.zeros(200, np.float32)
    place = "acquisition/potential_0/data"

    file, content = changed(tmp_path)
    with content:
        del content[place]
        content.create_dataset(place, (200,), "f4", external=[(str(secret), 0, 800)])
    refused(file, f"{place} is kept in another file")

    file, content = changed(tmp_path)
    with content:
        del content[place]
        layout = h5py.VirtualLayout((200,), "f4")
        layout[:] = h5py.VirtualSource(str(other), "data", (200,))
        content.create_virtual_dataset(place, layout)
    refused(file, f"{place} is kept in another file")

    for link in (h5py.ExternalLink(str(other), "/data"), h5py.SoftLink("/acquisition/potential_3/data")):
        file, content = changed(tmp_path)
        with content:
            del content[place]
            content[place] = link
        refused(file, f"{place} is a link to somewhere else")

    file, content = changed(tmp_path)
    with content:
        del content["acquisition"]
        content["acquisition"] = h5py.ExternalLink(str(other), "/")
    refused(file, f"{place.replace('0', '3')} is a link|is a link to somewhere else")


def test_sizes_are_looked_at_before_anything_is_read(tmp_path: Path) -> None:
    place = "acquisition/potential_0/data"
    file, content = changed(tmp_path)
    with content:
        del content[place]
        content.create_dataset(place, (2**50,), "f4")  # never allocated: the file stays small
    refused(file, "its arrays take 4,5.* bytes, of at most 2,147,483,648")
    file, content = changed(tmp_path)
    with content:
        del content[place]
        content.create_dataset(place, (200,), "f4", chunks=(2**29,), maxshape=(None,))
    refused(file, "its arrays take", largest=2**30)
    file, content = changed(tmp_path)
    with content:
        del content["scratch/traced"]
        content.create_dataset("scratch/traced", (2**27,), "i8")
    refused(file, "it traces more neurons than it has room for")
    file, content = changed(tmp_path)
    with content:
        del content["scratch/traced"]
        content["scratch/traced"] = np.zeros(20_000, np.int64)  # one small trace, twenty thousand times
    refused(file, "its arrays take 64,.* bytes, of at most 10,000,000", largest=10_000_000)
    file, content = changed(tmp_path)
    content.close()
    refused(file, "has .* bytes, of at most 1,000", largest=1_000)


def test_a_file_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    file, content = changed(tmp_path)
    with content:
        content["acquisition/potential_0/data"][3] += 1.0
    refused(file, "it was changed since Spark wrote it")
    file, content = changed(tmp_path)
    with content:
        del content["scratch/spark"]
    refused(file, "it lacks scratch/spark")
    file, content = changed(tmp_path)
    with content:
        del content["scratch/traced"]
        content["scratch/traced"] = np.array([b"x", b"y"])
    refused(file, "traced holds .*, which is not read")
    file, content = changed(tmp_path)
    with content:
        del content["acquisition/potential_0/data"]
        content["acquisition/potential_0/data"] = np.zeros(200, ">f4")
    refused(file, "recorded/potential is|changed since")
    (tmp_path / "lab.h5").write_bytes(b"\x89HDF\r\n\x1a\nno more")
    refused(tmp_path / "lab.h5", "it is damaged")
    spark.io.write(runs.run("several"), tmp_path / "run.npz")
    refused(tmp_path / "run.npz", "it is no NWB file")


def test_a_file_in_memory_is_named_as_such() -> None:
    with pytest.raises(ValueError, match=r"^the file cannot be read as an NWB file of Spark: it is no NWB file.$"):
        spark.io.read_nwb(io.BytesIO(b"nothing"))
