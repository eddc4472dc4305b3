"""A session as plain data, to be kept or sent, and back."""

from __future__ import annotations

import math
from typing import Any

from spark.solvers import Solver
from spark.stimuli import Stimulus, Sum
from spark.stimuli import catalogue as stimuli

from . import membrane
from .job import Job
from .lasting import Lasting
from .session import MAX_PARTS, Session, tolerant

VERSION = 1
RESISTIVE, CAPACITIVE = "tau, R", "C, g_L"
"""How the membrane is shown; documents without that are older, and have the first."""
SHOWN = "membrane_shown"
"""C and g_L for whoever reads the document, where the page shows them: `config` has tau and R to the last digit."""
LASTING = "lasting"
"""How long each stimulus lasted before the run, or its onset, was moved; older documents tell nothing of it."""
LABELS = {membrane.CAPACITANCE: "C (pF)", membrane.CONDUCTANCE: "g_L (nS)"}


def to_dict(session: Session) -> dict[str, Any]:
    """The whole session as plain data (JSON types)."""
    document = {
        "version": VERSION,
        "model": session.soma.__name__,
        "preset": session.preset.id if session.preset else None,
        "config": session.config.to_dict(),
        "stimulus": [part.to_dict() for part in session.parts],
        "run": session.settings.to_dict(),
        "spread": dict(session.spread),
        "initial": dict(session.initial),
        "membrane": CAPACITIVE if session.capacitive else RESISTIVE,
    }
    told = session.lasting.told(session.parts, session.settings.duration)
    document |= {LASTING: told} if told else {}
    return document | {SHOWN: _shown(session)} if membrane.CAPACITANCE in session.shown else document


def of_job(job: Job) -> dict[str, Any]:
    """The session that would run this job, as `to_dict` writes it."""
    session, config = Session(), job.soma.config
    session.soma = type(job.soma)
    spread = job.spread
    means = {name: getattr(config, name).mean for name in spread}
    session.config = tolerant(config.copy(units=None, **means))
    session.parts = [tolerant(part) for part in job.stimulus.parts]
    session.settings.duration, session.settings.units = job.steps * job.dt, job.units
    session.spread, session.initial = spread, dict(job.initial)
    return to_dict(session)


def _state(session: Session, name: Any, value: Any) -> float:
    names = [variable.name for variable in session.soma.system.variables]
    if name not in names:
        raise ValueError(f"{session.soma.__name__} has no state {name!r}: choose from {', '.join(names)}.")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"the initial {name} must be a finite number, not {value!r}.")
    return float(value)


def _shown(session: Session) -> dict[str, float]:
    """C and g_L with their units, as the page tells them."""
    return {label: session.get(path) for path, label in LABELS.items()}


def from_dict(data: Any) -> Session:
    """The session that `to_dict` wrote; whatever else it is given is refused.

    Raises:
        ValueError: another version, an unknown model, or values that no control could set.
    """
    if not isinstance(data, dict) or data.get("version") != VERSION:
        version = data.get("version") if isinstance(data, dict) else None
        raise ValueError(f"this is a session of version {version!r}; version {VERSION} is needed.")
    try:
        return _restored(data)
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"this is not a whole session: {error}") from error


def _restored(data: dict[str, Any]) -> Session:
    session = Session()
    session.choose_model(str(data["model"]))
    if data.get("preset"):
        session.choose_preset(str(data["preset"]))
    if session.soma.__name__ != data["model"]:
        raise ValueError(f"preset {data['preset']!r} is not one of {data['model']}.")
    solver = data["config"]["solver"]
    session.put("config.solver", Solver.from_dict(solver))
    _put(session, {"config": data["config"], "run": data["run"]} | _parts(session, data["stimulus"]))
    session.lasting = Lasting()  # nobody's hand has moved the run on the way here
    session.lasting.recall(session.parts, data.get(LASTING, ()))
    for name, std in data["spread"].items():
        session.put(f"spread.{name}", std)
    words = data.get("membrane", RESISTIVE)
    if words not in (RESISTIVE, CAPACITIVE):
        raise ValueError(f"a membrane is shown as {RESISTIVE!r} or {CAPACITIVE!r}, not {words!r}.")
    session.capacitive = words == CAPACITIVE
    for path, label in LABELS.items():
        told = data.get(SHOWN, {}).get(label)
        if told is not None and not membrane.same(told, session.get(path)):
            raise ValueError(
                f"{label} = {told:g} contradicts potential_tau and resistance, which make {session.get(path):g}: "
                f"change those, or leave {SHOWN!r} out."
            )
    session.initial = {str(name): _state(session, name, value) for name, value in data["initial"].items()}
    return session


def stimulus_of(parts: Any) -> Stimulus:
    """The stimulus that a document's `stimulus` says.

    Raises:
        ValueError: there is none of this name, or it has values that no control could set.
    """
    session = Session()
    try:
        _put(session, _parts(session, parts))
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"this is no stimulus: {error}") from error
    return session.job().stimulus


def _parts(session: Session, parts: Any) -> dict[str, Any]:
    """Give the session these kinds of stimuli; their values, by the prefix of their paths."""
    kinds = {name: kind for name, kind in stimuli().items() if kind is not Sum}
    if not 1 <= len(parts) <= MAX_PARTS:
        raise ValueError(f"a session has 1 to {MAX_PARTS} stimuli, not {len(parts)}.")
    for part in parts:
        if part["type"] not in kinds:
            raise ValueError(f"there is no stimulus {part['type']!r}.")
    session.parts = [tolerant(kinds[part["type"]]()) for part in parts]
    return {f"stimulus.{i}": part for i, part in enumerate(parts)}


def _put(session: Session, groups: dict[str, Any]) -> None:
    """Set values by the prefix of their paths."""
    for prefix, values in groups.items():
        for field, value in values.items():
            if field not in ("type", "solver", "units", "dtype") or (prefix, field) == ("run", "units"):
                session.put(f"{prefix}.{field}", value["values"] if field == "samples" else value)
