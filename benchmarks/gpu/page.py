"""The section of `docs/performance.md` about GPUs."""

from __future__ import annotations

from typing import Any

from ..page import sentence, table

FEW = 3


def rendered(document: dict[str, Any]) -> str:
    """What was measured, question by question."""
    conditions, rows, found = document["conditions"], document["rows"], document["answers"]
    parts = [f"{sentence(conditions)} {conditions['device']}, driver {conditions['driver']}, {conditions['platform']}."]
    for question, answer in found.items():
        if isinstance(answer, dict) and question.startswith("the "):
            asked = sum(map(len, answer.values()))
            told = [f"{word}: {_cases(names, asked)}" for word, names in answer.items() if names]
            parts.append(f"**{question[0].upper()}{question[1:]}?** " + "; ".join(told) + ".")
    parts += [_loops(rows), document["bytes"], _calls(rows)]
    rest = {question: answer for question, answer in found.items() if not question.startswith(("the ", "scan / "))}
    parts.append("\n".join(f"- {question}: {_words(answer)}" for question, answer in rest.items()))
    failed = [f"{row['question']}: {row['name']}: {row[key]}" for row in rows for key in row if key.endswith("error")]
    failed += [f"{row['question']}: {row['name']}: {row['skipped']}" for row in rows if "skipped" in row]
    failed += document["not_measured"]
    if failed:
        parts.append("Failed, or not measured:\n\n" + "\n".join(f"- {line}" for line in failed))
    return "\n\n".join(parts)


def _cases(names: list[str], asked: int) -> str:
    """Somas with their solvers: by name where they are few."""
    return "; ".join(names) if len(names) <= FEW else f"{len(names)} of {asked} pairs of soma and solver"


def _loops(rows: list[dict[str, Any]]) -> str:
    copy = next((row["copy"] for row in rows if row["question"] == "bandwidth" and "copy" in row), None)
    head = ["the loop alone", "scan, ns per neuron and step", "fused", "scan / fused", "scan, µs per step", "fused"]
    head += ["scan, share of copy bandwidth", "fused", "compiling, s: scan", "fused"]
    lines = []
    for row in sorted((row for row in rows if row["question"] == "loop"), key=_order):
        both = [row.get(name) for name in ("scan", "fused")]
        cells = [_number(x and x["ns"]) for x in both]
        cells.append(_number(both[0]["ns"] / both[1]["ns"] if both[0] and both[1] else None))
        cells += [_number(x and x["us_per_step"]) for x in both]
        cells += [_number(x and copy and x["bytes_per_s"] / copy) for x in both]
        cells += [_number(x and x["compile_s"]) for x in both]
        lines.append([row["name"], *cells])
    return (f"Copying moves {copy / 1e9:,.0f} GB/s.\n\n" if copy else "") + table(head, lines)


def _calls(rows: list[dict[str, Any]]) -> str:
    head = ["`simulate`", "steps", "CPU, ms", "GPU by the scan, ms", "fused, ms"]
    lines = []
    for row in sorted((row for row in rows if row["question"] in ("call", "choice")), key=_order):
        times = [row.get(name) for name in ("cpu", "scan", "fused")]
        lines.append([row["name"], f"{row['steps']:,}", *(_number(x and 1000 * x["s"]) for x in times)])
    return table(head, lines)


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["soma"], row.get("traced", False), row["units"]


def _words(answer: Any) -> str:
    if isinstance(answer, dict):
        return ", ".join(f"{name} {_words(value)}" for name, value in answer.items())
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return answer if isinstance(answer, str) else _number(answer)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
