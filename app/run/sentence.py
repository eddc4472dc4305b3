"""What the first neuron does, in one sentence below the read-outs."""

from __future__ import annotations

import math

import numpy as np

from spark import Recording
from spark.analysis import Firing, Rheobase

from ..numbers import fixed, number

SETTLED = 0.5
"""mV that the potential may still move in the last fifth of the stimulus if it counts as settled."""
STEP = 0.9
"""A neuron with so many spikes per time step is limited by the step."""
STEADY = 1e-3
"""Part of itself by which a steady input may differ."""


def sentence(
    recording: Recording, window: tuple[float, float], firing: Firing, noisy: bool, limit: Rheobase | None
) -> str:
    """What happens now: silent how far from firing, or firing how, and what it does without the stimulus.

    Args:
        recording: the run.
        window: while the stimulus is on, ms.
        firing: the pattern of its first neuron.
        noisy: whether the stimulus is random.
        limit: the rheobase; None where it is not known yet.
    """
    neuron = _Neuron(recording, window, firing, noisy, limit)
    said = f"{neuron.what()}."
    said = said if recording.units == 1 else f"Neuron 1: {said[0].lower()}{said[1:]}"
    beside = neuron.beside()
    return f"{said} {beside}" if beside else said


class _Neuron:
    def __init__(
        self, recording: Recording, window: tuple[float, float], firing: Firing, noisy: bool, limit: Rheobase | None
    ) -> None:
        self.recording, self.firing, self.noisy, self.limit = recording, firing, noisy, limit
        self.start, self.end = window
        self.times = recording.spike_times[0]
        self.spikes = firing.spikes
        self.intervals = np.diff(self.spikes)

    def what(self) -> str:
        """The sentence without its stop."""
        kind = self.firing.patterns[-1]
        rate = 1000.0 * self.spikes.size / (self.end - self.start)
        if kind == "silent":
            return self._silent()
        if kind == "transient":
            return self._transient()
        if rate * self.recording.dt >= 1000 * STEP:
            return "Fires in every time step: nothing but the step limits its rate"
        if self.firing.patterns[0] == "delayed":
            said = self._repeated(kind, 1000.0 / float(self.intervals.mean()))  # from the first spike on
            delay = number(float(self.spikes[0]) - self.start)
            return f"Delayed: the first spike comes after {delay} ms; then {said[0].lower()}{said[1:]}"
        return self._repeated(kind, rate)

    def _repeated(self, kind: str, rate: float) -> str:
        mean, hz = number(float(self.intervals.mean() if self.intervals.size else 0)), f"{number(rate)} Hz"
        first, last = (number(float(self.intervals[k])) if self.intervals.size else "" for k in (0, -1))
        if kind == "tonic":
            return f"Tonic firing at {hz}: a spike every {mean} ms"
        if kind in ("adapting", "accelerating"):
            way, then = ("Adapting", "grow") if kind == "adapting" else ("Accelerating", "shrink")
            if self.noisy:
                return f"{way} firing at {hz}: the intervals {then}, jittered by the noise"
            return f"{way} firing at {hz}: the intervals {then} from {first} to {last} ms"
        if kind == "initial burst":
            size = self.firing.groups[0]
            after = number(float(self.intervals[size - 1 :].mean()))
            return f"A burst of {size} spikes, then single ones {after} ms apart"
        if kind == "bursting":
            return self._bursts(hz)
        spread = "" if self.firing.cv is None else f", CV {self.firing.cv:.2f}"
        steady = float(np.ptp(self._current())) <= STEADY * max(1.0, float(np.abs(self._current()).max()))
        cause = ", driven by noise" if self.noisy else ", although the input is steady" if steady else ""
        return f"Irregular firing at {hz}{spread}{cause}"

    def _bursts(self, hz: str) -> str:
        groups = self.firing.groups[:-1] or self.firing.groups  # the last may be cut off
        low, high = min(groups), max(groups)
        size = f"{low}" if low == high else f"{low} to {high}"
        ends = np.cumsum(self.firing.groups)[:-1] - 1
        return f"Bursts of {size} spikes at {hz}, {number(float(self.intervals[ends].mean()))} ms apart"

    def _silent(self) -> str:
        rest, settled = self._rest(self.start, self.end)
        said = f"Silent: {'settles at' if settled else 'gets no higher than'} {fixed(rest, 1)} mV"
        level = self._level(rest)
        if level is not None:
            said += f", {fixed(level[0] - rest, 1)} mV short of {level[1]}"
        limit = self.limit
        return said if limit is None or limit.current is None else f"{said}; rheobase {number(limit.current, 4)} pA"

    def _rest(self, start: float, end: float) -> tuple[float, bool]:
        """The potential where it stays, or the highest that it reached, and whether it stays."""
        part = self._during("potential", start, end)
        late = part[-max(1, part.size // 5) :]
        settled = float(np.ptp(late)) < SETTLED
        return float(late[-1] if settled else part.max()), settled

    def _level(self, rest: float) -> tuple[float, str] | None:
        """What it falls short of: the firing threshold, or where a steady current makes it take off."""
        limit = self.limit
        if limit is None or limit.potential is None or limit.potential <= rest:
            return None
        named = limit.bifurcation == "threshold"
        return limit.potential, "the threshold" if named else f"{fixed(limit.potential, 1)} mV, where it takes off"

    def _transient(self) -> str:
        count = self.spikes.size
        if self.spikes[0] > self.end:
            return self._late(count)
        spikes = "one spike" if count == 1 else f"{count} spikes"
        within = number(float(self.spikes[-1]) - self.start)
        if self.spikes[-1] > self.end:
            during = int(np.count_nonzero(self.spikes <= self.end))
            on = "no spike" if not during else "one spike" if during == 1 else f"{during} spikes"
            return f"Transient: {on} while the stimulus is on, {count - during} after it has ended"
        rest, settled = self._rest((float(self.spikes[-1]) + self.end) / 2, self.end)
        then = f"settles at {fixed(rest, 1)} mV" if settled else "falls silent"
        return f"Transient: {spikes} within {within} ms of the onset, then it {then} while the stimulus goes on"

    def _late(self, count: int) -> str:
        """All spikes come when the stimulus has ended."""
        current = self.recording.recorded["current"][:, 0]
        after = float(current[min(int(self.spikes[-1] / self.recording.dt), current.size - 1)])
        spikes = "one spike" if count == 1 else f"{count} spikes, the first"
        late = f"{spikes} {number(float(self.spikes[0]) - self.end)} ms after the"
        if float(self._current().mean(dtype=np.float64)) < after:
            return f"Rebound: {late} inhibition has ended"
        return f"Late: {late} stimulus has ended"

    def _current(self) -> np.ndarray:
        """The input while the stimulus is on."""
        return self._during("current", self.start, self.end)

    def _during(self, name: str, start: float, end: float) -> np.ndarray:
        first = math.ceil(start / self.recording.dt)
        return self.recording.recorded[name][first : max(first + 1, int(end / self.recording.dt)), 0]

    def beside(self) -> str:
        """What it does without the stimulus."""
        before = int(np.count_nonzero(self.times < self.start))
        if before:
            rate = number(1000.0 * before / self.start)
            return f"Before the stimulus it fires by itself, at {rate} Hz."
        return ""
