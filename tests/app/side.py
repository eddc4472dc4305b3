"""A stage for views in tests: it notes what a view asks for, and makes its pictures."""

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from bokeh.models import Range1d, Span

from app.client.picture import Looks, Picture, Sources
from app.run.pipeline import Fit, Pipeline, Request
from app.run.shot import Shot
from app.session.session import Session
from app.views.raster import Raster
from app.views.side import Finding, SideView
from app.views.stage import Stage
from app.views.traces import Traces
from spark import Recording

V = TypeVar("V", bound=SideView)


class Noted(Stage):
    """What a view may do, written down."""

    def __init__(self, session: Session) -> None:
        time, moment = Range1d(0, 1000), Span(dimension="height")
        super().__init__(session, Traces(time, moment), Raster(time, moment), moment, Picture())
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


@dataclass(frozen=True)
class Pictured:
    """A view's picture of a run."""

    shot: Shot
    request: Request
    found: Finding

    @property
    def recording(self) -> Recording:
        return self.shot.recording

    @property
    def sources(self) -> Sources:
        return self.found.sources

    @property
    def fit(self) -> Fit:
        return self.found.fit

    @property
    def looks(self) -> Looks:
        return list(self.found.looks)

    @property
    def words(self) -> str | None:
        return self.found.words

    @property
    def card(self) -> dict[str, Any]:
        return self.found.card


def pictured(session: Session, view: SideView, recording: Recording | None = None, ask: int = 1) -> Pictured:
    """The picture of what the session says, with this view open."""
    job = session.job()
    request = Request(
        job,
        ask,
        job.window,
        "",
        session.settings.shown,
        session.settings.duration,
        (0.0, session.settings.duration),
        800,
        recording,
    )
    drawn = Pipeline(())(request, lambda done: None)
    return Pictured(drawn.shot, drawn.request, view.picture(drawn.shot, drawn.request))


def session_of(name: str, preset: str = "", **values: Any) -> Session:
    """A session with this model, or this preset of it, and these values by path, with __ for each dot."""
    session = Session()
    session.choose_model(name)
    if preset:
        session.choose_preset(preset)
    session.set({key.replace("__", "."): value for key, value in values.items()})
    return session


def shown(kind: type[V], name: str, preset: str = "", **values: Any) -> tuple[Session, V, Pictured]:
    """A session as `session_of`, this view of it, and its picture."""
    session = session_of(name, preset, **values)
    view = kind(Noted(session))
    return session, view, pictured(session, view)


def column(found: Finding | Pictured, source: str, name: str) -> np.ndarray:
    """Data of a view, by `<view>:<source>`."""
    return found.sources[f"spark:{source}"][name]
