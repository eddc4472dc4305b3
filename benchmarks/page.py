"""Generated sections of the pages of `docs/`, and the conditions under which they were measured."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
from pathlib import Path

import jax
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "fidelity.md"
DATA = ROOT / "docs" / "fidelity.json"


def conditions() -> dict[str, str]:
    """Machine, versions and commit."""
    return {
        "date": datetime.date.today().isoformat(),
        "commit": _git("rev-parse", "--short", "HEAD") + (" with changes" if _git("status", "--porcelain") else ""),
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()}",
        "python": platform.python_version(),
        "jax": f"{jax.__version__} on {jax.default_backend()}",
        "numpy": np.__version__,
    }


def _git(*words: str) -> str:
    try:
        told = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:  # a machine that only measures may have no git
        told = ""
    return told or ("unknown" if words[0] == "rev-parse" else "")


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        if names:
            return names[0]
    return platform.processor() or platform.machine()


def sentence(found: dict[str, str]) -> str:
    """The conditions in one line."""
    return (
        f"Measured {found['date']} at commit {found['commit']}: {found['machine']}; Python {found['python']}, "
        f"jax {found['jax']}, numpy {found['numpy']}."
    )


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell for cell in line) + " |" for line in lines)


def section(name: str, page: Path = PAGE) -> str:
    """The generated text between the markers `name` of the page."""
    text = page.read_text("utf-8")
    return text.split(f"<!-- {name}: begin -->\n")[1].split(f"\n<!-- {name}: end -->")[0]


def renew(name: str, content: str, page: Path = PAGE) -> None:
    """Replace it."""
    text = page.read_text("utf-8")
    before, rest = text.split(f"<!-- {name}: begin -->\n")
    after = rest.split(f"<!-- {name}: end -->")[1]
    page.write_text(f"{before}<!-- {name}: begin -->\n{content}\n<!-- {name}: end -->{after}", "utf-8")
