"""Floor 3: what can be read off a run."""

from .patterns import PATTERNS as PATTERNS
from .patterns import Firing as Firing
from .patterns import classify as classify
from .spikes import SpikeStatistics as SpikeStatistics
from .spikes import spike_statistics as spike_statistics
