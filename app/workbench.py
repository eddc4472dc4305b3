"""The page: arrangement, and the wiring between controls, session, loop and views."""

from __future__ import annotations

import html
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui
from bokeh.layouts import column
from bokeh.models import Range1d, Span

from spark import Recording, solvers, stimuli
from spark.nn.components.somas import catalogue
from spark.presets import presets

from . import warm
from .client.picture import Picture, Sources
from .client.rows import Rows
from .controls import from_text, model_rows, run_rows, spread_rows, stimulus_rows
from .live import POOL, Live
from .readouts import cost, readouts
from .session import Job, Session
from .views.export import standalone
from .views.raster import Raster
from .views.shot import Shot
from .views.style import COLOURS
from .views.traces import Traces

log = logging.getLogger(__name__)

DEFAULTS = "Default values"
THEME: dict[str, Any] = {
    "typography": {"fontSize": 13},
    "mixins": {"toolbar": {"minHeight": 48}},
    "components": {
        "MuiTab": {"styleOverrides": {"root": {"minHeight": 34, "padding": "4px 14px"}}},
        "MuiTabs": {"styleOverrides": {"root": {"minHeight": 34}}},
        "MuiToolbar": {"styleOverrides": {"root": {"minHeight": "48px !important"}}},
    },
}
"""Compact bars: at 1366 x 768 every pixel belongs to sliders and plots."""
THEMES = {
    "light": THEME | {"palette": {"primary": {"main": "#005A8C"}}},
    "dark": THEME | {"palette": {"primary": {"main": "#56B4E9"}}},
}
BAR = {
    "MuiAppBar": {"styleOverrides": {"root": {"backgroundColor": "#0B3C5D !important", "color": "#FFFFFF !important"}}}
}
THEME["components"] |= BAR
COMPILING = "Compiling the model for this size; the first time only. The plots show the run before."


@dataclass(frozen=True)
class Result:
    """A finished run, ready to be shown."""

    shot: Shot
    sources: Sources
    line: dict[str, Any]
    fit: dict[Any, tuple[float, float]]


