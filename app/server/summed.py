"""The metrics of several processes as one text, in which a label says whose each is."""

from __future__ import annotations

import re
from collections.abc import Mapping

SAMPLE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")


def summed(texts: Mapping[str, str], restarts: int) -> str:
    """One text of those that processes gave.

    Args:
        texts: by the name of the process.
        restarts: how often one was started for another that had ended.
    """
    heads: dict[str, list[str]] = {}
    samples: dict[str, list[str]] = {}
    for process, text in texts.items():
        family = ""
        for line in text.splitlines():
            if line.startswith("# "):
                family = line.split(" ")[2]
                head = heads.setdefault(family, [])
                if line not in head:
                    head.append(line)
            elif found := SAMPLE.fullmatch(line):
                name, labels, value = found.groups()
                own = f'process="{process}"'
                samples.setdefault(family, []).append(f"{name}{{{f'{labels},' if labels else ''}{own}}} {value}")
    lines = [line for family, head in heads.items() for line in (*head, *samples.get(family, ()))]
    lines += ["# HELP spark_processes Processes that take visitors.", "# TYPE spark_processes gauge"]
    lines += [f"spark_processes {len(texts)}"]
    lines += ["# HELP spark_restarts_total Processes that were started for others that had ended."]
    lines += ["# TYPE spark_restarts_total counter", f"spark_restarts_total {restarts}"]
    return "\n".join(lines) + "\n"
