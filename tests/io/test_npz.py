"""NPZ files that are not what they say: nothing of them is run, unpacked or believed."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import spark.io
from tests.io import runs

Content = dict[str, Any]


def content() -> Content:
    file = io.BytesIO()
    spark.io.write(runs.run("several"), file, "npz")
    file.seek(0)
    with np.load(file) as arrays:
        return dict(arrays)


def packed(arrays: Content) -> io.BytesIO:
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=True, **arrays)
    file.seek(0)
    return file


def read_without(file: io.BytesIO, **options: Any) -> str:
    """Why it is refused, in one sentence."""
    with pytest.raises(ValueError) as caught:
        spark.io.read_npz(file, **options)
    said = str(caught.value)
    assert (
        said.startswith("the file cannot be read as an NPZ file of Spark: ") and said.endswith(".") and "\n" not in said
    )
    return said


def told(change: Callable[[Content], Any]) -> str:
    """Why a file is refused whose header was changed."""
    arrays = content()
    header = json.loads(arrays["header"].item())
    change(header)
    return read_without(packed(arrays | {"header": np.array(json.dumps(header))}))


def held(**changes: Any) -> str:
    """Why a file is refused whose arrays were changed."""
    arrays = content() | {name.replace("__", "/"): value for name, value in changes.items()}
    return read_without(packed({name: value for name, value in arrays.items() if value is not None}))


class Payload:
    """What would be run if it were unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    said = held(recorded__potential=np.array([[Payload(trap)]], dtype=object))
    assert "recorded/potential holds object, which is not read" in said
    assert "header holds object" in held(header=np.array(Payload(trap), dtype=object))
    assert not trap.exists()


def test_sizes_are_looked_at_before_anything_is_unpacked() -> None:
    file = packed(content() | {"zeros": np.zeros(10_000_000)})
    assert len(file.getvalue()) < 200_000
    assert "it unpacks to 80," in read_without(file, largest=2**20)
    assert "at most 1,000: a larger `largest` lets it in" in read_without(packed(content()), largest=1_000)
    assert "it has 1,0" in read_without(packed(content() | {f"a{i}": np.zeros(1) for i in range(1_000)}))

    whole = packed(content())
    file = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(file, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            if member.filename == "recorded/potential.npy":  # a few bytes that call themselves a terabyte
                head = io.BytesIO()
                np.lib.format.write_array_header_1_0(head, {"descr": "<f4", "fortran_order": False, "shape": (2**38,)})
                data = head.getvalue() + bytes(8)
            new.writestr(member, data)
    assert "recorded/potential says shape (274877906944,), which its" in read_without(file)


def test_a_header_that_lies_is_refused() -> None:
    assert "no run of Spark" in told(lambda header: header.update(format="other"))
    assert "of version 2, and this Spark reads version 1: update Spark" in told(lambda header: header.update(version=2))
    assert "'Nobody', is not in the catalogue: spark.nn.register" in told(lambda header: header.update(soma="Nobody"))
    assert "is no config of" in told(lambda header: header.update(soma="LeakySoma"))
    assert "its config is refused: " in told(lambda header: header["config"].update(potential_tau=-1.0))
    assert "has no field 'more'" in told(lambda header: header["config"].update(more=1))
    assert "its steps are 0, not a whole number" in told(lambda header: header.update(steps=0))
    assert "its units are True" in told(lambda header: header.update(units=True))
    assert "its every are 2.0" in told(lambda header: header.update(every=2.0))
    assert "its time step is -0.1" in told(lambda header: header.update(dt=-0.1))
    assert "it lacks final/potential_tau" in told(lambda header: header.update(final=["potential_tau"]))
    assert "does not say what ran it" in told(lambda header: header.update(backend="cuda"))
    assert "it lacks statistics/spike_count" in told(lambda header: header.update(bin=1.0))
    assert "damaged (KeyError: 'solver')" in told(lambda header: header.pop("solver"))
    assert "is not a kind of Solver" in told(lambda header: header.update(solver={"type": "LeakySomaConfig"}))
    assert "its header is no JSON" in held(header=np.array("{"))
    assert "its header is no JSON" in held(header=np.array("[" * 100_000))
    assert "NaN, which is no number" in held(header=np.array('{"dt": NaN}'))
    assert "no run of Spark" in held(header=np.array("7"))
    assert "header is no line of text" in held(header=np.array(["a", "b"]))
    assert "header holds float64" in held(header=np.array(1.0))


def test_a_variable_that_the_soma_has_not_is_refused() -> None:
    arrays = content()
    header = json.loads(arrays["header"].item())
    header["final"].append("resistance")
    arrays |= {"header": np.array(json.dumps(header)), "final/resistance": np.zeros(5, np.float32)}
    assert "its soma has no 'resistance'" in read_without(packed(arrays))


def test_arrays_that_do_not_fit_are_refused() -> None:
    run = runs.run("several")
    assert run.events is not None
    step, unit, offset = run.events
    assert "it lacks recorded/potential" in held(recorded__potential=None)
    assert "recorded/potential is float32 of shape (3, 2)" in held(recorded__potential=run.potential[:3])
    assert "recorded/potential is float16" in held(recorded__potential=run.potential.astype(np.float16))
    assert "traces units that are not among its 5" in held(traced=np.array([0, 5]))
    assert "parameters/resistance is float32 of shape (4,)" in held(parameters__resistance=np.zeros(4, np.float32))
    assert "spikes outside its 400 steps of 5 units" in held(spikes__unit=unit + 5)
    assert "spikes outside its" in held(spikes__step=step - step[-1])
    assert "not in order" in held(spikes__step=step[::-1].copy())
    assert "not in order" in held(spikes__step=np.zeros_like(step), spikes__unit=np.zeros_like(unit))
    assert "lie outside their steps" in held(spikes__offset=offset + 1)
    assert "lie outside their steps" in held(spikes__offset=np.full_like(offset, np.nan))
    assert f"have {step.size} steps and {step.size - 1} units" in held(spikes__unit=unit[1:])


def test_what_is_no_npz_is_refused(tmp_path: Path) -> None:
    assert "it is no NPZ file" in read_without(io.BytesIO(b"time_ms,neuron\n"))
    assert "it is no NPZ file" in read_without(io.BytesIO(b""))
    np.savez(tmp_path / "lab.npz", sweep=np.zeros(10))
    with pytest.raises(ValueError, match=r"lab.npz cannot be read as an NPZ file of Spark: it lacks header\."):
        spark.io.read_npz(tmp_path / "lab.npz")
    for data in (b"", b"# no JSON\n", b"GIF89a"):
        with pytest.raises(ValueError, match=r"neither a CSV, nor an NPZ, nor an NWB file"):
            spark.io.about(io.BytesIO(data))