class Workbench:
    """One visitor's page."""

    def __init__(self) -> None:
        warm.start()
        self.session = Session()
        self._recording: Recording | None = None
        self._stale = True
        self._fit = "always"
        self._fitted: dict[str, tuple[float, float]] = {}
        self._quiet = False
        self._line: dict[str, Any] = {}
        self._duration = self.session.settings.duration
        self._x_range = Range1d(0, self._duration, bounds=(0, self._duration))
        self._x_range.min_interval = 1.0
        self._cursor = Span(dimension="height", line_dash="dotted", line_width=1)
        self._traces = Traces(self._x_range, self._cursor)
        self._raster = Raster(self._x_range, self._cursor)
        self._views = (self._traces, self._raster)
        self._build_controls()
        self._build_page()
        self._live = Live(pn.state.curdoc, self._show, self._failed)
        self._wire()
        self._rebuild()

    def servable(self) -> None:
        """Show the page."""
        self._page.servable()

    def _build_controls(self) -> None:
        select = {"size": "small", "sizing_mode": "stretch_width", "margin": (10, 8, 2, 8)}
        self._model = pmui.Select(
            label="Model", options={kind.title: name for name, kind in catalogue().items()}, **select
        )
        self._preset = pmui.Select(label="Preset", groups=_preset_groups(), **select)
        self._equations = pn.Column(margin=(2, 14, 0, 14), styles={"font-size": "12.5px"})
        self._source = pn.pane.HTML("", margin=(0, 14, 2, 14), sizing_mode="stretch_width")
        rows = {"sizing_mode": "stretch_width", "margin": (0, 8)}
        self._model_rows, self._stimulus_rows = Rows(**rows), Rows(**rows)
        self._run_rows, self._spread_rows = Rows(**rows), Rows(**rows)
        self._all_rows = (self._model_rows, self._stimulus_rows, self._run_rows, self._spread_rows)
        kinds = {kind.title: name for name, kind in stimuli.catalogue().items() if kind is not stimuli.Sum}
        self._stimulus = pmui.Select(label="Stimulus", options=kinds, **select)
        self._add = pmui.MenuButton(
            label="Add",
            icon="add",
            items=[{"label": title} for title in kinds],
            size="small",
            variant="outlined",
            margin=(12, 8, 2, 0),
            width=90,
        )
        self._kinds = kinds
        button = {"size": "small", "variant": "outlined", "color": "light", "margin": (4, 4)}
        self._fit_button = pmui.Button(label="Fit axes", icon="fit_screen", **(button | {"margin": (4, 4, 4, 28)}))
        self._save_button = pmui.Button(label="Save picture", icon="download", **button)
        self._reset_button = pmui.Button(label="Reset all", icon="restart_alt", **button)

    def _build_page(self) -> None:
        figures = [*self._traces.figures, self._raster.figure]
        plots = pn.pane.Bokeh(
            column(*figures, sizing_mode="stretch_both", spacing=0), sizing_mode="stretch_both", margin=0
        )
        self._picture = Picture(sizing_mode="stretch_width", margin=0, height=72)
        spread_hint = pn.pane.HTML(
            "Standard deviation of each value between neurons. It shows with two neurons or more (Simulation).",
            margin=(6, 14, 0, 14),
            styles={"font-size": "12px"},
        )
        tabs = pmui.Tabs(
            ("Stimulus", pn.Column(pn.Row(self._stimulus, self._add, margin=0), self._stimulus_rows, margin=0)),
            ("Simulation", pn.Column(self._run_rows, margin=(4, 0))),
            ("Spread", pn.Column(spread_hint, self._spread_rows, margin=0)),
            sizing_mode="stretch_width",
            margin=(4, 0, 0, 0),
        )
        self._page = pmui.Page(
            title="Spark",
            header=[self._fit_button, self._reset_button, self._save_button],
            sidebar=[
                pn.Row(self._model, self._preset, margin=0, sizing_mode="stretch_width"),
                self._equations,
                self._source,
                self._model_rows,
                tabs,
            ],
            sidebar_width=440,
            main=[pn.Column(self._picture, plots, sizing_mode="stretch_both", margin=0)],
            busy_indicator=None,
            theme_config=THEMES,
        )

    def _wire(self) -> None:
        self.session.changed = self._run
        self._picture.on_painted = self._live.painted
        self._picture.on_ready = self._start
        for rows in self._all_rows:
            rows.on_set = partial(self._set, rows)
        self._stimulus_rows.on_remove = lambda part: self._restructure(partial(self.session.remove_stimulus, part))
        self._model.param.watch(self._choose_model, "value")
        self._preset.param.watch(self._choose_preset, "value")
        self._stimulus.param.watch(self._choose_stimulus, "value")
        self._add.on_click(self._add_stimulus)
        self._fit_button.on_click(lambda event: self._fit_now())
        self._reset_button.on_click(lambda event: self._restructure(self.session.reset))
        self._save_button.on_click(lambda event: self._save())
        for end in ("start", "end"):
            self._x_range.on_change(end, lambda attr, old, new: self._zoomed())
        self._page.param.watch(lambda event: self._recolour(), "dark_theme")
        self._recolour()
        pn.state.on_session_destroyed(lambda context: self._live.close())

    def _start(self) -> None:
        self._live.restart()
        self._fit = "always"
        self._run()

    @contextmanager
    def _silence(self) -> Iterator[None]:
        """While controls are set to what the session says, they do not answer."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    def _rebuild(self) -> None:
        """Make every control show the session as it is."""
        session = self.session
        with self._silence():
            self._model.value = session.soma.__name__
            self._preset.value = session.preset.id if session.preset else DEFAULTS
            self._stimulus.value = type(session.parts[0]).__name__
            self._model_rows.rebuild(model_rows(session))
            self._stimulus_rows.rebuild(stimulus_rows(session))
            self._run_rows.rebuild(run_rows(session))
            self._spread_rows.rebuild(spread_rows(session))
            self._equations.objects = [
                pn.pane.LaTeX(
                    rf"$\displaystyle {line}$", renderer="katex", margin=(1, 0, 3, 0), styles={"font-size": "12.5px"}
                )
                for line in session.soma.equations
            ]
            self._source.object = _sources(session)

    def _restructure(self, change: Any) -> None:
        """A change after which the controls are others: carry it out, rebuild them, run once."""
        self._fit = "always"
        self._picture.say(busy="Simulating …", error=None)
        try:
            change()
        except ValueError as error:
            self._picture.say(error=str(error), busy=None)
            return
        self._rebuild()

    def _choose_model(self, event: Any) -> None:
        if not self._quiet:
            self._restructure(partial(self.session.choose_model, event.new))

    def _choose_preset(self, event: Any) -> None:
        if self._quiet:
            return
        if event.new == DEFAULTS:
            self.session.preset = None
            self._restructure(self.session.reset)
        else:
            self._restructure(partial(self.session.choose_preset, event.new))

    def _choose_stimulus(self, event: Any) -> None:
        if not self._quiet:
            self._restructure(partial(self.session.choose_stimulus, stimuli.catalogue()[event.new]))

    def _add_stimulus(self, event: Any) -> None:
        label = event["label"] if isinstance(event, dict) else event.new["label"]
        self._restructure(partial(self.session.add_stimulus, stimuli.catalogue()[self._kinds[label]]))

    def _set(self, rows: Rows, values: dict[str, Any], final: bool) -> None:
        """Rows were moved: give the values to the session, or say beside the row why not."""
        if final and self._fit == "never":
            self._fit = "outside"
        try:
            self.session.set(dict(self._path(key, value) for key, value in values.items()))
        except (ValueError, TypeError) as error:
            rows.push(errors=dict.fromkeys(values, str(error)))

    def _path(self, key: str, value: Any) -> tuple[str, Any]:
        """A row's key and value as a path of the session and its value."""
        solver = self.session.config.solver
        if key == "solver":
            return "config.solver", solvers.catalogue()[value](on_grid=solver.on_grid)
        if key == "on_grid":
            return "config.solver", type(solver)(on_grid=bool(value))
        if key.endswith(".samples"):
            return key, from_text(value)
        if key.rsplit(".", 1)[-1] in ("units", "shown", "seed"):
            return key, int(value)
        return key, value

    def _run(self) -> None:
        """Run what the session says, as soon as the run before is done."""
        if self.session.settings.duration != self._duration:
            self._show_all_time()
        try:
            job = self.session.job()
        except (ValueError, TypeError) as error:
            self._picture.say(error=str(error), busy=None)
            return
        self._stale = True
        if not warm.ready(job):
            self._picture.say(busy=COMPILING, error=None)
        self._live.ask(partial(self._work, job, self._visible(), self.session.settings.shown, self.session.window()))

    def _visible(self) -> tuple[float, float]:
        return float(self._x_range.start), float(self._x_range.end)

    def _zoomed(self) -> None:
        """Another part of the time axis is visible: draw it in full resolution."""
        if self._quiet or self._recording is None:
            return
        if self._stale:
            self._run()
        else:
            draw = partial(self._draw, self._recording, self._visible(), self.session.settings.shown, self._line)
            self._live.ask(draw)

    def _work(self, job: Job, visible: tuple[float, float], shown: int, window: tuple[float, float]) -> Result:
        """Simulate; in a worker thread."""
        began = time.perf_counter()
        recording = job.run()
        seconds = time.perf_counter() - began
        warm.done(job)
        line = {"readouts": readouts(recording, window), "cost": cost(recording, seconds)}
        return self._draw(recording, visible, shown, line)

    def _draw(self, recording: Recording, visible: tuple[float, float], shown: int, line: dict[str, Any]) -> Result:
        """Reduce a run to what the figures can show; in a worker thread."""
        shot = Shot(recording, *visible, shown)
        sources: Sources = {}
        fit: dict[Any, tuple[float, float]] = {}
        for view in self._views:
            sources |= view.data(shot)
            fit |= view.fit(shot)
        return Result(shot, sources, line, fit)

    def _show(self, revision: int, result: Result) -> None:
        new = self._recording is None or type(self._recording.soma) is not type(result.shot.recording.soma)
        if new or self._recording is None or self._recording.units != result.shot.recording.units:
            for view in self._views:
                view.describe(result.shot)
        self._recording, self._line = result.shot.recording, result.line
        self._stale = self._live.busy
        if self._fit == "always":
            self._apply(result.fit, only_wider=False)
        elif self._fit == "outside":
            self._apply(result.fit, only_wider=True)
        self._fit = "never"
        about = self.session.preset.shows if self.session.preset else self.session.soma.shows
        self._picture.paint(revision, result.sources, result.line | {"error": None, "busy": None, "about": about})

    def _apply(self, fit: dict[Any, tuple[float, float]], only_wider: bool) -> None:
        for target, (low, high) in fit.items():
            axis = target if isinstance(target, Range1d) else target.y_range
            shown = (axis.start, axis.end)
            zoomed = shown != self._fitted.get(axis.id, shown)
            if only_wider and (
                zoomed or (shown[0] <= low + 0.1 * (high - low) and shown[1] >= high - 0.1 * (high - low))
            ):
                continue
            self._fitted[axis.id] = (low, high)
            axis.update(start=low, end=high, reset_start=low, reset_end=high)

    def _show_all_time(self) -> None:
        self._duration = self.session.settings.duration
        with self._silence():  # bounds first: the page clips the range to them
            self._x_range.bounds = (0, self._duration)
            self._x_range.update(start=0, end=self._duration, reset_end=self._duration)

    def _fit_now(self) -> None:
        self._show_all_time()
        self._fit = "always"
        self._run()

    def _save(self) -> None:
        """Make the picture as a file in a worker thread, and let the browser save it."""
        recording, doc = self._recording, pn.state.curdoc
        if recording is None:
            return
        name = f"spark-{type(recording.soma).__name__}.html"

        def make() -> None:
            content = standalone(recording)
            doc.add_next_tick_callback(partial(self._picture.download, name, content))

        POOL.submit(make)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, (ValueError, TypeError, FloatingPointError)):
            log.error("a run failed", exc_info=error)
        self._picture.say(error=str(error) or type(error).__name__, busy=None)

    def _recolour(self) -> None:
        colours = COLOURS[bool(self._page.dark_theme)]
        self._cursor.line_color = colours["cursor"]
        for view in self._views:
            view.recolour(colours)


