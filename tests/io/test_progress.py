"""Writing tells how far it is, and can be ended; what is written is the same as without."""

import io
from pathlib import Path
from typing import Any, get_args

import pytest

from spark.io import read_npz, read_nwb, tables, write
from spark.io.writing import Kind
from spark.simulation import Cancelled
from tests.io.runs import SPECIAL, assert_equal

KINDS = get_args(Kind)


@pytest.mark.parametrize("kind", KINDS)
def test_it_tells_the_part_that_is_done_and_changes_nothing(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    run = SPECIAL["several"]()
    quiet, told = io.BytesIO(), io.BytesIO()
    write(run, quiet, kind)
    monkeypatch.setattr(tables, "AT_ONCE", 8)
    parts: list[float] = []
    write(run, told, kind, progress=parts.append)
    assert len(parts) > 3 and parts == sorted(parts) and parts[0] < 0.5 and parts[-1] == 1.0
    if kind.endswith("csv"):
        assert told.getvalue() == quiet.getvalue()
    else:
        for file in (quiet, told):
            file.seek(0)
            assert_equal((read_npz if kind == "npz" else read_nwb)(file), run)


@pytest.mark.parametrize("kind", KINDS)
def test_what_it_raises_ends_the_writing_and_leaves_no_file(kind: Any, tmp_path: Path) -> None:
    def stop(done: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        write(SPECIAL["several"](), tmp_path / f"run.{kind}", progress=stop)
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_called_is_refused() -> None:
    with pytest.raises(TypeError, match="progress takes a function of the part that is done, not True"):
        write(SPECIAL["several"](), io.BytesIO(), "npz", progress=True)  # type: ignore[arg-type]
