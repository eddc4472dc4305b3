"""One way to write a run, whatever the kind of file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Literal, TypeAlias, cast, get_args

from ..core.echo import echo
from ..recording import Recording
from ..recording.header import header_of
from ..recording.npz import npz
from ..stimuli import Stimulus
from .nwb import nwb
from .tables import spikes_csv, traces_csv

Kind: TypeAlias = Literal["traces.csv", "spikes.csv", "npz", "nwb"]


def write(
    recording: Recording,
    file: str | os.PathLike[str] | IO[bytes],
    kind: Kind | None = None,
    *,
    neurons: Sequence[int] | None = None,
    time: tuple[float, float] | None = None,
    stimulus: Stimulus | str | None = None,
    state: Mapping[str, Any] | None = None,
    started: datetime | None = None,
    progress: Callable[[float], object] | None = None,
) -> None:
    """Write a run to a file.

    - `run.traces.csv`: a row per sample; columns `time_ms` and, for each variable and traced neuron, name, unit and
      number: `potential_mV[0]`.
    - `run.spikes.csv`: a row per spike, in the order of time; columns `time_ms` and `neuron`.
    - `run.npz`: NumPy arrays, from which `read_npz` makes the same recording again.
    - `run.nwb`: Neurodata Without Borders, from which `read_nwb` does: potentials and currents as current clamp, all
      else that was recorded as time series, spikes as a table of units, in SI units. Needs the extra `io`.

    Each file holds, as JSON, what `about` gives back: soma, config, solver, dt, stimulus, state, Spark's version. In a
    CSV it is the first line, after a `#`: `pandas.read_csv(file, comment="#")`, or `numpy.genfromtxt(file,
    delimiter=",", skip_header=1, names=True)`.

    Args:
        recording: the run.
        file: a path, or a file that is open for writing bytes. It is written in one go: a run that is refused leaves
            no half of a file.
        kind: of file; read off the end of the path when None.
        neurons: of a CSV, the numbers of the neurons to write; all when None.
        time: of a CSV, (start, end) in ms: what lies from start up to before end; all when None.
        stimulus: what drove it, or its name: a recording does not remember it.
        state: what else is to be kept with it, of JSON types, such as the app's session.
        started: of an NWB file, when the session began; now when None. Without a time zone it is local time. With it,
            only the random numbers that NWB gives its objects differ from one writing to the next.
        progress: called with the part that is done, from 0 to 1, now and then; what it raises ends the writing, and
            no file is left: `spark.simulation.Cancelled` is there for that.

    Raises:
        TypeError: no recording, a state that is no JSON, or a progress that cannot be called.
        ValueError: a kind that is not known, neurons that are not there, or a run that has nothing to write.
        ImportError: NWB without pynwb; says what to install.
        OSError: the file cannot be written.
    """
    if not isinstance(recording, Recording):
        raise TypeError(f"write takes a recording, what spark.simulate gives, not {echo(recording)}.")
    kind = _kind(file, kind)
    if not kind.endswith("csv") and (neurons is not None or time is not None):
        raise ValueError(f"neurons and time choose rows and columns of a CSV: {kind} holds the whole run.")
    if kind != "nwb" and started is not None:
        raise ValueError(f"started is kept in NWB files only, not in one of kind {kind}.")
    if progress is not None and not callable(progress):
        raise TypeError(f"progress takes a function of the part that is done, not {echo(progress)}.")
    told = progress or (lambda done: None)
    header = header_of(recording, stimulus, state)
    match kind:
        case "traces.csv":
            content = traces_csv(recording, header, neurons, time, told)
        case "spikes.csv":
            content = spikes_csv(recording, header, neurons, time, told)
        case "npz":
            content = npz(recording, header, told)
        case "nwb":
            content = nwb(recording, header, started, told)
    if isinstance(file, (str, os.PathLike)):
        Path(file).write_bytes(content)
    else:
        file.write(content)


def _kind(file: Any, kind: Any) -> Kind:
    known: tuple[Kind, ...] = get_args(Kind)
    if kind is None and isinstance(file, (str, os.PathLike)):
        name = os.fspath(file).lower()
        found = [each for each in known if name.endswith(f".{each}")]
        if found:
            return found[0]
        raise ValueError(f"{file} does not say what it is: end its name in one of .{', .'.join(known)}, or give kind.")
    if kind not in known:
        raise ValueError(f"kind is one of {', '.join(known)}, not {echo(kind)}.")
    return cast(Kind, kind)
