"""What a live page is made of, from a session: rows, states to begin with, modules of the soma."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from spark.analysis import Plane, plane_of
from spark.core.quantity import Quantity
from spark.core.variable import LEVEL
from spark.export import javascript
from spark.presets import presets
from spark.stimuli import Stimulus, catalogue
from spark.stimuli.noise import Noisy

from ..session.session import Session
from ..session.share import to_dict
from ..sidebar.menus import sources_of
from ..sidebar.row_specs import Row, model_rows, plain_symbol, run_rows, slider, stimulus_rows
from ..views.style import BACKGROUND, COLOURS

VIEWS = ("phase", "fi")
"""What can be shown beside the traces."""
HOME = "As saved"
"""What the values are called with which a page was saved."""
SEED = {"words": "seed", "unit": "", "low": 0, "high": 2**31 - 1, "inclusive": [True, True], "integer": True}
TEXT = {False: "#333333", True: "#D8D8D8"}
LINE = {False: "#E6E6E6", True: "#31373B"}


class Content:
    """Everything that the page is told.

    Args:
        presets_too: whether the model's presets can be chosen.

    Attributes:
        plain: data for the page, of JSON types.
        modules: the soma in JavaScript, by the solver's text.
    """

    def __init__(
        self,
        session: Session,
        show: Collection[str],
        sliders: Collection[str] | None,
        locked: Collection[str],
        title: str,
        text: str,
        server: str,
        presets_too: bool = True,
    ) -> None:
        unknown = sorted(set(show) - set(VIEWS))
        if unknown:
            raise ValueError(f"show names {unknown[0]!r}: a live page can show {', '.join(VIEWS)}.")
        self.modules: dict[str, str] = {}
        self.states: list[dict[str, Any]] = []
        self.add(session, "saved", HOME, sliders, locked)
        if presets_too:
            for other, key, name in self._presets(session):
                self.add(other, key, name, sliders, locked)
        kind = session.soma
        plane = plane_of(kind)
        axis = None
        if isinstance(plane, Plane):
            axis = {"name": plane.second, "symbol": plain_symbol(plane.symbol), "unit": plane.unit, "form": plane.form}
        self.plain: dict[str, Any] = {
            "title": title,
            "text": text,
            "model": kind.__name__,
            "equations": list(kind.equations),
            "states": self.states,
            "noisy": [name for name, one in catalogue().items() if issubclass(one, Noisy)],
            "constant": [name for name, one in catalogue().items() if one.constant],
            "show": [view for view in show if view != "phase" or axis],
            "plane": axis,
            "server": server,
            "second": [
                {
                    "name": v.name,
                    "words": v.words,
                    "unit": v.unit,
                    "symbol": plain_symbol(v.symbol),
                    "level": v.name == LEVEL.name,
                }
                for v in kind.system.slow
            ],
            "rises": kind.system.chart is None,
            "colours": {name: _colours(dark) for name, dark in (("light", False), ("dark", True))},
        }

    def add(
        self, session: Session, key: str, name: str, sliders: Collection[str] | None, locked: Collection[str]
    ) -> None:
        """Values with which the page can begin, of the same model.

        Raises:
            ValueError: a name of a slider that there is not.
        """
        state = self._state(session, key, name)
        every = [*state["rows"], *state["driven"]]
        if not self.states:
            _check_names((*(sliders or ()), *locked), every)
        state["locked"] = [row["key"] for row in every if _named(row, locked)]
        if sliders is not None:
            for rows in ("rows", "driven"):
                state[rows] = [row for row in state[rows] if _named(row, (*sliders, *locked))]
        self.states.append(state)

    def _presets(self, session: Session) -> Iterator[tuple[Session, str, str]]:
        for key, preset in presets(session.soma).items():
            if session.preset is not None and key == session.preset.id and not session.modified:
                continue
            other = Session()
            other.choose_preset(key)
            yield other, key, preset.title

    def _state(self, session: Session, key: str, name: str) -> dict[str, Any]:
        config, soma = session.config, session.soma
        solver = repr(config.solver)
        if solver not in self.modules:
            self.modules[solver] = javascript(soma(), config.solver)
        run = [row | {"group": "Run"} for row in run_rows(session)]
        rows = [row for row in (*model_rows(session), *run) if _slides(row)]
        driven = [_headed(row, len(session.parts)) for row in stimulus_rows(session) if _slides(row)]
        if session.preset is None or session.modified:  # what was saved is what a reset leads back to
            rows = [_at_home(row, session) for row in rows]
            driven = [row | {"default": row["value"], "home": HOME} for row in driven]
        fields = {f"config.{name}": q for name, q in session.fields.items()}
        fields |= {"config.dt": type(config).param["dt"], "run.duration": type(session.settings).param["duration"]}
        whole: dict[str, Any] = {}
        pairs = [(f"config.{low}", f"config.{high}") for low, high in config.ordered]
        for i, part in enumerate(session.parts):
            own = {f"stimulus.{i}.{name}": field for name, field in part.quantities().items()}
            fields |= own
            whole |= {f"stimulus.{i}.seed": SEED} if hasattr(part, "seed") else {}
            pairs += [(f"stimulus.{i}.{low}", f"stimulus.{i}.{high}") for low, high in part.ordered]
        return {
            "id": key,
            "name": name,
            "solver": solver,
            "rows": [{key: value for key, value in row.items() if key != "turn"} for row in rows],
            "driven": driven,
            "stimulus": [_plain(part) for part in session.parts],
            "parameters": {name: float(session.get(f"config.{name}")) for name in session.fields},
            "initial": dict(session.initial),
            "dt": config.dt,
            "duration": float(session.settings.duration),
            "sources": sources_of(session),
            "session": to_dict(session),
            "bounds": {path: _bounds(q) for path, q in fields.items()} | whole,
            "strongest": _strongest(session),
            "ordered": pairs,
        }


def _named(row: Row, names: Collection[str]) -> bool:
    """Whether a row is named, by its field or by its key."""
    return row["key"] in names or row["key"].rpartition(".")[2] in names


def _check_names(names: Collection[str], rows: Collection[Row]) -> None:
    """Refuse a name that is no row's.

    Raises:
        ValueError: says which there are.
    """
    for name in names:
        if not any(_named(row, [name]) for row in rows):
            there = ", ".join(sorted({row["key"].rpartition(".")[2] for row in rows}))
            raise ValueError(f"there is no slider {name!r}: there are {there}.")


def _strongest(session: Session) -> float:
    """Up to which current the f-I curve goes, pA: twice the strongest of the stimulus, or what a default one has."""
    currents = [
        float(np.max(np.abs(getattr(part, name))))
        for part in session.parts
        for name, quantity in part.quantities().items()
        if quantity.unit == "pA"
    ]
    return 2 * max(currents, default=0.0) or 1000.0


def _at_home(row: Row, session: Session) -> Row:
    """The row with its value as its default, and the way that is made for it."""
    quantity = session.shown.get(row["key"])
    if quantity is None:
        return row | {"default": row["value"], "home": HOME}
    return slider(row["key"], quantity, row["value"], row["value"], home=HOME)


def _headed(row: Row, parts: int) -> Row:
    """The row of a stimulus below its name, which no menu says here, and which nobody can remove."""
    number = f" {int(row['group']) + 1}" if parts > 1 else ""
    return {key: value for key, value in row.items() if key not in ("title", "part")} | {
        "group": f"{row['title']}{number}"
    }


def _slides(row: Row) -> bool:
    """Whether the page can run what this row sets: not another solver, nor a text of currents."""
    return row["kind"] == "slider"


def _plain(part: Stimulus) -> dict[str, Any]:
    plain = part.to_dict()
    if isinstance(plain.get("samples"), dict):
        samples = np.asarray(part.samples)  # type: ignore[attr-defined]
        if samples.ndim > 1 and samples.shape[1] != 1:
            raise ValueError(f"A live page is of one neuron: its current has {samples.shape[1]} columns, give one.")
        plain["samples"] = samples.ravel().tolist()
    return plain


def _bounds(quantity: Quantity) -> dict[str, Any]:
    low, high = quantity.bounds
    inclusive = list(quantity.inclusive)
    return {"words": quantity.words, "unit": quantity.unit, "low": low, "high": high, "inclusive": inclusive}


def _colours(dark: bool) -> dict[str, str]:
    names = ("potential", "threshold", "second", "spikes", "current", "rate", "ghost", "trail")
    own = {name: COLOURS[dark][name] for name in names}
    return own | {"text": TEXT[dark], "line": LINE[dark], "back": BACKGROUND[dark]}
