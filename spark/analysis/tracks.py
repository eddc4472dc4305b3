"""What each parameter does on its own: one sweep over every field's range, the others as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..core.echo import echo
from ..core.payloads import CurrentArray
from ..nn.components.somas import Soma
from ..stimuli import Stimulus
from .sweep import Sweep, sweep
from .variants import Subject


def tracks(
    soma: Soma,
    stimulus: Stimulus | CurrentArray | ArrayLike,
    fields: Mapping[str, tuple[float, float, bool]],
    *,
    count: int = 48,
    **options: Any,
) -> dict[str, Sweep]:
    """Sweep every field over its range with everything else fixed, all fields in one run.

    Args:
        soma: the soma, as for `sweep`.
        stimulus: the stimulus, as for `sweep`.
        fields: (low, high, log) by field, named as in `sweep`: values from low to high, in equal steps or, where log,
            equal ratios.
        count: number of values of each.
        **options: `duration`, `dt`, `solver`, `window`, `initial`, `progress`, `pad`: see `sweep`.

    Returns:
        A sweep for each field, with `count` points of that field's values.

    Raises:
        TypeError, ValueError: as `sweep`; a range that is not finite, or logarithmic and not above 0.
    """
    subject = Subject.of(soma, stimulus)
    values = {field: _spaced(field, *span, count) for field, span in fields.items()}
    points = {field: np.full(count * len(fields), subject.value(field)) for field in fields}
    slices = {field: slice(i * count, (i + 1) * count) for i, field in enumerate(fields)}
    for field, rows in slices.items():
        points[field][rows] = values[field]
    whole = sweep(soma, stimulus, points, **options)
    return {field: whole.take(rows, field) for field, rows in slices.items()}


def _spaced(field: str, low: float, high: float, log: bool, count: int) -> np.ndarray:
    if not np.isfinite([low, high]).all() or (log and min(low, high) <= 0):
        raise ValueError(
            f"the range of {echo(field)} must be finite{' and above 0, since it is logarithmic' if log else ''}: "
            f"got {low:g} to {high:g}."
        )
    return np.geomspace(low, high, count) if log else np.linspace(low, high, count)
