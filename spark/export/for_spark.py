"""A run as a script for Spark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.version import __version__
from ..nn.components.somas import Soma
from ..stimuli import Stimulus
from .asked import asked
from .literals import Imports, call, written


def spark_script(
    soma: Soma,
    stimulus: Stimulus,
    dt: float | None = None,
    duration: float | None = None,
    initial: Mapping[str, Any] | None = None,
    units: int | None = None,
) -> str:
    """A Python script that makes this run with Spark and prints the spike times, a line for each neuron.

    Every quantity is written with its unit, defaults too: the script keeps its meaning when a default changes.

    Args:
        soma: the soma.
        stimulus: its stimulus.
        dt: time step, ms; the soma's own when None.
        duration: length of the run, ms; 1000 when None.
        initial: state variables by name that do not begin at rest, a number or one per unit.
        units: number of neurons; what the config says, or 1, when None.

    Raises:
        TypeError: no soma, or no stimulus.
        ValueError: a value that `spark.simulate` would refuse, or a class of which no script can be told the place.
    """
    run = asked(soma, stimulus, dt, duration, initial, units)
    imports, config = Imports(), soma.config
    seed = () if config.random else ("seed",)
    made = call(imports.of(type(soma)), config, imports, leave_out=("dt", *seed))
    driven = written(stimulus, imports)
    options = [f"dt={run.dt!r},  # ms", f"duration={run.duration!r},  # ms"]
    if units is not None:
        options.append(f"units={run.units},")
    if run.given:
        variables = {variable.name: variable for variable in soma.system.variables}
        options.append("initial={")
        for name, value in run.given.items():
            comment = ", ".join(filter(None, (variables[name].unit, variables[name].words)))
            options.append(f'    "{name}": {written(value, imports, "        ")},  # {comment}')
        options.append("},")
    double = config.float_type.name == "float64"
    lines = [
        f'"""{soma.title}: written by Spark {__version__}; needs `pip install spark-somas`."""',
        "",
        *(["import jax"] if double else []),
        *(["import numpy as np"] if imports.numpy else []),
        "import spark",
        *imports.lines(),
        "",
        *(['jax.config.update("jax_enable_x64", True)', ""] if double else []),
        f"soma = {made}",
        f"stimulus = {driven}",
        "recording = spark.simulate(",
        "    soma,",
        "    stimulus,",
        *(f"    {line}" for line in options),
        ")",
        "",
        "# Spike times, ms.",
        "for unit, times in enumerate(recording.spike_times):",
        '    print(f"neuron {unit}:", *(f"{time:.4f}" for time in times))',
    ]
    return "\n".join(lines) + "\n"
