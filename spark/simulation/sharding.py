"""The time loop on many devices: units are dealt out once, and no device ever waits for another.

Each device runs the loop of `loop.py` on units of its own (`jax.shard_map`). Left to XLA's partitioner the same loop
would ask all devices, several times in each step, whether any unit is still to be advanced or has fired.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding
from jax.sharding import PartitionSpec as Spec

from ..core.echo import echo
from ..core.hybrid import Hybrid, Values
from ..solvers import Solver
from .asked import Drive
from .loop import time_loop

AXIS = "units"
ROWS, COLUMNS, SAME = Spec(AXIS), Spec(None, AXIS), Spec()

LEAST = 16
"""Units of a device at least, if there are as many: one vector of a processor. For fewer, XLA compiles other code that
rounds otherwise: a run would differ in its last digit from one on one device. Nothing would be gained either."""


class Share:
    """The units of a population that this process simulates, and its devices.

    Units go in their order to the devices of the mesh, those of process 0 first, as many to each and `LEAST` at least:
    the last ones may get none, and what one lacks is filled up with copies of the last unit, which nobody sees.

    Args:
        mesh: the devices, whatever its axes.
        units: size of the whole population.

    Attributes:
        own: numbers of this process's units in the whole population.
        mesh: those of this process's devices that get units.

    Raises:
        TypeError: not a mesh.
        ValueError: a process would have nothing to do.
    """

    def __init__(self, mesh: Mesh, units: int) -> None:
        if not isinstance(mesh, Mesh):
            raise TypeError(
                f'sharding takes a jax.sharding.Mesh, such as jax.make_mesh((jax.device_count(),), ("units",)), '
                f"not {echo(mesh)}."
            )
        devices = sorted(mesh.devices.flat, key=lambda device: device.process_index)  # stable: else the mesh's order
        per = max(-(-units // len(devices)), min(units, LEAST))
        firsts: dict[int, int] = {}
        for place, device in enumerate(devices):
            firsts.setdefault(device.process_index, place * per)
        if idle := [process for process, first in firsts.items() if first >= units]:
            raise ValueError(
                f"{units} units on {len(devices)} devices, {per} on each, leave process {idle[0]} without any: "
                "simulate more units, or give a mesh of fewer processes."
            )
        here = [device for device in devices if device.process_index == jax.process_index()]
        if not here:
            raise ValueError(f"the mesh has no device of process {jax.process_index()}: leave this process out.")
        first = firsts[jax.process_index()]
        self.own = range(first, min(first + per * len(here), units))
        self.mesh = Mesh(np.array(here[: -(-len(self.own) // per)]), (AXIS,))
        self._per = per

    def cut(self, p: Values, s: Values, drive: Drive, traced: np.ndarray) -> tuple[Values, Values, Drive, np.ndarray]:
        """Parameters, state, current and traces of this process's units alone, which count from 0."""
        mine = slice(self.own.start, self.own.stop)

        def draw(steps: int) -> np.ndarray:
            held = drive.draw(steps)
            return held if drive.columns == 1 else held[:, mine]

        columns = 1 if drive.columns == 1 else len(self.own)
        inside = traced[(traced >= mine.start) & (traced < mine.stop)] - mine.start
        p, s = (Values({name: value[mine] for name, value in values.items()}) for values in (p, s))
        return p, s, Drive(draw, columns, drive.steps, len(self.own)), inside

    def loop(
        self, system: Hybrid, solver: Solver, record: tuple[str, ...], p: Values, *, dt: Any, traced: np.ndarray | None
    ) -> Callable[..., Any]:
        """What `time_loop` is with these arguments, for what `cut` gave, dealt out to the devices."""
        units = len(self.own)
        numbers, columns = (None, slice(units)) if traced is None else self._deal(traced)
        p, numbers = self._put(self._filled(p), ROWS), self._put(numbers, ROWS)

        def run(s: Values, held: np.ndarray, going: bool) -> Any:
            wide = held.shape[1] > 1
            s = s if going else self._put(self._filled(s), ROWS)
            placed = self._put(self._filled(held) if wide else held, COLUMNS if wide else SAME)
            spikes, offsets, traces, last, left = many_loops(
                self.mesh, system, solver, record, wide, p, s, placed, dt, going, numbers
            )
            final = {name: np.asarray(value)[:units] for name, value in (left or last).items()}
            shown = {name: np.asarray(value)[:, columns] for name, value in traces.items()}
            late = np.asarray(offsets)[:, : 1 if solver.on_grid else units]
            return np.asarray(spikes)[:, :units], late, shown, last, final

        return run

    def _filled(self, values: Any) -> Any:
        """Arrays of which the last axis is units, made as long as all devices together hold."""
        surplus = self._per * self.mesh.size - len(self.own)
        return jax.tree.map(lambda a: np.pad(a, [(0, 0)] * (np.ndim(a) - 1) + [(0, surplus)], mode="edge"), values)

    def _put(self, values: Any, spec: Spec) -> Any:
        return jax.device_put(values, NamedSharding(self.mesh, spec))

    def _deal(self, traced: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The traced units as each device counts its own, as many for each, and the column in which each comes out."""
        device, number = np.divmod(traced, self._per)
        order = np.argsort(device, kind="stable")
        counts = np.bincount(device, minlength=self.mesh.size)
        most = int(counts.max(initial=0))
        place = np.empty(traced.size, int)
        place[order] = np.arange(traced.size) - np.repeat(np.cumsum(counts) - counts, counts)
        columns = device * most + place
        numbers = np.zeros(self.mesh.size * most, np.int32)
        numbers[columns] = number
        return numbers, columns


@partial(jax.jit, static_argnames=("mesh", "system", "solver", "record", "wide"))
def many_loops(
    mesh: Mesh,
    system: Hybrid,
    solver: Solver,
    record: tuple[str, ...],
    wide: bool,
    p: Values,
    s: Values,
    held: Any,
    dt: Any,
    going: Any,
    numbers: Any,
) -> Any:
    """`time_loop` on each device of a mesh, for the units that it holds; `wide`: each unit has its own current."""
    loops = jax.shard_map(
        partial(time_loop, system, solver, record),
        mesh=mesh,
        in_specs=(ROWS, ROWS, COLUMNS if wide else SAME, SAME, SAME, ROWS),
        out_specs=(COLUMNS, COLUMNS, COLUMNS, ROWS, ROWS),
        check_vma=False,  # it would have constants that begin a loop declared as differing between devices
    )
    return loops(p, s, held, dt, going, numbers)


def own_units(mesh: Mesh, units: int) -> range:
    """Which of so many units a run with `sharding=mesh` gives to the process that asks.

    All of them unless `jax.distributed` has joined several processes.
    """
    return Share(mesh, units).own
