"""Many neurons: Spark, a loop by hand, Brian2 and NEST in one table (`python -m benchmarks.throughput --peers PATH`).

Prints the tables, and renews `docs/throughput.json` and the section of `docs/performance.md` that shows them. PATH is
the interpreter of another environment that has Brian2 and NEST, or one of them; what is missing is named as missing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
from pathlib import Path
from typing import Any

from .page import ROOT, conditions, renew
from .throughput_c import built
from .throughput_cpu import CURRENT, DT, SIZES, SOMAS, row, steps_for
from .throughput_page import rendered

DATA, PAGE = ROOT / "docs" / "throughput.json", ROOT / "docs" / "performance.md"
KINDS = ("Brian2 cython", "Brian2 standalone", "NEST")
PEER_SIZES = (1, 100, 1_000, 10_000, 100_000)
PEER_MOST = 20_000_000
"""Neuron-steps of a peer's run: they are slower."""
LIMIT = 1800
"""Seconds for one peer."""


def peer(kind: str, python: str | None) -> dict[str, Any]:
    """What `throughput_peers.py` measured of one simulator, or why it is missing."""
    absent = {"version": None, "rows": [], "missing": "not asked for"}
    if python is None:
        return absent
    runs = [(soma.__name__, n, steps_for(n, PEER_MOST)) for soma in SOMAS for n in PEER_SIZES]
    somas = {soma.__name__: {k: v for k, v in soma().config.values().items() if isinstance(v, float)} for soma in SOMAS}
    task = {"kind": kind, "dt": DT, "current": CURRENT, "runs": runs, "somas": somas}
    script = Path(__file__).with_name("throughput_peers.py")
    try:
        done = subprocess.run(
            [python, str(script)], input=json.dumps(task), stdout=subprocess.PIPE, text=True, timeout=LIMIT, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        return absent | {"missing": f"{type(error).__name__}: {error}"[:200]}
    return json.loads(done.stdout.strip().splitlines()[-1])


def measured(python: str | None) -> dict[str, Any]:
    """Everything, on this machine."""
    loops = built()
    words, usable = (loops, None) if isinstance(loops, str) else (loops.compiler, loops)
    document: dict[str, Any] = {"conditions": conditions(), "load": os.getloadavg()[0], "cpu": []}
    document["c"] = {"compiler": words, "compile_s": usable.compile_s if usable else None}
    for soma in SOMAS:
        for n in SIZES:
            document["cpu"].append(row(soma, n, usable))
            print(json.dumps(document["cpu"][-1]), flush=True)
    document["peers"] = {kind: peer(kind, python) for kind in KINDS}
    return document


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", metavar="PATH", help="interpreter that has Brian2 and NEST")
    document = measured(parser.parse_args().peers)
    DATA.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    text = rendered(document)
    renew("throughput", text, PAGE)
    print(text)


if __name__ == "__main__":
    main()
