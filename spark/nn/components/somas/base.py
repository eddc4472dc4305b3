"""The shell that every soma shares."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, TypedDict, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
import param
from jax.extend.core import get_opaque_trace_state

from ....core.config import Config
from ....core.frame import parted
from ....core.hybrid import Hybrid, Values
from ....core.known import known
from ....core.payloads import CurrentArray, PotentialArray, SpikeArray
from ....core.quantity import Quantity
from ....core.specs import PortSpecs
from ....solvers import RK4, Solver
from ..base import Component
from .pure import StepOutput, stepped
from .snapshot import Snapshot

SOLVER: Any = Solver


@dataclass(frozen=True)
class Reference:
    """Where a model or a parameter set was published."""

    text: str
    url: str


class Units(param.Parameter):
    """Shape of a population: None (taken from the input), a whole number, or a tuple of them."""

    def __set__(self, obj: Any, value: Any) -> None:
        if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
            value = (int(value),)
        if isinstance(value, list):
            value = tuple(value)
        if value is not None:
            if not isinstance(value, tuple) or not all(isinstance(n, int) for n in value):
                raise TypeError(f"{self.name} takes a whole number or a tuple of them, not {value!r}.")
            if not value or min(value) < 1:
                raise ValueError(f"{self.name} = {value} must hold whole numbers of at least 1.")
        super().__set__(obj, value)


class Precision(param.Parameter):
    """Floating-point type: None (JAX's default), "float32" or "float64"."""

    def __set__(self, obj: Any, value: Any) -> None:
        if value is not None:
            with contextlib.suppress(TypeError):  # refused below, in words
                value = np.dtype(value).name
            if value not in ("float32", "float64"):
                raise ValueError(f"{self.name} must be 'float32' or 'float64', got {value!r}.")
            if value == "float64" and not jax.config.read("jax_enable_x64"):
                raise ValueError(
                    f"{self.name} = 'float64' needs JAX's 64-bit mode: "
                    "call jax.config.update('jax_enable_x64', True) first."
                )
        super().__set__(obj, value)


class SomaConfig(Config):
    """What every soma's config has: the time step, the solver and the seed."""

    units = Units(None, doc="Shape of the population; taken from the input when None.")
    dt = Quantity(
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
    dtype = Precision(None, doc="Floating-point type; JAX's default when None (float32, float64 in 64-bit mode).")
    seed = param.Integer(0, bounds=(0, 2**31 - 1), doc="Seed from which initializers are drawn.")
    solver = param.ClassSelector(class_=SOLVER, default=RK4(), instantiate=False, doc="How time is advanced.")

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

    _parameters: Values | None = None
    _state: Values | None = None
    _visited: Any = None
    """The transformation in which it was called last, where it is not the one in which it was built."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        jax.tree_util.register_pytree_with_keys(cls, _flattened, _unflattened)

    def __init__(self, config: ConfigT | None = None, **kwargs: Any) -> None:
        if not hasattr(type(self), "system"):
            raise TypeError(f"{type(self).__name__} is abstract: use one of its kinds, such as LeakySoma.")
        super().__init__(config, **kwargs)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in type(self).config_class.fields():
            raise AttributeError(
                f"{type(self).__name__}.{name} is set in its config: write soma.config.{name} = {value!r}."
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
        """Return every unit to its resting state; changed config values take effect."""
        if not hasattr(self, "_shape"):
            raise RuntimeError(f"{type(self).__name__} is not built yet: call build(...), or call it with a current.")
        self._parameters, self._state = self.init(self._shape)
        self._home = get_opaque_trace_state(convention="spark")

    def init(self, units: int | tuple[int, ...] | None = None, key: jax.Array | None = None) -> tuple[Values, Values]:
        """Parameters and resting state of a population, for `step`: two pytrees of arrays of its shape.

        Both are dicts that can be read as attributes, `parameters.threshold`, and changed by `|`:
        `state | {"potential": v}`. In single precision a state also holds the digits that its variables have no room
        for, as "potential (low)": leave them as they are. Works under every transformation; values are checked where
        they are known, outside of them.

        Args:
            units: number of units, or shape; that of the config when None, else one unit.
            key: JAX key from which initializers are drawn; the config's seed when None.
        """
        shape = (self.config.units or (1,)) if units is None else tuple(np.atleast_1d(units).tolist())
        if units == ():
            shape = ()
        parameters = self.parameters(shape, key)
        state = self.system.initial(parameters, parameters.potential_rest)
        return parameters, self.config.solver.frame(self.system).begun(state)

    def step(self, parameters: Values, state: Values, current: Any, dt: Any = None) -> tuple[Values, StepOutput]:
        """Advance by one time step: a pure function, for `jax.jit`, `vmap`, `lax.scan`, `jvp` and `grad`.

        The soma's own state is neither read nor changed; of its config only dt and solver are. Derivatives are exact,
        backwards as well: of spike times through `offset`, and of states through spikes (docs/jax.md).

        Args:
            parameters: as `init` gives them.
            state: the same.
            current: pA, a number or an array of the population's shape.
            dt: time step, ms; the config's when None.

        Returns:
            The state at the end of the step, and spikes, potential and offset.
        """
        config = self.config
        return advance(self.system, config.solver, parameters, state, current, config.dt if dt is None else dt)

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
    def state(self) -> dict[str, jax.Array]:
        """The state variables by name, as they stand (empty before the soma is built)."""
        return dict(parted(self._state or Values())[0])

    def __call__(self, current: CurrentArray | jax.Array | np.ndarray) -> SomaOutput:
        """Advance by one time step under `current` (pA, shape of the population); builds first if need be.

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
        now = get_opaque_trace_state(convention="spark")
        if now != self._home:
            self._visit(now)
        state, output = advance(self.system, self.config.solver, self._parameters, self._state, held, self.config.dt)
        if now == self._home:
            self._state = state
        return SomaOutput(spikes=SpikeArray(output.spikes), potential=PotentialArray(output.potential))

    def _held(self, current: Any) -> jax.Array:
        """The current as an array of the run's precision, checked where its values are known."""
        given = getattr(current, "value", current)
        try:
            held = jnp.asarray(given, self.config.float_type)
        except (TypeError, ValueError):
            raise TypeError(
                f"{type(self).__name__} takes a current in pA, an array of numbers, not {given!r}."
            ) from None
        if known(held) and not np.isfinite(np.asarray(held)).all():
            raise ValueError(f"the current of {type(self).__name__} must be finite (pA), got {given!r}.")
        return held

    def _visit(self, trace: Any) -> None:
        """Be called in a transformation from outside of which this soma comes."""
        name = type(self).__name__
        remedy = (
            "give the soma to the transformed function as an argument and return it, or use soma.step or spark.scan, "
            "which take the state and return it."
        )
        if self._visited is None:
            warnings.warn(
                f"{name} is called in a transformation of JAX, and its state stays as it was: {remedy}", stacklevel=3
            )
        elif self._visited == trace:
            raise RuntimeError(
                f"{name} is called twice in one transformation of JAX, to which it does not belong, and the second "
                f"call cannot see the first: {remedy}"
            )
        self._visited = trace

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.config!r})"


advance: Callable[..., tuple[Values, StepOutput]] = partial(jax.jit, static_argnames=("system", "solver"))(stepped)
"""One compiled step."""


def _flattened(soma: Soma[Any]) -> tuple[Any, Snapshot]:
    """A soma as a pytree: its parameters and state are leaves, what its config says is structure."""
    children = tuple((jax.tree_util.GetAttrKey(name), getattr(soma, f"_{name}")) for name in ("parameters", "state"))
    others = {k: v for k, v in vars(soma).items() if k not in ("config", "_parameters", "_state", "_home", "_visited")}
    return children, Snapshot(type(soma), soma.config, others)


def _unflattened(snapshot: Snapshot, children: Any) -> Soma[Any]:
    soma: Soma[Any] = object.__new__(snapshot.kind)
    vars(soma).update(snapshot.others)
    soma.config = snapshot.config()
    soma._parameters, soma._state = children
    soma._home = get_opaque_trace_state(convention="spark")
    return soma
