"""One mystery neuron: its hidden values by level and seed, and the session with which a student begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from spark.nn.components.somas import Soma, catalogue

from ..session.session import Session
from .levels import Level, level
from .seal import Contents, entropy

DIGITS = 4
"""Significant digits of a hidden value."""


@dataclass(frozen=True)
class Puzzle:
    """A mystery neuron. Its representation does not tell what is hidden.

    Attributes:
        contents: what its link holds.
        hidden: by name the values that are to be found.
    """

    contents: Contents
    hidden: dict[str, float] = field(repr=False)

    @property
    def level(self) -> Level:
        """Of difficulty."""
        return level(self.contents.level)

    @property
    def kind(self) -> type[Soma]:
        """Its model."""
        return catalogue()[self.level.model]

    @cached_property
    def known(self) -> dict[str, float]:
        """By name the values that are told."""
        declared = self.kind.config_class.quantities()
        names = (name for name, one in declared.items() if not one.scalar and name not in self.hidden)
        return {name: float(declared[name].default) for name in names}

    @property
    def guess(self) -> dict[str, float]:
        """By name the values with which a student begins: the middle of each range."""
        return {name: _rounded(self.level.at(name, 0.5), 2) for name in self.hidden}

    def soma(self, **values: Any) -> Soma:
        """The neuron, or what it would be with these values in place of hidden ones."""
        told: dict[str, Any] = {**self.known, **self.hidden, **values}
        return self.kind(self.kind.config_class(**told))

    def begin(self) -> Session:
        """The session with which a student begins: what is known, guesses of the rest, and a step that it answers."""
        session = Session()
        session.choose_model(self.level.model)
        session.set({f"config.{name}": value for name, value in (self.known | self.guess).items()})
        session.set({"stimulus.0.amplitude": self.level.amplitude})
        return session


def make(contents: Contents) -> Puzzle:
    """The mystery neuron of a link: the same for the same level, seed and key, whatever its noise and budget are."""
    of, source = level(contents.level), np.random.default_rng(entropy(contents.level, contents.seed))
    return Puzzle(contents, {name: _rounded(of.at(name, source.random()), DIGITS) for name in of.hidden})


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")
