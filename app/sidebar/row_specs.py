"""From declared quantities to rows of controls."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import param

from spark import solvers
from spark.core.quantity import Quantity
from spark.nn.initializers import Initializer

from ..session import membrane
from ..session.lasting import UNTIL_END, timed
from ..session.session import Session
from .current_list import as_text
from .ranges import Range, size_of, sized, step_of, travel

_SIGNS = {
    r"\tau": "τ",
    r"\theta": "θ",
    r"\Delta": "Δ",
    r"\sigma": "σ",
    r"\mu": "μ",
    r"\nu": "ν",
    r"\varphi": "φ",
}
GROUPS = ("Membrane", "Threshold", "Spike initiation", "Refractoriness", "Adaptation", "Recovery")
TURNS = (
    {"text": "C, g_L", "says": "Show capacitance and leak conductance in place of time constant and resistance"},
    {"text": "τ_m, R", "says": "Show time constant and resistance in place of capacitance and leak conductance"},
)
"""What leads from one way in which the membrane is shown to the other, by whether it is shown by its capacitance."""

Row = dict[str, Any]


def plain_symbol(latex: str) -> str:
    """A LaTeX symbol as text with at most one subscript, `τ_m`."""
    for command, sign in _SIGNS.items():
        latex = latex.replace(command, sign)
    return re.sub(r"\\mathrm\{(\w+)\}", r"\1", latex).replace(" ", "")


def slider(key: str, quantity: Quantity, value: float, default: float, way: Range | None = None, **changes: Any) -> Row:
    """The row of a quantity; its way is made for its default value, so that it stays while values are moved."""
    low, high = quantity.span or quantity.bounds
    way = way or travel((low, high), float(default), quantity.log, quantity.bounds)
    return {
        "key": key,
        "kind": "slider",
        "name": quantity.words,
        "symbol": plain_symbol(quantity.symbol),
        "unit": quantity.unit,
        "doc": quantity.doc or "",
        "group": quantity.group,
        **way._asdict(),
        "default": float(default),
        "value": float(value),
    } | changes


def model_rows(session: Session) -> list[Row]:
    """A row for every quantity of the soma, in groups; that of the membrane can be shown in two ways."""
    rows = _rows_of(session, session.shown)
    if session.has_capacitance:
        for row in rows:
            if row["group"] == "Membrane":
                row["turn"] = TURNS[membrane.CAPACITANCE in session.shown]
    return rows


def _rows_of(session: Session, quantities: Mapping[str, Quantity]) -> list[Row]:
    rows = [
        slider(path, q, _number(session.get(path)), session.default(path), home=_home(session))
        for path, q in quantities.items()
    ]
    return sorted(rows, key=lambda row: GROUPS.index(row["group"]) if row["group"] in GROUPS else len(GROUPS))


def _home(session: Session) -> str:
    """What a row's default value is called."""
    return "Preset" if session.preset else "Default"


def _number(value: Any) -> float:
    if isinstance(value, Initializer):
        raise TypeError("a slider shows numbers; use the spread of the population for distributions.")
    return float(value)


def stimulus_rows(session: Session) -> list[Row]:
    """Rows of every part of the stimulus."""
    rows: list[Row] = []
    several = len(session.parts) > 1
    ways = _stimulus_ways(session)
    for i, part in enumerate(session.parts):
        heading = {"group": f"{i}", "title": part.title, "part": i if several else None, "home": _home(session)}
        own = vars(type(part))
        for name, field in sorted(part.fields().items(), key=lambda item: item[0] not in own):
            key = f"stimulus.{i}.{name}"
            value, default = session.get(key), session.default(key)
            if isinstance(field, Quantity):
                rows.append(slider(key, field, value, default, ways.get(key), **heading))
                if name == "duration" and timed(part):
                    rows.append(_until_end(session, i) | heading)
            elif isinstance(field, param.Boolean):
                rows.append(_plain(key, "check", name, field, bool(value), bool(default)) | heading)
            elif isinstance(field, param.Integer):
                rows.append(whole(key, name, field, value, default, 99) | heading)
            else:
                rows.append(_plain(key, "text", name, field, as_text(value), as_text(default)) | heading)
    return rows


