"""Distances between spike trains against closed forms, brute force and the axioms of a metric."""

import math

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from spark.analysis.distance import coincidence_factor, coincidences, victor_purpura

COSTS = (0.0, 0.01, 0.1, 1.0, 30.0, math.inf)


def trains(seed: int, count: int = 2, most: int = 30, length: float = 200.0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    # On a grid of 0.5 ms, so that some spikes of different trains are equal.
    return [np.unique(np.round(rng.uniform(0, length, rng.integers(0, most)) * 2) / 2) for _ in range(count)]


def by_table(a: np.ndarray, b: np.ndarray, cost: float) -> float:
    """Victor & Purpura's recurrence, cell by cell."""
    table = np.zeros((len(a) + 1, len(b) + 1))
    table[:, 0], table[0] = np.arange(len(a) + 1), np.arange(len(b) + 1)
    for i in range(len(a)):
        for j in range(len(b)):
            move = 0.0 if a[i] == b[j] else cost * abs(a[i] - b[j])
            table[i + 1, j + 1] = min(table[i, j + 1] + 1, table[i + 1, j] + 1, table[i, j] + move)
    return float(table[-1, -1])


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("seed", range(8))
def test_victor_purpura_by_table(seed: int, cost: float) -> None:
    a, b = trains(seed)
    assert victor_purpura(a, b, cost) == pytest.approx(by_table(a, b, cost), abs=1e-9)


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("seed", range(8))
def test_victor_purpura_is_a_metric(seed: int, cost: float) -> None:
    a, b, c = trains(seed, 3)
    ab, bc, ac = (victor_purpura(x, y, cost) for x, y in ((a, b), (b, c), (a, c)))
    assert victor_purpura(b, a, cost) == ab
    assert ac <= ab + bc + 1e-9
    assert victor_purpura(a, a, cost) == 0
    assert abs(a.size - b.size) - 1e-9 <= ab <= a.size + b.size


@pytest.mark.parametrize("seed", range(8))
def test_victor_purpura_limits(seed: int) -> None:
    a, b = trains(seed)
    shared = np.intersect1d(a, b).size
    assert victor_purpura(a, b, 0.0) == abs(a.size - b.size)
    assert victor_purpura(a, b, 1e-9) == pytest.approx(abs(a.size - b.size), abs=1e-4)
    assert victor_purpura(a, b, math.inf) == a.size + b.size - 2 * shared
    assert victor_purpura(a, b, 1e6) == a.size + b.size - 2 * shared


@pytest.mark.parametrize(
    ("a", "b", "cost", "distance"),
    [
        ([], [], 1.0, 0.0),
        ([], [1.0, 2.0], 1.0, 2.0),
        ([10.0], [13.0], 0.5, 1.5),  # moved
        ([10.0], [15.0], 0.5, 2.0),  # further than 2/q: replaced
        ([10.0, 20.0], [11.0, 22.0], 0.1, 0.3),
        ([10.0, 20.0, 30.0], [12.0, 31.0], 0.1, 1.3),
        (np.arange(100.0) * 10, np.arange(100.0) * 10 + 1.5, 0.2, 30.0),
    ],
)
def test_victor_purpura_by_hand(a: list[float], b: list[float], cost: float, distance: float) -> None:
    assert victor_purpura(a, b, cost) == pytest.approx(distance, abs=1e-10)


@pytest.mark.parametrize("precision", [0.0, 0.5, 2.0, 6.0, 25.0])
@pytest.mark.parametrize("seed", range(8))
def test_coincidences_are_the_largest_matching(seed: int, precision: float) -> None:
    a, b = trains(seed)
    near = csr_array(np.abs(a[:, None] - b) <= precision)
    expected = np.sum(maximum_bipartite_matching(near) >= 0) if near.nnz else 0
    assert coincidences(a, b, precision) == coincidences(b, a, precision) == expected


def test_coincidence_factor_by_hand() -> None:
    """4 and 5 spikes in 1000 ms, 3 of them within 2 ms: nu = 0.005/ms, 2 nu Delta = 0.02."""
    data, model = [100.0, 200.0, 300.0, 400.0], [101.0, 198.0, 302.0, 450.0, 600.0]
    expected = (3 - 0.02 * 4) / 4.5 / 0.98
    assert coincidence_factor(data, model, 1000.0) == pytest.approx(expected)
    assert coincidence_factor(data, model, 1000.0, precision=1.5) == pytest.approx((1 - 0.015 * 4) / 4.5 / 0.985)
    swapped = (3 - 2 * 0.004 * 2 * 5) / 4.5 / (1 - 2 * 0.004 * 2)
    assert coincidence_factor(model, data, 1000.0) == pytest.approx(swapped)


def test_coincidence_factor_at_its_ends() -> None:
    train = np.arange(20.0, 1000.0, 37.0)
    assert coincidence_factor(train, train, 1000.0) == pytest.approx(1.0)
    assert coincidence_factor(train, train + 1.9, 1000.0) == pytest.approx(1.0)
    assert coincidence_factor([], [], 1000.0) == 1.0
    assert coincidence_factor(train, [], 1000.0) == coincidence_factor([], train, 1000.0) == 0.0
    assert coincidence_factor(train, train + 18.0, 1000.0) < 0


def test_chance_alone_is_zero() -> None:
    rng = np.random.default_rng(0)
    found = []
    for _ in range(100):
        data, model = (np.sort(rng.uniform(0, 10_000, rng.poisson(rate * 10))) for rate in (12, 20))
        found.append(coincidence_factor(data, model, 10_000.0))
    assert abs(np.mean(found)) < 4 * np.std(found) / 10 + 0.01


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: victor_purpura([2.0, 1.0], [], 1.0), "first must be sorted"),
        (lambda: victor_purpura([], [np.inf], 1.0), "second must be sorted"),
        (lambda: victor_purpura([], [], -1.0), "cost = -1.0"),
        (lambda: victor_purpura([], [], math.nan), "cost = nan"),
        (lambda: coincidences([], [], -1.0), "precision"),
        (lambda: coincidence_factor([1.0], [1.0], 0.0), "duration = 0.0"),
        (lambda: coincidence_factor([1.0], [1.0], 10.0, precision=0.0), "precision = 0.0"),
        (lambda: coincidence_factor([1.0], np.arange(10.0), 10.0), "too coarse for 10 spikes.*0.5 ms"),
    ],
)
def test_errors_say_what_is_wrong(call, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
