"""The section of `docs/performance.md` that `benchmarks/throughput.py` renews: tables and targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .page import sentence, table

NEAR = 1.5
"""How many times the loop by hand the scan may take."""
ASKED = (1, 100, 1_000, 100_000)
BUMP = 1.1
"""From 10 to 1,000 neurons no population may cost more per neuron than a smaller one, but for a tenth of noise."""
TIMES = {"Brian2 cython": {1: 300, 1_000: 10}, "NEST": {1: 10, 1_000: 100}}
"""How many times as fast as others `simulate` should be, with one adaptive exponential neuron and with a thousand."""
ADEX = "AdaptiveExponentialSoma"
METHOD = (
    "Nanoseconds per neuron and step, one core, processor time. Every neuron gets 500 pA from the start; kept are all "
    "spikes and the potential of one neuron; 0.1 ms per step and 10,000 steps, fewer where there are many neurons. "
    "*C*: `benchmarks/loop.c` ({compiler}), float32, a vector exponential, parameters of its own for each neuron. "
    "*Scan*: Spark's compiled loop alone. *simulate*: the whole call, with drawing, sampling and collecting spikes. C, "
    "scan and simulate take turns: medians of their times, and of their ratios in each round. The peers run by "
    "themselves, and only their loop is timed, the least of three: Brian2 with Euler in float32, NEST with its own "
    "methods (exact; adaptive RKF45) in float64. Brian2 standalone is timed by the clock on the wall."
)


def rendered(document: dict[str, Any]) -> str:
    """The whole section."""
    parts = [
        sentence(document["conditions"]) + f" Load before it began: {document['load']:.1f}. " + _versions(document),
        METHOD.format(compiler=document["c"]["compiler"]),
    ]
    for soma in dict.fromkeys(row["soma"] for row in document["cpu"]):
        parts += [f"`{soma}`", _processor(document, soma)]
    parts += [_compile(document), table(["", "measured", "target", ""], list(targets(document)))]
    return "\n\n".join(parts)


def _versions(document: dict[str, Any]) -> str:
    words = [
        f"{kind}: {found['version'] or 'missing'}" + (f" ({found['missing']})" if found["missing"] else "")
        for kind, found in document["peers"].items()
    ]
    return ", ".join(words) + "."


def _of(document: dict[str, Any], kind: str, soma: str, n: int) -> dict[str, Any] | None:
    rows = document["peers"][kind]["rows"]
    return next((row for row in rows if (row["soma"], row["n"]) == (soma, n)), None)


def _processor(document: dict[str, Any], soma: str) -> str:
    kinds = list(document["peers"])
    head = ["neurons", "C", "scan", "scan / C", "simulate", *kinds, *(f"{kind} / simulate" for kind in kinds)]
    rows = []
    for row in document["cpu"]:
        if row["soma"] != soma:
            continue
        found = [_of(document, kind, soma, row["n"]) for kind in kinds]
        rows.append(
            [
                f"{row['n']:,}",
                *(_number(row.get(name)) for name in ("c_ns", "scan_ns", "scan_to_c", "simulate_ns")),
                *(_number(x and x["ns"]) for x in found),
                *(_number(x and x["ns"] / row["simulate_ns"]) for x in found),
            ]
        )
    return table(head, rows)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _compile(document: dict[str, Any]) -> str:
    words = [f"Spark's loop {_span([row['compile_s'] for row in document['cpu']])}"]
    if document["c"]["compile_s"]:
        words.append(f"C {document['c']['compile_s']} s")
    for kind, found in document["peers"].items():
        times = [row["compile_s"] for row in found["rows"] if row["compile_s"] is not None]
        words += [f"{kind} {_span(times)}"] if times else []
    spikes = {row["soma"]: row["spikes"] for row in document["cpu"] if row["n"] == 1}
    told = [f"{count:.0f} of one `{soma}`{_others(document, soma)}" for soma, count in spikes.items()]
    return (
        f"Compiling, which is not in these times: {', '.join(words)} (Brian2 cython keeps what it compiled "
        f"on disk: the first time takes longer). Spikes in a second: {'; '.join(told)}."
    )


def _others(document: dict[str, Any], soma: str) -> str:
    rows = {kind: _of(document, kind, soma, 1) for kind in document["peers"]}
    told = [f"{kind} {row['spikes']:.0f}" for kind, row in rows.items() if row]
    return f" ({', '.join(told)})" if told else ""


def _span(seconds: list[float]) -> str:
    return f"{min(seconds):.2g} to {max(seconds):.2g} s"


def targets(document: dict[str, Any]) -> Iterator[list[str]]:
    """A row for each target: what, measured, wanted, met or missed."""
    for soma in dict.fromkeys(row["soma"] for row in document["cpu"]):
        own = {row["n"]: row for row in document["cpu"] if row["soma"] == soma}
        for n in ASKED:
            ratio = own[n].get("scan_to_c")
            yield _target(f"`{soma}`, {n:,}: scan / C", ratio, f"≤ {NEAR}", ratio is not None and ratio <= NEAR)
        between = [own[n]["scan_ns"] for n in sorted(own) if 10 <= n <= 1_000]
        worst = max(later / earlier for i, earlier in enumerate(between) for later in between[i + 1 :])
        yield _target(f"`{soma}`: dearer than a smaller population, 10 to 1,000", worst, f"≤ {BUMP}", worst <= BUMP)
    own = {row["n"]: row for row in document["cpu"] if row["soma"] == ADEX}
    for kind, wanted in TIMES.items():
        for n, least in wanted.items():
            row = _of(document, kind, ADEX, n)
            times = row["ns"] / own[n]["simulate_ns"] if row else None
            met = times is not None and times >= least
            yield _target(f"`{ADEX}`, {n:,}: {kind} / simulate", times, f"≥ {least}", met)


def _target(what: str, value: float | None, wanted: str, met: bool) -> list[str]:
    return [what, _number(value), wanted, "not measured" if value is None else "met" if met else "**missed**"]
