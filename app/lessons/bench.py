"""What an expression of a lesson is about: a state, and whatever is measured of it or of a change of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from spark.analysis import Impedance, fixed_points, impedance, rheobase, spike_statistics
from spark.analysis.fixed_points import FixedPoint

from ..run.outcome import Outcome
from ..session.session import Session
from ..session.share import from_dict, to_dict
from .fault import unknown
from .states import changed, names_of

SMALL = 0.02
"""Part of a current that a neuron answers by which its impedance is measured."""
MEASURES: dict[str, tuple[str, str, Callable[..., Any]]] = {}
"""By name: unit, what it is in words, and how it is measured."""


def _measure(unit: str, words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        MEASURES[function.__name__.strip("_")] = (unit, words, function)
        return function

    return declare


class Bench:
    """A state on which measures are taken; runs are kept, so that nothing is run twice.

    Args:
        document: the session, as `app.session.share` writes it.
        shown: the run of that session, where there is one.
    """

    def __init__(self, document: dict[str, Any], shown: Outcome | None = None) -> None:
        self.session: Session = from_dict(document)
        self._outcome = shown
        self._others: dict[str, Bench] = {}

    @property
    def outcome(self) -> Outcome:
        """The run."""
        if self._outcome is None:
            job = self.session.job()
            self._outcome = Outcome(job, job.run())
        return self._outcome

    def changed(self, changes: dict[str, Any]) -> Bench:
        """The same with other values, by short name."""
        if not changes:
            return self
        key = json.dumps(changes, sort_keys=True)
        if key not in self._others:
            self._others[key] = Bench(to_dict(changed(self.session, changes)))
        return self._others[key]

    def look_up(self, name: str, given: tuple[Any, ...], changes: dict[str, Any]) -> Any:
        """A measure, or a value of the state.

        Raises:
            ValueError: there is no such name, or it has no value in this state.
        """
        if name in MEASURES:
            of = {key: value for key, value in changes.items() if key in _own(name)}
            bench = self.changed({key: value for key, value in changes.items() if key not in of})
            found = MEASURES[name][2](bench, *given, **of)
            if found is None:
                raise ValueError(f"{name} has no value here: there are too few spikes, or no such point.")
            return found
        known = names_of(self.session)
        if name in known and not given:
            return self.changed(changes).session.get(known[name])
        plain = [*MEASURES, *(one for one in known if not one.startswith("spread_"))]
        raise ValueError(unknown("measure or value", name, plain))

    @property
    def neuron(self) -> Any:
        """The soma of the run, as analyses take it."""
        return self.session.job().soma

    @property
    def current(self) -> float:
        """The strongest current of the stimulus, pA, for what is constant by definition."""
        job = self.session.job()
        samples = job.stimulus.sample(job.steps, job.dt).reshape(job.steps, -1)[:, 0]
        return float(samples[np.argmax(np.abs(samples))])

    @property
    def intervals(self) -> np.ndarray:
        """Between the spikes that the pattern was told from, ms."""
        return np.diff(self.outcome.firing.spikes)


def _own(name: str) -> tuple[str, ...]:
    """Arguments of a measure's own, which are no changes of the state."""
    code = MEASURES[name][2].__code__
    return code.co_varnames[1 : code.co_argcount]


@_measure("", "the firing pattern, as the page names it")
def _pattern(bench: Bench) -> str:
    return str(bench.outcome.firing)


@_measure("Hz", "spikes per second while the stimulus is on")
def _rate(bench: Bench) -> float:
    return float(spike_statistics(bench.outcome.recording.spike_times[0], *bench.outcome.job.window).mean_rate)


@_measure("Hz", "mean rate of all neurons while the stimulus is on")
def _rate_of_all(bench: Bench) -> float:
    onset, end = bench.outcome.job.window
    times = np.concatenate(bench.outcome.recording.spike_times)
    return float(1000 * np.count_nonzero((times >= onset) & (times <= end)) / (end - onset) / bench.outcome.job.units)


@_measure("", "number of spikes, those of the pattern; of all `since` and `until` a time (ms) where one is given")
def _spikes(bench: Bench, since: float | None = None, until: float | None = None) -> float:
    if since is None and until is None:
        return float(bench.outcome.firing.spikes.size)
    times = bench.outcome.recording.spike_times[0]
    return float(np.count_nonzero((times >= (since or 0.0)) & (times <= (np.inf if until is None else until))))


@_measure("ms", "from the onset of the stimulus to the first spike")
def _latency(bench: Bench) -> float | None:
    spikes = bench.outcome.firing.spikes
    return float(spikes[0] - bench.outcome.job.window[0]) if spikes.size else None


@_measure("ms", "mean interval between spikes")
def _interval(bench: Bench) -> float | None:
    return float(bench.intervals.mean()) if bench.intervals.size else None


