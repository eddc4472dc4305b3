"""Spark: jitted integrate-and-fire, exponential and Izhikevich somas in JAX.

Units throughout: mV, ms, pA, GOhm, nS.
"""

from .core.runtime import compile_loops_whole

compile_loops_whole()

from . import nn as nn  # noqa: E402
from . import solvers as solvers  # noqa: E402
from . import stimuli as stimuli  # noqa: E402
from .core.version import __version__ as __version__  # noqa: E402
from .simulation import Recording as Recording  # noqa: E402
from .simulation import scan as scan  # noqa: E402
from .simulation import simulate as simulate  # noqa: E402
