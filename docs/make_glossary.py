"""docs/glossary.md: every term that the page shows, from the list that feeds its tips and its help."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from app.glossary import TERMS, Term

FILE = Path(__file__).resolve().parent / "glossary.md"
HEAD = """# Glossary

Every term of the explorer's page, as its tips and its help (`?`) explain it: `python -m docs.make_glossary` makes this
page from `app/glossary.py`. The quantities of the models are in [somas.md](somas.md), the views in
[views.md](views.md)."""


def _row(term: Term) -> str:
    name = f"[{term.name}]({term.link})" if term.link else term.name
    also = f"; also: {', '.join(term.also)}" if term.also else ""
    cells = (f"**{name}**{also}", term.unit, term.words)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def page() -> str:
    """The page."""
    parts = [HEAD]
    for group, terms in groupby(TERMS, key=lambda term: term.group):
        parts += [f"\n## {group}\n", "| term | unit | what it is |", "| --- | --- | --- |", *map(_row, terms)]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    FILE.write_text(page(), "utf-8")
