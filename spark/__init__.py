"""Spark: point neurons as hybrid dynamical systems in JAX.

Units throughout: mV, ms, pA, GOhm, nS.

    import spark
    from spark.nn.somas import AdaptiveExponentialSoma

    soma = AdaptiveExponentialSoma(adaptation_delta=80.0)
    run = spark.simulate(soma, spark.stimuli.Step(amplitude=500.0), duration=500.0)
    print(run.spike_times[0], run.potential.shape)

What is where:

    spark.nn.somas          the somas and their configs; `catalogue()` has them all, `spark.nn.register` adds one
    spark.nn.initializers   what draws a value for each neuron
    spark.stimuli           input currents, which add and scale: `2 * Step() + Sine()`
    spark.solvers           how time is advanced
    spark.simulate          one run of a whole population; gives a `spark.Recording`
    spark.scan              the loop alone, for a program of JAX: jit, vmap and grad go through it (docs/jax.md)
    spark.presets           published parameter sets: `spark.presets.presets()["naud2008_regular_bursting"].run()`
    spark.analysis          what can be read off a soma or a run: rheobase, phase plane, f-I curves, intervals, patterns
    spark.io                runs as files, and back; recordings of real cells in
    spark.fit               what such recordings say of their cell: rest, resistance, time constant
    spark.export            a run as code for Brian2, NEST and Spark, as a table and as a sentence

`CurrentArray`, `SpikeArray`, `PotentialArray` and `PortSpecs` are what a soma takes and gives that is called step by
step: `soma(current)`.
"""

import importlib
from typing import TYPE_CHECKING, Any

from .core.runtime import compile_loops_whole

compile_loops_whole()

from . import nn as nn  # noqa: E402
from . import solvers as solvers  # noqa: E402
from . import stimuli as stimuli  # noqa: E402
from .core.payloads import CurrentArray as CurrentArray  # noqa: E402
from .core.payloads import PotentialArray as PotentialArray  # noqa: E402
from .core.payloads import SpikeArray as SpikeArray  # noqa: E402
from .core.specs import PortSpecs as PortSpecs  # noqa: E402
from .core.version import __version__ as __version__  # noqa: E402
from .simulation import Recording as Recording  # noqa: E402
from .simulation import scan as scan  # noqa: E402
from .simulation import simulate as simulate  # noqa: E402

LATER = ("analysis", "export", "fit", "io", "presets")
"""Rooms that are imported when they are first asked for."""

if TYPE_CHECKING:
    from . import analysis as analysis
    from . import export as export
    from . import fit as fit
    from . import io as io
    from . import presets as presets
else:

    def __getattr__(name: str) -> Any:
        if name in LATER:
            return importlib.import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    own = {name for name, thing in globals().items() if _home(thing).startswith(__name__) and name[0] != "_"}
    return sorted(own | set(LATER) | {"__version__"})


def _home(thing: Any) -> str:
    """The module that it is, or comes from."""
    return str(getattr(thing, "__name__" if isinstance(thing, type(importlib)) else "__module__", ""))


del compile_loops_whole
