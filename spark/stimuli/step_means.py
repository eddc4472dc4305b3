"""The means of Ornstein-Uhlenbeck noise over time steps."""

from __future__ import annotations

from typing import Any, NamedTuple

from .windows import namespace


class StepMeans(NamedTuple):
    """The law of an Ornstein-Uhlenbeck process's means over steps, each from the one before and one normal number n.

    mean = known + fresh n, then known = kept known + kick n. The means of successive steps are correlated as moving
    averages of the process are: an ARMA(1, 1) process, in its innovations form. In standard deviations of the process.

    Attributes:
        kept: part of what is known of a step's mean that is left for the next step.
        fresh: standard deviation of what is not known of it beforehand.
        kick: what a step adds to the knowledge of the next.
        first: standard deviation of what is known beforehand, in a stationary process.
    """

    kept: Any
    fresh: Any
    kick: Any
    first: Any

    def following(self, known: Any, n: Any) -> tuple[Any, Any]:
        """The mean over a step of which so much is `known` and which draws `n`; and what is then known of the next."""
        return known + self.fresh * n, self.kept * known + self.kick * n

    @classmethod
    def of(cls, length: Any) -> StepMeans:
        """For steps of this length in correlation times.

        The covariances c0 and c1 of mean - kept * (the mean before) give (fresh, lag) = (S + D, S - D) / 2 with
        S^2 = c0 + 2 c1 = 2 (1 - kept)^2 / length and D^2 = c0 - 2 c1 = 2 (1 + kept)^2 (length - 2 tanh(length / 2)) /
        length^2; kick = kept fresh + lag.
        """
        xp = namespace(length)
        kept, lost = xp.exp(-length), -xp.expm1(-length)
        square = length * length
        bend = xp.where(length < 0.02, square * (1 - square / 10) / 12, 1 - 2 * xp.tanh(length / 2) / length)
        root = xp.sqrt(2 / length)
        total, difference = lost * root, (1 + kept) * root * xp.sqrt(bend)
        kick = lost * (1 + kept) / 2 * root * (1 - xp.sqrt(bend))
        return cls(kept, (total + difference) / 2, kick, kick / xp.sqrt(-xp.expm1(-2 * length)))
