"""The figures of a crowd as text."""

from __future__ import annotations

from typing import Any

from .page import sentence, table

TARGET_SESSIONS, TARGET_P95 = 40, 50.0
TARGET_MB, TARGET_LEFT = 2.0, 0.1
HEAD = [
    "processes",
    "users",
    "ms, p50 / p95",
    "own picture",
    "last value",
    "CPU ms per move: server",
    "client",
    "cores: server",
    "client",
    "others",
    "page opened, ms",
    "closed, CPU ms",
]


def summary(crowd: dict[str, Any]) -> str:
    """One crowd in one line."""
    ms = crowd["ms"] or {"p50": "-", "p95": "-", "worst": "-"}
    return (
        f"{crowd['sessions']:3} sessions: {ms['p50']} / {ms['p95']} ms (worst {ms['worst']}), "
        f"own {crowd['own_share']:.1%}, answered {crowd['answered_share']:.1%}, "
        f"last {crowd['last_answered']}/{crowd['sessions']}, server {crowd['server_ms_per_move']} ms per move "
        f"({crowd['server_cores']} cores), client {crowd['client_ms_per_move']} ms ({crowd['client_cores']} cores), "
        f"others {crowd['others_cores']} cores, opened in {crowd['opening_ms']['session']} ms, "
        f"closed with {crowd['closing_ms']} ms"
    )


def rendered(document: dict[str, Any]) -> str:
    """Everything as Markdown."""
    rows = [_row(server["processes"], crowd) for server in document["servers"] for crowd in server["crowds"]]
    targets = [line for server in document["servers"] for line in _targets(server)]
    parts = [
        table(HEAD, rows),
        "\n".join(f"- {line}" for line in targets),
        _how(document["settings"]),
        sentence(document["conditions"]),
    ]
    return "\n\n".join(filter(None, parts))


def _row(processes: int, crowd: dict[str, Any]) -> list[str]:
    ms, opening = crowd["ms"], crowd["opening_ms"]
    return [
        str(processes),
        str(crowd["sessions"]),
        f"{ms['p50']:.0f} / {ms['p95']:.0f}" if ms else "-",
        f"{crowd['own_share']:.1%}",
        f"{crowd['last_answered']} of {crowd['sessions']}",
        f"{crowd['server_ms_per_move']:.1f}",
        f"{crowd['client_ms_per_move']:.1f}",
        f"{crowd['server_cores']:.2f}",
        f"{crowd['client_cores']:.2f}",
        f"{crowd['others_cores']:.2f}",
        f"{opening['session']} / {opening['session_p95']}",
        str(crowd["closing_ms"]),
    ]


def _targets(server: dict[str, Any]) -> list[str]:
    """What was wanted, and whether it is so."""
    many = f"{server['processes']} process" + "es" * (server["processes"] > 1)
    lines = []
    for crowd in server["crowds"]:
        if crowd["sessions"] == TARGET_SESSIONS and crowd["ms"]:
            everyone = crowd["last_answered"] == crowd["sessions"]
            lines.append(
                f"{many}, {TARGET_SESSIONS} users: p95 {crowd['ms']['p95']:.0f} ms "
                f"(wanted: {TARGET_P95:g}, {_met(crowd['ms']['p95'] <= TARGET_P95)}); the last value of "
                f"{crowd['last_answered']} of {crowd['sessions']} was answered ({_met(everyone)})"
            )
    memory = server.get("memory")
    if memory is None:
        return lines
    lines.append(
        f"{many}: {memory['per_session_MB']:.2f} MB per session (wanted: {TARGET_MB:g}, "
        f"{_met(memory['per_session_MB'] <= TARGET_MB)}); {memory['returned_share']:.0%} of what {memory['many']} "
        f"sessions took was returned when all had closed (wanted: {1 - TARGET_LEFT:.0%}, "
        f"{_met(memory['returned_share'] >= 1 - TARGET_LEFT)}); a second such crowd left "
        f"{memory['lost_per_session_MB']:+.2f} MB per session"
    )
    return lines


def _met(holds: bool) -> str:
    return "met" if holds else "**missed**"


def _how(settings: dict[str, Any]) -> str:
    few, many = settings["memory_between_sessions"]
    return (
        "Everybody has the default job (one neuron, 10,000 steps), and moves the amplitude "
        f"{settings['moves_per_s']:g} times a second for {settings['seconds']:g} s, each to other values, whether or "
        "not the move before was answered. ms: from sending a move until the picture of its value, or of a newer one, "
        "has arrived whole; the value is read from the current in the picture. Own picture: share of moves that no "
        "newer one overtook; last value: users whose last move was answered. The client shares the machine's cores "
        "with the server; it acknowledges pictures at once, and decodes nothing that it does not need. Others: what "
        "other programs took of the cores meanwhile. Page opened: HTML, connection and document, one visitor after "
        f"the other, median / p95. Memory: resident, the difference between {few} and {many} sessions that are open "
        f"at once, each after its moves, on a server that has met a crowd of {settings['warm_up_sessions']} before. "
        "What is returned is counted when the server, told to keep sessions without a connection for "
        f"{settings['unused_session_lifetime_ms'] / 1000:g} s, has come to rest; closed: the processor time of that, "
        "per session. With two processes the page may come from the one and its connection go to the other, which "
        "then builds the session once more, as for any visitor."
    )
