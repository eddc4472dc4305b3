"""How every spike time moves with every parameter: exact derivatives through the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from numpy.typing import ArrayLike

from ..core.echo import echo
from ..core.hybrid import Hybrid, Values
from ..core.payloads import CurrentArray
from ..nn.components.somas import Soma
from ..simulation.asked import initial_state, positive
from ..simulation.diverged import check_stable
from ..solvers import Solver
from ..stimuli import Stimulus
from .timeline import Timeline, timeline
from .variants import Subject

INITIAL = "initial."
"""Before the name of a state variable: its value at the beginning."""


@dataclass(frozen=True, eq=False)
class SpikeTimeDerivatives:
    """Spike times and their derivatives; as an array it is `values`.

    Attributes:
        times: spike times, ms, shape (spikes,), float64.
        fields: what is differentiated by.
        values: d times[k] / d fields[i], ms per unit of the field, shape (spikes, fields).
    """

    times: np.ndarray
    fields: tuple[str, ...]
    values: np.ndarray

    def of(self, field: str) -> np.ndarray:
        """The derivatives by one field, shape (spikes,).

        Raises:
            ValueError: the field is not among those that were asked for.
        """
        if field not in self.fields:
            raise ValueError(f"{echo(field)} is not among the fields: they are {', '.join(self.fields)}.")
        return np.asarray(self.values[:, self.fields.index(field)])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.array(self.values, dtype) if copy or dtype not in (None, self.values.dtype) else self.values

    def __len__(self) -> int:
        return len(self.times)


def spike_time_derivatives(
    soma: Soma,
    stimulus: Stimulus | CurrentArray | ArrayLike,
    fields: Sequence[str] | None = None,
    *,
    duration: float | None = None,
    dt: float | None = None,
    solver: Solver | None = None,
    initial: Mapping[str, float] | None = None,
) -> SpikeTimeDerivatives:
    """The derivative of every spike time of one neuron with respect to its parameters, stimulus and initial state.

    The run's own loop is differentiated forwards, all fields at once: from event to event along the flow, and over each
    event by the implicit function theorem. With g the distance to firing and f the flow, a crossing moves by
    dt = -dg / (f . grad g), and the state after it as the jump takes it there (the saltation matrix). The same holds at
    the end of a refractory period, and where the current jumps: each edge of a stimulus is the boundary of a step
    here, which moves with its fields. (Where an edge lies between two samples, spike times are therefore closer to
    those of a finer run than those of `simulate`, which spreads an edge over its step.)

    What a derivative cannot say: where a spike comes or goes. There the potential only touches the firing level (it
    grazes), f . grad g = 0, and the derivatives of that spike and of all later ones grow without bounds. A count does
    not move until then: `sensitivity` tells that by differences.

    Errors fall as those of the solver do: docs/fidelity.md. In single precision they are about 1e-4 of the largest
    derivative of a field; for more digits run in JAX's 64-bit mode. A current that moves within a step (ramp, sine,
    chirp, noise) is held at its mean over the step, as in every run: where the potential creeps to a fixed level, the
    derivative is that of this run, and that of the current itself only as the step goes to 0, with order one.

    Args:
        soma: the soma; where it stands for a population, its first unit.
        stimulus: the stimulus, or pA, a number or an array of shape (steps,).
        fields: as in `sweep`: "resistance" of the soma, "stimulus.amplitude", "stimulus.1.amplitude" of part 1 of a
            sum; "initial.potential" is the potential at the beginning. All of soma and stimulus when None.
        duration: length of the run, ms; as for `simulate` when None.
        dt: time step, ms; the soma's own when None.
        solver: the soma's own when None.
        initial: state variables by name; the resting state when None, which moves with the parameters.

    Returns:
        Spike times, fields and derivatives.

    Raises:
        TypeError, ValueError: as `simulate` and `sweep`; a solver whose spikes fall on the time grid, where their times
            have no derivative, or that follows an upstroke in the potential itself; a field in which a random stimulus
            jumps, or a time of the stimulus that is 0 and cannot be less.

    References:
        Aizerman and Gantmacher (1958), Quarterly Journal of Mechanics and Applied Mathematics 11, 385-398.
        Leine and Nijmeijer (2004), Dynamics and Bifurcations of Non-Smooth Mechanical Systems, chapter 7.
        Wunderlich and Pehle (2021), Scientific Reports 11, 12829: the same backwards, for leaky neurons.
    """
    subject = Subject.of(soma, stimulus)
    config = subject.soma.config
    solver = config.solver if solver is None else solver
    if solver.on_grid:
        raise ValueError(
            f"{echo(solver)} lets spikes fall on the time grid, where their times have no derivative: "
            "choose a solver that locates them, such as spark.solvers.RK4()."
        )
    if subject.soma.system.chart and not solver.charted:
        raise ValueError(
            f"{type(solver).__name__} follows the upstroke of {type(soma).__name__} in the potential itself, where its "
            "derivatives do not converge: choose spark.solvers.Heun() or RK4()."
        )
    dt = positive("dt", "ms", config.dt if dt is None else dt)
    asked = _fields(subject, fields)
    steps = timeline(subject, [name for name in asked if name.startswith("stimulus.")], duration, dt)
    p = Values(subject.soma.drawn((1,)))
    initial = dict(initial or {})
    state = initial_state(subject.soma, p, initial, 1)
    for name in (field.removeprefix(INITIAL) for field in asked if field.startswith(INITIAL)):
        if name not in state:
            raise ValueError(f"{type(soma).__name__} has no state {echo(name)}: its state is {', '.join(state)}.")
        initial[name] = float(state[name][0])
    check_stable(subject.soma, solver, p, state, dt)
    begun = {name: np.full(1, value, config.float_type) for name, value in initial.items()}
    own, begin = _directions(asked, p, begun)
    fired, offset, slopes = _differentiated(
        subject.soma.system, solver, p, begin[0], (own, begin[1]), _typed(steps, asked, config.float_type)
    )
    spikes = np.flatnonzero(np.asarray(fired))
    moved = np.stack([steps.moved_starts.get(name, np.zeros_like(steps.starts))[spikes] for name in asked], axis=1)
    return SpikeTimeDerivatives(
        times=steps.starts[spikes] + np.asarray(offset, float)[spikes],
        fields=tuple(asked),
        values=moved + np.asarray(slopes, float)[:, spikes].T,
    )


def _fields(subject: Subject, fields: Sequence[str] | None) -> list[str]:
    """What is differentiated by, checked."""
    if fields is None:
        parts = subject.parts
        lone = [("stimulus." if len(parts) == 1 else f"stimulus.{i}.", part) for i, part in enumerate(parts)]
        smooth = [lead + name for lead, part in lone for name in part.per_unit() if not _rough(part, name)]
        return [*subject.soma.config.per_unit(), *smooth]
    asked = [fields] if isinstance(fields, str) else list(fields)
    if not asked:
        raise ValueError("fields is empty: name what to differentiate by, or leave it out for all.")
    for field in asked:
        if field.startswith(INITIAL):
            continue
        place, quantity = subject.find(field)
        if place and _rough(subject.parts[place - 1], str(quantity.name)):
            raise ValueError(
                f"spike times have no derivative by {echo(field)}: a random current jumps with it, or it is 0 and "
                "cannot be less. Compare runs, as `sensitivity` does."
            )
    return asked


def _rough(part: Stimulus, name: str) -> bool:
    """Whether nothing has a derivative by this field: what begins as 0 ms long is not there yet."""
    lasts = name != "onset" and part.quantities()[name].unit == "ms"
    return name in part.rough or (lasts and np.ravel(getattr(part, name))[0] == 0)


def _directions(asked: Sequence[str], p: Values, given: Mapping[str, np.ndarray]) -> Any:
    """The unit tangents of all fields: of the parameters, and of the given part of the initial state."""

    def along(values: Mapping[str, np.ndarray], lead: str) -> Values:
        return Values(
            {
                name: np.stack([np.full_like(value, field == lead + name) for field in asked])
                for name, value in values.items()
            }
        )

    return along(p, ""), (Values(given), along(given, INITIAL))


def _typed(steps: Timeline, asked: Sequence[str], dtype: Any) -> Any:
    """Lengths and currents of the steps, and their tangents, in the precision of the run."""

    def tangents(moved: Mapping[str, np.ndarray], like: np.ndarray) -> np.ndarray:
        return np.stack([moved.get(name, np.zeros_like(like)) for name in asked]).astype(dtype)

    values = steps.lengths.astype(dtype), steps.currents.astype(dtype)
    return values, (tangents(steps.moved_lengths, values[0]), tangents(steps.moved_currents, values[1]))


@partial(jax.jit, static_argnames=("system", "solver"))
def _differentiated(system: Hybrid, solver: Solver, p: Values, given: Values, tangents: Any, steps: Any) -> Any:
    """Whether each step holds a spike, how many ms after it began, and the derivatives of that, (fields, steps)."""
    frame = solver.frame(system)

    def run(p: Values, given: Values, steps: Any) -> Any:
        rest = system.initial(p, given.get("potential", p.potential_rest)) | given

        def step(z: Values, now: Any) -> Any:
            z, fired, offset = solver.step(frame.system, p, z, jnp.broadcast_to(now[1], (1,)), now[0])
            return z, (fired[0], offset[0])

        return lax.scan(step, frame.enter(p, frame.begun(rest)), steps)[1]

    held, along = steps
    own, begin = tangents

    def direction(*moved: Any) -> Any:
        (fired, offset), (_, slope) = jax.jvp(run, (p, given, held), moved)
        return fired, offset, slope

    return jax.vmap(direction, out_axes=(None, None, 0))(own, begin, along)
