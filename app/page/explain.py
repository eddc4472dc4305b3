"""The views beside the traces: which one is open, what it is fed with, what it may do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import panel as pn
from bokeh.models import Range1d

from ..client.arrangement import style
from ..client.card import Card
from ..client.channel import Channel
from ..client.picker import Picker
from ..client.split import Split
from ..client.turns import Turns
from ..run.beside import Newest
from ..run.follower import Follower
from ..run.pipeline import Drawn, Fit
from ..run.pools import POOL, Pool
from ..views.catalogue import catalogue
from ..views.pinned import Pinned, kept
from ..views.side import Finding, SideView, Zoom, figures, tried
from ..views.stage import Stage
from .axes import Axes

Result = tuple[SideView, Drawn, Finding | None]
STUDIES = Pool(1, "spark-study", 5)
"""Its own: whoever has opened a view must not wait for the foresight of all sliders, or until that is compiled."""
COMPARE = "compare"
"""The view of a pinned run."""
REST = 0.15
"""Seconds after the last picture from which the hand counts as resting: a study is then done in full."""


class Explain(Follower):
    """Opens views on their stage.

    Args:
        stage: what they stand on.
        channel: the page's connection.
        turns: later turns on the session's event loop.
    """

    def __init__(self, stage: Stage, channel: Channel, turns: Turns) -> None:
        super().__init__(turns, REST)
        self._stage, self._session, self._picture, self._channel = stage, stage.session, stage.picture, channel
        stage.on_show, stage.frame = self._show, self._frame
        self._kinds = catalogue()
        self._built: dict[str, tuple[SideView, Card, pn.Column]] = {}
        self._axes = Axes()
        self._axes.on_hand = self._picture.notice
        self._colours: dict[str, str] = {}
        self._fit: Fit = {}
        self._pictures = Newest(POOL, turns.add_next_tick_callback, self._pictured)
        self._studies = Newest(STUDIES, turns.add_next_tick_callback, self._studied)
        self.open: SideView | None = None
        self.on_changes: tuple[Callable[[], None], ...] = ()
        """Told when another view is open, or something else was chosen on its card."""
        self.picker = Picker(line=stage.moment.id, sizing_mode="stretch_width", margin=0)
        self.picker.join(channel, "picker")
        self.picker.on_pick = self.pick
        self.side = pn.Column(Split(margin=0), visible=False, sizing_mode="stretch_both", margin=0)
        self.side.stylesheets = [style("side")]
        self._list()

    @property
    def order(self) -> str | None:
        """By what the open view sorts the raster."""
        return self.open.order if self.open else None

    def _list(self) -> None:
        soma = self._session.soma
        rows = [[name, kind.title, kind.reason(soma)] for name, kind in self._kinds.items()]
        self.picker.show(views=rows, open=self.open.name if self.open else None)

    def pick(self, name: str) -> None:
        """Open this view, or close it if it is open; say why not where it does not apply."""
        if name in self._kinds:
            pn.state.onload(partial(self._pick, name))  # what is added before that, Panel never tells the page

    def _pick(self, name: str) -> None:
        reason = self._kinds[name].reason(self._session.soma)
        if self.open is not None and self.open.name == name:
            self._close_view()
        elif reason is not None:
            self._picture.say(error=None, busy=None, about=reason)
        else:
            self._close_view()
            self._open_view(name)
        self._list()
        self._tell_change()

    def _tell_change(self) -> None:
        for tell in self.on_changes:
            tell()

    @property
    def options(self) -> dict[str, dict[str, Any]]:
        """By the open view's name, what was chosen on its card."""
        chosen = self.open.options if self.open is not None else {}
        return {self.open.name: chosen} if self.open is not None and chosen else {}

    def restore(self, name: Any, options: Any) -> None:
        """Open this view alone, with what was chosen on its card then; of an address, so that nothing is believed."""
        known = name if isinstance(name, str) and name in self._kinds else None
        if self.opened() not in (None, known):
            self._close_view()
        if known is not None and self.open is None and self._kinds[known].reason(self._session.soma) is None:
            self._open_view(known)
        if self.open is not None:
            chosen = options.get(self.open.name) if isinstance(options, dict) else None
            self.open.choose(chosen if isinstance(chosen, dict) else {})
            self._stage.again()
        self._list()

    def _open_view(self, name: str) -> None:
        view, _, pane = self._built.get(name) or self._build(name)
        self.open = view
        pane.visible = self.side.visible = True
        self._axes.want("always", 0)
        view.opened()
        self._stage.again()

    def _close_view(self) -> None:
        if self.open is not None:
            view, self.open, self._fit = self.open, None, {}
            self._pictures.drop()
            self._studies.drop()
            self._built[view.name][2].visible = self.side.visible = False
            view.closed()
            self._stage.again()  # the traces alone: wider, and without what the view has put into them

    def _build(self, name: str) -> tuple[SideView, Card, pn.Column]:
        view = self._kinds[name](self._stage)
        view.recolour(self._colours)  # before the page knows it: nothing may be said of models that it does not have
        address = f"view {name}"
        card = Card(
            first={"title": view.title, "words": "", "controls": list(view.controls)},
            sizing_mode="stretch_width",
            margin=0,
        )
        card.join(self._channel, address)
        card.on_message = partial(self._said, view)
        plots = pn.pane.Bokeh(view.layout, sizing_mode="stretch_both", margin=0)
        for extra in view.extras:
            extra.join(self._channel, f"{address} {extra.name}")
        pane = pn.Column(card, plots, *view.extras, sizing_mode="stretch_both", margin=0)
        pane.stylesheets = [style("view")]
        self._built[name] = (view, card, pane)
        self.side.append(pane)
        return self._built[name]

    def _said(self, view: SideView, message: dict[str, Any]) -> None:
        if view is self.open:
            view.receive(message)
            if message.get("type") == "control":
                self._tell_change()

    def zoomed(self) -> list[Zoom]:
        """What hands have made the axes of the open view's figures show."""
        plots = figures(self.open.layout) if self.open else []
        return [(self._axes.by_hand(plot.x_range), self._axes.by_hand(plot.y_range)) for plot in plots]

    def opened(self) -> str | None:
        """The name of the open view, None for none."""
        return self.open.name if self.open else None

    def has(self, name: str) -> bool:
        """Whether the figures of this view are in the page, though it may be closed."""
        return name in self._built

    def pin(self) -> None:
        """Keep the run that is shown behind the next ones, in the view that compares with it."""
        if self._drawn is not None:
            self._stage.pinned = Pinned(self._drawn.request.job, kept(self._drawn.recording))
            self.pick(COMPARE) if self.opened() != COMPARE else self._stage.again()

    @property
    def pinned(self) -> Pinned | None:
        """The run that was pinned."""
        return self._stage.pinned

    def show_pinned(self, pinned: Pinned | None) -> None:
        """Pin another run than the one that is shown, or none."""
        self._stage.pinned = pinned
        if self.open is not None and self.open.name == COMPARE:
            self.open.opened()
        self._stage.again()

    def model_changed(self, since: int) -> None:
        """Another soma or preset, from run number `since` on: close what does not apply to it."""
        if self.open is not None and self.open.reason(self._session.soma) is not None:
            self._picture.say(about=self.open.reason(self._session.soma))
            self._close_view()
        self._axes.want("always", since)
        self._list()

    def follow(self, drawn: Drawn, resting: bool) -> None:
        """The open view follows the traces in a message of its own, so that they never wait for it."""
        super().follow(drawn, resting)
        if self.open is not None and not self._of_another(drawn):
            self._pictures.ask(partial(self._picture_of, self.open, drawn))

    def _picture_of(self, view: SideView, drawn: Drawn, stop: Callable[[], bool]) -> Result:
        return view, drawn, tried(view, lambda: view.picture(drawn.shot, drawn.request))

    def _pictured(self, result: Result) -> None:
        view, drawn, found = result
        if found is not None and view is self.open and not self._of_another(drawn):
            self._fit = {}
            self._add(drawn, found)
            if view.studies:
                self._study(view, drawn, coarse=True)
                self.await_rest(drawn)

    def _add(self, drawn: Drawn, found: Finding) -> None:
        self._fit = self._fit | found.fit
        axes = self._axes.follow(found.fit, drawn.request.ask, self.open.still if self.open else ())
        self._picture.add(found.sources, [*found.looks, *axes])
        said: dict[str, Any] = {}
        if found.words is not None and self.open is not None:
            words = self.open.said(found.words, drawn.recording.units)
            said = {"words": words, "hint": found.hint or "", "busy": None}
        self._show(said | found.card)

    def _of_another(self, drawn: Drawn) -> bool:
        """Whether this is a picture of the soma before: axes that wait for the new one must not take its ranges."""
        return type(drawn.recording.soma) is not self._session.soma

    def _frame(self, axis: Range1d, wanted: tuple[float, float]) -> tuple[float, float]:
        return self._axes.frame(axis, wanted)

    def let_go(self, since: int) -> None:
        if not self._axes.wanted:
            self._axes.want("poor", since)

    def settle(self) -> None:
        if self._drawn is not None:
            self._picture.adjust(self._axes.follow(self._fit, self._drawn.request.ask))

    def fit(self, since: int) -> None:
        self._axes.want("always", since)

    def rested(self, drawn: Drawn) -> None:
        """The open view is studied in full."""
        if self.open is not None and self.open.studies:
            self._study(self.open, drawn, coarse=False)

    def _study(self, view: SideView, drawn: Drawn, coarse: bool) -> None:
        self._studies.ask(partial(self._study_of, view, drawn, coarse))

    def _study_of(self, view: SideView, drawn: Drawn, coarse: bool, stop: Callable[[], bool]) -> Result:
        return view, drawn, tried(view, lambda: view.study(drawn.shot, drawn.request, coarse, stop))

    def _studied(self, result: Result) -> None:
        view, drawn, found = result
        if found is not None and view is self.open and not self._of_another(drawn):
            self._add(drawn, found)

    def _show(self, card: dict[str, Any]) -> None:
        """Change the open view's card."""
        if self.open is not None:
            self._built[self.open.name][1].show(**card)

    def recolour(self, colours: dict[str, str]) -> None:
        """Take the colours of the page's light or dark theme."""
        self._colours = colours
        for view, _, _ in self._built.values():
            view.recolour(colours)

    def close(self) -> None:
        super().close()
        self._pictures.close()
        self._studies.close()
