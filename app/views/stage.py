"""What a view stands on: the run's own figures, and what it may do on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bokeh.models import Range1d, Span

from ..client.picture import Looks, Picture, Sources
from ..session.session import Session
from .pinned import Pinned
from .raster import Raster
from .traces import Traces


@dataclass(eq=False)
class Stage:
    """All of it under the lock of the session's document.

    Attributes:
        session: what is chosen; to be read only.
        traces, raster: what lies beside the view; a view may use their ranges.
        moment: the time that is looked at, on every time axis; `location` None when there is none.
        picture: the page's data.
        pinned: the run that was pinned, kept while views open and close.
        on_set, on_start, on_show, on_again: who carries out `set`, `start_from`, `show` and `again`.
        frame: what an axis of the open view may show next to data that want this range: how far to draw.
    """

    session: Session
    traces: Traces
    raster: Raster
    moment: Span
    picture: Picture
    pinned: Pinned | None = None
    on_set: Callable[[dict[str, Any], bool], None] = lambda values, final: None
    on_start: Callable[[dict[str, float]], None] = lambda initial: None
    on_show: Callable[[dict[str, Any]], None] = lambda card: None
    on_again: Callable[[], None] = lambda: None
    frame: Callable[[Range1d, tuple[float, float]], tuple[float, float]] = lambda axis, wanted: wanted

    @property
    def time(self) -> Range1d:
        """The time axis of the traces."""
        return self.traces.potential.x_range

    def set(self, values: dict[str, Any], final: bool) -> None:
        """Set values of the session by path and show them in their rows; `final` when the hand lets go."""
        self.on_set(values, final)

    def start_from(self, initial: dict[str, float]) -> None:
        """Run from this initial state ({}: from rest)."""
        self.on_start(initial)

    def show(self, **card: Any) -> None:
        """Change the view's card: `words`, or `values` of controls by key, or `busy`."""
        self.on_show(card)

    def look(self, looks: Looks) -> None:
        """Change properties of figures now."""
        self.picture.adjust(looks)

    def add(self, sources: Sources) -> None:
        """Change data of figures now."""
        self.picture.add(sources)

    def again(self) -> None:
        """Draw the view anew: its own settings have changed."""
        self.on_again()
