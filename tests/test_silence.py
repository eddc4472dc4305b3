"""What would make a silent soma fire: closed forms where there are some, and runs of every soma."""

import numpy as np
import pytest

from spark import simulate
from spark.analysis import fixed_points, phase_plane, rheobase
from spark.analysis.silence import silence
from spark.nn.components.somas import Soma, catalogue
from spark.presets import presets
from spark.simulation import Cancelled
from tests.common import OWN, each

BEYOND = 0.05
"""How far beyond a remedy a run is tried, as a part of it."""


def parameters(name: str) -> dict[str, float]:
    config = catalogue()[name].config_class()
    values = config.values()
    return {field: float(values[field]) for field in config.quantities()}


def test_of_a_leaky_soma_by_hand() -> None:
    p = parameters("LeakySoma")
    p |= {"potential_rest": -70.0, "threshold": -55.0, "resistance": 0.04}
    found = silence(catalogue()["LeakySoma"], p, 300.0)
    assert found.potential == pytest.approx(-58.0) and found.limit.current == pytest.approx(375.0)
    assert {one.name: (round(one.value, 6), one.above) for one in found.remedies} == {
        "resistance": (0.05, True),
        "threshold": (-58.0, False),
        "potential_rest": (-67.0, True),
    }


def test_one_that_cannot_rest_needs_no_remedy() -> None:
    found = silence(catalogue()["LeakySoma"], parameters("LeakySoma"), 1000.0)
    assert not found.rests and not found.remedies


def test_it_stops_at_a_quantity_when_nobody_waits() -> None:
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(len(asked) == 2)
        return asked[-1]

    with pytest.raises(Cancelled):
        silence(catalogue()["LeakySoma"], parameters("LeakySoma"), 300.0, stop)
    assert asked == [False, False, True]


@pytest.mark.parametrize("name", each(OWN))
def test_every_remedy_makes_it_fire_and_nothing_less_does(name: str) -> None:
    kind, p = catalogue()[name], parameters(name)
    least = rheobase(kind, p).current
    assert least is not None
    current = 0.8 * least
    found = silence(kind, p, current)
    assert found.rests and found.remedies and found.limit.current == least
    for one in found.remedies:
        way = 1 if one.above else -1
        room = BEYOND * max(abs(one.value), 1e-3)
        before, after = ({**p, one.name: one.value + sign * way * room} for sign in (-1, 1))
        calm = phase_plane.rheobase(kind, before).current
        assert calm is None or calm > current, one
        run = simulate(kind(**after), np.full(100_000, current))  # slow near the border
        assert np.size(run.spike_times[0]), one


STRONG = np.array([0.02, 2.0, 20.0, 100.0])
"""By how many rheobases a current is above it."""
SOMAS: dict[str, tuple[Soma, dict[str, float]]] = {
    name: (kind(), {}) for name, kind in catalogue().items() if name in OWN
}
SOMAS |= {key: (one.make_soma(), dict(one.initial)) for key, one in presets().items()}


@pytest.mark.parametrize("key", each(SOMAS))
def test_no_current_is_too_strong(key: str) -> None:
    """None has a depolarisation block: above its rheobase no stable state is left, and it fires to the end."""
    soma, initial = SOMAS[key]
    p = {name: float(getattr(soma.config, name)) for name in soma.config.quantities()}
    limit = rheobase(type(soma), p).current or 0.0
    currents = limit + STRONG * max(abs(limit), 5.0)
    for current in currents:
        assert not [point for point in fixed_points(type(soma), p, current) if point.stable], current
    if p.get("recovery_timescale", 1.0) < 0:
        return  # the recovery grows without bound, and takes the potential down with it
    run = simulate(soma, np.tile(currents[1:], (round(3000 / p["dt"]), 1)), units=3, record=(), initial=initial)
    for train in run.spike_times:
        assert train[-1] > 2000  # some begin after a second


def test_what_makes_the_potential_fall_without_end_is_no_remedy() -> None:
    p = parameters("AdaptiveExponentialSoma") | {"adaptation_subthreshold": -5.0, "resistance": 0.1}
    found = silence(catalogue()["AdaptiveExponentialSoma"], p, 0.0)  # at a R = -1 leak and adaptation cancel
    assert found.rests and [one.name for one in found.remedies] == ["potential_rest"]
