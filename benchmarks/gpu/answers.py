"""What the rows say, question by question."""

from __future__ import annotations

import math
from typing import Any

Rows = list[dict[str, Any]]

AS_GOOD = 1.1
"""A choice that costs a tenth at most is right: two measurements of one thing differ by as much."""


def answers(rows: Rows) -> dict[str, Any]:
    """All answers that these rows allow."""
    asked = {row["question"] for row in rows}
    found: dict[str, Any] = {}
    if "equal" in asked:
        found["the kernel equals the scan"] = verdicts(rows, "fused", "scan")
        found["the scan on the GPU equals that on the CPU"] = verdicts(rows, "scan", "cpu")
    if "loop" in asked:
        found["scan / fused, the loop alone"] = ratios(rows)
        found["largest share of the copy bandwidth"] = {loop: share(rows, loop) for loop in ("scan", "fused")}
    for soma in dict.fromkeys(row["soma"] for row in rows if row["question"] in ("call", "choice")):
        meet = {loop: crossing(rows, soma, loop) for loop in ("scan", "fused")}
        found.setdefault("neurons from which the GPU beats the CPU", {})[soma] = meet
    if "choice" in asked:
        found['device="auto"'] = {row["name"]: choice(row) for row in rows if row["question"] == "choice"}
    slider = next((row for row in rows if row["question"] == "slider"), {})
    moved = {name: slider[name]["s"] * 1000 for name in ("cpu", "scan", "fused") if name in slider}
    return found | ({"a slider's move, ms": moved} if moved else {})


def verdicts(rows: Rows, one: str, other: str) -> dict[str, list[str]]:
    """Which cases are equal, which are not, and which could not be compared."""
    found: dict[str, list[str]] = {"exact": [], "equal": [], "not equal": [], "failed": []}
    for row in rows:
        if row["question"] == "equal":
            seen = row.get(f"{one} against {other}")
            word = "failed" if not seen else "exact" if seen["exact"] else "equal" if seen["equal"] else "not equal"
            found[word].append(row["name"])
    return found


def ratios(rows: Rows) -> dict[str, float]:
    """How many times as long as the kernel the scan takes."""
    both = [row for row in rows if row["question"] == "loop" and "scan" in row and "fused" in row]
    return {row["name"]: row["scan"]["ns"] / row["fused"]["ns"] for row in both}


def share(rows: Rows, loop: str) -> float | None:
    """The largest share of the copy bandwidth that a loop reached."""
    copy = next((row["copy"] for row in rows if row["question"] == "bandwidth" and "copy" in row), None)
    reached = [row[loop]["bytes_per_s"] for row in rows if row["question"] == "loop" and loop in row]
    return max(reached) / copy if copy and reached else None


def crossing(rows: Rows, soma: str, loop: str) -> int | None:
    """Neurons from which a call is shorter on the GPU, there and at all larger sizes; None where there are none.

    Between two sizes that were measured the ratio of times is taken as a power of the size.
    """
    sizes: dict[int, float] = {}
    for row in rows:
        if row["question"] in ("call", "choice") and row["soma"] == soma and "cpu" in row and loop in row:
            sizes[row["units"]] = math.log(row[loop]["s"] / row["cpu"]["s"])
    after: int | None = None
    for units in sorted(sizes, reverse=True):
        if sizes[units] >= 0:
            if after is None:
                return None
            part = sizes[units] / (sizes[units] - sizes[after])
            return round(math.exp(math.log(units) + part * math.log(after / units)))
        after = units
    return after


def choice(row: dict[str, Any]) -> dict[str, Any]:
    """Whether "auto" took the device and the loop that are quickest."""
    ways = ("cpu", "scan", "fused")
    if not all(name in row for name in ("auto", *ways)):
        return {"right": None}
    took = "cpu" if row["auto"]["device"].startswith("cpu") else row["auto"]["backend"]
    times = {name: row[name]["s"] for name in ways}
    return {"took": took, "right": times[took] <= AS_GOOD * min(times.values())} | times
