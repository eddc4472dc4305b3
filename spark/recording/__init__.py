"""Floor 1: what a run leaves behind: its numbers as arrays, as a file, as tables and as a plot."""

from .recording import Recording as Recording
