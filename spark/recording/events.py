"""Spikes as a list of events: memory goes with the number of spikes, not with steps x units."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np


class Events(NamedTuple):
    """Spikes in the order of their steps, and within a step of their units; three arrays of one length.

    Attributes:
        step: the step into which each spike fell, int32.
        unit: the unit that fired, int32.
        offset: how many ms after the beginning of its step, in the floating-point type of the run.
    """

    step: np.ndarray
    unit: np.ndarray
    offset: np.ndarray

    @classmethod
    def of(cls, spikes: np.ndarray | jax.Array, offsets: np.ndarray | jax.Array, begin: int = 0) -> Events:
        """The events of arrays of shape (steps, units), the first step of which is step `begin`.

        The offsets may be one for all of them. Of arrays on a GPU only what belongs to a spike is fetched.
        """
        units = spikes.shape[1]
        if isinstance(spikes, jax.Array) and all(device.platform != "cpu" for device in spikes.devices()):
            place, offset = fetched(spikes, jnp.asarray(offsets))
        else:
            place, offsets = np.flatnonzero(np.asarray(spikes)), np.asarray(offsets).ravel()
            offset = np.full(place.size, offsets[0]) if offsets.size == 1 else offsets[place]
        step, unit = np.divmod(place, units)
        return cls((step + begin).astype(np.int32), unit.astype(np.int32), offset)

    @classmethod
    def joined(cls, parts: list[Events]) -> Events:
        """One list of those that follow one another."""
        return parts[0] if len(parts) == 1 else cls(*map(np.concatenate, zip(*parts, strict=True)))

    def head(self, steps: int, units: int) -> Events:
        """Those of the first steps and units."""
        last = int(np.searchsorted(self.step, steps))
        kept = np.flatnonzero(self.unit[:last] < units)
        return Events(self.step[kept], self.unit[kept], self.offset[kept])

    def times(self, dt: float) -> np.ndarray:
        """When each spike came, ms, float64."""
        return self.step * dt + self.offset.astype(float)

    def by_unit(self, dt: float) -> tuple[np.ndarray, np.ndarray]:
        """Units and times (ms) of all spikes, unit after unit, each in the order of time."""
        order = np.argsort(self.unit, kind="stable")
        return self.unit[order], self.times(dt)[order]


LEAST_ROOM = 4_096
"""Spikes that are fetched from a GPU at once, at least: it takes no longer than one."""


def fetched(spikes: jax.Array, offsets: jax.Array) -> tuple[np.ndarray, np.ndarray]:
    """Places of the spikes in the flat array, and their offsets, picked where the arrays are.

    Copying both arrays from a GPU takes a hundred times as long as the loop that wrote them.
    """
    count = int(jnp.count_nonzero(spikes))
    room = LEAST_ROOM
    while room < count:  # compiled for a few sizes, not for each number of spikes
        room *= 4
    place, offset = _picked(spikes, offsets, room)
    return np.asarray(place)[:count], np.asarray(offset)[:count].copy()  # not all the room is kept


@partial(jax.jit, static_argnames="room")
def _picked(spikes: jax.Array, offsets: jax.Array, room: int) -> tuple[Any, Any]:
    fired = spikes.ravel()
    rank = jnp.where(fired, jnp.cumsum(fired) - 1, room)
    place = jnp.zeros(room, rank.dtype).at[rank].set(jnp.arange(fired.size, dtype=rank.dtype), mode="drop")
    offsets = offsets.ravel()
    return place, jnp.broadcast_to(offsets, room) if offsets.size == 1 else offsets[place]


class Kept:
    """Collects the events of one chunk after another.

    Args:
        most: spikes that may be kept.
        dt: time step, ms.
    """

    def __init__(self, most: float, dt: float) -> None:
        self._parts: list[Events] = []
        self._left, self._most, self._dt = most, most, dt

    def add(self, events: Events) -> None:
        """Keep these as well.

        Raises:
            ValueError: they are too many.
        """
        self._parts.append(events)
        self._left -= events.step.size
        if self._left < 0:
            so_far = (int(events.step[-1]) + 1) * self._dt
            raise ValueError(
                f"More than {self._most:,} spikes in the first {so_far:,.4g} ms: shorten the run, use fewer neurons "
                "or let them fire less."
            )

    def result(self) -> Events:
        """All of them."""
        return Events.joined(self._parts)


class Crowded(RuntimeWarning):
    """A unit fires so fast that a step holds more than one spike, of which a run keeps one."""


class Crowds:
    """Finds units that were to fire again in the step of a spike, in the events of one chunk after another.

    Such a unit is above its threshold still when the next step begins, and fires at once there.

    Args:
        units: size of the population.
    """

    def __init__(self, units: int) -> None:
        self.found = np.zeros(units, bool)
        self._last = np.full(units, -2)

    def add(self, events: Events) -> None:
        """Look at these, all of them later than those before."""
        if (events.offset == 0).any():
            order = np.argsort(events.unit, kind="stable")
            unit, step = events.unit[order], events.step[order]
            before = np.roll(step, 1)
            first = np.diff(unit, prepend=-1) != 0
            before[first] = self._last[unit[first]]
            self.found[unit[(events.offset[order] == 0) & (step - before == 1)]] = True
        self._last[events.unit] = events.step  # of one unit's spikes the latest is written last
