"""The section of docs/performance.md on a classroom, from what `benchmarks.classroom` has measured."""

from __future__ import annotations

from typing import Any

from .page import sentence

WANTED = 200.0
"""ms until a student's page shows what the teacher has moved, 95th percentile of 40."""
HEAD = (
    "| students | follow, ms: p50 / p95 / worst | cores: server | client | poll, ms: asked | answer kept, p50 / p95 "
    "| last answer in the histogram | revealed | wall, ms: first | one student's move, p50 / p95 | MB per student "
    "| follow beside a room that floods, p95 (before) |"
)


def rendered(document: dict[str, Any]) -> str:
    """The table, what was wanted, and the conditions."""
    lines = [HEAD, "| " + " | ".join(["---"] * (HEAD.count("|") - 1)) + " |"]
    lines += [_row(one) for one in document["classes"]]
    first = document["classes"][0]
    found = first["follow"]["p95"]
    met = "met" if found <= WANTED else "**missed**"
    lines += [
        "",
        f"- {first['students']} students follow within {found:.0f} ms, 95th percentile (wanted: {WANTED:.0f}, {met})",
        "",
        "One server process, and students who share its cores. *Follow*: from the teacher's move, 5 a second, until a "
        "student's page has a picture of it or of a newer one. *Poll*: all answer within a second. *Wall*: all "
        "explore, each with a value of their own; then one of them moves. *Floods*: three pages of another room say "
        "400 things a second each.",
        "",
        sentence(document["conditions"]),
    ]
    return "\n".join(lines)


def _row(one: dict[str, Any]) -> str:
    follow, poll, wall, cores = one["follow"], one["poll"], one["wall"], one["cores"]
    flood = one["beside_a_room_that_floods"]
    cells = (
        one["students"],
        f"{follow['p50']:.0f} / {follow['p95']:.0f} / {follow['worst']:.0f}",
        cores["server"],
        cores["client"],
        poll["asked_ms"],
        f"{poll['answer_kept_ms']['p50']:.0f} / {poll['answer_kept_ms']['p95']:.0f}",
        poll["histogram_after_last_answer_ms"],
        poll["revealed_ms"],
        wall["first_ms"],
        f"{wall['one_move_ms']['p50']:.0f} / {wall['one_move_ms']['p95']:.0f}",
        one["MB_per_student"],
        f"{flood['beside']['p95']:.0f} ({flood['before']['p95']:.0f})",
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
