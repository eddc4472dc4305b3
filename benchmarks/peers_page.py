"""docs/peers.md, made of spark/export/peers.json."""

from __future__ import annotations

from typing import Any

from spark.export.agreement import milliseconds

from .page import ROOT, sentence, table

PAGE = ROOT / "docs" / "peers.md"
HEAD = """# What Brian2 and NEST make of the same neurons

`spark.export` writes a run as a script for Brian2 or NEST ([export.md](export.md)). `make peers` exports every preset
and random states of every soma, runs the scripts there, and holds the spikes against `spark.simulate` with the soma's
default solver at dt = 0.1 ms, in float64 (what float32 rounds: [fidelity.md](fidelity.md)). It renews
`spark/export/peers.json`, from which this page is made and which `spark.export.agreement` quotes.

**How to read it.** Brian2 and NEST find spikes on their time grid (`iaf_psc_delta_ps` inside the step), Spark inside
its step, so that they differ by what the grid is worth. That is measured: each script runs at three steps, down to
the one in the table, and an error of order one changes by (H - h)/h times what is left of it from the step H to h.
Allowed is twice what is left by the worst of these changes, and a step for each spike so far, since a spike on the
grid is up to a step late and the next one starts from there; where a refractory period follows, which is on the grid
too, two. *Largest difference* is that of the worst spike of all cases, its own allowance behind. Random states are
values around the defaults, a step of 1.1 to 3 rheobases, and a potential near rest. A last spike that the grid may
push out of the run is not counted. A case whose number of spikes changes with the last halving of the peer's step, or
that is chaotic, is ill-conditioned: it is named, and not compared.
"""
COLUMNS = [
    "soma",
    "peer",
    "step",
    "cases",
    "of",
    "counts equal",
    "largest difference",
    "allowed there",
    "ill-conditioned",
]


def page(document: dict[str, Any]) -> str:
    """The whole page."""
    rows = [_row(row) for row in document["rows"]]
    parts = [HEAD.rstrip(), sentence(document["conditions"]), table(COLUMNS, rows)]
    parts += [
        "## What is ill-conditioned, or does not agree",
        _exceptions(document["rows"]),
        "## What a peer does not have",
    ]
    parts += ["\n".join(f"- `{name}`: {why}" for name, why in document["lacking"].items())]
    names = ", ".join(f"`{name}`" for name in document["left_out"])
    parts += [f"Left out: {names}. Only the published coarse scheme shows them, which is its own solver."]
    return "\n\n".join(parts) + "\n"


def _row(row: dict[str, Any]) -> list[str]:
    compared = row["cases"] - len(row["moving"])
    return [
        f"`{row['soma']}`",
        f"{row['peer']} {row['version']}",
        f"{row['dt']:g} ms",
        str(row["cases"]),
        row["of"],
        f"{row['equal']} of {compared}" + ("" if row["equal"] == compared else " **(different)**"),
        milliseconds(row["largest_ms"]) + (f"; **{len(row['outside'])} outside**" if row["outside"] else ""),
        milliseconds(row["allowed_ms"]),
        str(len(row["moving"]) or ""),
    ]


def _exceptions(rows: list[dict[str, Any]]) -> str:
    lines = []
    for row in rows:
        where = f"`{row['soma']}` in {row['peer']}, {row['of']}"
        for case in row["moving"]:
            counts = " and ".join(map(str, case["peer"]))
            lines.append(
                f"- {where}: `{case['id']}` fires {counts} spikes at the two steps there, {case['spark']} in Spark."
            )
        for case in row["different"]:
            lines.append(f"- {where}: `{case['id']}` fires {case['peer'][1]} spikes there, {case['spark']} in Spark.")
        for case in row["outside"]:
            lines.append(
                f"- {where}: `{case['id']}` differs by {case['ms']:g} ms where {case['allowed_ms']:g} is allowed."
            )
    return "\n".join(lines) or "Nothing."
