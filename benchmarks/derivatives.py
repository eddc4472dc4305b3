"""Exact derivatives of spike times beside eventax, error and time (`python -m benchmarks.derivatives`).

Makes an environment with eventax in build/eventax (`--python PATH` names another one), renews docs/derivatives.json and
the section of docs/performance.md that shows it. `--redraw` only makes the section again.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import jax
import numpy as np

from spark.analysis import spike_time_derivatives
from spark.nn.components.somas import AdaptiveExponentialSoma, ExponentialSoma, LeakySoma, Soma

from .derivative_errors import DURATION, STEPS_MS, converged, stimulus
from .derivatives_page import rendered
from .page import ROOT, conditions, renew

DATA, PAGE = ROOT / "docs" / "derivatives.json", ROOT / "docs" / "performance.md"
ENVIRONMENT, PEER = ROOT / "build" / "eventax", "eventax"
SOMAS: tuple[type[Soma[Any]], ...] = (LeakySoma, ExponentialSoma, AdaptiveExponentialSoma)
POINTS = (("Tsit5", 1e-6), ("Tsit5", 1e-8), ("Dopri8", 1e-10))
"""Solver and tolerance of eventax, from loose to tight: of higher order where that pays."""
WHOLE = ("Tsit5", 1e-8)
"""At which it is asked for all spike times, and with the spike condition as its own models have it."""
ROUNDS = 5
VERSIONS = "import json, importlib.metadata as m; print(json.dumps({n: m.version(n) for n in %r}))"


@dataclass(frozen=True)
class Own:
    """Spark at one time step: what the user calls, and the compiled function inside of it alone."""

    dt: float
    call: Callable[[], Any]
    loop: Callable[[], Any]
    first_s: float
    slopes: dict[str, np.ndarray]


class Peer:
    """The process that has eventax."""

    def __init__(self, python: str) -> None:
        script = str(Path(__file__).with_name("derivatives_peer.py"))
        self.child = subprocess.Popen([python, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def asked(self, **task: Any) -> dict[str, Any]:
        assert self.child.stdin and self.child.stdout
        try:
            self.child.stdin.write(json.dumps(task) + "\n")
            self.child.stdin.flush()
            lines = (line for line in self.child.stdout if line.startswith('{"'))
            return next((json.loads(line) for line in lines), {"fails": "its process ended"})
        except BrokenPipeError:
            return {"fails": "its process ended"}

    def end(self) -> None:
        assert self.child.stdin
        self.child.stdin.close()
        self.child.wait()


def environment() -> str:
    """The interpreter of an environment that has eventax, made anew if there is none."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
    subprocess.run([str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", PEER], check=True)
    return str(python)


def own(kind: type[Soma[Any]], dt: float) -> Own:
    """Spark at one time step, warm."""
    module = sys.modules[spike_time_derivatives.__module__]
    compiled, given = module._differentiated, []  # type: ignore[attr-defined]

    def call() -> Any:
        return spike_time_derivatives(kind(), stimulus(kind), duration=DURATION, dt=dt)

    module._differentiated = lambda *asked: given.append(asked) or compiled(*asked)  # type: ignore[attr-defined]
    try:
        first_s, found = timed(call)
    finally:
        module._differentiated = compiled  # type: ignore[attr-defined]
    slopes = {name.removeprefix("stimulus."): found.of(name) for name in found.fields}
    return Own(dt, call, lambda: jax.block_until_ready(compiled(*given[0])), first_s, slopes)


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    found = run()
    return time.perf_counter() - start, found


def errors(slopes: dict[str, Any], true: dict[str, np.ndarray], summed: bool) -> dict[str, float]:
    """The error of each field, in parts of the largest derivative by it; of the sum over all spikes if so asked."""
    found = {}
    for name, value in true.items():
        ours, theirs = np.asarray(slopes[name]), value
        if summed:
            ours, theirs = np.atleast_1d(ours.sum()), np.atleast_1d(value.sum())
        found[name] = float(np.abs(ours - theirs).max() / np.abs(theirs).max())
    return found


def in_turns(runs: dict[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Milliseconds of each, round by round: what slows the machine down meets all of them."""
    rounds = [{name: run() for name, run in runs.items()} for _ in range(ROUNDS)]
    return {name: [one[name] for one in rounds] for name in runs}


def tasks(kind: type[Soma[Any]]) -> Iterator[dict[str, Any]]:
    for solver, tolerance in POINTS:
        yield {"solver": solver, "tolerance": tolerance, "all": False, "plain": False}
    solver, tolerance = WHOLE
    yield {"solver": solver, "tolerance": tolerance, "all": True, "plain": False}
    if "spike_slope" in kind.config_class.per_unit():
        yield {"solver": solver, "tolerance": tolerance, "all": False, "plain": True}


def measured(kind: type[Soma[Any]], peer: Peer | None, missing: str) -> dict[str, Any]:
    """Both libraries on one soma."""
    ours = [own(kind, dt) for dt in STEPS_MS]
    guess = ours[0].call()
    true = {name.removeprefix("stimulus."): value for name, value in converged(kind, guess).items()}
    step, config = stimulus(kind), kind().config
    values = {name: float(getattr(config, name)) for name in config.per_unit()}
    values |= {"onset": step.onset, "amplitude": step.amplitude}
    runs: dict[str, Callable[[], float]] = {}
    for one in ours:
        runs[f"call {one.dt}"] = lambda one=one: 1e3 * timed(one.call)[0]
        runs[f"loop {one.dt}"] = lambda one=one: 1e3 * timed(one.loop)[0]
    spent: dict[str, list[float]] = {name: [] for name in runs}
    found: dict[str, Any] = {"soma": kind.__name__, "spikes": len(guess), "fields": list(true), "peer": []}
    for task in tasks(kind):
        answer: dict[str, Any] = {"fails": missing}
        if peer:
            answer = peer.asked(values=values, spikes=len(guess), duration=DURATION, **task)
        row = dict(task)
        if "fails" in answer:
            row["fails"] = answer["fails"]
            turns = in_turns(runs)
        else:
            turns = in_turns(runs | {"peer": lambda: peer.asked(again=True)["ms"]})  # type: ignore[union-attr]
            row["errors"] = errors(answer["slopes"], true, not task["all"])
            row |= {"first_s": answer["first_s"], "ms": median(turns["peer"])}
            row["ratios"] = {name: median(np.divide(turns["peer"], turns[name])) for name in runs}
        for name in runs:
            spent[name] += turns[name]
        found["peer"].append(row)
        print(json.dumps({"soma": kind.__name__} | row), file=sys.stderr, flush=True)
    found["own"] = [
        {
            "dt": one.dt,
            "errors": errors(one.slopes, true, summed=False),
            "summed": errors(one.slopes, true, summed=True),
            "call_ms": median(spent[f"call {one.dt}"]),
            "loop_ms": median(spent[f"loop {one.dt}"]),
            "first_s": one.first_s,
        }
        for one in ours
    ]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", metavar="PATH", help="interpreter that has eventax; made in build/ without it")
    parser.add_argument("--redraw", action="store_true", help="only make the section of what was measured before")
    options = parser.parse_args()
    if options.redraw:
        document = json.loads(DATA.read_text("utf-8"))
    else:
        peer, missing, versions = None, "", {}
        try:
            python = options.python or environment()
            asked = [python, "-c", VERSIONS % (["eventax", "diffrax", "jax"],)]
            versions = json.loads(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)
            peer = Peer(python)
        except (OSError, subprocess.SubprocessError) as error:
            missing = f"not installed: {error}"
        document = {"conditions": conditions(), "rounds": ROUNDS, "versions": versions}
        with jax.enable_x64(True):
            document["somas"] = [measured(kind, peer, missing) for kind in SOMAS]
        if peer:
            peer.end()
        DATA.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    text = rendered(document)
    renew("derivatives", text, PAGE)
    print(text)


if __name__ == "__main__":
    main()
