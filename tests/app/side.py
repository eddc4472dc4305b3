"""A stage for views in tests: it notes what a view asks for, and makes its pictures."""

from typing import Any

from bokeh.models import Range1d, Span

from app.pipeline import Drawn, Pipeline, Request
from app.session import Session
from app.views.pinned import Pinned
from app.views.raster import Raster
from app.views.side import SideView
from app.views.traces import Traces
from spark import Recording


class Noted:
    """What a view may do, written down."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.time, self.moment = Range1d(0, 1000), Span(dimension="height")
        self.traces, self.raster = Traces(self.time, self.moment), Raster(self.time, self.moment)
        self.pinned: Pinned | None = None
        self.values: list[tuple[dict[str, Any], bool]] = []
        self.started: list[dict[str, float]] = []
        self.cards: list[dict[str, Any]] = []
        self.looked: list[Any] = []
        self.added: list[Any] = []
        self.drawn_again = 0

    def set(self, values: dict[str, Any], final: bool) -> None:
        self.session.set(values)
        self.values.append((values, final))

    def start_from(self, initial: dict[str, float]) -> None:
        self.session.initial = dict(initial)
        self.started.append(initial)

    def show(self, **card: Any) -> None:
        self.cards.append(card)

    def look(self, looks: Any) -> None:
        self.looked.extend(looks)

    def add(self, sources: Any) -> None:
        self.added.append(sources)

    def again(self) -> None:
        self.drawn_again += 1


def pictured(session: Session, view: SideView, recording: Recording | None = None, ask: int = 1) -> Drawn:
    """The picture of what the session says, with this view open."""
    request = Request(
        session.job(),
        ask,
        session.window(),
        "",
        session.settings.shown,
        session.settings.duration,
        (0.0, session.settings.duration),
        800,
        recording,
        view=view,
    )
    return Pipeline(())(request, lambda done: None)
