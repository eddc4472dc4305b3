"""A session as plain data, to be kept or sent, and back."""

from __future__ import annotations

from typing import Any, TypeVar

from spark.core.echo import echo
from spark.core.sizes import LARGEST, as_float
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
KINDS: dict[type, str] = {str: "text", dict: "dict", list: "list"}
T = TypeVar("T")
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
        raise ValueError(f"{session.soma.__name__} has no state {echo(name)}: choose from {', '.join(names)}.")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(as_float(value)) <= LARGEST:
        raise ValueError(f"the initial {name} must be a finite number of at most {LARGEST:g}, not {echo(value)}.")
    return as_float(value)


def _shown(session: Session) -> dict[str, float]:
    """C and g_L with their units, as the page tells them."""
    return {label: session.get(path) for path, label in LABELS.items()}


def from_dict(data: Any) -> Session:
    """The session that `to_dict` wrote; whatever else it is given is refused.

    Raises:
        ValueError: another version, an unknown model, or values that no control could set; says which.
    """
    if not isinstance(data, dict) or not _is(data.get("version"), VERSION):
        version = data.get("version") if isinstance(data, dict) else None
        raise ValueError(f"this is a session of version {echo(version)}; version {VERSION} is needed.")
    try:
        return _restored(data)
    except TypeError as error:  # a value of another kind than its field has
        raise ValueError(f"this is not a whole session: {error}") from error


def _is(value: Any, whole: int) -> bool:
    return type(value) is int and value == whole


def _of(data: dict[str, Any], name: str, kind: type[T], *default: T) -> T:
    """What a document has by this name, which must be of this kind."""
    if default and name not in data:
        return default[0]
    value = data.get(name)
    if not isinstance(value, kind):
        raise ValueError(f"this is not a whole session: its {name} is {echo(value)}, and must be a {KINDS[kind]}.")
    return value


def _restored(data: dict[str, Any]) -> Session:
    session = Session()
    model = _of(data, "model", str)
    session.choose_model(model)
    if data.get("preset"):
        session.choose_preset(_of(data, "preset", str))
    if session.soma.__name__ != model:
        raise ValueError(f"preset {echo(data['preset'])} is not one of {model}.")
    config, run, parts = _of(data, "config", dict), _of(data, "run", dict), _of(data, "stimulus", list)
    session.put("config.solver", Solver.from_dict(_of(config, "solver", dict)))
    _put(session, {"config": config, "run": run} | _parts(session, parts))
    session.lasting = Lasting()  # nobody's hand has moved the run on the way here
    session.lasting.recall(session.parts, _of(data, LASTING, list, []))
    for name, std in _of(data, "spread", dict).items():
        session.put(f"spread.{name}", std)
    words = data.get("membrane", RESISTIVE)
    if words not in (RESISTIVE, CAPACITIVE):
        raise ValueError(f"a membrane is shown as {RESISTIVE!r} or {CAPACITIVE!r}, not {echo(words)}.")
    session.capacitive = words == CAPACITIVE
    shown = _of(data, SHOWN, dict, {})
    for path, label in LABELS.items():
        told = shown.get(label)
        if told is None:
            continue
        has = session.has_capacitance and session.get(membrane.RESISTANCE) > 0
        if isinstance(told, bool) or not isinstance(told, (int, float)) or not has:
            raise ValueError(f"this is not a whole session: its {label} is {echo(told)}, which it does not have.")
        told = as_float(told)
        if not membrane.same(told, session.get(path)):
            raise ValueError(
                f"{label} = {told:g} contradicts potential_tau and resistance, which make {session.get(path):g}: "
                f"change those, or leave {SHOWN!r} out."
            )
    session.initial = {name: _state(session, name, value) for name, value in _of(data, "initial", dict).items()}
    return session


def stimulus_of(parts: Any) -> Stimulus:
    """The stimulus that a document's `stimulus` says.

    Raises:
        ValueError: there is none of this name, or it has values that no control could set.
    """
    session = Session()
    if not isinstance(parts, list):
        raise ValueError(f"this is no stimulus: a list of its parts is needed, not {echo(parts)}.")
    try:
        _put(session, _parts(session, parts))
    except TypeError as error:
        raise ValueError(f"this is no stimulus: {error}") from error
    return session.job().stimulus


def _parts(session: Session, parts: Any) -> dict[str, Any]:
    """Give the session these kinds of stimuli; their values, by the prefix of their paths."""
    kinds = {name: kind for name, kind in stimuli().items() if kind is not Sum}
    if not 1 <= len(parts) <= MAX_PARTS:
        raise ValueError(f"a session has 1 to {MAX_PARTS} stimuli, not {len(parts)}.")
    for part in parts:
        name = part.get("type") if isinstance(part, dict) else part
        if not isinstance(name, str) or name not in kinds or not isinstance(part, dict):
            raise ValueError(f"there is no stimulus {echo(name)}: choose from {', '.join(kinds)}.")
    session.parts = [tolerant(kinds[part["type"]]()) for part in parts]
    return {f"stimulus.{i}": part for i, part in enumerate(parts)}


def _put(session: Session, groups: dict[str, Any]) -> None:
    """Set values by the prefix of their paths."""
    for prefix, values in groups.items():
        for field, value in values.items():
            if field not in ("type", "solver", "units", "dtype") or (prefix, field) == ("run", "units"):
                if field == "samples":
                    value = _of(value, "values", list) if isinstance(value, dict) else value
                session.put(f"{prefix}.{field}", value)
