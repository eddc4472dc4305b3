"""Recordings that are meant to hurt: each is one sentence, and nothing else of this machine is read, run or filled."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import spark.io
from spark.io.readers import child

from . import cells

ROOT = Path(__file__).parents[2]
SECRET = b"nobody's business, and long enough to be some numbers of eight bytes"


def series(path: Path, data: Callable[[Any], None]) -> Path:
    """An NWB file of one current clamp series, whose data are whatever `data` makes of its group."""
    with h5py.File(path, "w") as root:
        group = root.create_group("acquisition/a0")
        group.attrs["neurodata_type"] = "CurrentClampSeries"
        start = group.create_dataset("starting_time", data=0.0)
        start.attrs["rate"] = 10_000.0
        data(group)
    return path


def elsewhere(group: Any) -> None:
    secret = Path(group.file.filename).with_name("secret")
    secret.write_bytes(SECRET)
    group.create_dataset("data", (8,), "f8", external=[(str(secret), 0, 64)])


def virtual(group: Any) -> None:
    other = Path(group.file.filename).with_name("other.h5")
    with h5py.File(other, "w") as file:
        file["x"] = np.zeros(8)
    layout = h5py.VirtualLayout((8,), "f8")
    layout[:] = h5py.VirtualSource(str(other), "x", (8,))
    group.create_virtual_dataset("data", layout)


def linked(group: Any) -> None:
    group["data"] = h5py.ExternalLink("/etc/hostname", "x")


def vast(group: Any) -> None:
    group.create_dataset("data", (2**29,), "f8", chunks=(2**20,), compression="gzip")


def text(group: Any) -> None:
    group.create_dataset("data", data=np.array([b"a", b"b"]))


def bomb(path: Path) -> Path:
    np.savez_compressed(path, potential_mV=np.zeros(50_000_000), dt_ms=0.1)
    return path


def pickled(path: Path) -> Path:
    np.savez(path, potential_mV=np.array([Touch(path.with_name("touched"))], object), dt_ms=0.1)
    return path


class Touch:
    """Leaves a file behind where somebody unpickles it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.path),)


def lying(path: Path) -> Path:
    """An array that says it has 4 GB, in an archive of a few bytes."""
    import zipfile

    head = b"\x93NUMPY\x01\x00"
    said = b"{'descr': '<f8', 'fortran_order': False, 'shape': (536870912,), }"
    said = said.ljust(118 - 1) + b"\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("potential_mV.npy", head + struct.pack("<H", len(said)) + said + bytes(64))
    return path


def changed(path: Path, place: int, form: str, value: int) -> Path:
    content = bytearray(path.read_bytes())
    struct.pack_into(form, content, place, value)
    path.write_bytes(bytes(content))
    return path


def igor(path: Path) -> Path:
    return changed(cells.ibw(path, cells.potentials()[0], "mV"), 16 + 42, "<i", 2**30)


FILES: dict[str, tuple[str, Callable[[Path], Path], str]] = {
    "data in another file": ("a.nwb", lambda p: series(p, elsewhere), "kept in another file, which is not opened"),
    "data of another file": ("b.nwb", lambda p: series(p, virtual), "kept in another file, which is not opened"),
    "a link out of the file": ("c.nwb", lambda p: series(p, linked), "a link to somewhere else"),
    "4 GB in some kilobytes": ("d.nwb", lambda p: series(p, vast), "its series take [0-9,]+ bytes, of at most"),
    "no numbers": ("e.nwb", lambda p: series(p, text), "which is not read"),
    "no current clamp": ("f.nwb", lambda p: cells_without(p), "it holds no CurrentClampSeries"),
    "400 MB in half a megabyte": ("g.npz", bomb, "it unpacks to 400,[0-9,]+ bytes, of at most 100,000,000"),
    "a pickle": ("h.npz", pickled, "holds object, which is not read"),
    "a size that is not there": ("i.npz", lying, "which its [0-9,]+ bytes are not"),
    "a broken archive": ("j.npz", lambda p: cut(bomb(p), 300_000), "it is damaged"),
    "two billion sweeps": ("k.abf", lambda p: changed(cells.abf2(p), 12, "<I", 2**31 - 1), "."),
    "two billion channels": ("l.abf", lambda p: changed(cells.abf2(p), 100, "<i", 2**31 - 1), "."),
    "two billion samples": ("m.abf", lambda p: changed(cells.abf2(p), 244, "<i", 2**31 - 1), "."),
    "half an ABF": ("n.abf", lambda p: cut(cells.abf2(p), 2000), "."),
    "a billion points": ("o.ibw", igor, "."),
    "half a wave": ("p.ibw", lambda p: cut(cells.ibw(p, cells.potentials()[0], "mV"), 300), "."),
    "nothing known": ("q.abf", lambda p: written(p, bytes(range(256)) * 40), "it is neither a table nor a kind of"),
}


