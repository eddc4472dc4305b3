"""The shell that every soma shares."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict, TypeVar

import jax
import jax.numpy as jnp
import numpy as np

from ....core.echo import echo
from ....core.fields import near_miss
from ....core.frame import parted
from ....core.hybrid import Hybrid, Values
from ....core.known import known
from ....core.memory import check_memory
from ....core.payloads import CurrentArray, PotentialArray, SpikeArray
from ....core.sizes import LARGEST, UNREADABLE, as_float, real, too_large
from ....core.specs import PortSpecs
from ....core.tables import fields_table, titled
from ..base import Component
from .declared import Reference, SomaConfig
from .population import shape_of
from .pure import StepOutput, settled, stepped
from .snapshot import PASSING, flattened, now, unflattened, visited

ConfigT = TypeVar("ConfigT", bound=SomaConfig)


class SomaOutput(TypedDict):
    """What a soma gives back for one time step.

    Attributes:
        spikes: which units fired in the step, bool, shape of the population.
        potential: membrane potential at the end of the step, absolute mV, same shape.
    """

    spikes: SpikeArray
    potential: PotentialArray


class Soma(Component[ConfigT]):
    """Abstract soma model: a population of independent point neurons.

    A subclass declares its config and its hybrid system; this class does everything else. For whole runs use
    `spark.simulate`, which compiles the time loop; calling the soma advances it by one step of `config.dt`.

    Args:
        config: the soma's configuration; the defaults when None.
        **kwargs: single fields of the configuration.
    """

    config: ConfigT
    config_class = SomaConfig
    system: ClassVar[Hybrid]
    """Flow, event and jump."""
    equations: ClassVar[tuple[str, ...]] = ()
    """The equations in LaTeX."""
    references: ClassVar[tuple[Reference, ...]] = ()
    """Papers of the model."""
    parameter_source: ClassVar[Reference]
    """Where the default values were published."""
    title: ClassVar[str] = ""
    """Name for people."""
    shows: ClassVar[str] = ""
    """What the default values show under a step of current, in one sentence."""

    _parameters: Values | None = None
    _state: Values | None = None
    _home: Any = None
    """The transformation of JAX in which it was made: what happens in another one must not stay in it."""
    _visited: Any = None
    """The other transformation in which it was called last."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        jax.tree_util.register_pytree_with_keys(cls, flattened, unflattened)

    def __init__(self, config: ConfigT | None = None, **kwargs: Any) -> None:
        if not hasattr(type(self), "system"):
            raise TypeError(f"{type(self).__name__} is abstract: use one of its kinds, such as LeakySoma.")
        super().__init__(config, **kwargs)
        self._home = now()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in PASSING}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, _home=now())

    if not TYPE_CHECKING:  # checkers would take it for leave to set any name

        def __setattr__(self, name: str, value: Any) -> None:
            kind = type(self)
            if name in kind.config_class.fields():
                raise AttributeError(
                    f"{kind.__name__}.{name} is set in its config: write soma.config.{name} = {echo(value)}."
                )
            near = None if hasattr(kind, name) or name.startswith("_") else near_miss(kind.config_class, name)
            if near:  # any other name is a subclass's own affair
                raise AttributeError(
                    f"{kind.__name__} has no {echo(name)}: did you mean soma.config.{near}? An attribute of your own "
                    "that is called so begins with an underscore, or is declared in the class."
                )
            super().__setattr__(name, value)

    def build(self, input_specs: dict[str, PortSpecs]) -> None:
        """Draw the parameters and set the state for a population of the input's shape.

        Args:
            input_specs: {"current": PortSpecs(CurrentArray, shape)}.

        Raises:
            ValueError: no "current" in the specs, or a shape that does not fit `config.units`.
        """
        if "current" not in input_specs:
            raise ValueError(f"{type(self).__name__}.build needs specs for 'current', got {sorted(input_specs)}.")
        shape = input_specs["current"].shape or self.config.units or ()
        if self.config.units not in (None, shape):
            raise ValueError(
                f"{type(self).__name__} has units = {self.config.units} but the current has shape {shape}: "
                "give a current of that shape, or leave units out."
            )
        self._shape = shape or (1,)
        self.reset()

    def reset(self) -> None:
        """Return every unit to its resting state; whatever has changed in the config takes effect, and not before."""
        if not hasattr(self, "_shape"):
            raise RuntimeError(f"{type(self).__name__} is not built yet: call build(...), or call it with a current.")
        self._dt, self._solver = self.config.dt, self.config.solver
        # In a transformation from outside of which it comes, what it keeps must be known values.
        with nullcontext() if now() == self._home else jax.ensure_compile_time_eval():
            self._parameters, self._state = self.init(self._shape)

    def init(self, units: int | tuple[int, ...] | None = None, key: jax.Array | None = None) -> tuple[Values, Values]:
        """Parameters and resting state of a population, for `step`: two pytrees of arrays of its shape.

        Both are dicts that can be read as attributes, `parameters.threshold`, and changed by `|`:
        `state | {"potential": v}`. In single precision a state also holds the digits that its variables have no room
        for, as "potential (low)": leave them as they are. Works under every transformation; what an initializer draws
        is checked outside of them.

        Args:
            units: number of units, or shape, () for one neuron without an axis; when None that of the config, or of the
                arrays in it, else one unit.
            key: JAX key from which initializers are drawn; the config's seed when None.

        Raises:
            TypeError: units that are no whole numbers.
            ValueError: units below 1, or others than the config says.
        """
        shape = self._shape_of(units)
        parameters = self.parameters(shape, key)
        state = self.system.initial(parameters, parameters.potential_rest)
        return parameters, self.config.solver.frame(self.system).begun(state)

    def step(self, parameters: Values, state: Values, current: Any, dt: Any = None) -> tuple[Values, StepOutput]:
        """Advance by one time step: a pure function, for `jax.jit`, `vmap`, `lax.scan`, `jvp` and `grad`.

        The soma's own state is neither read nor changed; of its config only dt and solver are. Derivatives are those of
        the flow, backwards as well: of spike times through `offset`, and of states through spikes (docs/jax.md). Names
        are checked, values are not: a current that is not finite, or a dt too long for the solver, shows in the result.

        Args:
            parameters: as `init` gives them.
            state: the same.
            current: pA, a number or an array of the population's shape.
            dt: time step, ms; the config's when None.

        Returns:
            The state at the end of the step, and spikes, potential and offset.

        Raises:
            ValueError: a name in parameters or state that is missing or too many.
        """
        config = self.config
        parameters, state = settled(self, parameters, state)
        return advance(self.system, config.solver, parameters, state, current, config.dt if dt is None else dt)

    def _shape_of(self, units: Any) -> tuple[int, ...]:
        """The shape of a population that is asked for."""
        if units is None:
            sizes = [np.shape(v) for v in self.config.values().values() if isinstance(v, (np.ndarray, jax.Array))]
            return self.config.units or max(sizes, key=math.prod, default=(1,))
        shape = () if isinstance(units, tuple) and not units else shape_of(units, "units")
        if self.config.units not in (None, shape):
            raise ValueError(
                f"{type(self).__name__} has units = {self.config.units}, and {units} are asked for: leave one out."
            )
        return shape

    def parameters(self, shape: tuple[int, ...], key: jax.Array | None = None) -> Values:
        """The config's quantities as arrays of `shape`, initializers drawn with `key` (default: the seed)."""
        return Values({name: jnp.asarray(value) for name, value in self.drawn(shape, key).items()})

    def drawn(
        self, shape: tuple[int, ...], key: jax.Array | None = None, values: dict[str, Any] | None = None
    ) -> Values:
        """The same on the host; `values` are the config's where they have been read already."""
        config = self.config
        return Values(config.draw(shape, config.seed if key is None else key, config.float_type, values))

    @property
    def units(self) -> tuple[int, ...] | None:
        """Shape of the population; before the soma is built that of its config, None where the input decides."""
        return getattr(self, "_shape", self.config.units)

    @property
    def potential(self) -> jax.Array:
        """The membrane potential as it stands, absolute mV, shape of the population.

        Raises:
            RuntimeError: the soma is not built yet.
        """
        if self._state is None:
            raise RuntimeError(f"{type(self).__name__} is not built yet: call build(...), or call it with a current.")
        return self._state.potential

    def get_input_specs(self) -> dict[str, PortSpecs]:
        """What it takes at each call; of no shape before it is built, unless its config says `units`."""
        shape, dtype = self.units or (), self.config.float_type
        return {"current": PortSpecs(CurrentArray, shape, dtype, "Input current, pA, held over the step.")}

    def get_output_specs(self) -> dict[str, PortSpecs]:
        """What it gives back at each call."""
        shape, dtype = self.units or (), self.config.float_type
        return {
            "spikes": PortSpecs(SpikeArray, shape, np.dtype(bool), "Which units fired in the step."),
            "potential": PortSpecs(PotentialArray, shape, dtype, "Membrane potential at the end of the step, mV."),
        }

    @property
    def state(self) -> dict[str, jax.Array]:
        """The state variables by name, as they stand (empty before the soma is built)."""
        return dict(parted(self._state or Values())[0])

    def __call__(self, current: CurrentArray | jax.Array | np.ndarray) -> SomaOutput:
        """Advance by one time step under `current` (pA, shape of the population); builds first if need be.

        A change of the config, be it of a value, `dt` or `solver`, acts from the next `reset()` on.

        Under a transformation of JAX, a soma that was handed in as an argument is one: return it too, and it has moved
        on. A soma from outside is read, and does not move: what happens in a transformation does not leave it.

        Raises:
            TypeError: the current is no array of numbers.
            ValueError: it is not finite, or its shape is not the population's.
            RuntimeError: the second call of a soma from outside in one transformation, which would not see the first.

        Warns:
            UserWarning: the first time that a soma from outside is called.
        """
        held = self._held(current)
        if self._state is None:
            self.build({"current": PortSpecs(CurrentArray, held.shape)})
        if held.shape not in (self._shape, ()):
            raise ValueError(
                f"{type(self).__name__} was built for shape {self._shape} but the current has shape {held.shape}."
            )
        assert self._state is not None and self._parameters is not None
        here = now()
        if here != self._home:
            self._visited = visited(type(self).__name__, here, self._visited)
        state, output = advance(self.system, self._solver, self._parameters, self._state, held, self._dt)
        if here == self._home:
            self._state = state
        return SomaOutput(spikes=SpikeArray(output.spikes), potential=PotentialArray(output.potential))

    def _held(self, current: Any) -> jax.Array:
        """The current as an array of the run's precision, checked where its values are known."""
        given = getattr(current, "value", current)
        if not (all(map(known, given)) if isinstance(given, (list, tuple)) else known(given)):
            return jnp.asarray(given, self.config.float_type)
        try:  # NumPy first: lists deep in one another that JAX is given leave the thread without recursion (JAX 0.10)
            held = np.asarray(as_float(given) if isinstance(given, numbers.Real) else given)
        except UNREADABLE:
            held = np.empty(0, object)
        if held.dtype != bool and not real(held.dtype):
            raise TypeError(f"{type(self).__name__} takes a current in pA, an array of numbers, not {echo(given)}.")
        check_memory(8.0 * held.size, f"a current of {held.size:,} values", "give fewer")
        if too_large(held) is not None:
            bound = f"finite (pA), at most {LARGEST:g}"
            raise ValueError(f"the current of {type(self).__name__} must be {bound}, got {echo(given)}.")
        return jnp.asarray(given if isinstance(given, jax.Array) else held, self.config.float_type)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.config!r})"

    def _repr_html_(self) -> str:
        title = f"{self.title} ({type(self).__name__})" if self.title else type(self).__name__
        return titled(title, fields_table(self.config.fields(), self.config.values()))


advance: Callable[..., tuple[Values, StepOutput]] = partial(jax.jit, static_argnames=("system", "solver"))(stepped)
"""One compiled step."""
