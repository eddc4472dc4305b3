"""The command that asks a GPU: tried on a CPU, with tiny sizes. What it asks, that it ends, and what it leaves."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import spark
from benchmarks.gpu import answers, equal, loops, page
from benchmarks.gpu.keeper import LEAST, Keeper
from benchmarks.gpu.plan import FULL, LOOPS, Row, rows
from benchmarks.gpu.worker import Part, Worker
from spark.nn.components.somas import LeakySoma
from spark.recording.events import Events
from spark.simulation import fused
from tests.common import SOMAS

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = {"bandwidth", "equal", "slider", "call", "choice", "loop"}
UNNEEDED = ("panel", "bokeh", "holoviews", "panel_material_ui", "scipy", "tqdm")


def command(folder: Path, out: Path) -> subprocess.Popen[str]:
    """The command, where nothing is installed that a bare GPU machine lacks."""
    for name in UNNEEDED:
        (folder / f"{name}.py").write_text(f'raise ImportError("no {name} here")\n')
    environment = os.environ | {"PYTHONPATH": str(folder), "JAX_PLATFORMS": "cpu"}
    words = [sys.executable, "-m", "benchmarks.gpu", "--smoke", "--out", str(out), "--commit", "abc"]
    return subprocess.Popen(words, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.fixture(scope="module")
def smoke(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    folder = tmp_path_factory.mktemp("gpu")
    out = folder / "gpu.json"
    process = command(folder, out)
    printed, errors = process.communicate(timeout=300)
    assert process.returncode == 0 and errors == "", errors
    return json.loads(out.read_text("utf-8")), printed


@pytest.mark.thorough  # of a tool for one machine; what it is made of is tried below
def test_every_question_is_asked_and_answered(smoke: tuple[dict[str, Any], str]) -> None:
    document, printed = smoke
    assert {row["question"] for row in document["rows"]} == QUESTIONS and not document["not_measured"]
    assert not [row for row in document["rows"] if any(key.endswith("error") or key == "doing" for key in row)]
    for row in document["rows"]:
        assert f"{row['question']}: {row['name']}: " in printed
    conditions = document["conditions"]
    assert conditions["commit"] == "abc" and conditions["interpreted"] is True
    assert {"device", "driver", "platform", "machine", "python", "jax", "numpy", "date"} <= conditions.keys()
    found = document["answers"]
    assert found["the kernel equals the scan"]["exact"] and not found["the kernel equals the scan"]["failed"]
    assert 0 < found["largest share of the copy bandwidth"]["fused"] < 1
    assert set(found["a slider's move, ms"]) == {"cpu", *LOOPS}
    assert all(said["took"] == "cpu" for said in found['device="auto"'].values())


@pytest.mark.thorough
def test_the_page_shows_what_was_measured(smoke: tuple[dict[str, Any], str]) -> None:
    text = page.rendered(smoke[0])
    assert "at commit abc" in text and "**The kernel equals the scan?** exact: LeakySoma" in text
    assert "| LeakySoma, 40, with traces |" in text and "Failed" not in text
    broken = smoke[0] | {"not_measured": ["loop: much: no time left"]}
    assert "\n- loop: much: no time left" in page.rendered(broken)


def test_a_run_that_is_killed_leaves_its_rows(tmp_path: Path) -> None:
    out = tmp_path / "gpu.json"
    process = command(tmp_path, out)
    try:
        while process.poll() is None and not (out.exists() and len(json.loads(out.read_text("utf-8"))["rows"]) > 1):
            time.sleep(0.01)  # each look finds the file whole, or not there
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    left = json.loads(out.read_text("utf-8"))
    assert process.returncode == -signal.SIGKILL
    assert left["conditions"]["commit"] == "abc" and left["rows"][0]["copy"] > 0


def test_where_there_is_no_gpu_nothing_is_measured_or_written(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "benchmarks.gpu", "--out", str(tmp_path / "gpu.json")]
    environment = os.environ | {"JAX_PLATFORMS": "cpu"}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1 and "JAX sees no gpu here" in done.stdout and not list(tmp_path.iterdir())


def well(gpu: str) -> Iterator[Part]:
    yield {"well": True}


def fails(gpu: str) -> Iterator[Part]:
    yield {"doing": "fused"}
    raise ValueError("no such\ninstruction")


def dies(gpu: str) -> Iterator[Part]:
    yield {"doing": "fused"}
    os._exit(7)


def hangs(gpu: str) -> Iterator[Part]:
    yield {"doing": "fused"}
    time.sleep(1e6)


def computes(gpu: str) -> Iterator[Part]:
    import jax

    yield {"two": float(jax.device_put(np.float32(1.0)) + 1)}


def poisons(gpu: str) -> Iterator[Part]:
    """As an illegal access does: no later call of the process succeeds."""
    import jax

    jax.device_put = None  # type: ignore[assignment]
    yield {"fused_error": "illegal access"}


def test_one_bad_row_costs_itself_alone() -> None:
    with Worker() as worker:

        def ask(measure: Any, limit: float = 100.0) -> Part:
            found: Part = {}
            for part in worker.ask(measure, {"gpu": "cpu"}, limit, 100.0):
                found |= part
            return found

        for measure, limit, words in (
            (fails, 100.0, "ValueError: no such instruction"),
            (dies, 100.0, "the process died with exit code 7"),
            (hangs, 0.3, "ended after 0 s"),
        ):
            assert ask(well) == {"well": True}
            assert ask(measure, limit)["error"] == words
        assert ask(well) == {"well": True}
        assert ask(poisons) == {"fused_error": "illegal access"}
        assert ask(computes) == {"two": 2.0}


class Slow:
    """In place of the worker, with a clock of its own: each row takes 30 s, or what it is allowed."""

    def __init__(self, parts: list[Part]) -> None:
        self.now, self.parts, self.asked = 0.0, parts, list[tuple[dict[str, Any], float]]()

    def ask(self, measure: Any, given: Part, limit: float, left: float) -> Iterator[Part]:
        self.asked.append((given, left))
        yield from self.parts
        self.now += min(30.0, limit, left)

    def end(self) -> None: ...


def kept(worker: Any, path: Path, count: int, deadline: float = 1e6) -> tuple[dict[str, Any], list[int]]:
    """What is left of so many rows, and how many were in the file each time that one had been told."""
    sizes = list[int]()
    keeper = Keeper(
        worker, path, deadline, lambda: worker.now, lambda line: sizes.append(len(json.loads(path.read_text())["rows"]))
    )
    keeper._write()
    keeper.go_through(Row("equal", f"soma {i}", well, {"gpu": "cpu"}) for i in range(count))
    return json.loads(path.read_text("utf-8")), sizes


def test_the_deadline_is_kept_and_the_rest_is_named(tmp_path: Path) -> None:
    worker = Slow([{"done": True}])
    document, sizes = kept(worker, tmp_path / "gpu.json", 6, deadline=100.0)
    assert worker.now == 100.0
    assert [left for _, left in worker.asked] == [100.0, 70.0, 40.0, 10.0] and LEAST < 10.0
    assert [row["name"] for row in document["rows"]] == [f"soma {i}" for i in range(4)]
    assert document["not_measured"] == [f"equal: soma {i}: no time left" for i in (4, 5)]
    assert sizes[:4] == [1, 2, 3, 4]


def test_a_loop_that_hangs_is_given_up(tmp_path: Path) -> None:
    worker = Slow([{"doing": "fused"}, {"error": "ended after 30 s", "ended": True}])
    document, _ = kept(worker, tmp_path / "gpu.json", 3)
    assert [given["loops"] for given, _ in worker.asked] == [LOOPS, LOOPS, ("scan",)]
    assert document["rows"][2]["without"] == ["fused"]
    assert document["answers"]["the kernel equals the scan"]["failed"] == ["soma 0", "soma 1", "soma 2"]


def test_a_kernel_that_fails_is_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise NotImplementedError("no rule for erf_inv")

    monkeypatch.setattr(fused, "fused", broken)
    monkeypatch.setattr(fused, "fused_loop", broken)
    found: dict[str, Any] = {}
    for part in equal.compare("cpu", LOOPS, "LeakySoma", "Euler", 3, 200):
        found |= part
    assert found["fused_error"] == "NotImplementedError: no rule for erf_inv"
    assert found["scan against cpu"]["exact"] and "fused against scan" not in found
    alone: dict[str, Any] = {}
    for part in loops.loop("cpu", LOOPS, "LeakySoma", 3, 20, True):
        alone |= part
    assert alone["fused_error"] == "NotImplementedError: no rule for erf_inv" and alone["scan"]["ns"] > 0


def test_what_does_not_fit_is_skipped_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "UNKNOWN", 1e6)
    (part,) = loops.loop("cpu", LOOPS, "LeakySoma", 100_000, 20, True)
    assert part["skipped"].startswith("takes 0.0") and part["skipped"].endswith("the device has 0.0 GB")


def test_differences() -> None:
    run = spark.simulate(LeakySoma(), np.linspace(300.0, 900.0, 4) * np.ones((2000, 1)))
    same = equal.difference(run, run)
    assert same["exact"] and same["equal"] and same["units"] == {"all": 4, "other number": 0, "other steps": 0}
    events = run.events
    assert events

    def moved(**change: Any) -> dict[str, Any]:
        kept = {"step": events.step, "unit": events.unit, "offset": events.offset}
        return equal.difference(replace(run, events=Events(**(kept | change))), run)

    later = moved(offset=events.offset + np.float32(0.002))
    assert later["equal"] and not later["exact"] and later["spike_ms"] == pytest.approx(0.002, rel=1e-3)
    assert not moved(offset=events.offset + np.float32(0.02))["equal"]
    steps = moved(step=events.step + (events.unit == 3))
    assert not steps["equal"] and steps["units"]["other steps"] == 1 and steps["spike_ms"] == pytest.approx(0.1)
    fewer = moved(step=events.step[1:], unit=events.unit[1:], offset=events.offset[1:])
    assert not fewer["equal"] and fewer["units"]["other number"] == 1
    other = equal.difference(replace(run, recorded={"potential": run.potential + np.float32(0.5)}), run)
    assert other["equal"] and not other["exact"] and other["traces"]["potential"] == pytest.approx(0.5, rel=1e-3)


def test_from_which_size_the_gpu_is_worth_it() -> None:
    def measured(*times: tuple[int, float, float]) -> list[dict[str, Any]]:
        return [
            {"question": "call", "soma": "A", "units": n, "cpu": {"s": cpu}, "scan": {"s": scan}}
            for n, cpu, scan in times
        ]

    # The CPU takes 1 a neuron, the GPU 1,000 whatever their number: they meet at 1,000.
    assert answers.crossing(measured((10_000, 1e4, 1e3), (1, 1.0, 1e3), (100, 1e2, 1e3)), "A", "scan") == 1_000
    assert answers.crossing(measured((1, 1.0, 2.0), (10, 1.0, 2.0)), "A", "scan") is None
    assert answers.crossing(measured((1, 2.0, 1.0), (10, 2.0, 1.0)), "A", "scan") == 1
    assert answers.crossing(measured((1, 2.0, 1.0), (10, 1.0, 1.0), (100, 2.0, 1.0)), "A", "scan") == 10
    assert answers.crossing(measured((1, 2.0, 1.0)), "A", "fused") is None


@pytest.mark.parametrize(
    ("took", "loop", "cpu", "fused", "right"),
    [
        ("cpu:0", "scan", 1.0, 2.0, True),
        ("gpu:0", "fused", 1.0, 2.0, False),
        ("gpu:0", "fused", 1.0, 1.05, True),
        ("cpu:0", "scan", 2.0, 1.0, False),
        ("gpu:0", "scan", 9.0, 1.0, False),
    ],
)
def test_a_right_choice(took: str, loop: str, cpu: float, fused: float, right: bool) -> None:
    row = {"auto": {"device": took, "backend": loop}, "cpu": {"s": cpu}, "scan": {"s": 5.0}, "fused": {"s": fused}}
    assert answers.choice(row)["right"] is right
    del row["scan"]
    assert answers.choice(row)["right"] is None


def test_everything_is_asked_of_a_gpu() -> None:
    asked = list(rows(FULL, []))
    own = {name: type(kind.config_class().solver).__name__ for name, kind in SOMAS.items()}
    pairs = [(row.given["soma"], row.given["solver"]) for row in asked if row.question == "equal"]
    assert dict(pairs[: len(SOMAS)]) == own  # each with its own solver before any with another
    assert sorted(pairs) == sorted((soma, solver) for soma in SOMAS for solver in spark.solvers.catalogue())
    timed = {(row.given["units"], row.given["traced"]) for row in asked if row.question == "loop"}
    assert timed == {(10**k, traced) for k in range(8) for traced in (False, True)}
    assert {row.question for row in asked} == QUESTIONS
    assert len({(row.question, row.name) for row in asked}) == len(asked)
    assert all(row.limit < 60 for row in asked)


def test_sizes_of_the_choice_are_around_where_gpu_and_cpu_meet() -> None:
    meet = [
        {"question": "call", "soma": FULL.timed[0], "units": n, "cpu": {"s": n}, "fused": {"s": 200.0}}
        for n in (1, 1_000)
    ]
    assert [row.given["units"] for row in rows(FULL, meet) if row.question == "choice"] == [100, 400, 200]
