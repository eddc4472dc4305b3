"""Compare: a pinned run behind the live one, another model or preset on the same input, and the last few runs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
from bokeh.layouts import column
from bokeh.models import FactorRange, Line, Segment

from spark import Recording
from spark.simulation import Cancelled

from ...client.picture import Looks, Sources
from ...run.pipeline import Request
from ...run.shot import Shot
from .. import ghosts
from ..pinned import Pinned, kept
from ..side import Finding, SideView, Stage
from ..style import draw, empty, side_figure, xy
from ..traces import Traces
from .against import PINNED, Other, choices, rows, run_other, said

WITHIN = ("1", "2", "5", "10")
"""Precisions of a coincidence to choose from, ms."""
AT_FIRST: dict[str, Any] = {"against": PINNED, "within": "2", "trail": False}
EMPTY = {"trace": ("x", "y"), "level": ("x", "y"), "strokes": ("x", "low", "high")}
EMPTY |= {"live": ("x", "low", "high"), "other": ("x", "low", "high")}
ROWS = ("other", "live")
Past = tuple[Recording, Recording]
"""A run, and what is kept of it."""
HINT = (
    "Pin a run to keep it behind the live one while you move a slider, "
    "or choose another model or preset to compare with after “against”."
)


class Compare(SideView):
    """What a run is compared with, on the axes of the traces; its spikes below those of the live run."""

    name, title, place = "compare", "Compare", 7
    says_whose = True
    studies = True

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.choose({})
        self._now: tuple[Shot, Request] | None = None
        self._past: deque[Past] = deque(maxlen=len(ghosts.FADING) + 1)
        self._found: Other | None = None
        self.controls = (
            {"key": "pin", "kind": "button", "label": "Pin", "title": "Keep the present run behind the live one"},
            {"key": "unpin", "kind": "button", "label": "Unpin", "title": "Let go of it"},
            {"key": "trail", "kind": "toggle", "label": "Trail", "title": "Leave the last few runs behind, fading"},
            {"key": "against", "kind": "choice", "label": "against", "options": choices(stage.session.soma)},
            {
                "key": "within",
                "kind": "choice",
                "label": "within",
                "value": self._within,
                "options": [[ms, f"{ms} ms"] for ms in WITHIN],
            },
        )
        tools, left = "xwheel_zoom,box_zoom", {"min_border_left": 64}
        self.plot = side_figure(stage.time, stage.traces.potential.y_range, tools, y_axis_label="V (mV)", **left)
        self.plot.title.update(text="", text_font_size="12px", text_font_style="normal")
        self.plot.xaxis.visible = False
        low: dict[str, Any] = {"sizing_mode": "stretch_width", "height": 104, "x_axis_label": "time (ms)"}
        self.trains = side_figure(stage.time, FactorRange(*ROWS, range_padding=0.05), tools, **low, **left)
        for plot in (self.plot, self.trains):
            plot.add_layout(stage.moment)
            plot.visible = False  # until there is something to compare with
        self.trains.ygrid.visible = False
        source = empty(self.name, EMPTY)
        stroke = {"x0": "x", "y0": "low", "x1": "x", "y1": "high"}
        self._drawn = {
            "level": draw(self.plot, source["level"], Line(x="x", y="y", line_width=1.6, line_dash="dashed")),
            "trace": draw(self.plot, source["trace"], Line(x="x", y="y", line_width=1.8)),
            "strokes": draw(self.plot, source["strokes"], Segment(**stroke, line_width=1.8)),
            "live": draw(self.trains, source["live"], Segment(**stroke, line_width=1.6)),
            "other": draw(self.trains, source["other"], Segment(**stroke, line_width=1.6)),
        }
        self._layout = column(self.plot, self.trains, sizing_mode="stretch_both", spacing=0)

    @property
    def layout(self) -> Any:
        return self._layout

    def opened(self) -> None:
        self._make_room(self.stage.pinned is not None)

    def closed(self) -> None:
        """Nothing is left behind in the traces; what is pinned stays so."""
        self._now, self._found = None, None
        self._past = deque(maxlen=self._past.maxlen)  # a new one: a picture may be under way
        self._make_room(False)
        self.stage.add(ghosts.nothing())

    def _make_room(self, pinned: bool) -> None:
        """A row below the raster for the pinned run."""
        raster = self.stage.raster
        if raster.pinned == pinned:
            return
        raster.pinned = pinned
        low, high = raster.span(self.stage.session.settings.units)
        axis = raster.figure.y_range
        self.stage.look([(axis, {"start": low, "end": high, "reset_start": low, "reset_end": high})])

    def receive(self, message: dict[str, Any]) -> None:
        """Pin, unpin, or choose."""
        key, value = message.get("key"), message.get("value")
        if key == "pin" and self._now is not None:
            shot, request = self._now
            self.stage.pinned = Pinned(request.job, kept(shot.recording))
            self._make_room(True)
        elif key == "unpin":
            self.stage.pinned = None
            self._make_room(False)
        elif key == "trail":
            self._trailing = bool(value)
        elif key == "against" and any(value == one for one, _ in choices(self.stage.session.soma)):
            self._against = str(value)
            if value != PINNED:
                self.stage.show(busy="Running it on the same input …")
        elif key == "within" and value in WITHIN:
            self._within = str(value)
        self.stage.again()

    @property
    def options(self) -> dict[str, Any]:
        chosen = {"against": self._against, "within": self._within, "trail": self._trailing}
        return {key: value for key, value in chosen.items() if value != AT_FIRST[key]}

    def choose(self, options: dict[str, Any]) -> None:
        chosen = AT_FIRST | options
        self._trailing = chosen["trail"] is True
        self._within = chosen["within"] if chosen["within"] in WITHIN else AT_FIRST["within"]
        known = [value for value, _ in choices(self.stage.session.soma)]
        self._against = chosen["against"] if chosen["against"] in known else PINNED

    def picture(self, shot: Shot, request: Request) -> Finding:
        """What is compared with, both spike trains, how far they are apart, and what lies behind the live trace."""
        past, other = self._remember(shot, request), self._other(shot, request)
        return Finding(
            self._beside(shot, other) | self._behind(shot, past),
            self._words(shot, request, other),
            looks=self._looks(shot, other),
            card=self._card(shot, request, other),
            hint=HINT if other is None and self._against == PINNED else "",
        )

    def _behind(self, shot: Shot, past: deque[Past]) -> Sources:
        """What lies behind the live trace, and nothing where there was more before."""
        sources = ghosts.nothing()
        if self.stage.pinned is not None:
            sources |= ghosts.pinned(_same_part(shot, self.stage.pinned.recording), shot.recording.units)
        if self._trailing:
            before = [run for _, run in list(past)[-2::-1]]
            coarse = max(shot.columns // 2, 1)
            sources |= ghosts.trail([Shot(run, shot.start, shot.end, 1, coarse) for run in before])
        return sources

    def _remember(self, shot: Shot, request: Request) -> deque[Past]:
        """This run, and the last few of the same model."""
        self._now, past, run = (shot, request), self._past, shot.recording
        if past and type(past[-1][0].soma) is not type(run.soma):
            past.clear()
        if not past or past[-1][0] is not run:
            if past:  # the whole run is needed only as long as it is the live one
                past[-1] = (past[-1][1], past[-1][1])
            past.append((run, kept(run)))
        if self._against not in [value for value, _ in choices(type(shot.recording.soma))]:
            self._against = PINNED
        return past

    def _other(self, shot: Shot, request: Request) -> Other | None:
        """What is compared with, if it is known: it may still belong to the input before."""
        if self._against != PINNED:
            return self._found if self._found is not None and self._found.choice == self._against else None
        pin = self.stage.pinned
        return None if pin is None else Other(PINNED, "pinned run", pin.job, pin.outcome)

    def _beside(self, shot: Shot, other: Other | None) -> Sources:
        sources: Sources = {
            f"spark:compare:{name}": dict.fromkeys(columns, np.empty(0)) for name, columns in EMPTY.items()
        }
        sources["spark:compare:live"] = _row(shot, 1.5)
        if other is not None and other.recording is not None:
            part = _same_part(shot, other.recording)
            sources["spark:compare:trace"] = xy(*Traces.curve(part, 0))
            sources["spark:compare:level"] = xy(*part.trace(other.recording.recorded["threshold"][:, 0]))
            sources["spark:compare:strokes"] = Traces.strokes(part, range(1))
            sources["spark:compare:other"] = _row(part, 0.5)
        return sources

    def _looks(self, shot: Shot, other: Other | None) -> Looks:
        """Titles and labels of what is compared with; no figures while there is nothing."""
        label = dict(choices(type(shot.recording.soma)))[self._against]
        short = "pinned" if self._against == PINNED else "other"
        text = label[0].upper() + label[1:]
        return [
            *self._shown(other),
            (self.plot.title, {"text": text if other else ""}),
            (self.trains.y_range, {"factors": [short, ROWS[1]]}),
        ]

    def _shown(self, other: Other | None) -> list[tuple[Any, dict[str, Any]]]:
        """No empty figure: none while there is nothing to compare with."""
        return [(plot, {"visible": bool(other and other.recording)}) for plot in (self.plot, self.trains)]

    def _words(self, shot: Shot, request: Request, other: Other | None) -> str | None:
        """How far the spike trains are apart; of a run that is not there yet the study will tell."""
        if self._against == PINNED:
            return "" if other is None else said(other, request.outcome, float(self._within))
        return said(other, request.outcome, float(self._within)) if other is not None and other.fits(request) else None

    def _card(self, shot: Shot, request: Request, other: Other | None) -> dict[str, Any]:
        """In what the two differ; the choices that there are."""
        card: dict[str, Any] = {
            "options": {"against": choices(type(shot.recording.soma))},
            "values": {"against": self._against, "within": self._within, "trail": self._trailing},
            "enabled": {"unpin": self.stage.pinned is not None},
        }
        if other is None:
            return card | ({"rows": None} if self._against == PINNED else {})
        return card | (rows(other, request, self.stage.session.capacitive) if other.fits(request) else {})

    def study(self, shot: Shot, request: Request, coarse: bool, stop: Callable[[], bool]) -> Finding | None:
        """Run what is chosen on the live run's input."""
        against = self._against
        if against == PINNED:
            return None
        other, fresh = self._other(shot, request), False
        if other is None or not other.fits(request):
            try:
                other, fresh = run_other(against, request, shot.recording, stop), True
            except Cancelled:
                return None
            self._found = other
        if self._against != against:  # something else was chosen meanwhile
            return None
        now = self._now
        sources = self._beside(now[0], other) if fresh and now is not None else {}
        looks = [*self._shown(other), (self.plot.title, {"text": other.label})] if fresh else []
        card = rows(other, request, self.stage.session.capacitive)
        return Finding(sources, said(other, request.outcome, float(self._within)), looks=looks, card=card)

    def recolour(self, colours: dict[str, str]) -> None:
        names = {"trace": "potential", "strokes": "potential", "level": "threshold", "live": "spikes", "other": "ghost"}
        for name, colour in names.items():
            self._drawn[name].glyph.line_color = colours[colour]


def _same_part(shot: Shot, recording: Recording) -> Shot:
    return Shot(recording, shot.start, shot.end, 1, shot.columns)


def _row(shot: Shot, y: float) -> dict[str, np.ndarray]:
    times = shot.spikes(0)
    return {"x": times, "low": np.full(times.size, y - 0.4), "high": np.full(times.size, y + 0.4)}
