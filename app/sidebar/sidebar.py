"""The visitor's controls: menus, rows and buttons. They show what the session says, and say what the hand does."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import panel as pn
import panel_material_ui as pmui

from spark import solvers, stimuli
from spark.core.echo import echo
from spark.nn.components.somas import catalogue
from spark.presets import presets

from ..client.actions import Actions
from ..client.channel import Channel
from ..client.equations import Equations
from ..client.frames import BadFrame
from ..client.menu import Menu
from ..client.rows import Rows
from ..numbers import typographic
from ..session import membrane
from ..session.lasting import UNTIL_END
from ..session.session import Session
from ..session.share import to_dict
from . import leading
from .current_list import from_text
from .membrane_equations import by_capacitance
from .menus import DEFAULTS, missing_models, model_groups, preset_groups, sources_of, stimulus_groups
from .row_specs import Row, crowd_rows, model_rows, run_rows, spread_rows, stimulus_rows

TABS = ("Stimulus", "Simulation", "Population")
SPREAD = "Standard deviation of each value between neurons (two or more)."
PRESETS = {
    "label": "Preset",
    "search": "Title, author, year or pattern",
    "more": f"Presets of all models ({len(presets())})",
    "steps": True,
    "bar": True,
}
DURATION, TIMED = "run.duration", (".onset", ".duration", UNTIL_END)
"""The path of the run's end, and ends of paths of what a stimulus has to do with it."""
ROWS = {"sizing_mode": "stretch_width", "margin": (0, 8)}
ACTIONS = [
    {
        "key": "reset",
        "icon": "reset",
        "label": "Reset all",
        "title": "All values back to the preset, or to the defaults",
    },
    {"key": "lessons", "icon": "lessons", "label": "Lessons", "title": "A course in the page (C)"},
    {"key": "mystery", "icon": "mystery", "label": "Mystery", "title": "A neuron with hidden values (M)"},
    {"key": "classroom", "icon": "classroom", "label": "Class", "title": "A room for a class: join or open one (R)"},
    {
        "key": "present",
        "icon": "present",
        "label": "Present",
        "title": "Large type, the sliders with a star, one view (P)",
    },
    {"key": "share", "icon": "share", "label": "Share", "title": "A link to what is shown, and kept states (L)"},
    {"key": "export", "icon": "export", "label": "Export", "title": "Figure, data or code of this run"},
]
"""On the bar; the order is that of the page."""
HELD = "Held by this lesson. “Show all controls” in its panel frees it."
OF_LESSON = "Values of the lesson"
BELOW = {"position": "relative"}
ALONE = {"--tabs-header": "none", "--beside-tabs": "static", "--beside-left": "12px"}
"""How the stimulus's rows stand where the tabs beside theirs have none."""
ASIDE, ASIDE_ROW = "var(--aside-shown, block)", "var(--aside-shown, flex)"
"""How what is left out of a presentation is shown (`app/client/arrangement/present.css`)."""


