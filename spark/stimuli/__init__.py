"""Input currents, in pA on a time axis in ms.

A stimulus is a config: its quantities are declared, validated and drawn like a soma's, so any of them may differ
between units. What is delivered in a step is the mean over the step (exact for steps and pulses), so that the
charge does not depend on where an edge falls between two samples. Stimuli add and scale, among themselves and with
numbers in pA: `Step() + Sine()`, `Step() - 50.0`, `sum([Step(), Sine()])`, `2 * Step()`, `-Step() / 3`.
"""

from .base import Step as Step
from .base import Stimulus as Stimulus
from .base import Sum as Sum
from .noise import OrnsteinUhlenbeck as OrnsteinUhlenbeck
from .noise import PoissonSynapses as PoissonSynapses
from .waveforms import Array as Array
from .waveforms import Chirp as Chirp
from .waveforms import PulseTrain as PulseTrain
from .waveforms import Ramp as Ramp
from .waveforms import Sine as Sine


def catalogue() -> dict[str, type[Stimulus]]:
    """Every stimulus by class name."""
    kinds = (Step, Ramp, PulseTrain, Sine, Chirp, OrnsteinUhlenbeck, PoissonSynapses, Array, Sum)
    return {kind.__name__: kind for kind in kinds}
