"""What a run leaves behind, and the ways out of it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, Self

from ..core.echo import echo
from ..stimuli import Stimulus
from . import drawing, frames, npz
from .header import header_of
from .opening import LARGEST, Source
from .run import Run


@dataclass(frozen=True, eq=False, repr=False)
class Recording(Run):
    """A run of `spark.simulate`.

    Sample k of a variable is its value at `time[k]` = k dt, the beginning of step k; `current[k]` is held over that
    step, and `spikes[k]` says whether a spike fell into it. Where only each `every`-th step was recorded, sample k is
    that of step k `every`, at `time[k]` = k `every` dt; spikes are never thinned. Spikes are kept as events; the arrays
    of shape (steps, units) are made from them when they are asked for.

    Attributes:
        model: makes `soma`, when it is first asked for.
        solver: the solver used.
        dt: time step, ms.
        steps: number of time steps.
        units: number of units.
        events: every spike; None for a run with `events=False`, which has statistics only.
        parameters: the values that were used, one per unit, by name: what initializers drew.
        final: state variables after the last step, by name: `initial` of a run that goes on.
        recorded: the variables that were recorded, by name, each of shape (samples, traced units); also attributes.
            There are as many samples as steps unless `every` is above 1.
        traced: numbers of the units whose variables were recorded, in the order of the columns.
        every: steps from one sample to the next.
        backend: what ran the time loop, "scan" or "fused".
        device: where it ran: platform and number, such as "cpu:0".
    """

    def save(
        self,
        file: str | os.PathLike[str] | IO[bytes],
        *,
        stimulus: Stimulus | str | None = None,
        state: Mapping[str, Any] | None = None,
    ) -> None:
        """Write the whole run to an NPZ file, from which `load` makes the same recording again, bit for bit.

        It is the file of `spark.io.write`, which also writes CSV and NWB: plain arrays and one line of JSON with a
        version, nothing that could be code. `numpy.load` reads it as well (docs/files.md).

        Args:
            file: a path that ends in `.npz`, or a file that is open for writing bytes.
            stimulus: what drove it, or its name: a recording does not remember it.
            state: what else is to be kept with it, of JSON types.

        Raises:
            TypeError: a state that is no JSON, or a file that is neither a path nor open.
            ValueError: a path with another ending, or a state that holds what is no finite number.
            OSError: the file cannot be written.
        """
        if not isinstance(file, (str, os.PathLike)) and not hasattr(file, "write"):
            raise TypeError(f"save takes a path that ends in .npz, or a file open for writing bytes, not {echo(file)}.")
        if isinstance(file, (str, os.PathLike)) and Path(file).suffix.lower() != ".npz":
            raise ValueError(
                f"save writes an NPZ file, and {file} does not end in .npz: give it that ending, or let spark.io.write "
                "make a CSV or NWB file."
            )
        content = npz.npz(self, header_of(self, stimulus, state), lambda done: None)
        if isinstance(file, (str, os.PathLike)):
            Path(file).write_bytes(content)
        else:
            file.write(content)

    @classmethod
    def load(cls, file: Source, *, largest: int = LARGEST) -> Self:
        """The recording that `save`, or `spark.io.write` as NPZ, has written, equal in every bit.

        Nothing in the file is run, and no array is unpacked before its size is known.

        Args:
            file: a path, or a binary file that can seek.
            largest: bytes that the file may have, and that its arrays may unpack to.

        Raises:
            ValueError: it is no such file, damaged, too large, or of a soma that is not in the catalogue; says which
                file and what is wrong.
            OSError: it cannot be opened.
        """
        return npz.read(file, cls, largest)

    def to_dataframe(self, what: Literal["traces", "spikes"] = "traces") -> Any:
        """The traces or the spikes as a `pandas.DataFrame`.

        Args:
            what: "traces": a row per sample, with the index `time_ms`, and a column per recorded variable in the order
                of the soma's own; where several units are traced, a column per variable and unit, with the levels
                `variable` and `unit` (numbers from 0). `attrs["units"]` says the physical unit of each variable.
                "spikes": a row per spike in the order of time, with the columns `time_ms` and `unit`.

        Raises:
            ValueError: another word; a run that recorded no trace, or kept no spikes.
            ImportError: pandas is not installed.
        """
        if what not in ("traces", "spikes"):
            raise ValueError(f'to_dataframe takes "traces" or "spikes", not {echo(what)}.')
        return frames.traces_frame(self) if what == "traces" else frames.spikes_frame(self)

    def to_xarray(self) -> Any:
        """The run as an `xarray.Dataset`.

        Recorded variables have the dimensions `time` (ms) and `unit` (numbers of the traced units), spikes the
        dimension `spike`, in the order of time: `spike_time` (ms) and `spike_unit`; a run with `events=False` has
        none. Each says its `units`, `long_name` and `symbol` in its attributes; those of the whole are `soma`,
        `solver`, `dt` (ms), `duration` (ms), number of `units` and `spark`, the version.

        Raises:
            ImportError: xarray is not installed.
        """
        return frames.dataset(self)

    def plot(self, *, units: Sequence[int] | None = None, time: tuple[float, float] | None = None) -> Any:
        """The run as a HoloViews layout, to be shown in a notebook or saved with `holoviews.save`.

        A panel for each recorded variable, all on one axis of time: the potential at the top, with the threshold dashed
        and a stroke for each spike, and the current below; for a population the spikes of all units as well, as strokes
        or, where they are more than 30 000, as an image. A threshold that moves is drawn where it was recorded. The
        backend is the one that is loaded, by `holoviews.extension("matplotlib")` for example, and Bokeh if none is.

        Args:
            units: numbers of the traced units whose variables are drawn; the first five when None.
            time: (start, end) of what is drawn, ms; all when None.

        Raises:
            ValueError: units that were not traced, a window without length, or a run that has nothing to draw.
            ImportError: HoloViews is not installed.
        """
        return drawing.drawn(self, units, time)
