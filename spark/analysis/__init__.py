"""Floor 3: what can be read off a run."""

from .spikes import SpikeStatistics as SpikeStatistics
from .spikes import spike_statistics as spike_statistics
