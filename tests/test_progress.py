"""`simulate(progress=True)`: a bar in the terminal, closed however the run ends."""

import re
import signal
import sys
from typing import Any

import jax
import numpy as np
import pytest
import tqdm

import spark
from spark.nn.somas import LeakySoma
from spark.recording.events import Events
from spark.simulation import loop

UNITS = 1000
WIDE = np.full((2000, UNITS), 500.0, np.float32)
"""Four chunks of 50 ms."""
BAR = tqdm.tqdm


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """All bars, held so that none is closed by being forgotten. Every update is drawn, no thread watches over them."""
    kept: list[Any] = []

    def make(**options: Any) -> Any:
        kept.append(BAR(**options, mininterval=0.0, miniters=1))
        return kept[-1]

    monkeypatch.setattr(BAR, "monitor_interval", 0)
    monkeypatch.setattr(tqdm, "tqdm", make)
    return kept


def bars(said: str) -> list[str]:
    """What a bar has written over itself, from first to last."""
    return [line for line in re.split(r"[\r\n]", said) if line.strip()]


def closed(made: list[Any]) -> bool:
    return len(made) == 1 and made[0].disable  # which `close` sets


@pytest.mark.parametrize("how", ["scan", "fused", "sharding"])
def test_the_bar_counts_simulated_time(
    how: str, made: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options: dict[str, Any] = {"backend": how, "device": "cpu"}
    drive, steps = WIDE, 2000
    if how == "sharding":
        options = {"sharding": jax.make_mesh((1,), ("units",))}
    if how == "fused":  # only interpreted here, which is slow
        drive, steps = WIDE[:200, :7], 200
        monkeypatch.setattr(loop, "CHUNK", 50 * 7)
    whole = spark.simulate(LeakySoma(), drive, **options)
    assert capsys.readouterr().err == ""
    run = spark.simulate(LeakySoma(), drive, progress=True, **options)
    np.testing.assert_array_equal(run.spikes, whole.spikes)
    printed = capsys.readouterr()
    assert printed.out == ""
    total = f"{steps / 10:g} ms"
    told = [line for line in bars(printed.err) if total in line]
    assert [line.split("|")[2].split("[")[0].strip() for line in told][-1] == f"{steps / 10:g} of {total}"
    parts = [int(re.findall(r"(\d+)%", line)[0]) for line in told]
    assert set(parts) == {0, 25, 50, 75, 100} and parts == sorted(parts)
    assert told[-1].startswith(f"LeakySoma, {drive.shape[1]:,} units: 100%|") and " left, " in told[-1]
    assert printed.err.endswith("\n") and closed(made)


@pytest.mark.parametrize("progress", [None, False])
def test_nobody_is_told_unless_asked(progress: Any, capsys: pytest.CaptureFixture[str]) -> None:
    spark.simulate(LeakySoma(), WIDE[:100], progress=progress)
    assert capsys.readouterr().err == ""


def test_ctrl_c_ends_the_run_within_a_chunk_and_closes_the_bar(
    made: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chunks = []
    draw = Events.of

    def interrupted(*args: Any) -> Any:
        chunks.append(args)
        if len(chunks) == 2:
            signal.raise_signal(signal.SIGINT)
        return draw(*args)

    monkeypatch.setattr(Events, "of", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where pytest was started aside
    try:
        with pytest.raises(KeyboardInterrupt):
            spark.simulate(LeakySoma(), WIDE, progress=True)
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(chunks) == 2 and closed(made)
    said = capsys.readouterr().err
    assert " 25%|" in bars(said)[-1] and said.endswith("\n")  # what is written next has a line of its own


def test_an_error_closes_the_bar(
    made: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*args: Any) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr(Events, "of", broken)
    with pytest.raises(RuntimeError, match="broken"):
        spark.simulate(LeakySoma(), WIDE, progress=True)
    assert closed(made) and capsys.readouterr().err.endswith("\n")


def test_of_several_processes_the_first_speaks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(jax, "process_index", lambda: 1)
    spark.simulate(LeakySoma(), WIDE[:100], progress=True)
    assert capsys.readouterr().err == ""


def test_a_missing_tqdm_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    with pytest.raises(ImportError, match=r"progress=True draws its bar with tqdm.*: run pip install tqdm, or pass a"):
        spark.simulate(LeakySoma(), WIDE[:100], progress=True)
    told: list[float] = []
    spark.simulate(LeakySoma(), WIDE[:100], progress=told.append)
    assert told == [1.0]


def test_anything_else_is_refused() -> None:
    with pytest.raises(TypeError, match="progress takes True or a function of the part that is done, not 'yes'"):
        spark.simulate(LeakySoma(), WIDE[:100], progress="yes")  # type: ignore[arg-type]
