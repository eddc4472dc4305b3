"""For authors of lessons: `check FOLDER` says what is wrong with them, `export FOLDER` writes them as files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .bench import MEASURES
from .checking import faults_in, lessons_in
from .fault import LessonFault
from .library import OWN
from .reading import read
from .static_pages import export


def main(arguments: list[str] | None = None) -> int:
    """Check a folder of lessons, write one as pages, or list what expressions may name."""
    parser = argparse.ArgumentParser(prog="python -m app.lessons", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="say what is wrong with the lessons of a folder")
    check.add_argument("folder", type=Path)
    pages = commands.add_parser("export", help="write lessons as HTML files that need no server")
    pages.add_argument("folder", type=Path, help="where the files are written")
    pages.add_argument("--lessons", type=Path, default=OWN, help="the folder of lessons; Spark's own without it")
    commands.add_parser("measures", help="list what expressions may name")
    given = parser.parse_args(arguments)
    if given.command == "measures":
        for name, (unit, words, _) in MEASURES.items():
            print(f"{name:18}{unit:5}{words}")
        return 0
    source = given.lessons if given.command == "export" else given.folder
    if not source.is_dir() or not lessons_in(source):
        print(f"there are no lessons in {source}: they are files with names that end in .md.", file=sys.stderr)
        return 1
    if given.command == "export":
        return _export(source, given.folder)
    found = faults_in(given.folder)
    for fault in found:
        print(fault, file=sys.stderr)
    count = len(lessons_in(given.folder))
    print(f"{count} {'lesson' if count == 1 else 'lessons'}, {len(found)} {'fault' if len(found) == 1 else 'faults'}")
    return 1 if found else 0


def _export(source: Path, folder: Path) -> int:
    try:
        for path, size in export([read(path) for path in lessons_in(source)], folder):
            print(f"{path}: {size:,} bytes")
    except (LessonFault, ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