def _until_end(session: Session, part: int) -> Row:
    """Whether a part of the stimulus lasts for as long as the run does."""
    key = f"stimulus.{part}{UNTIL_END}"
    row = _plain(key, "check", "until the end", None, session.get(key), session.default(key))
    return row | {"doc": "Lasts until the run ends, also where that is made longer or shorter."}


def _stimulus_ways(session: Session) -> dict[str, Range]:
    """Ways of what has the size of its preset: currents, that of the strongest where they are zero, each to its bounds.

    Times end with the run.
    """
    fields = {
        f"stimulus.{i}.{name}": field
        for i, part in enumerate(session.parts)
        for name, field in part.fields().items()
        if isinstance(field, Quantity) and not field.log
    }
    defaults = {key: float(session.default(key)) for key in fields}
    currents = {key: defaults[key] for key, field in fields.items() if field.unit == "pA"}
    ways: dict[str, Range] = {}
    for key, field in fields.items():
        low = (field.span or field.bounds)[0]
        if key in currents and (size := size_of(currents[key], currents.values())):
            ways[key] = sized(size, low < 0, field.bounds)
        elif key.endswith((".onset", ".duration")):
            end = float(session.settings.duration)
            ways[key] = Range(float(low), end, step_of(end - low), False)
    return ways


def run_rows(session: Session) -> list[Row]:
    """Rows of the simulation: time and solver."""
    run, config = session.settings, session.config
    fields = type(run).param
    dt = cast(Quantity, type(config).param["dt"])
    default = session.default
    solver = config.solver
    names = [(kind.__name__, kind.__name__) for kind in solvers.catalogue().values()]
    return [
        slider("run.duration", cast(Quantity, fields["duration"]), run.duration, default("run.duration"), group=""),
        slider("config.dt", dt, config.dt, default("config.dt"), group=""),
        _plain(
            "solver",
            "choice",
            "solver",
            type(config).param["solver"],
            type(solver).__name__,
            type(default("config.solver")).__name__,
        )
        | {"options": names},
        _plain("on_grid", "check", "spikes on the grid", None, solver.on_grid, default("config.solver").on_grid)
        | {"doc": "As fixed-step simulators do: spikes fall on time steps instead of between them."},
    ]


def crowd_rows(session: Session) -> list[Row]:
    """Rows of the population: how many neurons there are, and how many are seen one by one."""
    run, config, default = session.settings, session.config, session.default
    fields = type(run).param
    return [
        whole("run.units", "neurons", fields["units"], run.units, default("run.units"), 1000, log=True),
        whole("run.shown", "traces shown", fields["shown"], run.shown, default("run.shown"), 10),
        whole("config.seed", "seed of the spread", type(config).param["seed"], config.seed, default("config.seed"), 99),
    ]


def spread_rows(session: Session) -> list[Row]:
    """A row for the standard deviation of every field over the population."""
    rows: list[Row] = []
    for row in _rows_of(session, {f"config.{name}": q for name, q in session.fields.items()}):
        key = "spread." + row["key"].removeprefix("config.")
        high = round(float(row["max"] - row["min"]) / 4, 6)
        rows.append(
            row
            | {"key": key, "symbol": f"σ({row['symbol']})", "name": f"spread of {row['name']}"}
            | Range(0.0, high, step_of(high), False)._asdict()
            | {"default": 0.0, "value": session.get(key), "home": "Default"}
            | {"doc": "Standard deviation between the neurons of the population."}
        )
    return rows


def whole(key: str, name: str, field: Any, value: int, default: int, high: int, log: bool = False) -> Row:
    """The row of a whole number."""
    low = field.bounds[0]
    return {
        "key": key,
        "kind": "slider",
        "name": name,
        "symbol": "",
        "unit": "",
        "doc": field.doc,
        "group": "",
        "min": low,
        "max": high,
        "step": 1,
        "integer": True,
        "log": log,
        "default": default,
        "value": value,
    }


def _plain(key: str, kind: str, name: str, field: Any, value: Any, default: Any) -> Row:
    doc = field.doc if field is not None else ""
    return {
        "key": key,
        "kind": kind,
        "name": name,
        "symbol": "",
        "doc": doc,
        "group": "",
        "value": value,
        "default": default,
    }
