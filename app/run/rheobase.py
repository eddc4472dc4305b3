"""The rheobase of a run's first neuron, found once for the same values: it takes a millisecond."""

from __future__ import annotations

from typing import Any

from spark import Recording
from spark.analysis import Rheobase, phase_plane

MOST = 64
_known: dict[Any, Rheobase] = {}


def known(recording: Recording) -> Rheobase | None:
    """It, if it was asked for before."""
    return _known.get(_key(recording))


def rheobase(recording: Recording) -> Rheobase:
    """It, with the reason where there is none."""
    key = _key(recording)
    found = _known.get(key)
    if found is None:
        try:
            found = phase_plane.rheobase(key[0], recording.parameters_of())
        except ValueError as error:
            found = Rheobase(None, reason=str(error))
        while len(_known) >= MOST:
            _known.pop(next(iter(_known)), None)  # another thread may have taken it
        _known[key] = found
    return found


def _key(recording: Recording) -> Any:
    return type(recording.soma), tuple(recording.parameters_of().items())
