"""A run as a script for Brian2, its equations derived from the soma's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core.variable import CLOCK
from ..core.version import __version__
from ..nn.components.somas import Soma
from ..stimuli import Stimulus
from .asked import Run, asked
from .brian2_equations import Model, model_of
from .currents import Current, current_of
from .grid import scheme_note, short, step_of
from .literals import numbers, wrapped


def brian2_script(
    soma: Soma,
    stimulus: Stimulus,
    dt: float | None = None,
    duration: float | None = None,
    initial: Mapping[str, Any] | None = None,
    units: int | None = None,
    *,
    step: float | None = None,
) -> str:
    """A Python script that makes this run with Brian2 and prints the spike times, a line for each neuron.

    The equations are those of the soma itself, traced: any soma that Spark simulates is exported. Numbers are in mV,
    ms, pA, GΩ and nS, and dimensionless for Brian2, since constants of an equation (the 0.04 of Izhikevich's) carry no
    unit of their own. Brian2 finds spikes on its time grid, where Spark finds them inside the step: `step` is small,
    and halving it shows what is left.

    Args:
        soma: the soma.
        stimulus: its stimulus. Noise is written number by number where that is short, else with its statistics.
        dt: time over which the current is held, ms; the soma's own when None.
        duration: length of the run, ms; 1000 when None.
        initial: state variables by name that do not begin at rest, a number or one per unit.
        units: number of neurons; what the config says, or 1, when None.
        step: Brian2's time step, ms; a tenth of `dt` when None, and 0.01 at most.

    Raises:
        ImportError: SymPy is not installed.
        TypeError: no soma, or no stimulus.
        ValueError: what `spark.simulate` would refuse; equations that Brian2 cannot represent; a current too long to be
            written down; a step that does not divide `dt`.
    """
    run = asked(soma, stimulus, dt, duration, initial, units)
    own = step_of(run.dt, step)
    current, model = current_of(run, endless=True), model_of(type(soma))
    fixed, varied = _split(run)
    noisy = ", seed" if current.noise else ""
    column = "" if current.columns > 1 else "[:, 0]"
    lines = [
        f'"""{soma.title}: written by Spark {__version__} for Brian2 (2.10 needs Python 3.12): pip install brian2.',
        "",
        "Numbers are in mV, ms, pA, GOhm and nS. Brian2 stamps a spike with the beginning of the step that crosses the",
        "threshold: halve the time step to see what its grid is worth.",
        *scheme_note(soma.config.solver),
        '"""',
        "",
        "import numpy as np",
        f"from brian2 import NeuronGroup, SpikeMonitor, TimedArray, defaultclock, ms, prefs, run{noisy}",
        "",
        'prefs.codegen.target = "numpy"  # needs no compiler; "cython" is faster in long runs',
        f"defaultclock.dt = {own!r} * ms",
        "",
        f"# The current in each step of {run.dt!r} ms, pA.",
        *current.lines,
        f"held = TimedArray(current{column}, dt={round(run.dt / own)} * defaultclock.dt)",
        *_group(run, model, current, fixed, varied),
        *_beginning(run, model, varied),
        *(["seed(0)"] if noisy else []),
        *(f'neurons.noise_{i} = "randn()"' for i in range(len(current.noise))),
        "",
        "spikes = SpikeMonitor(neurons)",
        f"run({short(run.steps * run.dt)} * ms)",
        "",
        "# Spike times, ms.",
        "for unit, times in spikes.spike_trains().items():",
        '    print(f"neuron {unit}:", *(f"{time / ms:.4f}" for time in times))',
    ]
    return "\n".join(lines) + "\n"


def _split(run: Run) -> tuple[dict[str, float], dict[str, np.ndarray]]:
    """The quantities that all units share, and those in which they differ."""
    drawn = run.parameters()
    fixed = {name: float(value[0]) for name, value in drawn.items() if np.ptp(value) == 0}
    return fixed, {name: value for name, value in drawn.items() if name not in fixed}


def _group(
    run: Run, model: Model, current: Current, fixed: dict[str, float], varied: dict[str, np.ndarray]
) -> list[str]:
    quantities, names = run.soma.config.quantities(), model.parameters
    used = [name for name in fixed if names[name] in model.used]
    equations = [*model.equations]
    equations += [f"{names[n]} : 1 (constant)  # {_words(quantities[n])}" for n in varied if names[n] in model.used]
    equations.append(_input(run, current))
    for i, noise in enumerate(current.noise):
        equations.append(
            f"dnoise_{i}/dt = -noise_{i}/({noise.tau!r}*ms) + sqrt(2/({noise.tau!r}*ms))*xi_{i} : 1"
            "  # the statistics of Spark's noise, not its numbers"
        )
    options = [f'threshold="{model.threshold}",', f'reset="{model.reset}",' if model.reset else ""]
    if model.refractory:
        period = model.refractory if model.refractory.isidentifier() else f"({model.refractory})"
        options.append(f'refractory="{period}*ms",')
    method = "euler" if current.noise else model.method
    return [
        "",
        "parameters = {",
        *(f'    "{names[name]}": {fixed[name]!r},  # {_words(quantities[name])}' for name in used),
        "}",
        'equations = """',
        *equations,
        '"""',
        "neurons = NeuronGroup(",
        f"    {run.units},",
        "    equations,",
        *(f"    {option}" for option in options if option),
        f'    method="{method}",',
        '    namespace=parameters | {"held": held},',
        ")",
    ]


def _input(run: Run, current: Current) -> str:
    terms = ["held(t, i)" if current.columns > 1 else "held(t)"]
    for i, noise in enumerate(current.noise):
        window = f"int(t >= {noise.onset!r}*ms)*int(t < {noise.onset + noise.duration!r}*ms)"
        terms.append(f"{window}*({noise.mean!r} + {noise.std!r}*noise_{i})")
    return f"I = {' + '.join(terms)} : 1  # pA, input"


def _words(quantity: Any) -> str:
    return ", ".join(filter(None, (quantity.unit.replace("Ω", "Ohm").replace("°", "degrees"), quantity.words)))


def _beginning(run: Run, model: Model, varied: dict[str, np.ndarray]) -> list[str]:
    names = model.parameters
    lines = [f"neurons.{names[n]} = {wrapped(numbers(v))}" for n, v in varied.items() if names[n] in model.used]
    for name, value in run.state().items():
        if name == CLOCK.name and np.any(value > 0):
            last = value - model.pauses(run.parameters())
            lines.append(f"neurons.lastspike = {_told(last)} * ms  # refractory until {_told(value)} ms")
        elif name != CLOCK.name:
            lines.append(f"neurons.{model.state[name]} = {_told(value)}")
    return lines


def _told(value: np.ndarray) -> str:
    return repr(float(value[0])) if np.ptp(value) == 0 else f"np.array({wrapped(numbers(value))})"
