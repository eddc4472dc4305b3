"""A live page from the command line: `python -m app.static_page naud2008_tonic page.html --sliders amplitude`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from spark.nn.components.somas import catalogue
from spark.presets import presets

from ..session.session import Session
from .content import VIEWS
from .live_page import of_session


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or say in one sentence why it cannot be."""
    parser = argparse.ArgumentParser(prog="python -m app.static_page", description=__doc__)
    parser.add_argument("what", help="a preset, such as naud2008_tonic, or a model, such as LeakySoma")
    parser.add_argument("path", type=Path, help="the file")
    parser.add_argument("--title", help="heading; that of the preset or the model without it")
    parser.add_argument("--text", default="", help="a paragraph below it")
    parser.add_argument("--show", nargs="*", default=VIEWS, choices=VIEWS, help="views beside the traces")
    parser.add_argument("--sliders", nargs="+", help="fields that have a slider; all of them without it")
    parser.add_argument("--locked", nargs="+", default=(), help="fields whose slider cannot be moved")
    parser.add_argument("--server", default="", help="address of a Spark for the button that goes on there")
    given = parser.parse_args(arguments)
    try:
        session = _session(given.what)
        title = given.title or (session.preset.title if session.preset else session.soma.title)
        page = of_session(session, given.show, given.sliders, given.locked, title, given.text, given.server)
        given.path.write_text(page, "utf-8")
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{given.path}: {len(page.encode()):,} bytes")
    return 0


def _session(what: str) -> Session:
    session = Session()
    if what in catalogue():
        session.choose_model(what)
    elif what in presets():
        session.choose_preset(what)
    else:
        raise ValueError(f"there is neither a preset nor a model {what!r}: models are {', '.join(catalogue())}.")
    return session


if __name__ == "__main__":
    sys.exit(main())
