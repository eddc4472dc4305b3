"""One way to say which neuron a function is about: a soma; or a class and its values by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast, overload

import numpy as np

from ..core.echo import echo
from ..nn.components.somas import Soma

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class OfNeuron(Protocol[P, R_co]):
    """A function of one neuron: `rheobase(soma)`, or `rheobase(LeakySoma, values)`."""

    @overload
    def __call__(self, soma: Soma, /, *args: P.args, **kwargs: P.kwargs) -> R_co: ...
    @overload
    def __call__(
        self, kind: type[Soma] | Soma, values: Mapping[str, Any], /, *args: P.args, **kwargs: P.kwargs
    ) -> R_co: ...


def of_neuron(function: Callable[Concatenate[type[Soma] | Soma, Mapping[str, Any], P], R]) -> OfNeuron[P, R]:
    """Let a function of a class and its values take a soma in place of both.

    Raises:
        ValueError: (when called) a value of the soma is not one number.
    """
    signature = inspect.signature(function)
    (first, second, *others) = signature.parameters.values()
    soma = first.replace(name="soma", kind=first.POSITIONAL_ONLY, annotation="Soma")

    @wraps(function)
    def call(kind: Any, *args: Any, **kwargs: Any) -> Any:
        told = second.name in kwargs or bool(args and isinstance(args[0], Mapping))
        if told or not isinstance(kind, Soma):
            return function(kind, *args, **kwargs)
        return function(type(kind), values_of(kind), *args, **kwargs)

    # What `help` shows first is the way that most take; the text below it says the other one.
    call.__signature__ = signature.replace(parameters=[soma, *others])  # type: ignore[attr-defined]
    return cast(OfNeuron[P, R], call)


def values_of(soma: Soma) -> dict[str, float]:
    """The values of one neuron by name.

    Raises:
        ValueError: a value is not one number.
    """
    values: dict[str, float] = {}
    for name in soma.config.per_unit():
        value = getattr(soma.config, name)
        try:
            values[name] = float(value) if np.ndim(value) == 0 else float(np.asarray(value).item())
        except (TypeError, ValueError):
            raise ValueError(
                f"{type(soma).__name__}.{name} = {echo(value)} is not one number: this is about one neuron, such as "
                "single_neuron(recording, unit)."
            ) from None
    return values
