"""Two fields against each other: the rate and the firing pattern on a grid."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..core.echo import echo
from ..core.payloads import CurrentArray
from ..nn.components.somas import Soma
from ..stimuli import Stimulus
from .sweep import Sweep, sweep


@dataclass(frozen=True, eq=False)
class Atlas:
    """A grid of points: row i has y[i], column j has x[j].

    Attributes:
        x_field: field along the columns.
        y_field: field along the rows.
        x: its values, shape (columns,).
        y: its values, shape (rows,).
        sweep: all points, row after row: trains, latency and the other numbers.
    """

    x_field: str
    y_field: str
    x: np.ndarray
    y: np.ndarray
    sweep: Sweep

    @cached_property
    def rate(self) -> np.ndarray:
        """Spikes per second within the window, Hz, shape (rows, columns); NaN where not valid."""
        return self.grid(self.sweep.rate)

    @cached_property
    def pattern(self) -> np.ndarray:
        """The firing pattern in words, shape (rows, columns); "impossible" where not valid."""
        return self.grid(np.array(self.sweep.patterns))

    @property
    def valid(self) -> np.ndarray:
        """Which points could be run, bool, shape (rows, columns)."""
        return self.grid(self.sweep.valid)

    def grid(self, values: np.ndarray) -> np.ndarray:
        """Numbers of the sweep, such as `sweep.latency`, in shape (rows, columns)."""
        return values.reshape(self.y.size, self.x.size)


def atlas(
    soma: Soma,
    stimulus: Stimulus | CurrentArray | ArrayLike,
    x: tuple[str, ArrayLike],
    y: tuple[str, ArrayLike],
    **options: Any,
) -> Atlas:
    """Run one neuron at every pair of values of two fields, all in one batch; only spikes are kept.

    Args:
        soma: the soma, as for `sweep`.
        stimulus: the stimulus, as for `sweep`.
        x: field and its values along the columns.
        y: field and its values along the rows.
        **options: `duration`, `dt`, `solver`, `window`, `initial`, `progress`, `pad`: see `sweep`.

    Raises:
        TypeError, ValueError: as `sweep`; the same field twice.
    """
    (x_field, across), (y_field, up) = x, y
    if x_field == y_field:
        raise ValueError(f"an atlas needs two different fields, not {echo(x_field)} twice.")
    columns, rows = np.ravel(np.asarray(across, float)), np.ravel(np.asarray(up, float))
    points = {x_field: np.tile(columns, rows.size), y_field: np.repeat(rows, columns.size)}
    return Atlas(x_field, y_field, columns, rows, sweep(soma, stimulus, points, **options))
