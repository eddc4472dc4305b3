"""One physical quantity, declared once: everything else reads the declaration."""

from __future__ import annotations

import abc
import numbers
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
import param
from jax.typing import ArrayLike

from .echo import echo
from .known import known
from .param_seam import slot_defaults
from .sizes import SMALLEST, as_float, as_numbers, check_size


class Drawable(abc.ABC):
    """What draws one value per unit: the initializers."""

    @abc.abstractmethod
    def draw(self, key: jax.Array, shape: tuple[int, ...]) -> np.ndarray:
        """Values of `shape`, the same for the same key."""


Value = float | np.number[Any] | np.ndarray | jax.Array | Sequence[float] | Drawable
"""What a quantity takes."""


class Quantity(param.Parameter):
    """A physical quantity: a number, an array with one value per unit, or an initializer that draws them.

    Args:
        default: value when none is given.
        unit: unit as shown to people ("mV").
        symbol: LaTeX symbol of the literature.
        bounds: (low, high) of what is physically valid; None leaves a side open.
        inclusive: whether each bound itself is valid.
        span: (low, high) that a slider travels: the range of the literature.
        log: whether a slider should travel logarithmically.
        group: heading under which people look for it.
        scalar: accept a single number only.
        title: name for people, where the field's own would mislead ("spike cut-off" for `threshold`).
        beyond: what to do instead, for a reader who wants a value outside the bounds.

    A subclass of the config may redeclare the quantity with only what differs; the rest is inherited.
    """

    __slots__ = ["beyond", "bounds", "group", "inclusive", "log", "scalar", "span", "symbol", "title", "unit"]
    _slot_defaults = slot_defaults(
        default=0.0,
        unit="",
        symbol="",
        bounds=(None, None),
        inclusive=(True, True),
        span=None,
        log=False,
        group="",
        scalar=False,
        title=None,
        beyond="",
    )

    def __init__(
        self,
        default: Any = param.Undefined,
        *,
        unit: Any = param.Undefined,
        symbol: Any = param.Undefined,
        bounds: Any = param.Undefined,
        inclusive: Any = param.Undefined,
        span: Any = param.Undefined,
        log: Any = param.Undefined,
        group: Any = param.Undefined,
        scalar: Any = param.Undefined,
        title: Any = param.Undefined,
        beyond: Any = param.Undefined,
        **kwargs: Any,
    ) -> None:
        super().__init__(default=default, **kwargs)
        self.unit = unit
        self.symbol = symbol
        self.bounds = bounds
        self.inclusive = inclusive
        self.span = span
        self.log = log
        self.group = group
        self.scalar = scalar
        self.title = title
        self.beyond = beyond

    if TYPE_CHECKING:

        def __get__(self, obj: Any, objtype: Any = None) -> Any:
            """A number, an array or an initializer: which of them, no checker can know."""

    def __set__(self, obj: Any, value: Value) -> None:
        check = not getattr(obj, "unchecked", False)
        name = str(self.name) if obj is None else f"{type(obj).__name__}.{self.name}"
        super().__set__(obj, self.accept(value, name, check))

    @property
    def words(self) -> str:
        """The quantity's name in words."""
        return self.title or str(self.name).replace("_", " ")

    def describe_bounds(self) -> str:
        """The valid range in words, with its unit."""
        low, high = self.bounds
        unit = f" {self.unit}" if self.unit else ""
        parts = []
        if low is not None:
            parts.append(f"{'at least' if self.inclusive[0] else 'greater than'} {low:g}{unit}")
        if high is not None:
            parts.append(f"{'at most' if self.inclusive[1] else 'less than'} {high:g}{unit}")
        return " and ".join(parts)

    def _value_within(self) -> str:
        """What a value has to be, after "choose a value": "of at least 0 GΩ", "greater than 0 ms"."""
        bounds = self.describe_bounds()
        return f"of {bounds}" if bounds.startswith("at ") else bounds

    def accept(self, value: Any, name: str, check: bool = True) -> Any:
        """Return `value` in its stored form, or say what is wrong with it, calling it `name`.

        Raises:
            TypeError: it is not a number, an array of numbers or an initializer.
            ValueError: it is not finite, or outside the bounds (when `check`).
        """
        unit = f" in {self.unit}" if self.unit else ""
        if not known(value):
            raise TypeError(
                f"{name} takes values that are known, and this one is traced by a transformation of JAX: put it into "
                "the parameters or the current that soma.step and spark.scan take (docs/jax.md)."
            )
        if isinstance(value, Drawable):
            if self.scalar:
                raise TypeError(f"{name} takes a single number{unit}, not an initializer.")
            return value
        if isinstance(value, numbers.Real) and not isinstance(value, bool):
            given, value = value, as_float(value)
        elif isinstance(value, (np.ndarray, jax.Array, list, tuple)):
            given = value = self._accept_array(value, name, unit)
        else:
            kinds = "a number" if self.scalar else "a number, an array with one value per unit or an initializer"
            raise TypeError(f"{name} takes {kinds}{unit}, not {echo(value)} ({type(value).__name__}).")
        check_size(value, given, name, f" {self.unit}" if self.unit else "")
        if check:
            self.check_bounds(value, name)
        return value

    def _accept_array(self, value: Any, name: str, unit: str) -> Any:
        array = as_numbers(value, name, unit)
        if array.ndim == 0:
            return float(array)
        if self.scalar:
            raise TypeError(f"{name} takes a single number{unit}, not an array of shape {array.shape}.")
        if not array.size:
            raise ValueError(f"{name} has shape {array.shape}, which holds no value: give one number{unit} or more.")
        return array if isinstance(array, jax.Array) else array.astype(float)

    def within(self, value: ArrayLike) -> np.ndarray:
        """Where the values keep to the bounds: bool, of their shape."""
        values = np.asarray(value, float)
        low, high = self.bounds
        kept = np.ones(values.shape, bool)
        if low is not None:
            kept &= values >= low if self.inclusive[0] else values > low
        if high is not None:
            kept &= values <= high if self.inclusive[1] else values < high
        return kept

    def check_bounds(self, value: ArrayLike, name: str) -> None:
        """Raise a ValueError that names the field, the bound and what to do if any value is outside."""
        values = np.asarray(value, float)
        bad = ~self.within(values)
        if self.bounds[0] == 0 and not bad.any():
            tiny = (values < SMALLEST) & (values != 0)  # nothing in single precision, and something divides by it
            if tiny.any():
                unit = f" {self.unit}" if self.unit else ""
                raise ValueError(
                    f"{name} = {float(values[tiny].flat[0]):g}{unit} is too small to be told from 0: "
                    f"choose {'0, or ' if self.inclusive[0] else ''}a value of at least {SMALLEST:g}{unit}."
                )
        if bad.any():
            where = "" if values.ndim == 0 else f" in unit {int(np.flatnonzero(bad)[0])}"
            got = float(values[bad].flat[0])
            raise ValueError(
                f"{name} = {got:g}{' ' + self.unit if self.unit else ''}{where} is out of bounds: "
                f"choose a value {self._value_within()}." + (f" {self.beyond}" if self.beyond else "")
            )
