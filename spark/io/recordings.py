"""Recordings of real cells, read from a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import overload

from ..stimuli import Array
from .readers.sweep import Sweep


@dataclass(frozen=True, eq=False)
class Recordings(Sequence[Sweep]):
    """The sweeps of a current-clamp recording, in the order of the file: a sequence of `Sweep`.

    Attributes:
        sweeps: all of them.
        name: of the file.
        kind: of the file: "CSV", "NPZ", "ABF", "NWB" or "IBW".
    """

    sweeps: tuple[Sweep, ...]
    name: str
    kind: str

    @overload
    def __getitem__(self, key: int) -> Sweep: ...
    @overload
    def __getitem__(self, key: slice) -> Recordings: ...
    def __getitem__(self, key: int | slice) -> Sweep | Recordings:
        return replace(self, sweeps=self.sweeps[key]) if isinstance(key, slice) else self.sweeps[key]

    def __len__(self) -> int:
        return len(self.sweeps)

    def __iter__(self) -> Iterator[Sweep]:
        return iter(self.sweeps)

    def __repr__(self) -> str:
        first = repr(self.sweeps[0]) if self.sweeps else "none"
        return f"Recordings({self.name!r}, {self.kind}, {len(self.sweeps)} sweeps, the first: {first})"


def stimulus_of(sweep: Sweep) -> Array:
    """The current of a sweep as a stimulus, zero after its last sample.

    A run with another step gets the mean over each of its steps, so that the charge is that of the recording.

    Raises:
        ValueError: its current is not known.
    """
    if sweep.current is None or sweep.dt is None:
        raise ValueError(
            f"the current of sweep {sweep.name} is not known: join a file that has it (spark.io.joined), or give the "
            "stimulus yourself."
        )
    return Array(samples=sweep.current, interval=sweep.dt)


def joined(parts: Iterable[Recordings]) -> Recordings:
    """Recordings of the same sweeps that came as several files, as one: potential here, current or spikes there.

    Args:
        parts: their sweeps belong together in their order.

    Raises:
        ValueError: they do not fit together; says what differs.
    """
    several = list(parts)
    if not several:
        raise ValueError("there is no recording to join.")
    first, *others = several
    sweeps = list(first.sweeps)
    for other in others:
        if len(other) != len(sweeps):
            raise ValueError(
                f"{first.name} has {len(sweeps)} sweeps and {other.name} {len(other)}: they do not belong together."
            )
        sweeps = [_one(a, b, first.name, other.name) for a, b in zip(sweeps, other, strict=True)]
    return Recordings(tuple(sweeps), " + ".join(one.name for one in several), first.kind)


def _one(a: Sweep, b: Sweep, first: str, other: str) -> Sweep:
    for name in ("potential", "current", "spikes"):
        if getattr(a, name) is not None and getattr(b, name) is not None:
            raise ValueError(f"both {first} and {other} have a {name}: they are not parts of one sweep.")
    if a.dt is not None and b.dt is not None:
        if abs(a.dt / b.dt - 1) > 1e-6:
            raise ValueError(f"{first} is sampled every {a.dt:g} ms and {other} every {b.dt:g} ms.")
        if a.samples != b.samples:
            raise ValueError(f"{first} has {a.samples:,} samples and {other} {b.samples:,}.")
    return Sweep(
        a.name,
        a.dt if a.dt is not None else b.dt,
        a.potential if a.potential is not None else b.potential,
        a.current if a.current is not None else b.current,
        a.spikes if a.spikes is not None else b.spikes,
        a.protocol or b.protocol,
        a.stored | b.stored,
    )
