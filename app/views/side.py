"""What a view beside the traces is: it explains the run that they show."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from bokeh.models import Range1d

from spark import Recording
from spark.nn.components.somas import Soma
from spark.simulation import Cancelled

from ..client.messenger import Messenger
from ..client.picture import Looks, Sources
from ..run.pipeline import Fit, Request
from ..run.shot import Shot
from ..session.job import Job
from .stage import Stage as Stage

log = logging.getLogger(__name__)
Zoom = tuple[tuple[float, float] | None, tuple[float, float] | None]
"""Of a figure's axis across and up, where a hand has zoomed."""


@dataclass(frozen=True)
class Finding:
    """What a view shows: with a picture, or when a study of it is done.

    Attributes:
        sources: data of the view's figures.
        words: the view's summary in a sentence or two; None leaves it as it is.
        fit: ranges that show the data, by figure (y) or range.
        looks: properties of its figures.
        card: what else its card shows, as `Card.show` takes it.
        hint: what a hand can do here, which follows the words; a page that is saved does not say it.
    """

    sources: Sources = field(default_factory=dict)
    words: str | None = None
    fit: Fit = field(default_factory=dict)
    looks: Looks = ()
    card: dict[str, Any] = field(default_factory=dict)
    hint: str = ""


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
    says_whose: ClassVar[bool] = False
    """Whether its words say themselves which neuron they mean; else the page says that it is the first."""
    still: Sequence[Range1d] = ()
    """Axes along which a hand drags just now: they do not grow under it."""
    order: str | None = None
    """By what it sorts the rows of the raster, see `Request`."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    @staticmethod
    def reason(kind: type[Soma]) -> str | None:
        """Why there is no such view for this soma, None where there is one."""
        return None

    @classmethod
    def rehearsals(cls, job: Job, recording: Recording) -> Iterator[Callable[[], Any]]:
        """What it will compute when it is opened, for a model with its default values: `compile_ahead.py` asks."""
        yield from ()

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

    @property
    def options(self) -> dict[str, Any]:
        """What was chosen on its card otherwise than at first, of JSON types: the address keeps it while it is open."""
        return {}

    def choose(self, options: dict[str, Any]) -> None:
        """Take `options` back; what they lack is as at first. They come from an address: believe nothing."""

    def opened(self) -> None:
        """It is shown, from the next picture on."""

    def closed(self) -> None:
        """It is no longer shown."""

    def recolour(self, colours: dict[str, str]) -> None:
        """Take the colours of the page's light or dark theme."""

    def said(self, words: str, units: int) -> str:
        """Its words, with whose they are where the run has other neurons as well."""
        return f"Neuron 1 of {units:,}. {words}" if words and units > 1 and not self.says_whose else words


def tried(view: SideView, make: Callable[[], Finding | None]) -> Finding | None:
    """What a view shows, or why it shows nothing; in a worker thread.

    Raises:
        Cancelled: nobody waits for it any more.
    """
    try:
        return make()
    except Cancelled:
        raise
    except (ValueError, FloatingPointError) as error:
        return Finding(words=str(error))
    except Exception:
        log.exception("the view %s failed", view.name)
        return Finding(words="This view could not be computed for these values.")


def figures(layout: Any) -> list[Any]:
    """The figures of a layout, in the order in which they stand there."""
    inside = getattr(layout, "children", None)
    return [layout] if inside is None else [plot for child in inside for plot in figures(child)]


def hand(plot: Any, address: str, at: str, drag: bool = True) -> None:
    """Let a tap, a drag or arrow keys on a figure come to the view as {"type": "hand", "x", "y", "final"}.

    Args:
        plot: the figure.
        address: of the view.
        at: data source whose first point is the mark that arrow keys move.
        drag: whether the view follows a hand on its way; otherwise it hears only where it has come to rest.
    """
    from bokeh.models import CustomJS

    code = """const final = cb_obj.event_name !== "pan"
        window.spark.hand(address, {type: "hand", x: cb_obj.x, y: cb_obj.y, final})"""
    plot.tags = [{"hand": address, "at": at, "drag": drag}]
    for event in ("tap", "pan", "panend") if drag else ("tap",):
        plot.js_on_event(event, CustomJS(args={"address": address}, code=code))