def cells_without(path: Path) -> Path:
    with h5py.File(path, "w") as root:
        root.create_group("acquisition")
    return path


def cut(path: Path, size: int) -> Path:
    path.write_bytes(path.read_bytes()[:size])
    return path


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(("name", "made", "said"), FILES.values(), ids=FILES)
def test_a_hostile_file_is_one_sentence(tmp_path: Path, name: str, made: Callable[[Path], Path], said: str) -> None:
    path = made(tmp_path / name)
    with pytest.raises(ValueError, match=rf"^{name} cannot be read as a recording: .*{said}") as caught:
        spark.io.read_apart(path, memory=400 * 10**6, seconds=15)
    words = str(caught.value)
    assert words.endswith(".") and "\n" not in words and len(words) < 700
    assert SECRET.decode() not in words and not (tmp_path / "touched").exists()


def program(tmp_path: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is run in place of the reader; gives some file to be read."""
    path = tmp_path / "reader.py"
    path.write_text(code)
    monkeypatch.setattr(child, "__file__", str(path))
    return written(tmp_path / "cell.csv", b"time_ms,V_mV\n0,1\n")


def test_a_reader_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = program(tmp_path, "import time; time.sleep(60)", monkeypatch)
    with pytest.raises(ValueError, match=r"^cell\.csv cannot .*: it was not read within 0\.5 s\.$"):
        spark.io.read_apart(path, seconds=0.5)


def test_a_reader_that_crashes_takes_nobody_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = program(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", monkeypatch)
    with pytest.raises(ValueError, match=r"its reader ended \(SIGSEGV\)"):
        spark.io.read_apart(path)


def test_a_reader_has_no_key_of_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK_KEY", "secret")
    path = program(tmp_path, "import os, sys; sys.exit('SPARK_KEY' in os.environ and 7)", monkeypatch)
    with pytest.raises(ValueError) as caught:  # it answered nothing
        spark.io.read_apart(path)
    assert "status 7" not in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows bounds no memory")
def test_memory_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("time_ms,V_mV\n" + "".join(f"{k / 10:g},-70\n" for k in range(400_000)))
    assert len(spark.io.read_apart(path)) == 1
    with pytest.raises(ValueError, match="reading it takes more than 20 MB"):
        spark.io.read_apart(path, memory=20 * 10**6)


@pytest.mark.parametrize("count", [200, pytest.param(2_000, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("kind", ["csv", "npz", "abf", "nwb", "ibw"])
def test_garbled_files_of_every_kind_are_recordings_or_sentences(tmp_path: Path, kind: str, count: int) -> None:
    """One that ends its reader must be a sentence of `read_apart`."""
    done, ended = 0, 0
    while done < count:
        found = subprocess.run(
            [sys.executable, "-m", "tests.io.garbled_recordings", kind, str(done), str(count), str(tmp_path)],
            cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        lines = found.stdout.split()
        assert lines, found.stderr[-2000:]
        done = int(lines[-1]) + 1
        if found.returncode == 0:
            break
        assert found.returncode < 0, found.stderr[-2000:]  # a signal: the library crashed, hung or filled its memory
        ended += 1
        with pytest.raises(ValueError, match="cannot be read as a recording"):
            spark.io.read_apart(tmp_path / f"garbled.{kind}", memory=400 * 10**6, seconds=10)
        assert ended < 50
    assert done >= count