@_measure("ms", "the first interval")
def _first_interval(bench: Bench) -> float | None:
    return float(bench.intervals[0]) if bench.intervals.size else None


@_measure("ms", "the last interval")
def _last_interval(bench: Bench) -> float | None:
    return float(bench.intervals[-1]) if bench.intervals.size else None


@_measure("ms", "the shortest interval")
def _shortest_interval(bench: Bench) -> float | None:
    return float(bench.intervals.min()) if bench.intervals.size else None


@_measure("", "coefficient of variation of the intervals")
def _cv(bench: Bench) -> float | None:
    return bench.outcome.firing.cv


@_measure("", "adaptation index, as the page shows it")
def _adaptation(bench: Bench) -> float | None:
    spikes = bench.outcome.firing.spikes
    onset, end = bench.outcome.job.window
    return spike_statistics(spikes, onset, max(end, float(spikes[-1]) if spikes.size else end)).adaptation_index


@_measure("", "mean number of spikes in a burst")
def _burst_size(bench: Bench) -> float | None:
    groups = bench.outcome.firing.groups
    return float(np.mean(groups)) if groups else None


def _trace(bench: Bench, variable: str) -> np.ndarray:
    recorded = bench.outcome.recording.recorded
    if variable not in recorded:
        raise ValueError(unknown("variable", str(variable), recorded))
    return np.asarray(recorded[variable])[:, 0]


@_measure("", "a variable, such as potential or threshold, `at` a time (ms) of the run")
def _value(bench: Bench, variable: str = "potential", at: float | None = None) -> float:
    recording, values = bench.outcome.recording, _trace(bench, variable)
    if at is None:
        return float(values[-1])
    if not 0 <= at <= recording.steps * recording.dt:
        raise ValueError(f"the run ends at {recording.steps * recording.dt:g} ms: nothing is known of {at:g} ms.")
    return float(np.interp(at, np.arange(values.size) * recording.dt, values))


@_measure("mV", "the potential `at` a time (ms) of the run")
def _potential(bench: Bench, at: float) -> float:
    return _value(bench, "potential", at)


@_measure("", "the highest value of a variable, the potential without one, at the samples of the run")
def _highest(bench: Bench, variable: str = "potential") -> float:
    return float(np.max(_trace(bench, variable)))


@_measure("", "the lowest value of a variable, the potential without one")
def _lowest(bench: Bench, variable: str = "potential") -> float:
    return float(np.min(_trace(bench, variable)))


@_measure("mV", "standard deviation of the potential while the stimulus is on")
def _fluctuation(bench: Bench) -> float:
    begin, end = (round(one / bench.outcome.recording.dt) for one in bench.outcome.job.window)
    return float(np.std(_trace(bench, "potential")[begin:end]))


@_measure("pA", "the largest steady current at which the neuron can rest")
def _rheobase(bench: Bench) -> float | None:
    return rheobase(bench.neuron).current


@_measure("", "by which bifurcation rest is lost, such as saddle-node")
def _bifurcation(bench: Bench) -> str:
    return rheobase(bench.neuron).bifurcation


@_measure("", "the class of excitability, 1 or 2")
def _excitability(bench: Bench) -> int | None:
    return rheobase(bench.neuron).excitability


def _points(bench: Bench, current: float | None) -> tuple[FixedPoint, ...]:
    return fixed_points(bench.neuron, current=bench.current if current is None else current)


@_measure("", "number of fixed points under a `current` (pA), the stimulus's without it")
def _fixed_points(bench: Bench, current: float | None = None) -> float:
    return float(len(_points(bench, current)))


@_measure("mV", "the stable potential without input, or under a `current` (pA)")
def _rest(bench: Bench, current: float = 0.0) -> float | None:
    return next((point.potential for point in _points(bench, current) if point.stable), None)


@_measure("mV", 'the potential of the fixed point of this kind, such as "saddle" or "stable"')
def _point(bench: Bench, kind: str, current: float | None = None) -> float | None:
    found = place(bench, kind, current)
    return found.potential if found is not None else None


def place(bench: Bench, kind: str, current: float | None = None) -> FixedPoint | None:
    """The first fixed point whose type has this word."""
    return next((point for point in _points(bench, current) if kind in point.type.split()), None)


def _small_impedance(bench: Bench) -> Impedance:
    """By a chirp that is small for this neuron."""
    return impedance(bench.neuron, amplitude=min(10.0, SMALL * bench.session.scale))


@_measure("Hz", "the frequency at which the impedance is largest, below the threshold")
def _resonance(bench: Bench) -> float:
    found = _small_impedance(bench)
    return float(found.frequency[np.argmax(np.abs(found.impedance))])


@_measure("GΩ", "the impedance at a `frequency` (Hz), below the threshold")
def _impedance(bench: Bench, frequency: float) -> float:
    found = _small_impedance(bench)
    return float(np.interp(frequency, found.frequency, np.abs(found.impedance)))
