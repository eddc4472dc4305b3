"""The section of docs/performance.md that `benchmarks/derivatives.py` renews."""

from __future__ import annotations

from typing import Any

from .page import sentence, table

METHOD = (
    "One neuron with its soma's defaults under a step of current from 10 ms on, 300 ms, float64. Differentiated "
    "are all spike times by every field of the soma, and amplitude and onset of the step; a field that moves no "
    "spike by 10⁻⁶ ms when it is doubled is left out. The reference is `benchmarks/derivative_errors.py`: fourth- "
    "order central differences of scipy's DOP853 at tolerances of 10⁻¹³. An error is the largest over the fields: "
    "of all spikes, in parts of the largest derivative by that field; of the sum of all spike times (one loss), "
    "in parts of itself. eventax has the same equations in its API, the potential counted from the threshold and "
    "a spike condition that rises evenly where the potential diverges; *plain* has V - threshold, as its own "
    "models do. It is told how many spikes there are, stops at the last one, and works backwards "
    "(`EventPropAdjoint`, `jax.grad` of the sum, `jax.jacrev` of all spike times). Times are medians of {rounds} "
    "calls by the clock on the wall, in which Spark (all spikes by all fields, each time) and eventax take turns. "
    "*Call* is the whole of `spike_time_derivatives`, with checking and preparing; *compiled* the compiled "
    "function inside of it alone, which is what is timed of eventax. *First call* includes compiling. *As exact*: "
    "the coarsest of Spark's steps whose error, by the same measure, is not above that of eventax; the last "
    "columns are eventax's time over Spark's there."
)
OWN = ["soma", "spikes × fields", "dt", "error, all spikes", "error, their sum", "call", "compiled", "first call"]
PEER = [
    "soma",
    "eventax, tolerance",
    "asked",
    "error",
    "time",
    "first call",
    "Spark as exact",
    "eventax / call",
    "eventax / compiled",
]


def rendered(document: dict[str, Any]) -> str:
    """The whole section."""
    versions = ", ".join(f"{name} {number}" for name, number in document["versions"].items()) or "eventax missing"
    somas = document["somas"]
    return "\n\n".join(
        [
            f"{sentence(document['conditions'])} The peer: {versions}.",
            METHOD.format(rounds=document["rounds"]),
            table(OWN, [_own(soma, row) for soma in somas for row in soma["own"]]),
            table(PEER, [_peer(soma, row) for soma in somas for row in soma["peer"]]),
        ]
    )


def _own(soma: dict[str, Any], row: dict[str, Any]) -> list[str]:
    return [
        f"`{soma['soma']}`",
        f"{soma['spikes']} × {len(soma['fields'])}",
        f"{row['dt']:g} ms",
        _worst(row["errors"]),
        _worst(row["summed"]),
        f"{row['call_ms']:.2g} ms",
        f"{row['loop_ms']:.2g} ms",
        f"{row['first_s']:.1f} s",
    ]


def _peer(soma: dict[str, Any], row: dict[str, Any]) -> list[str]:
    name = f"{row['solver']}, {row['tolerance']:.0e}" + (", plain" if row["plain"] else "")
    cells = [f"`{soma['soma']}`", name, "all spikes" if row["all"] else "their sum"]
    if "fails" in row:
        return [*cells, f"fails: {row['fails'].replace('|', '/')}", *["–"] * 5]
    cells += [_worst(row["errors"]), f"{row['ms']:.3g} ms", f"{row['first_s']:.0f} s"]
    kind, error = "errors" if row["all"] else "summed", max(row["errors"].values())
    enough = [own["dt"] for own in soma["own"] if max(own[kind].values()) <= error]
    if not enough:
        return [*cells, "none", "–", "–"]
    dt = max(enough)
    return [*cells, f"dt = {dt:g} ms", *(f"{row['ratios'][f'{what} {dt}']:.2g}" for what in ("call", "loop"))]


def _worst(errors: dict[str, float]) -> str:
    return f"{max(errors.values()):.1e}"
