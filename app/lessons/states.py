"""States of a lesson: short names of values, applied to a session."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from spark import solvers, stimuli
from spark.nn.components.somas import catalogue
from spark.presets import presets

from ..keep import link
from ..session import membrane
from ..session.session import Session
from ..session.share import from_dict, to_dict
from .fault import unknown

RUN = {"run": "run.duration", "units": "run.units", "shown": "run.shown", "dt": "config.dt"}
"""Short names of what belongs to the run."""
ROWS = ("solver", "on_grid")
"""What has a row of its own name."""
WHOLE = ("preset", "model", "link", "stimulus", "initial", "solver", "on_grid", "membrane")
"""What is set as a whole, in this order, before single values."""
ANEW = ("preset", "model", "link")
"""What begins anew: one of them."""


def build(*changes: Mapping[str, Any]) -> Session:
    """A session with these changes, one after the other: see `apply`."""
    session = Session()
    for one in changes:
        apply(session, one)
    return session


def changed(session: Session, changes: Mapping[str, Any]) -> Session:
    """A copy of a session with these changes: see `apply`."""
    other = from_dict(to_dict(session))
    apply(other, changes)
    return other


def apply(session: Session, changes: Mapping[str, Any]) -> None:
    """Change a session.

    Args:
        session: what is changed.
        changes: values by short name (`amplitude`, `resistance`, `run` for the length of the run) or by path
            (`stimulus.1.std`); `preset`, `model` or `link` (see `linked`) begins anew, `stimulus` is the name of one
            or a list of names, `initial` is a dict of states, `solver` the name of one.

    Raises:
        ValueError: a name that the model or its stimulus does not have, or a value out of its bounds.
    """
    if len(both := [name for name in ANEW if name in changes]) > 1:
        raise ValueError(f"{' and '.join(both)} begin anew: keep one of them, with the values that differ after it.")
    for name in WHOLE:
        if name in changes:
            _whole(session, name, changes[name])
    values = {path_of(session, name): _plain(value) for name, value in changes.items() if name not in WHOLE}
    try:
        if "run.duration" in values:
            _run(session, values.pop("run.duration"))
        if values:
            session.set(values)
    except TypeError as error:
        raise ValueError(str(error)) from error


def _whole(session: Session, name: str, value: Any) -> None:
    match name:
        case "preset":
            if value not in presets():
                raise ValueError(unknown("preset", str(value), presets()))
            session.take(Session())
            session.choose_preset(value)
        case "model":
            if value not in catalogue():
                raise ValueError(unknown("model", str(value), catalogue()))
            fresh = Session()
            fresh.choose_model(value)
            session.take(fresh)
        case "link":
            session.take(linked(value))
        case "stimulus":
            kinds = {one: kind for one, kind in stimuli.catalogue().items() if kind is not stimuli.Sum}
            names = [value] if isinstance(value, str) else list(value)
            for at, one in enumerate(names):
                if one not in kinds:
                    raise ValueError(unknown("stimulus", str(one), kinds))
                while at == 0 and len(session.parts) > 1:
                    session.remove_stimulus(1)
                (session.add_stimulus if at else session.choose_stimulus)(kinds[one])
        case "initial":
            known = [variable.name for variable in session.soma.system.variables]
            for state in value:
                if state not in known:
                    raise ValueError(unknown("state", str(state), known))
            session.start_from({state: float(one) for state, one in value.items()})
        case "solver":
            if value not in solvers.catalogue():
                raise ValueError(unknown("solver", str(value), solvers.catalogue()))
            session.put("config.solver", solvers.catalogue()[value]())
        case "on_grid":
            session.put("config.solver", type(session.config.solver)(on_grid=bool(value)))
        case "membrane":
            session.show_capacitance(value == "C, g_L")


def linked(text: Any) -> Session:
    """The session of a link as the page shares it: a whole address, or what stands after its #.

    Raises:
        ValueError: there is none in it, or it cannot be read.
    """
    whole = str(text).strip()
    written = whole.rpartition("#")[2]
    if not isinstance(text, str) or not written or (written == whole and ("/" in whole or "?" in whole)):
        raise ValueError("a link is the address that Share gives, or what stands in it after the #; this has none.")
    try:
        return link.read(written)[0]
    except link.BadLink as error:
        raise ValueError(f"{error} Copy the address under Share as a whole.") from error


def _run(session: Session, duration: Any) -> None:
    """Another length of the run; stimuli stay what they are, where a hand that moves it would take them along."""
    before = [part.values() for part in session.parts]
    session.set({"run.duration": duration})
    for at, (part, values) in enumerate(zip(session.parts, before, strict=True)):
        moved = {f"stimulus.{at}.{name}": one for name, one in values.items() if part.values()[name] is not one}
        session.set({path: one for path, one in moved.items() if path.endswith((".onset", ".duration"))})


def names_of(session: Session) -> dict[str, str]:
    """Paths of everything that can be set, by short name.

    A value of the model comes before one of its stimulus, and of several stimuli the first; `onset_2` is the second's.
    """
    found = {name: f"config.{name}" for name in session.fields}
    for at, part in enumerate(session.parts):
        for name in part.fields():
            found.setdefault(name, f"stimulus.{at}.{name}")
            found[f"{name}_{at + 1}"] = f"stimulus.{at}.{name}"
    if session.has_capacitance:
        found |= {path.split(".")[1]: path for path in membrane.QUANTITIES}
    found |= {name: path for name, path in RUN.items() if name not in found}
    return found | {f"spread_{name}": f"spread.{name}" for name in session.fields}


def path_of(session: Session, name: str) -> str:
    """The path of a short name; a path is its own.

    Raises:
        ValueError: there is no such value.
    """
    if "." in name:
        session.get(name)
        return name
    known = names_of(session)
    if name not in known:
        plain = [one for one in known if not one.startswith("spread_")]
        raise ValueError(unknown(f"value of {session.soma.__name__} and its stimulus", name, plain))
    return known[name]


def rows_of(session: Session, names: Iterable[str]) -> list[str]:
    """The keys of the rows of these values, by short name or path.

    Raises:
        ValueError: there is no such value.
    """
    return [name if name in ROWS else path_of(session, name) for name in names]


def _plain(value: Any) -> Any:
    """Whole numbers of an expression are floats: they count things again."""
    return int(value) if isinstance(value, float) and math.isfinite(value) and value == int(value) else value
