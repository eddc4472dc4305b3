"""The visitor's controls: menus, rows and buttons. They show what the session says, and say what the hand does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui

from spark import solvers, stimuli
from spark.nn.components.somas import catalogue

from ..client.channel import Channel
from ..client.equations import Equations
from ..client.rows import Rows
from ..client.seam import answer_at_once
from ..session.session import UNTIL_END, Session
from .menus import DEFAULTS, missing_models, preset_groups, sources_of
from .row_specs import from_text, model_rows, run_rows, spread_rows, stimulus_rows

WIDTH = 472
"""Pixels: the longest names stand beside their sliders."""
SPREAD = "Standard deviation of each value between neurons. It shows with two neurons or more (Simulation)."
SELECT = {"size": "small", "sizing_mode": "stretch_width", "margin": (10, 8, 2, 8)}
ROWS = {"sizing_mode": "stretch_width", "margin": (0, 8)}
BUTTON = {"size": "small", "variant": "outlined", "color": "light", "margin": (4, 4)}


class Sidebar:
    """All controls.

    Args:
        session: what they show.
        restructure: carries a change of the session out, after which the controls are others (`show`).
        move: sets values of the session by path; True when the hand lets go. Raises ValueError or TypeError for values
            that are refused.
    """

    def __init__(
        self,
        session: Session,
        restructure: Callable[[Callable[[], None]], None],
        move: Callable[[dict[str, Any], bool], None],
    ) -> None:
        self._session, self._restructure, self._move = session, restructure, move
        self._quiet = False
        models = {kind.title: name for name, kind in catalogue().items()}
        self._kinds = {kind.title: name for name, kind in stimuli.catalogue().items() if kind is not stimuli.Sum}
        self._model = pmui.Select(label="Model", options=models, **SELECT)
        self._preset = pmui.Select(label="Preset", groups=preset_groups(), **SELECT)
        self._stimulus = pmui.Select(label="Stimulus", options=self._kinds, **SELECT)
        for menu in (self._model, self._preset):
            answer_at_once(menu)
        add = {"items": [{"label": title} for title in self._kinds], "margin": (12, 8, 2, 0), "width": 90}
        self._add = pmui.MenuButton(label="Add", icon="add", size="small", variant="outlined", **add)
        equations = {name: list(kind.equations) for name, kind in catalogue().items()}
        self._equations = Equations(models=equations, margin=(2, 14), sizing_mode="stretch_width")
        self._model_rows, self._stimulus_rows = Rows(foresight=True, **ROWS), Rows(foresight=True, **ROWS)
        self._run_rows, self._spread_rows = Rows(**ROWS), Rows(**ROWS)
        self._rows = (self._model_rows, self._stimulus_rows, self._run_rows, self._spread_rows)
        self.fit = pmui.Button(label="Fit axes", icon="fit_screen", **(BUTTON | {"margin": (4, 4, 4, 28)}))
        self.reset = pmui.Button(label="Reset all", icon="restart_alt", **BUTTON)
        self.save = pmui.Button(label="Save picture", icon="download", **BUTTON)
        self.foresight = pmui.Switch(label="Foresight", value=True, size="small", margin=(9, 4))
        self._wire()

    @property
    def header(self) -> list[Any]:
        """What stands in the page's bar."""
        return [self.fit, self.reset, self.save, self.foresight]

    @property
    def objects(self) -> list[Any]:
        """What stands in the sidebar."""
        hint = pn.pane.HTML(SPREAD, margin=(6, 14, 0, 14), styles={"font-size": "12px"})
        tabs = pmui.Tabs(
            ("Stimulus", pn.Column(pn.Row(self._stimulus, self._add, margin=0), self._stimulus_rows, margin=0)),
            ("Simulation", pn.Column(self._run_rows, margin=(4, 0))),
            ("Spread", pn.Column(hint, self._spread_rows, margin=0)),
            sizing_mode="stretch_width",
            margin=(4, 0, 0, 0),
        )
        menus = pn.Row(self._model, self._preset, margin=0, sizing_mode="stretch_width")
        missing = [pn.pane.HTML(text, margin=(2, 14), styles={"font-size": "12px"}) for text in missing_models()]
        return [menus, *missing, self._equations, self._model_rows, tabs]

    @property
    def foreseen(self) -> tuple[Rows, Rows]:
        """The rows along whose sliders the future is shown."""
        return self._model_rows, self._stimulus_rows

    def join(self, channel: Channel) -> None:
        """Listen on the page's channel as well."""
        for rows in self._rows:
            rows.join(channel, f"rows {rows.name}")
        self._equations.join(channel, "equations")

    def show(self) -> None:
        """Show the session as it is."""
        session = self._session
        with self._silence():
            self._model.value = session.soma.__name__
            self._preset.value = session.preset.id if session.preset else DEFAULTS
            self._stimulus.value = type(session.parts[0]).__name__
            self._model_rows.rebuild(model_rows(session))
            self._stimulus_rows.rebuild(stimulus_rows(session))
            self._run_rows.rebuild(run_rows(session))
            self._spread_rows.rebuild(spread_rows(session))
            self._equations.show(session.soma.__name__, sources_of(session))

    def set(self, values: dict[str, Any], final: bool) -> None:
        """Set values from elsewhere in the page; their rows show them."""
        for rows in self._rows:
            own = {key: value for key, value in values.items() if key in rows.keys}
            if own:
                rows.push(own)
                self._set(rows, own, final)

    @contextmanager
    def _silence(self) -> Iterator[None]:
        """While menus are set to what the session says, they do not answer."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    def _wire(self) -> None:
        for rows in self._rows:
            rows.on_set = partial(self._set, rows)
        self._stimulus_rows.on_remove = lambda part: self._restructure(partial(self._session.remove_stimulus, part))
        self._model.param.watch(self._choose_model, "value")
        self._preset.param.watch(self._choose_preset, "value")
        self._stimulus.param.watch(self._choose_stimulus, "value")
        self._add.on_click(self._add_stimulus)
        self.reset.on_click(lambda event: self._restructure(self._session.reset))

    def _choose_model(self, event: Any) -> None:
        if not self._quiet:
            self._restructure(partial(self._session.choose_model, event.new))

    def _choose_preset(self, event: Any) -> None:
        if self._quiet:
            return
        if event.new == DEFAULTS:
            self._restructure(self._session.leave_preset)
        else:
            self._restructure(partial(self._session.choose_preset, event.new))

    def _choose_stimulus(self, event: Any) -> None:
        if not self._quiet:
            self._restructure(partial(self._session.choose_stimulus, stimuli.catalogue()[event.new]))

    def _add_stimulus(self, event: Any) -> None:
        label = event["label"] if isinstance(event, dict) else event.new["label"]
        self._restructure(partial(self._session.add_stimulus, stimuli.catalogue()[self._kinds[label]]))

    def _set(self, rows: Rows, values: dict[str, Any], final: bool) -> None:
        """Rows were moved: set their values, or say beside the row why not."""
        try:
            self._move(dict(self._path(key, value) for key, value in values.items()), final)
        except (ValueError, TypeError) as error:
            rows.push(errors=dict.fromkeys(values, str(error)))
        else:
            if any(
                key == "run.duration" or key.endswith(UNTIL_END) for key in values
            ):  # what lasts until the end does so again
                durations = [f"stimulus.{i}.duration" for i in range(len(self._session.parts))]
                own = self._stimulus_rows.keys
                self._stimulus_rows.push({key: self._session.get(key) for key in durations if key in own})

    def _path(self, key: str, value: Any) -> tuple[str, Any]:
        """A row's key and value as a path of the session and its value."""
        solver = self._session.config.solver
        if key == "solver":
            kind = solvers.catalogue()[value]
            on_grid = kind().on_grid or (solver.on_grid and not type(solver)().on_grid)
            self._run_rows.push({"on_grid": on_grid})
            return "config.solver", kind(on_grid=on_grid)
        if key == "on_grid":
            return "config.solver", type(solver)(on_grid=bool(value))
        if key.endswith(".samples"):
            return key, from_text(value)
        if key.rsplit(".", 1)[-1] in ("units", "shown", "seed"):
            return key, int(value)
        return key, value
