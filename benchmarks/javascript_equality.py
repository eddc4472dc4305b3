"""`python -m benchmarks.javascript_equality`: exported JavaScript against Spark, every soma, solver and preset.

Renews its part of `docs/fidelity.json` and its section of `docs/fidelity.md`; `make fidelity` does it too.
"""

from __future__ import annotations

import json
from typing import Any

from spark.nn.components.somas import catalogue

from .javascript_cases import STEEP, TRIFLE, Case, Pair, by_itself, cases, compared, solvers, step_by_step
from .javascript_engine import Engine
from .page import DATA, conditions, renew, sentence, table

WITHIN = 1e-9
"""What is promised: ms, mV, and parts of a number in 1000."""
LONGEST = 1000.0
"""ms of a run at most."""
WORDS = (
    f"Every preset ({LONGEST:g} ms of it at most) in V8, and in Spark in 64-bit mode. Largest differences of spike "
    f"times, and of traces where the potential moves by less than {STEEP:g} mV in a step (of numbers beyond 1000 in a "
    "thousandth of them). The promise is 10⁻⁹ ms and 10⁻⁹ mV (pA for a current). Counts of spikes: "
)
GROWING = (
    "In the following runs a difference in the last digits grows, by chaos, or because a scheme on the time grid goes "
    "over the peak of a spike as far as its last step takes it; they are not in the table above. Spark's own run with "
    f"{TRIFLE:g} pA more current changes alike. One step from each state of the run in JavaScript is what it is in "
    "Spark: the last column has the largest difference."
)


def measured(engine: Engine) -> dict[str, Any]:
    """The differences by soma, solver and preset."""
    found: dict[str, Any] = {}
    begun = conditions()
    for name, kind in catalogue().items():
        for solver in solvers():
            runs = {case.name: _run(engine, case, solver) for case in cases(kind, LONGEST)}
            found.setdefault(name, {})[repr(solver)] = runs
    return {"conditions": begun, "runs": found}


def _run(engine: Engine, case: Case, solver: Any) -> dict[str, Any]:
    pair = compared(engine, case, solver)
    found: dict[str, Any] = {"spikes": list(pair.counts), **_told(pair)}
    if max(pair.spikes, pair.trace) > WITHIN:
        own = _told(by_itself(case, solver))
        found |= {"own_time_ms": own["time_ms"], "own_trace": own["trace"]}
        found["step"] = _short(step_by_step(case, solver, pair))
    return found


def _told(pair: Pair) -> dict[str, float]:
    return {"time_ms": _short(pair.spikes), "trace": _short(pair.trace)}


def _short(number: float) -> float:
    return float(f"{number:.1e}") if number < 1e9 else 1e9  # JSON has no infinity


def rendered(document: dict[str, Any]) -> str:
    """The section of the page."""
    rows, growing = [], []
    for soma, by_solver in document["runs"].items():
        for solver, runs in by_solver.items():
            equal = {name: run for name, run in runs.items() if "step" not in run}
            growing += [_growing(soma, solver, name, run) for name, run in runs.items() if "step" in run]
            if equal:
                worst = max(equal, key=lambda name: (equal[name]["time_ms"], equal[name]["trace"]))
                spikes = sum(run["spikes"][0] for run in equal.values())
                largest = [max(run[key] for run in equal.values()) for key in ("time_ms", "trace")]
                numbers = [str(len(equal)), f"{spikes:,}", *(f"{value:.0e}" for value in largest)]
                rows.append([f"`{soma}`", f"`{solver}`", *numbers, f"`{worst}`"])
    head = ["soma", "solver", "presets", "spikes", "spike times, ms", "traces", "preset with the largest"]
    last = [
        "soma",
        "solver",
        "preset",
        "spikes",
        "spike times, ms",
        "traces",
        "Spark itself: times, ms",
        "traces",
        "a step",
    ]
    other = [f"{soma} {row}" for soma, by in document["runs"].items() for row in _unequal(by)]
    counts = f"**different** in {', '.join(other)}." if other else "equal in every run."
    parts = [sentence(document["conditions"]), WORDS + counts, table(head, rows), GROWING, table(last, growing)]
    return "\n\n".join(parts)


def _unequal(by_solver: dict[str, Any]) -> list[str]:
    runs = [(solver, name, run) for solver, runs in by_solver.items() for name, run in runs.items()]
    return [f"{solver} {name}" for solver, name, run in runs if run["spikes"][0] != run["spikes"][1]]


def _growing(soma: str, solver: str, name: str, run: dict[str, Any]) -> list[str]:
    keys = ("time_ms", "trace", "own_time_ms", "own_trace", "step")
    cells = ["another count" if run[key] >= 1e9 else f"{run[key]:.0e}" for key in keys]
    return [f"`{soma}`", f"`{solver}`", f"`{name}`", f"{run['spikes'][0]:,}", *cells]


def renewed() -> dict[str, Any]:
    """Measure, and renew the section; what is kept of it."""
    with Engine() as engine:
        document = measured(engine)
    text = rendered(document)
    renew("javascript", text)
    print(text)
    return document


def main() -> None:
    document = json.loads(DATA.read_text("utf-8"))
    document["javascript"] = renewed()
    DATA.write_text(json.dumps(document, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
