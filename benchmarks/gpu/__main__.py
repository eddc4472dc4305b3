"""`python -m benchmarks.gpu`: everything that is asked of a GPU, in one command of less than six minutes.

It needs a checkout, Python, JAX for CUDA, NumPy and param; no network. Each row is printed and written when it is
there, so that a run that is ended leaves what it has measured. `--page` shows it in docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from ..page import ROOT, renew
from .keeper import Keeper
from .page import rendered
from .plan import FULL, SMOKE, first, rows
from .worker import Worker

OUT, PAGE = ROOT / "docs" / "gpu.json", ROOT / "docs" / "performance.md"
SECONDS = 345.0
"""For everything; what is left of six minutes is for starting and ending processes."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    parser.add_argument("--out", type=Path, help="where the figures go (docs/gpu.json)")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for everything (%(default)g)")
    parser.add_argument("--commit", help="what is measured, where the checkout does not say it")
    parser.add_argument("--smoke", action="store_true", help="try the command itself: tiny sizes, on a CPU")
    parser.add_argument("--page", action="store_true", help="measure nothing: show the figures in docs/performance.md")
    asked = parser.parse_args()
    if asked.smoke and not asked.out:
        parser.error("--smoke needs --out: figures of a CPU have no place in docs/gpu.json.")
    out = asked.out or OUT
    if asked.page:
        renew("gpu", rendered(json.loads(out.read_text("utf-8"))), PAGE)
        return 0
    scale = SMOKE if asked.smoke else FULL
    with Worker() as worker:
        keeper = Keeper(worker, out, time.monotonic() + asked.seconds)
        if not keeper.begin(first(scale, asked.commit)):
            return 1
        keeper.go_through(rows(scale, keeper.rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
