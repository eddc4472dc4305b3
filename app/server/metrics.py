"""What is measured of this process, in Prometheus' text format."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..run import counted
from ..run.held import held
from ..run.pools import ASIDE, LONG, POOL, SHORT
from .lag import Lag

TYPE = "text/plain; version=0.0.4; charset=utf-8"
POOLS = {"quick": POOL, "short": SHORT, "long": LONG, "aside": ASIDE}
LAG = Lag()
BEGAN = time.time()
QUANTILES = (0.5, 0.95)
Value = tuple[str, float]
"""Labels, as `pool="short"`, "" for none; and a number."""


def text(sessions: int, connected: int) -> str:
    """All of it.

    Args:
        sessions: that this process holds.
        connected: those of them that have a page.
    """
    return "\n".join(_lines(sessions, connected)) + "\n"


def _lines(sessions: int, connected: int) -> Iterator[str]:
    yield from _family("spark_sessions", "gauge", "Sessions that are held.", [("", sessions)])
    yield from _family("spark_sessions_connected", "gauge", "Sessions with an open page.", [("", connected)])
    queued = [(f'pool="{name}"', float(pool.queued)) for name, pool in POOLS.items()]
    yield from _family("spark_queue_length", "gauge", "Runs that wait for a thread.", queued)
    yield from _family("spark_runs_bytes", "gauge", "Memory that runs hold.", [("", held().bytes)])
    yield from _family("spark_loop_lag_seconds", "gauge", "Worst delay of the event loop in 15 s.", [("", LAG.worst)])
    yield from _pictures()
    for name, words, counter in (
        ("spark_runs_refused_total", "Changes and runs that were refused.", counted.REFUSED),
        ("spark_runs_failed_total", "Runs that came to nothing.", counted.FAILED),
    ):
        yield from _family(name, "counter", words, [("", counter.count)])
    yield from _family("process_resident_memory_bytes", "gauge", "Resident memory.", [("", memory())])
    used = time.process_time()
    yield from _family("process_cpu_seconds_total", "counter", "Processor time that was used.", [("", used)])
    yield from _family("process_start_time_seconds", "gauge", "When it began, seconds since 1970.", [("", BEGAN)])


def _pictures() -> Iterator[str]:
    name, times = "spark_picture_seconds", counted.PICTURES
    found = times.quantiles(*QUANTILES)
    values = zip(QUANTILES, found, strict=True) if found else ()
    yield f"# HELP {name} From a change to its picture, sent: quantiles of the last minute."
    yield f"# TYPE {name} summary"
    yield from (f'{name}{{quantile="{part}"}} {seconds:.6g}' for part, seconds in values)
    yield f"{name}_sum {times.seconds:.6f}"
    yield f"{name}_count {times.count}"


def _family(name: str, kind: str, words: str, values: Iterable[Value]) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} {kind}"
    for labels, value in values:
        yield f"{name}{{{labels}}} {value:.15g}" if labels else f"{name} {value:.15g}"


def memory() -> int:
    """Bytes of memory that this process holds; 0 where the system is not Linux, and does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return 0