def _preset_groups() -> dict[str, Any]:
    """Every preset under its model and publication, in the catalogue's order; each label is there once."""
    groups: dict[str, Any] = {"": {DEFAULTS: DEFAULTS}}
    taken: set[str] = set()
    models = list(catalogue())
    for preset in sorted(presets().values(), key=lambda p: (models.index(p.soma), p.source != "Naud et al. 2008")):
        label = preset.title if preset.title not in taken else f"{preset.title} ({preset.source})"
        taken.add(label)
        groups.setdefault(f"{catalogue()[preset.soma].title} – {preset.source}", {})[label] = preset.id
    return groups


def _sources(session: Session) -> str:
    """Reference of the model, and where the values come from."""
    kind = session.soma
    one_line = "font-size:11.5px;line-height:1.35;white-space:nowrap;overflow:hidden;text-overflow:ellipsis"

    def link(text: str, url: str) -> str:
        text, style = html.escape(text), 'style="color:inherit" target="_blank" rel="noopener"'
        return f'<a href="{html.escape(url)}" title="{text}" {style}>{text}</a>'

    model = link(kind.references[0].text, kind.references[0].url) if kind.references else ""
    if session.preset:
        values = (
            link(session.preset.citation, f"https://doi.org/{session.preset.doi}")
            if session.preset.doi
            else html.escape(session.preset.citation)
        )
    else:
        values = link(kind.parameter_source.text, kind.parameter_source.url)
    return f'<div style="{one_line}"><b>Model</b> {model}</div><div style="{one_line}"><b>Values</b> {values}</div>'
