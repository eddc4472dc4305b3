"""What a component is."""

from __future__ import annotations

import abc
import inspect
from typing import Any, Generic, TypeVar

from ...core.config import Config
from ...core.fields import signature
from ...core.specs import PortSpecs

ConfigT = TypeVar("ConfigT", bound=Config)


class _Constructor:
    """What the constructor takes, each field of the config by name; a component itself is called otherwise."""

    def __get__(self, component: Any, kind: Any) -> inspect.Signature | None:
        if component is not None:
            return None
        return signature(kind, {name: field.default for name, field in kind.config_class.fields().items()})


class Component(abc.ABC, Generic[ConfigT]):
    """Something with a config that is built from its input's specs, reset, and called step by step.

    Args:
        config: its configuration; the defaults when None.
        **kwargs: single fields, taken in preference to those of `config`.

    Raises:
        TypeError: `config` is of another class, or a field is unknown.
        ValueError: a value is out of its bounds.
    """

    config: ConfigT
    config_class: type[Config] = Config
    __signature__ = _Constructor()

    def __init__(self, config: ConfigT | None = None, **kwargs: Any) -> None:
        if config is None:
            config = self.config_class(**kwargs)  # type: ignore[assignment]
        elif not isinstance(config, self.config_class):
            raise TypeError(
                f"{type(self).__name__} takes a {self.config_class.__name__}, not a {type(config).__name__}."
            )
        elif kwargs:
            config = config.copy(**kwargs)
        self.config = config  # type: ignore[assignment]

    @abc.abstractmethod
    def build(self, input_specs: dict[str, PortSpecs]) -> None:
        """Prepare parameters and state for inputs of these specs."""

    @abc.abstractmethod
    def reset(self) -> None:
        """Return to the initial state."""

    @abc.abstractmethod
    def __call__(self, *args: Any) -> Any:
        """Advance by one time step."""
