"""How much a small step of each parameter changes the firing.

The derivative of a spike count is zero almost everywhere: a count jumps where one more spike fits in, and does not
move in between. Automatic differentiation through a run says therefore that nothing has an effect. Here the neuron is
run at every value plus and minus a step that is large enough to be seen, 2 P + 1 runs of one population.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..core.echo import echo
from ..core.payloads import CurrentArray
from ..nn.components.somas import Soma
from ..stimuli import Stimulus
from .sweep import Sweep, sweep
from .variants import Subject


@dataclass(frozen=True)
class Sensitivity:
    """What one step of a field does; differences are per step up, central where both sides are possible.

    Attributes:
        value: the field's own value.
        step: the step.
        side: "both"; "up" or "down" where the other side is not valid; "none" where neither is.
        d_rate: change of the rate, Hz: of 1000 (n - 1) / (last - first spike), which moves with every spike time, where
            each run has two spikes or more in the window; else of the spikes per second. None for side "none".
        d_latency: change of the time to the first spike, ms; None where either run has no spike.
        d_count: change of the number of spikes in the window; None for side "none".
        effect: False where the spike trains of all runs are identical to the last bit: the field has no effect here.
    """

    value: float
    step: float
    side: str
    d_rate: float | None
    d_latency: float | None
    d_count: float | None
    effect: bool


def sensitivity(
    soma: Soma,
    stimulus: Stimulus | CurrentArray | ArrayLike,
    steps: Mapping[str, float],
    **options: Any,
) -> dict[str, Sensitivity]:
    """The effect of one step of each field, from 2 P + 1 runs in one batch.

    Args:
        soma: the soma, as for `sweep`.
        stimulus: the stimulus, as for `sweep`.
        steps: a step for each field, greater than 0, in its unit.
        **options: `duration`, `dt`, `solver`, `window`, `initial`, `progress`, `pad`: see `sweep`.

    Raises:
        TypeError, ValueError: as `sweep`; a step that is not above 0; own values that are not valid.
    """
    return differences(sweep(soma, stimulus, stepped(soma, stimulus, steps), **options), steps)


def stepped(
    soma: Soma, stimulus: Stimulus | CurrentArray | ArrayLike, steps: Mapping[str, float]
) -> dict[str, np.ndarray]:
    """The 2 P + 1 points of a sweep that tells the effect of one step of each field: see `differences`.

    The neuron's own values come first, then for each field its own value with one step added, and with one taken away.

    Raises:
        ValueError: a step that is not above 0; a field that is not there.
    """
    subject = Subject.of(soma, stimulus)
    points = {field: np.full(2 * len(steps) + 1, subject.value(field)) for field in steps}
    for i, (field, step) in enumerate(steps.items()):
        if not (np.isfinite(step) and step > 0):
            raise ValueError(f"the step of {echo(field)} must be greater than 0 and finite, not {echo(step)}.")
        points[field][2 * i + 1 : 2 * i + 3] += (step, -step)
    return points


def differences(runs: Sweep, steps: Mapping[str, float]) -> dict[str, Sensitivity]:
    """The effect of one step of each field, from the runs at the points of `stepped` with the same steps.

    Raises:
        ValueError: the own values are not valid.
    """
    if not runs.valid[0]:
        raise ValueError("the neuron's own values cannot be run, so nothing can be compared: simulate it to hear why.")
    return {
        field: _compared(runs, 2 * i + 1, 2 * i + 2, float(runs.points[field][0]), float(step))
        for i, (field, step) in enumerate(steps.items())
    }


def _compared(runs: Sweep, up: int, down: int, value: float, step: float) -> Sensitivity:
    side = {(True, True): "both", (True, False): "up", (False, True): "down", (False, False): "none"}[
        bool(runs.valid[up]), bool(runs.valid[down])
    ]
    if side == "none":
        return Sensitivity(value, step, side, None, None, None, False)
    high, low = up if runs.valid[up] else 0, down if runs.valid[down] else 0
    per = 2.0 if side == "both" else 1.0
    late, early = runs.latency[high], runs.latency[low]
    return Sensitivity(
        value=value,
        step=step,
        side=side,
        d_rate=_rate_change(runs, high, low) / per,
        d_latency=None if np.isnan(late) or np.isnan(early) else float(late - early) / per,
        d_count=float(runs.spike_count[high] - runs.spike_count[low]) / per,
        effect=not all(np.array_equal(runs.trains[0], runs.trains[k]) for k in (high, low)),
    )


def _rate_change(runs: Sweep, high: int, low: int) -> float:
    """Change of the rate between two runs, Hz, by the intervals where both have one."""
    trains = runs.inside[high], runs.inside[low]
    if min(t.size for t in trains) < 2:
        return float(runs.rate[high] - runs.rate[low])
    one, other = (1000.0 * (t.size - 1) / (t[-1] - t[0]) for t in trains)
    return float(one - other)
