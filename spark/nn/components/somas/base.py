"""The shell that every soma shares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict, TypeVar, cast

import jax
import jax.numpy as jnp
import numpy as np
import param

from ....core.config import Config
from ....core.fields import near_miss
from ....core.hybrid import Hybrid, Values
from ....core.payloads import CurrentArray, PotentialArray, SpikeArray
from ....core.quantity import Quantity
from ....core.specs import PortSpecs
from ....core.tables import fields_table, titled
from ....solvers import RK4, Solver
from ..base import Component
from .population import Precision, Units

SOLVER: Any = Solver


@dataclass(frozen=True)
class Reference:
    """Where a model or a parameter set was published."""

    text: str
    url: str


class SomaConfig(Config):
    """What every soma's config has: the time step, the solver and the seed."""

    units: Units = Units(None, doc="Shape of the population; taken from the input when None.")
    dt: Quantity = Quantity(
        0.1,
        unit="ms",
        symbol=r"\Delta t",
        bounds=(0, None),
        inclusive=(False, True),
        span=(0.01, 1.0),
        log=True,
        group="Simulation",
        scalar=True,
        title="time step",
        doc="Time between two samples; the input is held over it.",
    )
    dtype: Precision = Precision(
        None, doc="Floating-point type; JAX's default when None (float32, float64 in 64-bit mode)."
    )
    seed: int = cast(int, param.Integer(0, bounds=(0, 2**31 - 1), doc="Seed from which initializers are drawn."))
    solver: Solver = cast(
        Solver, param.ClassSelector(class_=SOLVER, default=RK4(), instantiate=False, doc="How time is advanced.")
    )

    @property
    def float_type(self) -> Any:
        """The floating-point type that a run uses."""
        return np.dtype(self.dtype or jax.dtypes.canonicalize_dtype(float))


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

    _state: Values | None = None

    def __init__(self, config: ConfigT | None = None, **kwargs: Any) -> None:
        if not hasattr(type(self), "system"):
            raise TypeError(f"{type(self).__name__} is abstract: use one of its kinds, such as LeakySoma.")
        super().__init__(config, **kwargs)

    if not TYPE_CHECKING:  # checkers would take it for leave to set any name

        def __setattr__(self, name: str, value: Any) -> None:
            kind = type(self)
            if name in kind.config_class.fields():
                raise AttributeError(
                    f"{kind.__name__}.{name} is set in its config: write soma.config.{name} = {value!r}."
                )
            near = None if hasattr(kind, name) or name.startswith("_") else near_miss(kind.config_class, name)
            if near:  # any other name is a subclass's own affair
                raise AttributeError(
                    f"{kind.__name__} has no {name!r}: did you mean soma.config.{near}? An attribute of your own "
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
        shape = input_specs["current"].shape
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
        self._parameters = self.parameters(self._shape)
        self._state = self.system.initial(self._parameters, self._parameters.potential_rest)

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
        return dict(self._state or {})

    def __call__(self, current: CurrentArray | jax.Array | np.ndarray) -> SomaOutput:
        """Advance by one time step under `current` (pA, shape of the population); builds first if need be.

        A change of the config, be it of a value, `dt` or `solver`, acts from the next `reset()` on.

        Raises:
            TypeError: the current is no array of numbers.
            ValueError: it is not finite, or its shape is not the population's.
        """
        given = getattr(current, "value", current)
        try:
            held = jnp.asarray(given, self.config.float_type)
        except (TypeError, ValueError):
            raise TypeError(
                f"{type(self).__name__} takes a current in pA, an array of numbers, not {given!r}."
            ) from None
        if not bool(jnp.isfinite(held).all()):
            raise ValueError(f"the current of {type(self).__name__} must be finite (pA), got {given!r}.")
        if self._state is None:
            self.build({"current": PortSpecs(CurrentArray, held.shape)})
        if held.shape not in (self._shape, ()):
            raise ValueError(
                f"{type(self).__name__} was built for shape {self._shape} but the current has shape {held.shape}."
            )
        assert self._state is not None
        self._state, fired, _ = advance(self.system, self._solver, self._parameters, self._state, held, self._dt)
        return SomaOutput(spikes=SpikeArray(fired), potential=PotentialArray(self._state.potential))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.config!r})"

    def _repr_html_(self) -> str:
        title = f"{self.title} ({type(self).__name__})" if self.title else type(self).__name__
        return titled(title, fields_table(self.config.fields(), self.config.values()))


@partial(jax.jit, static_argnames=("system", "solver"))
def advance(system: Hybrid, solver: Solver, p: Values, s: Values, current: jax.Array, dt: float) -> Any:
    """One compiled step."""
    return solver.step(system, p, s, jnp.broadcast_to(current, s.potential.shape), jnp.asarray(dt, current.dtype))
