"""What a view beside the traces is: it explains the run that they show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from bokeh.models import Range1d, Span

from spark.nn.components.somas import Soma

from ..client.messenger import Messenger
from ..client.picture import Looks, Sources
from ..pipeline import Fit, Request
from ..session import Session
from .pinned import Pinned
from .raster import Raster
from .shot import Shot
from .traces import Traces


@dataclass(frozen=True)
class Finding:
    """What a view shows: with a picture, or when a study of it is done.

    Attributes:
        sources: data of the view's figures.
        words: the view's summary in a sentence or two; None leaves it as it is.
        fit: ranges that show the data, by figure (y) or range.
        looks: properties of its figures.
        card: what else its card shows, as `Card.show` takes it.
    """

    sources: Sources = field(default_factory=dict)
    words: str | None = None
    fit: Fit = field(default_factory=dict)
    looks: Looks = ()
    card: dict[str, Any] = field(default_factory=dict)


class Stage(Protocol):
    """What a view may do; on the session's event loop."""

    session: Session
    """To be read only."""
    time: Range1d
    """The time axis of the traces."""
    moment: Span
    """The time that is looked at, on every time axis; `location` None when there is none."""
    traces: Traces
    raster: Raster
    """What lies beside the view; a view may use their ranges."""
    pinned: Pinned | None
    """The run that was pinned, kept while views open and close."""

    def set(self, values: dict[str, Any], final: bool) -> None:
        """Set values of the session by path and show them in their rows; `final` when the hand lets go."""

    def start_from(self, initial: dict[str, float]) -> None:
        """Run from this initial state ({}: from rest)."""

    def show(self, **card: Any) -> None:
        """Change the view's card: `words`, or `values` of controls by key, or `busy`."""

    def look(self, looks: Looks) -> None:
        """Change properties of figures now."""

    def add(self, sources: Sources) -> None:
        """Change data of figures now."""

    def again(self) -> None:
        """Draw the view anew: its own settings have changed."""


class SideView:
    """Base of the views that open beside the traces. Each is built when it is first opened, and fed from then on.

    `picture` is called with every picture of the traces, in a worker thread, and shown after it: a few milliseconds
    at most, so that it keeps up with a hand. What takes longer goes into `study`: it is called in another thread,
    coarse while a hand moves a slider and full when it rests.
    """

    name: ClassVar[str]
    """Its address; its sources are called `spark:<name>:...`."""
    title: ClassVar[str]
    """Its name for people."""
    place: ClassVar[int] = 99
    """Its place in the bar."""
    controls: Sequence[dict[str, Any]] = ()
    """Controls of its card: dicts with key, kind ("button", "toggle", "choice"), label, and value and options."""
    studies: ClassVar[bool] = False
    """Whether it has a `study`."""
    order: str = ""
    """By what it sorts the rows of the raster, see `Shot`."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    @staticmethod
    def reason(kind: type[Soma]) -> str | None:
        """Why there is no such view for this soma, None where there is one."""
        return None

    @property
    def layout(self) -> Any:
        """The Bokeh layout or figure that is shown."""
        raise NotImplementedError

    @property
    def extras(self) -> list[Messenger]:
        """Components below its figures."""
        return []

    def picture(self, shot: Shot, request: Request) -> Finding:
        """What goes with the picture of this run."""
        return Finding()

    def study(self, shot: Shot, request: Request, coarse: bool, stop: Callable[[], bool]) -> Finding | None:
        """What takes longer; `stop()` says that nobody waits for it any more."""
        return None

    def receive(self, message: dict[str, Any]) -> None:
        """A control of the card was used ({"type": "control", "key", "value"}), or a figure (see `hand`)."""

    def opened(self) -> None:
        """It is shown, from the next picture on."""

    def closed(self) -> None:
        """It is no longer shown."""

    def recolour(self, colours: dict[str, str]) -> None:
        """Take the colours of the page's light or dark theme."""


def hand(plot: Any, address: str, drag: bool = True) -> None:
    """Let a tap, or a drag, on a figure come to the view as {"type": "hand", "x", "y", "final"}."""
    from bokeh.models import CustomJS

    code = """const final = cb_obj.event_name !== "pan"
        window.spark.hand(address, {type: "hand", x: cb_obj.x, y: cb_obj.y, final})"""
    for event in ("tap", "pan", "panend") if drag else ("tap",):
        plot.js_on_event(event, CustomJS(args={"address": address}, code=code))
