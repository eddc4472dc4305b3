"""What a file says of its run, as one line of JSON: soma, values, solver, version, stimulus, session."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from ..core.echo import echo
from ..core.fault import Fault
from ..core.version import __version__
from ..stimuli import Stimulus
from .run import Run

FORMAT, VERSION = "spark.recording", 1
LONGEST = 2**26
"""Characters of JSON that are looked at: a config of a million values, one per unit, takes a third."""


def header_of(recording: Run, stimulus: Stimulus | str | None, state: Mapping[str, Any] | None) -> dict[str, Any]:
    """All of a run but its arrays, as plain data."""
    soma, config = recording.soma, recording.config
    known = {variable.name: variable for variable in (*soma.system.variables, *soma.system.recordable)}
    told = {
        name: {"symbol": known[name].symbol, "unit": known[name].unit, "words": known[name].words}
        for name in {**recording.recorded, **recording.final}
    }
    quantities = {
        name: {"symbol": quantity.symbol, "unit": quantity.unit, "words": quantity.words}
        for name, quantity in config.per_unit().items()
    }
    return {
        "format": FORMAT,
        "version": VERSION,
        "spark": __version__,
        "soma": type(soma).__name__,
        "config": config.to_dict(),
        "checked": not config.unchecked,
        "solver": recording.solver.to_dict(),
        "dt": recording.dt,
        "steps": recording.steps,
        "units": recording.units,
        "every": recording.every,
        "backend": recording.backend,
        "device": recording.device,
        "recorded": list(recording.recorded),
        "final": list(recording.final),
        "bin": recording.counted.bin if recording.counted else None,
        "variables": told,
        "parameters": quantities,
        "stimulus": stimulus.to_dict() if isinstance(stimulus, Stimulus) else stimulus,
        "state": state,
    }


def as_text(header: dict[str, Any]) -> str:
    """The header as one line of ASCII.

    Raises:
        TypeError: the state, or a value of the config, is no JSON type.
        ValueError: one of them is infinite or not a number, or the line is longer than what is read again.
    """
    try:
        text = json.dumps(header, allow_nan=False)
    except TypeError as error:
        raise TypeError(f"the run cannot be written: state and config must be of JSON types, and {error}.") from error
    except ValueError as error:
        raise ValueError(
            f"the run cannot be written: state and config must hold finite numbers only, and {error}."
        ) from error
    if len(text) > LONGEST:
        raise ValueError(
            f"the run cannot be written: its values take {len(text):,} characters, of at most {LONGEST:,}."
        )
    return text


def parsed(text: str) -> dict[str, Any]:
    """The header that `as_text` wrote.

    Raises:
        Fault: it is not one, or of a newer version.
    """
    if len(text) > LONGEST:
        raise Fault(f"its header has {len(text):,} characters, of at most {LONGEST:,}")
    try:
        header = json.loads(text, parse_constant=_refuse)
    except (json.JSONDecodeError, RecursionError) as error:
        raise Fault(f"its header is no JSON: {error}") from error
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise Fault("it holds no run of Spark")
    if header.get("version") != VERSION:
        raise Fault(
            f"it is of version {echo(header.get('version'))}, and this Spark reads version {VERSION}: update Spark"
        )
    return cast("dict[str, Any]", header)


def _refuse(word: str) -> float:
    raise Fault(f"its header holds {word}, which is no number")