class Sidebar:
    """All controls.

    Args:
        session: what they show.
        restructure: carries a change of the session out, after which the controls are others (`show`); takes what the
            change is called as well, where that is more than its values.
        move: sets values of the session by path; True when the hand lets go. Raises ValueError or TypeError for values
            that are refused.
    """

    def __init__(
        self,
        session: Session,
        restructure: Callable[..., None],
        move: Callable[[dict[str, Any], bool], None],
    ) -> None:
        self._session, self._restructure, self._move = session, restructure, move
        self._kinds = {kind.title: name for name, kind in stimuli.catalogue().items() if kind is not stimuli.Sum}
        self._model = Menu(
            first={"label": "Model", "groups": model_groups(), "bar": True}, margin=0, css_classes=["on-bar"]
        )
        self._preset = Menu(first=PRESETS | {"groups": preset_groups()}, margin=0, css_classes=["on-bar", "steps"])
        stimulus = {"label": "Stimulus", "groups": stimulus_groups()}
        self._stimulus = Menu(first=stimulus, sizing_mode="stretch_width", margin=(12, 4, 2, 8))
        add = {"items": [{"label": title} for title in self._kinds], "margin": (12, 8, 2, 0), "width": 90}
        self._add = pmui.MenuButton(label="Add", icon="add", size="small", variant="outlined", **add)
        equations = {name: list(kind.equations) for name, kind in catalogue().items()}
        self._equations = Equations(models=equations, margin=(2, 8), sizing_mode="stretch_width")
        self._model_rows, self._stimulus_rows = Rows(foresight=True, **ROWS), Rows(foresight=True, **ROWS)
        self._run_rows, self._crowd_rows, self._spread_rows = Rows(**ROWS), Rows(**ROWS), Rows(**ROWS)
        own = (self._run_rows, self._crowd_rows, self._spread_rows)
        self._rows = (self._model_rows, self._stimulus_rows, *own)
        self.actions = Actions(first={"actions": ACTIONS})
        self.foresight = pmui.Switch(label="Foresight", value=True, size="small", margin=0)
        # In line with the tabs; where chips stand in their place it would lie on the rows, and stands below them.
        in_line = {"position": "var(--beside-tabs, absolute)", "right": "12px", "top": "9px"}
        self.foresight.styles = in_line | {"display": ASIDE, "margin-left": "var(--beside-left, 0)"}
        self.tabs = self._tabs()
        self._below = pn.Column(self.tabs, self.foresight, sizing_mode="stretch_width", margin=0, styles=BELOW)
        self._tab = 0  # before a presentation
        self._only: frozenset[str] | None = None
        self._locked: frozenset[str] = frozenset()
        self._why = HELD
        self._lesson: tuple[dict[str, Any], Callable[[], None]] | None = None
        self._wire()

    def _tabs(self) -> pmui.Tabs:
        hint = pn.pane.HTML(SPREAD, margin=(6, 8, 2, 8), styles={"font-size": "12px"})
        self._menus = pn.Row(self._stimulus, self._add, margin=0, styles={"display": ASIDE_ROW})
        tabs = pmui.Tabs(
            (TABS[0], pn.Column(self._menus, self._stimulus_rows, margin=0)),
            (TABS[1], pn.Column(self._run_rows, margin=(4, 0))),
            (TABS[2], pn.Column(self._crowd_rows, hint, self._spread_rows, margin=(4, 0))),
            sizing_mode="stretch_width",
            margin=(4, 0, 0, 0),
        )
        tabs.stylesheets = [*tabs.stylesheets, ".MuiTabs-root { display: var(--tabs-header) !important }"]
        return tabs

    @property
    def header(self) -> list[Any]:
        """What stands in the page's bar."""
        return [self._model, self._preset, self.actions]

    @property
    def objects(self) -> list[Any]:
        """What stands in the sidebar."""
        missing = [pn.pane.HTML(text, margin=(2, 14), styles={"font-size": "12px"}) for text in missing_models()]
        return [*missing, self._equations, self._model_rows, self._below]

    @property
    def foreseen(self) -> tuple[Rows, Rows]:
        """The rows along whose sliders the future is shown."""
        return self._model_rows, self._stimulus_rows

    @property
    def rows(self) -> tuple[Rows, ...]:
        """All rows."""
        return self._rows

    def join(self, channel: Channel) -> None:
        """Listen on the page's channel as well."""
        for rows in self._rows:
            rows.join(channel, f"rows {rows.name}")
        self._equations.join(channel, "equations")
        self.actions.join(channel, "actions")
        for menu in (self._model, self._preset, self._stimulus):
            menu.join(channel, f"menu {menu.name}")

    def show(self) -> None:
        """Show the session as it is."""
        session = self._session
        name = session.soma.__name__
        self._model.show(value=name)
        self._preset.show(value=session.preset.id if session.preset else DEFAULTS, part=name)
        self.depart(session.modified)
        self._stimulus.show(value=type(session.parts[0]).__name__)
        model = model_rows(session)
        self._model_rows.rebuild(self._kept(leading.with_stars(session, model, leading.of_model(session, model))))
        self._stimulus_rows.rebuild(self._of_stimulus())
        self._run_rows.rebuild(self._kept(run_rows(session)))
        self._crowd_rows.rebuild(self._kept(crowd_rows(session)))
        self._spread_rows.rebuild(self._kept(spread_rows(session)))
        capacitive = membrane.CAPACITANCE in session.shown
        self._equations.show(name, sources_of(session), by_capacitance(session.soma.equations) if capacitive else None)

    def limit(self, only: Collection[str] | None, locked: Collection[str] = (), why: str = HELD) -> None:
        """Show the rows of these paths alone, some of them locked, and say why; None shows all."""
        wanted = (None if only is None else frozenset(only)), frozenset(locked)
        if wanted == (self._only, self._locked):
            return
        (self._only, self._locked), self._why = wanted, why
        self.show()
        shown = self._run_rows.keys | self._crowd_rows.keys | self._spread_rows.keys
        alone = only is not None and not shown
        self._menus.styles = {"display": "none" if only is not None else ASIDE_ROW}
        self._below.styles = BELOW | (ALONE if alone else {})
        if alone:
            self.open_tab(0)

    def _kept(self, rows: list[Row]) -> list[Row]:
        """Those that are not left out, and whether each is locked."""
        only, locked = self._only, self._locked
        shown = [row for row in rows if only is None or row["key"] in only]
        return [row | {"locked": self._why} if row["key"] in locked else row for row in shown] if locked else shown

    def depart(self, modified: bool) -> None:
        """Say whether what is chosen is still as the preset has it; in a lesson, as that has it."""
        if self._lesson is None:
            self._preset.show(modified=modified, own=None)
        else:
            self._preset.show(modified=modified and to_dict(self._session) != self._lesson[0], own=OF_LESSON)

    def belong(self, document: dict[str, Any] | None, back: Callable[[], None] = lambda: None) -> None:
        """What is shown belongs to a lesson, whose values are these, and `back` sets them; None: to a preset."""
        self._lesson = None if document is None else (document, back)
        self.depart(self._session.modified)

    def present(self) -> None:
        """The stimulus's sliders are to be there: open their tab."""
        self._tab = self.tabs.active
        self.open_tab(0)

    def leave(self) -> None:
        """The presentation has ended: open the tab that was open before."""
        self.open_tab(self._tab)

    def open_tab(self, tab: int) -> None:
        """Show the tab of this place in `TABS`."""
        # What is set before the page is loaded, Panel never tells it.
        pn.state.onload(partial(self.tabs.param.update, active=tab))

    def push(self, values: dict[str, Any]) -> None:
        """Let rows show values that the session does not have yet."""
        for rows in self._rows:
            if own := {key: value for key, value in values.items() if key in rows.keys}:
                rows.push(own)

    def set(self, values: dict[str, Any], final: bool) -> None:
        """Set values from elsewhere in the page; their rows show them, and those that are locked say why they stay."""
        if held := self._locked & values.keys():
            for rows in self._rows:
                if here := held & rows.keys:
                    rows.push(errors=dict.fromkeys(here, self._why))
            values = {key: value for key, value in values.items() if key not in held}
        for rows in self._rows:
            own = {key: value for key, value in values.items() if key in rows.keys}
            if own and self._set(rows, own, final):
                rows.push(own)
        other = {
            key: values[key] for key in values.keys() & {membrane.TAU, membrane.RESISTANCE} - self._model_rows.keys
        }
        if other:  # the membrane is shown in other words
            self._set(self._model_rows, other, final)
            self._model_rows.push({path: self._session.get(path) for path in membrane.QUANTITIES})

    def _wire(self) -> None:
        for rows in self._rows:
            rows.on_set = partial(self._set, rows)
        self._stimulus_rows.on_remove = lambda part: self._restructure(partial(self._session.remove_stimulus, part))
        self._model_rows.on_turn = self._turn
        self._model.on_choose = self._choose_model
        self._preset.on_choose = self._choose_preset
        self._preset.on_back = self._back
        self._stimulus.on_choose = self._choose_stimulus
        self._add.on_click(self._add_stimulus)
        self.actions.on_press["reset"] = self._reset

    def _turn(self) -> None:
        """Show the membrane in the other words."""
        capacitive = membrane.CAPACITANCE not in self._session.shown
        self._restructure(partial(self._session.show_capacitance, capacitive))

    def _reset(self) -> None:
        self._restructure(self._session.reset, "Reset all")

    def _back(self) -> None:
        """What the preset's menu names, as it was."""
        (self._reset if self._lesson is None else self._lesson[1])()

    def _choose_model(self, name: str) -> None:
        if name != self._session.soma.__name__:
            self._restructure(partial(self._session.choose_model, name))

    def _choose_preset(self, key: str) -> None:
        """Take a preset; the one that is chosen already, as it was."""
        session = self._session
        self._restructure(session.leave_preset if key == DEFAULTS else partial(session.choose_preset, key))

    def _choose_stimulus(self, name: str) -> None:
        if name not in self._kinds.values():
            raise BadFrame(f"there is no stimulus {echo(name)}.")
        self._restructure(partial(self._session.choose_stimulus, stimuli.catalogue()[name]))

    def _add_stimulus(self, event: Any) -> None:
        label = event["label"] if isinstance(event, dict) else event.new["label"]
        self._restructure(partial(self._session.add_stimulus, stimuli.catalogue()[self._kinds[label]]))

    def _of_stimulus(self) -> list[Row]:
        rows = stimulus_rows(self._session)
        return self._kept(leading.with_stars(self._session, rows, leading.of_stimulus(rows)))

    def _set(self, rows: Rows, values: dict[str, Any], final: bool) -> bool:
        """Rows were moved: set their values, or say beside the row why not; whether they were accepted."""
        try:
            self._move(dict(self._path(key, value) for key, value in values.items()), final)
        except (ValueError, TypeError) as error:
            rows.push(errors=dict.fromkeys(values, typographic(str(error))))
            return False
        if final and DURATION in values:
            self._stimulus_rows.rebuild(self._of_stimulus(), keep=True)  # times end with the run
        elif any(key == DURATION or key.endswith(TIMED) for key in values):
            self._show_times(values)
        return True

    def _show_times(self, moved: dict[str, Any]) -> None:
        """What lasts until the end still does where the run was moved; onset and duration say whether it does."""
        rows = self._stimulus_rows
        held = {key: value for key, value in (rows.values | moved).items() if key in rows.keys and key.endswith(TIMED)}
        now = {key: self._session.get(key) for key in held}
        if other := {key: value for key, value in now.items() if value != held[key]}:
            rows.push(other)

    def _path(self, key: str, value: Any) -> tuple[str, Any]:
        """A row's key and value as a path of the session and its value."""
        solver = self._session.config.solver
        if key == "solver":
            kind = solvers.catalogue().get(value) if isinstance(value, str) else None
            if kind is None:
                raise ValueError(f"There is no solver {echo(value)}: choose from {', '.join(solvers.catalogue())}.")
            on_grid = kind().on_grid or (solver.on_grid and not type(solver)().on_grid)
            self._run_rows.push({"on_grid": on_grid})
            return "config.solver", kind(on_grid=on_grid)
        if key == "on_grid":
            return "config.solver", type(solver)(on_grid=bool(value))
        if key.endswith(".samples"):
            if not isinstance(value, str):
                raise TypeError(f"Currents are typed as text, such as 0, 200, 400, not {echo(value)}.")
            return key, from_text(value)
        if key.rsplit(".", 1)[-1] in ("units", "shown", "seed") and isinstance(value, float):
            return key, int(value)
        return key, value
