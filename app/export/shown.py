"""What the page shows at the moment in which something of it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..numbers import number
from ..run.pipeline import Request
from ..run.shot import Shot
from ..session.job import Job
from ..session.session import Session
from ..session.share import from_dict
from ..views.pinned import Pinned
from ..views.side import Zoom


@dataclass(frozen=True)
class OpenView:
    """The view beside the traces.

    Attributes:
        name: its name in the catalogue.
        request: what the run was asked for with, as views take it.
        options: what was chosen on its card.
        pinned: the run that it may compare with.
        layout: the id of its layout in the page.
        zoom: of each of its figures, in their order.
    """

    name: str
    request: Request
    options: dict[str, Any] = field(default_factory=dict)
    pinned: Pinned | None = None
    layout: str = ""
    zoom: Sequence[Zoom] = ()


@dataclass(frozen=True)
class Shown:
    """A run with the session that asked for it, so that a worker thread reads nothing that a hand may change.

    Attributes:
        shot: the run, and what of it is visible.
        job: what was run.
        state: the session as plain data.
        dark: whether the page has its dark theme.
        view: what is open beside the traces.
    """

    shot: Shot
    job: Job
    state: dict[str, Any]
    dark: bool = False
    view: OpenView | None = None

    @cached_property
    def session(self) -> Session:
        """The session, made again of its data."""
        return from_dict(self.state)

    @property
    def title(self) -> str:
        """Model and preset in words."""
        session = self.session
        own = f"{session.soma.title}: {session.preset.title}" if session.preset else session.soma.title
        return own + (", modified" if session.modified else "")

    @property
    def words(self) -> str:
        """What a file would hold, in a line."""
        shot, units = self.shot, self.shot.recording.units
        start, end, whole = (number(value, 6) for value in (shot.start, shot.end, shot.recording.duration))
        traced = shot.recording.traced.size
        traces = "" if traced == units else f" with traces of {traced:,}"
        neurons = f"{units:,} neurons{traces}" if units > 1 else "one neuron"
        return f"{self.title}; {neurons}, {start} to {end} of {whole} ms are shown"
