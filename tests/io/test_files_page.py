"""What docs/files.md shows works as it stands; without the extra it says what to install."""

import builtins
import io
import re
from pathlib import Path
from typing import Any

import pytest

import spark.io
from tests.io import runs

PAGE = (Path(__file__).resolve().parents[2] / "docs/files.md").read_text("utf-8")


def test_its_block_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    ways, files, cell, passive = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    names: dict[str, Any] = {}
    exec(compile(ways, "docs/files.md", "exec"), names)
    assert names["again"].spike_times[0].tolist() == names["run"].spike_times[0].tolist()
    peak, spikes, unit = capsys.readouterr().out.splitlines()
    assert -70 < float(peak) < -60 and spikes == str([len(names["run"].spike_times[0])] * 3) and unit == "pA"
    exec(compile(files, "docs/files.md", "exec"), {})
    assert capsys.readouterr().out == "300.0\n"
    kinds = {"." + path.name.split(".", 1)[1] for path in tmp_path.iterdir()}
    written = PAGE.split("## Recordings of real cells")[0]
    assert kinds == set(re.findall(r"^\| `(\.[\w.]+)` \|", written, re.M))
    exec(compile(cell, "docs/files.md", "exec"), {})
    said, spikes = capsys.readouterr().out.splitlines()
    assert said == "1 0.1 (1000,) pA" and int(spikes) > 0
    exec(compile(passive, "docs/files.md", "exec"), {})
    assert float(capsys.readouterr().out) == pytest.approx(14.0, rel=1e-5)


@pytest.mark.parametrize("missing", ["h5py", "pynwb"])
def test_without_the_extra_it_says_what_to_install(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file, kept = io.BytesIO(), builtins.__import__
    spark.io.write(runs.run("silent"), file, "nwb")

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name.split(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return kept(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=rf"need {missing}, .*: run pip install 'spark-somas\[io\]'"):
        spark.io.write(runs.run("silent"), io.BytesIO(), "nwb")
    for kind in ("npz", "spikes.csv"):
        spark.io.write(runs.run("silent"), io.BytesIO(), kind)
    if missing == "h5py":
        with pytest.raises(ImportError, match="need h5py"):
            spark.io.read_nwb(file)
    else:
        runs.assert_equal(spark.io.read_nwb(file), runs.run("silent"))
