"""A run as a script for NEST, where NEST has a model with the soma's equations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core.version import __version__
from ..nn.components.somas import Soma
from ..stimuli import Stimulus
from .asked import asked
from .currents import current_of
from .grid import scheme_note, short, step_of
from .literals import numbers, wrapped
from .nest_models import match

TIC = 0.001
"""NEST counts time in these, ms."""


def nest_script(
    soma: Soma,
    stimulus: Stimulus,
    dt: float | None = None,
    duration: float | None = None,
    initial: Mapping[str, Any] | None = None,
    units: int | None = None,
    *,
    step: float | None = None,
) -> str:
    """A Python script that makes this run with NEST and prints the spike times, a line for each neuron.

    NEST's models are its own: one is taken if it has the soma's equations, with these values. So a refractory leaky
    soma without a refractory period is one of NEST's, with one it is not.

    Args:
        soma: the soma.
        stimulus: its stimulus.
        dt: time over which the current is held, ms; the soma's own when None.
        duration: length of the run, ms; 1000 when None.
        initial: state variables by name that do not begin at rest, a number or one per unit.
        units: number of neurons; what the config says, or 1, when None.
        step: NEST's resolution, ms; a tenth of `dt` when None, and 0.01 at most.

    Raises:
        ImportError: SymPy, which compares the equations, is not installed.
        TypeError: no soma, or no stimulus.
        ValueError: NEST has no such model, and which part it lacks; what `spark.simulate` would refuse; a current too
            long to be written down; a step that does not divide `dt`, or is no multiple of 0.001 ms.
    """
    run = asked(soma, stimulus, dt, duration, initial, units)
    own = step_of(run.dt, step)
    if abs(own / TIC - round(own / TIC)) > 1e-6:
        raise ValueError(f"step = {own:g} ms is no multiple of {TIC:g} ms, the shortest time that NEST knows.")
    found, current = match(run, own), current_of(run)
    grid = (
        "finds spikes inside the step"
        if found.model.precise
        else "stamps a spike with the end of its step: halve the resolution to see what its grid is worth"
    )
    lines = [
        f'"""{soma.title}: written by Spark {__version__} for NEST 3: pip install nest-simulator.',
        "",
        "Numbers are in mV, ms, pA, nS and pF.",
        f"{found.model.name} has the equations of this soma, and {grid}.",
        *scheme_note(soma.config.solver),
        '"""',
        "",
        "from itertools import pairwise",
        "",
        "import nest",
        "import numpy as np",
        "",
        'nest.verbosity = nest.VerbosityLevel.ERROR  # before NEST 3.10: nest.set_verbosity("M_ERROR")',
        "nest.ResetKernel()",
        f"nest.resolution = {own!r}  # ms",
        "",
        f"# The current in each step of {run.dt!r} ms, pA.",
        *current.lines,
        "",
        "neurons = nest.Create(",
        f'    "{found.model.name}",',
        f"    {run.units},",
        "    params={",
        *(f'        "{name}": {_told(value, "        ")},' for name, value in found.parameters.items()),
        "    },",
        ")",
        'recorder = nest.Create("spike_recorder")',
        "nest.Connect(neurons, recorder)",
        f"gain = {_told(found.gain)}  # NEST's current for each pA",
        "nest.Prepare()",
        "changes = np.flatnonzero(np.any(np.diff(current, axis=0), axis=1)) + 1",
        "for begin, end in pairwise([0, *changes.tolist(), len(current)]):",
        f"    neurons.I_e = np.broadcast_to(np.multiply(gain, current[begin]), {run.units}).tolist()",
        f"    nest.Run(round((end - begin) * {run.dt!r}, 9))",
        "nest.Run(2.0)  # what was fired last is delivered later",
        "nest.Cleanup()",
        "",
        "# Spike times, ms.",
        "events = recorder.events",
        "for unit, neuron in enumerate(neurons.tolist()):",
        '    times = np.sort(events["times"][events["senders"] == neuron])',
        f"    times = times[times <= {short(run.steps * run.dt)}]",
        '    print(f"neuron {unit}:", *(f"{time:.6f}" for time in times))',
    ]
    return "\n".join(lines) + "\n"


def _told(value: np.ndarray, indent: str = "") -> str:
    return repr(float(value[0])) if np.ptp(value) == 0 else wrapped(numbers(value), indent)
