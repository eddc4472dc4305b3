"""Makes the figure of the README, as *Export* does (`python -m docs.make_figure`); prints the link to what it shows."""

from __future__ import annotations

from pathlib import Path

from app.export.figure import figure
from app.export.parameters import caption, state_text
from app.keep.link import write
from app.run.shot import Shot
from app.session.session import Session
from app.session.share import to_dict

FILE = Path(__file__).parents[1] / "assets/figure.svg"
PRESET = "naud2008_regular_bursting"


def session() -> Session:
    """What the figure and the link show."""
    made = Session()
    made.choose_preset(PRESET)
    return made


def drawn(of: Session) -> bytes:
    """The figure."""
    recording = of.job().run()
    shot = Shot(recording, 0.0, recording.duration, 1, 1_000)
    said = {"title": "Regular bursting", "caption": caption(of), "state": state_text(to_dict(of))}
    return figure(shot, width_mm=114, type_size=7, **said)


def main() -> None:
    FILE.write_bytes(drawn(session()))
    print(FILE)
    print(f"http://localhost:5006/app#{write(session(), view='phase')}")


if __name__ == "__main__":
    main()
