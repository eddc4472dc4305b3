"""For authors of lessons: `python -m app.lessons check FOLDER` says what is wrong with them, with file and line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .bench import MEASURES
from .checking import faults_in, lessons_in


def main(arguments: list[str] | None = None) -> int:
    """Check a folder of lessons, or list what expressions may name."""
    parser = argparse.ArgumentParser(prog="python -m app.lessons", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="say what is wrong with the lessons of a folder")
    check.add_argument("folder", type=Path)
    commands.add_parser("measures", help="list what expressions may name")
    given = parser.parse_args(arguments)
    if given.command == "measures":
        for name, (unit, words, _) in MEASURES.items():
            print(f"{name:18}{unit:5}{words}")
        return 0
    if not given.folder.is_dir() or not lessons_in(given.folder):
        print(f"there are no lessons in {given.folder}: they are files with names that end in .md.", file=sys.stderr)
        return 1
    found = faults_in(given.folder)
    for fault in found:
        print(fault, file=sys.stderr)
    count = len(lessons_in(given.folder))
    print(f"{count} {'lesson' if count == 1 else 'lessons'}, {len(found)} {'fault' if len(found) == 1 else 'faults'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
