"""The path of a run in its soma's phase plane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..core.echo import echo
from ..core.hybrid import Values
from ..simulation import Recording
from .currents import refractory_clock
from .neuron import Array, Neuron
from .planes import neuron_of

GAP = np.nan


@dataclass(frozen=True)
class Trajectory:
    """The path of one unit, spikes apart from what is between them; NaN separates pieces, as plots expect.

    Attributes:
        time: ms of each point of the path, shape (points,); NaN between pieces.
        potential: mV, same shape.
        second: the second variable, or dV/dt of a soma that has none, same shape.
        jump_potential: mV, for each spike the potential before (the firing level) and after it, and NaN.
        jump_second: the same of the second variable.
        before: the second variable right before each spike, shape (spikes,).
        after: right after it: the sequence that the adaptation map iterates.
    """

    time: Array
    potential: Array
    second: Array
    jump_potential: Array
    jump_second: Array
    before: Array
    after: Array


def trajectory(recording: Recording, unit: int = 0) -> Trajectory:
    """The path of `unit` through samples and spikes.

    The second variable right after a spike is had from the sample that follows, going back along its flow (trapezoid,
    error of order dt^3), since from the sample before the upstroke would have to be passed; right before, the jump is
    taken off. A spike in the very last step needs `recording.final`; without it that spike is left out.

    Of a soma without a second variable the path is dV/dt against V under the recorded current, refractory periods
    included: there the input is disconnected or the potential held, so the path leaves the curve of the free soma.

    Raises:
        ValueError: the soma has no plane; there is no such unit; or what its path needs was not recorded.
    """
    if not 0 <= unit < recording.units:
        raise ValueError(f"unit = {unit} is not in this run: it has units 0 to {recording.units - 1}.")
    if recording.events is None:
        raise ValueError("this run kept no spikes, only statistics: run it with events=True.")
    neuron = neuron_of(recording.soma, {name: v[unit] for name, v in recording.parameters.items()}, 0.0)
    for name in neuron.plane.record:
        if name not in recording.recorded:
            raise ValueError(f"{name} was not recorded: simulate with record={echo(neuron.plane.record)}.")
    column = np.flatnonzero(recording.traced == unit)
    if not column.size:
        raise ValueError(
            f"the variables of unit {unit} were not recorded: those of {len(recording.traced)} units were."
        )
    v, x = (np.asarray(recording.recorded[name][:, column[0]], float) for name in neuron.plane.record)
    mine = recording.events.unit == unit
    steps, offsets = recording.events.step[mine].astype(int), recording.events.offset[mine].astype(float)
    if neuron.plane.second is None:
        return _line(recording, neuron, unit, v, x, steps, offsets)
    return _plane(recording, neuron, unit, v, x, steps, offsets)


def _plane(
    recording: Recording, neuron: Neuron, unit: int, v: Array, x: Array, steps: Array, offsets: Array
) -> Trajectory:
    second = str(neuron.plane.second)
    if recording.final:
        v_next, x_next = (np.append(a[1:], float(recording.final[n][unit])) for n, a in (("potential", v), (second, x)))
    else:
        kept = steps < len(v) - 1
        steps, offsets, v_next, x_next = steps[kept], offsets[kept], v[1:], x[1:]
    # On the grid the jump is the last thing that a step does: the next sample is the state right after it.
    left = np.zeros(len(steps)) if recording.solver.on_grid else np.maximum(recording.dt - offsets, 0.0)
    v_end, x_end = v_next[steps], x_next[steps]
    reset = neuron.equations.jump(neuron.p, neuron.state(v_end, x_end))
    v_start = np.broadcast_to(reset.potential, v_end.shape)
    end_slope = neuron.flow(v_end, x_end)[1]
    after = x_end - left * (neuron.flow(v_start, x_end - left * end_slope)[1] + end_slope) / 2
    before = after - (reset[second] - x_end)
    level = np.broadcast_to(neuron.equations.level(neuron.p, neuron.state(v_end, before)), v_end.shape)
    times = steps * recording.dt + offsets
    return _joined(recording.time, v, x, steps, times, (level, before), (v_start, after))


def _line(
    recording: Recording, neuron: Neuron, unit: int, v: Array, current: Array, steps: Array, offsets: Array
) -> Trajectory:
    def slope(v: Array, current: Array, clock: Array) -> Array:
        s = Values({name: {"potential": v, "refractory": clock}[name] for name in neuron.equations.state})
        return np.broadcast_to(neuron.equations.flow(neuron.p, s, current).potential, v.shape)

    s = neuron.state(v[steps], 0.0)
    level = np.broadcast_to(neuron.equations.level(neuron.p, s), steps.shape)
    reset = neuron.equations.jump(neuron.p, s)
    start, cooldown = (np.broadcast_to(reset.get(n, 0.0), steps.shape) for n in ("potential", "refractory"))
    x = slope(v, current, refractory_clock(recording, unit))
    before = slope(level, current[steps], np.zeros(len(steps)))
    after = slope(start, current[steps], cooldown)
    times = steps * recording.dt + offsets
    return _joined(recording.time, v, x, steps, times, (level, before), (start, after))


def _joined(
    time: Array, v: Array, x: Array, steps: Array, at: Array, before: tuple[Array, Array], after: tuple[Array, Array]
) -> Trajectory:
    """Samples with each spike's two ends and a gap between them put in after the sample of its step."""

    def cut(samples: Array, first: Array, last: Array) -> Array:
        ends = np.stack([first, np.full(len(steps), GAP), last], axis=1)
        return np.insert(samples, np.repeat(steps + 1, 3), ends.ravel())

    def leap(first: Array, last: Array) -> Array:
        return np.stack([first, last, np.full(len(steps), GAP)], axis=1).ravel()

    return Trajectory(
        time=cut(time, at, at),
        potential=cut(v, before[0], after[0]),
        second=cut(x, before[1], after[1]),
        jump_potential=leap(before[0], after[0]),
        jump_second=leap(before[1], after[1]),
        before=before[1],
        after=after[1],
    )
