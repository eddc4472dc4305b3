"""Solvers advance any hybrid system by one time step.

A step covers `dt` for every unit. Inside it each unit stops where something happens to it, and goes on from
there: at the end of its refractory period, and where its potential crosses the firing level. The crossing is
found on a cubic through both ends of the step (Euler: a line), so spike times have sub-step precision and the
jump is applied there. Where strong currents make the flow fast or stiff, the step falls into parts. A unit fires at
most once in a step: where it were to fire again, `simulate` warns (`spark.simulation.Crowded`).

With `on_grid=True` none of this is done: the potential itself is advanced by the whole step, then tested, then
reset, as fixed-step simulators do; a spike carries the time of its step's beginning.
"""

from .derivatives import reversible as reversible
from .schemes import RK4 as RK4
from .schemes import Euler as Euler
from .schemes import ExponentialEuler as ExponentialEuler
from .schemes import Heun as Heun
from .schemes import SequentialEuler as SequentialEuler
from .solver import Solver as Solver


def catalogue() -> dict[str, type[Solver]]:
    """Every solver by class name, simplest first."""
    return {kind.__name__: kind for kind in (Euler, ExponentialEuler, Heun, RK4, SequentialEuler)}
