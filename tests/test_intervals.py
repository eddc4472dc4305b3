"""Intervals, their histogram and return map, and the order of a population, by hand."""

import numpy as np
import pytest

import spark
from spark.analysis import spike_statistics
from spark.analysis.intervals import MOST_BINS, histogram, order_units, return_map, spike_intervals, unit_rates
from spark.nn.components.somas import LeakySoma


def test_intervals_by_index() -> None:
    times = np.array([5.0, 10.0, 25.0, 27.0])
    np.testing.assert_array_equal(spike_intervals(times), [5.0, 15.0, 2.0])
    np.testing.assert_array_equal(spike_intervals(times, 10.0), [15.0, 2.0])
    np.testing.assert_array_equal(spike_intervals(times, 6.0, 25.0), [15.0])
    assert spike_intervals(times[:1]).size == spike_intervals([]).size == 0
    for wrong in ([2.0, 1.0], [np.nan], [[1.0]]):
        with pytest.raises(ValueError, match="sorted"):
            spike_intervals(wrong)


def test_return_map_of_a_doublet_has_two_points() -> None:
    before, after = return_map([3.0, 40.0, 3.0, 40.0])
    np.testing.assert_array_equal(before, [3.0, 40.0, 3.0])
    np.testing.assert_array_equal(after, [40.0, 3.0, 40.0])
    assert return_map([3.0])[0].size == return_map([])[1].size == 0


def test_histogram_by_hand() -> None:
    """IQR 4.5, n = 8: 2 * 4.5 / 2 = 4.5, but a tenth of the range is 1. n = 8000: 399.95, rounded up to 500."""
    values = [0.0, 2.0, 2.0, 4.0, 6.0, 6.0, 8.0, 10.0]
    assert np.subtract(*np.percentile(values, (75, 25))) == 4.5
    found = histogram(values)
    assert found.width == 1.0
    np.testing.assert_allclose(found.edges, np.arange(12))
    np.testing.assert_array_equal(found.counts, [1, 0, 2, 0, 1, 0, 2, 0, 1, 0, 1])
    np.testing.assert_array_equal(histogram(np.arange(8000)).counts, [500] * 16)
    two_groups = histogram([3.0, 3.1] * 20 + [130.0, 133.0] * 20)  # a burst: its IQR is as wide as its range
    assert two_groups.width == 20.0 and np.count_nonzero(two_groups.counts) == 2
    np.testing.assert_array_equal(histogram([1.0, 9.0, 10.0, 99.0], log=True, width=1.0).counts, [2, 2])
    np.testing.assert_allclose(histogram([1.0, 9.0, 10.0, 99.0], log=True, width=1.0).edges, [1, 10, 100])


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_every_value_is_in_its_bin(log: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = [
        rng.exponential(20, 500),
        rng.lognormal(2, 2, 1000),
        np.concatenate([np.full(400, 3.0), [5000.0]]),
        20.0 + rng.normal(0, 1e-6, 300),
        rng.integers(1, 9, 50) * 10.0,
        rng.uniform(0.1, 1.0, 3),
    ][seed]
    found = histogram(values, log=log)
    assert found.counts.sum() == values.size
    assert found.counts.size == found.edges.size - 1 <= MOST_BINS
    assert found.counts[0] > 0
    assert found.counts[-1] > 0
    x, edges = (np.log10(values), np.log10(found.edges)) if log else (values, found.edges)
    np.testing.assert_allclose(np.diff(edges), found.width, rtol=1e-6)
    margin = 1e-9 * max(1.0, np.abs(edges).max())
    for k in (0, found.counts.size // 2, found.counts.size - 1):
        inside = np.sum((x >= edges[k] + margin) & (x < edges[k + 1] - margin))
        around = np.sum((x >= edges[k] - margin) & (x < edges[k + 1] + margin))
        assert inside <= found.counts[k] <= around
    mantissa = found.width / 10.0 ** np.floor(np.log10(found.width) + 1e-9)
    assert min(abs(mantissa - m) for m in (1, 2, 5, 10)) < 1e-9


def test_rounding_is_no_spread_and_bars_stand_still() -> None:
    tonic = 20.0 + np.random.default_rng(0).normal(0, 1e-4, 300)
    assert histogram(tonic).counts.size <= 2
    assert histogram(tonic, log=True).counts.size <= 2
    values = np.random.default_rng(1).exponential(20, 500)
    first, second = histogram(values), histogram(values * 1.001)
    assert first.width == second.width
    assert second.edges[0] == first.edges[0]


def test_histogram_without_values() -> None:
    for values, log in (([], False), ([np.nan, np.inf], False), ([0.0, -1.0], True)):
        found = histogram(values, log=log)
        assert (found.counts.size, found.edges.size, found.width) == (0, 1, 0.0)
    assert histogram([0.0, 0.0]).counts.tolist() == [2]
    with pytest.raises(ValueError, match="width"):
        histogram([1.0], width=0.0)
    assert histogram([0.0, 1000.0], width=0.1).counts.size <= MOST_BINS


def population() -> spark.Recording:
    """Rates 0, high, low, 0, high: the resistance decides."""
    soma = LeakySoma(resistance=[0.02, 0.06, 0.04, 0.02, 0.06])
    return spark.simulate(soma, np.full(5000, 500.0), record=())


def test_rates_agree_with_the_statistics_of_each_train() -> None:
    run = population()
    expected = [spike_statistics(t, 100.0, 500.0).mean_rate for t in run.spike_times]
    np.testing.assert_allclose(unit_rates(run.spike_times, 100.0, 500.0), expected)
    np.testing.assert_allclose(unit_rates([np.array([1.0, 2.0, 3.0])], 1.0, 3.0), [1500.0])
    with pytest.raises(ValueError, match="window"):
        unit_rates([], 5.0, 5.0)


@pytest.mark.parametrize(
    ("by", "descending", "order"),
    [
        ("rate", False, [0, 3, 2, 1, 4]),
        ("rate", True, [1, 4, 2, 0, 3]),
        ("first spike", False, [1, 4, 2, 0, 3]),
        ("first spike", True, [2, 1, 4, 0, 3]),  # silent ones last
        ("resistance", False, [0, 3, 2, 1, 4]),
        ("resistance", True, [1, 4, 2, 0, 3]),
        ("threshold", False, [0, 1, 2, 3, 4]),  # all equal: as they are
        ("threshold", True, [0, 1, 2, 3, 4]),
    ],
)
def test_order_of_units(by: str, descending: bool, order: list[int]) -> None:
    assert order_units(population(), by, descending=descending).tolist() == order


def test_order_in_a_window() -> None:
    run = population()
    late = order_units(run, "first spike", start=30.0)
    firsts = [t[t >= 30.0][0] if (t >= 30.0).any() else np.inf for t in run.spike_times]
    assert late.tolist() == np.argsort(firsts, kind="stable").tolist()
    with pytest.raises(ValueError, match=r"'colour'.*first spike.*resistance"):
        order_units(run, "colour")
    with pytest.raises(ValueError, match="window"):
        order_units(run, "rate", start=9.0, end=9.0)
