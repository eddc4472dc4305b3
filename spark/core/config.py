"""Configurations: declared, validated, mutable values on the host."""

from __future__ import annotations

import math
import numbers
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import InitVar
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Self

import jax
import jax.numpy as jnp
import numpy as np
import param

from .echo import echo
from .fields import Declared, fields_of, per_unit_of, unknown
from .known import known, on_host
from .memory import check_memory
from .quantity import Drawable, Quantity
from .sizes import check_size
from .tables import fields_table, titled

MANY = 1_000_000
"""Units of which memory is asked whether it holds them."""


class Config(Declared):
    """A set of declared fields; subclasses declare them, this class does everything else.

    Args:
        __skip_validation__: accept values outside their bounds (types are still checked).
        **kwargs: fields by name; those left out keep their declared default.

    Raises:
        TypeError: an unknown field, or a value of the wrong kind.
        ValueError: a value outside its bounds.
        AttributeError: (on assignment) a name that is no field; one of a class's own, or with an underscore, is free.
    """

    ordered: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Pairs (lower, upper) of fields of which the first must stay below the second."""

    if TYPE_CHECKING:
        __skip_validation__: InitVar[bool] = False

    _skip_bounds = False
    _sealed = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        declared = {name for base in cls.__mro__[1:] for name in vars(base) if _is_parameter(base, name)}
        for name, value in vars(cls).items():
            if name in declared and not isinstance(value, param.Parameter):
                raise TypeError(
                    f"{cls.__name__}.{name} = {echo(value)} would replace the declared quantity by a bare value: "
                    f"write `{name} = Quantity({echo(value)})`."
                )

    def __init__(self, __skip_validation__: bool = False, **kwargs: Any) -> None:
        if not isinstance(__skip_validation__, bool):
            kind, first = type(self).__name__, next(iter(self.fields()), "value")
            raise TypeError(
                f"{kind} takes values by name, such as {kind}({first}=...), not {echo(__skip_validation__)}."
            )
        self._reject_unknown(kwargs)
        object.__setattr__(self, "_skip_bounds", __skip_validation__)
        super().__init__(**kwargs)
        self.check()

    @classmethod
    def fields(cls) -> dict[str, param.Parameter]:
        """Every declared field by name, base classes first."""
        return dict(fields_of(cls))

    @property
    def random(self) -> bool:
        """Whether `draw` draws anything."""
        return any(isinstance(getattr(self, name), Drawable) for name in self.per_unit())

    @classmethod
    def quantities(cls) -> dict[str, Quantity]:
        """The physical quantities among the fields, base classes first."""
        return {name: field for name, field in cls.fields().items() if isinstance(field, Quantity)}

    @classmethod
    def per_unit(cls) -> Mapping[str, Quantity]:
        """The quantities that may differ between units: all but those that are one number for the population."""
        return per_unit_of(cls)

    def values(self) -> dict[str, Any]:
        """Every field's value by name."""
        return {name: getattr(self, name) for name in self.fields()}

    def copy(self, **changes: Any) -> Self:
        """An independent config with the same values but for `changes`; watchers are not copied."""
        self._reject_unknown(changes)
        return self._with(not self._skip_bounds, self.values() | changes)

    @classmethod
    def _with(cls, check: bool, values: dict[str, Any]) -> Self:
        cls._reject_unknown(values)  # among them the word that lets a config do without checks
        return cls(**values) if check else cls(__skip_validation__=True, **values)

    def later(self, values: dict[str, Any]) -> Callable[[], Self]:
        """What makes a copy of this config as it is now, or gives the config itself where it is sealed.

        To make a config takes a third of a millisecond, as much as the loop of a neuron; most recordings are never
        asked for theirs.

        Args:
            values: `values()`, which a run has read already.
        """
        if self._sealed:
            return partial(_itself, self)
        kept = {k: v.copy() if isinstance(v, np.ndarray) else v for k, v in values.items()}
        return partial(type(self)._with, not self._skip_bounds, kept)

    @property
    def unchecked(self) -> bool:
        """Whether it takes values outside their bounds."""
        return self._skip_bounds

    @property
    def sealed(self) -> bool:
        """Whether its values can no longer be changed."""
        return self._sealed

    def seal(self) -> Self:
        """Let nobody change its values any more: what holds it need not copy it. A copy is not sealed."""
        object.__setattr__(self, "_sealed", True)
        return self

    if not TYPE_CHECKING:  # checkers would take it for leave to set any name

        def __setattr__(self, name: str, value: Any) -> None:
            kind = type(self)
            if name in fields_of(kind):
                if self._sealed:
                    raise AttributeError(f"{kind.__name__}.{name} is sealed: change a copy().")
            elif not name.startswith("_") and not hasattr(kind, name):
                raise AttributeError(unknown(kind.__name__, name, fields_of(kind)))
            super().__setattr__(name, value)

    def update(self, **changes: Any) -> None:
        """Change several fields in one event, or none of them if any value is illegal."""
        self.copy(**changes)
        self.param.update(**changes)

    def validate(self) -> None:
        """Raise a ValueError if any value is outside its bounds, also where they were not checked so far."""
        type(self)(**self.values())

    def merge(self, other: Config | Mapping[str, Any]) -> Self:
        """A copy with the values of `other`: those of a dict, or those of the fields that another config shares.

        Raises:
            TypeError: the dict names a field that is none, or it is neither a dict nor a config.
            ValueError: a value is out of its bounds.
        """
        if not isinstance(other, (Config, Mapping)):
            raise TypeError(f"merge takes values from a config or a dict, not from {echo(other)}.")
        shared = {k: v for k, v in other.values().items() if k in self.fields()} if isinstance(other, Config) else other
        self._reject_unknown(shared)
        return self.copy(**shared)

    def diff(self, other: Config) -> dict[str, tuple[Any, Any]]:
        """The fields in which two configs differ, with this one's value and the other's; of those that both have.

        Raises:
            TypeError: the other is no config.
        """
        if not isinstance(other, Config):
            raise TypeError(f"diff compares with another config, not with {echo(other)}.")
        mine, theirs = self.to_dict(), other.to_dict()
        names = [name for name in self.fields() if name in theirs and mine[name] != theirs[name]]
        return {name: (getattr(self, name), getattr(other, name)) for name in names}

    def check(self) -> None:
        """Raise a ValueError if fields that depend on each other do not agree (numbers and arrays)."""
        if not self._skip_bounds:
            known = {k: v for k, v in self.values().items() if not isinstance(v, Drawable)}
            self._check_order(known)

    def draw(
        self,
        shape: tuple[int, ...],
        key: jax.Array | int | None = None,
        dtype: Any = np.float32,
        values: dict[str, Any] | None = None,
    ) -> dict[str, np.ndarray]:
        """Every quantity as an array of `shape`, initializers drawn, arrays broadcast.

        Each field has a random stream of its own, so a draw changes only with the key and its own field. Under a
        transformation of JAX what is drawn is traced, and not checked.

        Args:
            shape: the population's.
            key: JAX key, or the seed of one.
            dtype: floating-point type of the arrays.
            values: `values()`, where they have been read already.

        Raises:
            ValueError: an array does not fit the shape, or a value is outside its bounds.
        """
        read = {name: getattr(self, name) if values is None else values[name] for name in self.per_unit()}
        units = math.prod(shape)
        if units > MANY:
            size = float(units) * np.dtype(dtype).itemsize * len(read)
            check_memory(size, f"{type(self).__name__} for {units:,} units", "take fewer units")
        if isinstance(key, numbers.Integral) and any(isinstance(value, Drawable) for value in read.values()):
            key = jax.random.key(key)
        drawn = {k: v if isinstance(v, float) else self._draw_one(k, v, shape, key) for k, v in read.items()}
        if not self._skip_bounds:
            self._check_order({name: value for name, value in drawn.items() if known(value)})
        return {name: _array(value, shape, dtype) for name, value in drawn.items()}

    def _draw_one(self, name: str, value: Any, shape: tuple[int, ...], key: Any) -> np.ndarray:
        owner = f"{type(self).__name__}.{name}"
        if isinstance(value, Drawable):
            if key is None:
                raise ValueError(f"{owner} is drawn at random: a JAX key is needed.")
            with np.errstate(over="ignore"):  # what is infinite is refused
                values = on_host(value.draw(jax.random.fold_in(key, zlib.crc32(name.encode())), shape))
            if known(values):
                quantity, drawn = self.per_unit()[name], f"{owner}, drawn from {echo(value)},"
                check_size(values, values, drawn, f" {quantity.unit}" if quantity.unit else "")
                if not self._skip_bounds:
                    quantity.check_bounds(values, drawn)
            return values
        if not self._skip_bounds and isinstance(value, np.ndarray):  # somebody may have written into it
            self.per_unit()[name].check_bounds(value, owner)
        try:
            return np.broadcast_to(np.asarray(value, float), shape)
        except ValueError:
            raise ValueError(
                f"{owner} has shape {np.shape(value)} but the population has shape {shape}: "
                "give one number, or one value per unit."
            ) from None

    def _check_order(self, values: dict[str, Any]) -> None:
        for lower, upper in self.ordered:
            if lower not in values or upper not in values:
                continue
            if isinstance(values[lower], float) and isinstance(values[upper], float) and values[lower] < values[upper]:
                continue  # the usual case, without arrays
            low, high = np.broadcast_arrays(np.asarray(values[lower]), np.asarray(values[upper]))
            bad = np.flatnonzero(low >= high)
            if bad.size:
                quantities = self.quantities()
                where = f" in unit {bad[0]}" if low.ndim else ""
                first, second = (
                    f"{quantities[name].words} ({name} = {side.flat[bad[0]]:g} {quantities[name].unit})"
                    for name, side in ((lower, low), (upper, high))
                )
                raise ValueError(
                    f"The {first} must stay below the {second}{where}: "
                    f"lower the {quantities[lower].words} or raise the {quantities[upper].words}."
                )

    @classmethod
    def _reject_unknown(cls, names: Iterable[Any]) -> None:
        for name in names:
            if name not in fields_of(cls):
                raise TypeError(unknown(cls.__name__, name, fields_of(cls)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.values().items())})"

    def _repr_html_(self) -> str:
        return titled(type(self).__name__, fields_table(self.fields(), self.values()))

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields())


def _array(value: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    if isinstance(value, float):
        return np.full(shape, value, dtype)
    return np.array(value, dtype) if known(value) else jnp.asarray(value, dtype)


def _itself(config: Any) -> Any:
    return config


def _is_parameter(base: type, name: str) -> bool:
    return isinstance(vars(base).get(name), param.Parameter)
