"""What every soma of the catalogue must keep, whoever adds it."""

import jax
import numpy as np
import pytest

import spark
from spark.nn.components.somas import Soma
from spark.nn.initializers import Normal
from spark.simulation.loop import time_loop
from spark.simulation.simulate import variables
from tests.common import SOMAS, assert_times, each

EVERY_SOMA = pytest.mark.parametrize("kind", SOMAS.values(), ids=SOMAS)
EACH_SOMA = pytest.mark.parametrize("kind", each(SOMAS.values()))
STEP = spark.stimuli.Step(onset=20.0, duration=150.0)
CORNERS = 64


def compiled_loops() -> int:
    return time_loop._cache_size()  # type: ignore[attr-defined]


def state_of(kind: type[Soma]) -> tuple[str, ...]:
    return tuple(name for name in variables(kind) if name != "current")


def spans(kind: type[Soma]) -> dict[str, tuple[float, float]]:
    fields = kind.config_class.quantities()
    return {name: q.span for name, q in fields.items() if name != "dt"}


def lawful(kind: type[Soma], values: dict[str, float]) -> bool:
    filled = kind().config.values() | values
    return all(filled[low] < filled[high] for low, high in kind.config_class.ordered)


def test_the_documented_somas_come_in_the_documented_order() -> None:
    """The nine of the documented API, listed by hand on purpose; what was added since comes after them."""
    documented = [
        "LeakySoma",
        "RefractoryLeakySoma",
        "StrictRefractoryLeakySoma",
        "AdaptiveLeakySoma",
        "ExponentialSoma",
        "RefractoryExponentialSoma",
        "SimplifiedAdaptiveExponentialSoma",
        "AdaptiveExponentialSoma",
        "IzhikevichSoma",
    ]
    assert list(SOMAS)[: len(documented)] == documented


@EACH_SOMA
def test_stepping_equals_simulating(kind: type[Soma]) -> None:
    current = STEP.sample(800, 0.1, dtype=np.float32)[:, 0]
    soma = kind()
    run = spark.simulate(soma, current)
    outputs = [soma(np.full(1, value)) for value in current]
    spikes = np.stack([np.asarray(out["spikes"]) for out in outputs])
    potential = np.stack([np.asarray(out["potential"]) for out in outputs])
    assert run.spikes.any()
    np.testing.assert_array_equal(spikes, run.spikes)
    whole = np.append(run.potential[1:, 0], run.final["potential"])
    # A run stays in the solver's coordinates, single steps leave and enter them: they round differently, by some
    # 0.0001 mV, and in the upstroke by what the potential rises in a tenth of a microsecond.
    rise = np.abs(np.diff(whole, prepend=whole[0])) / 0.1
    steepest = np.maximum(rise, np.append(rise[1:], 0.0))
    assert (np.abs(potential[:, 0] - whole) <= 5e-4 + 1e-4 * steepest).all()


@EACH_SOMA
def test_two_chunks_equal_one_run(kind: type[Soma]) -> None:
    """The cut falls right after a spike, so that a refractory period has to be carried over."""
    current = STEP.sample(1200, 0.1, units=2, dtype=np.float32)
    record = state_of(kind)
    whole = spark.simulate(kind(), current, record=record)
    cut = int(np.flatnonzero(whole.spikes[:, 0])[1]) + 3
    first = spark.simulate(kind(), current[:cut], record=record)
    second = spark.simulate(kind(), current[cut:], record=record, initial=first.final)
    np.testing.assert_array_equal(np.vstack([first.spikes, second.spikes]), whole.spikes)
    for name in record:
        both = np.vstack([getattr(first, name), getattr(second, name)])
        np.testing.assert_allclose(both, getattr(whole, name), rtol=1e-5, atol=1e-3, err_msg=name)


@EACH_SOMA
def test_a_neuron_is_the_same_alone_and_in_a_population(kind: type[Soma]) -> None:
    units, key = 7, jax.random.key(3)
    spread = {}
    for name in spans(kind):
        value = getattr(kind().config, name)
        spread[name] = Normal(value, 0.01 * abs(value) if name != "potential_rest" else 0.5)
    crowd = kind(**spread)
    drawn = crowd.parameters((units,), key)
    together = spark.simulate(crowd, STEP, duration=200.0, units=units, key=key)
    assert len({len(times) for times in together.spike_times}) > 1 or np.ptp([t[0] for t in together.spike_times]) > 0
    for unit in range(units):
        alone = kind(**{name: float(drawn[name][unit]) for name in spread})
        run = spark.simulate(alone, STEP, duration=200.0)
        assert_times(run.spike_times[0], together.spike_times[unit], within=2e-3, what=f"unit {unit}")


@EACH_SOMA
def test_rests_without_input(kind: type[Soma]) -> None:
    run = spark.simulate(kind(), np.zeros(50_000), record=state_of(kind))  # many times the slowest time constant
    assert not run.spikes.any()
    assert abs(run.potential[-1, 0] - kind().config.values()["potential_rest"]) < 1.5
    for name in state_of(kind):
        late = getattr(run, name)[-1000:]
        np.testing.assert_allclose(late, np.broadcast_to(late[0], late.shape), atol=1e-3)


@EACH_SOMA
def test_fires_under_the_default_stimulus(kind: type[Soma]) -> None:
    run = spark.simulate(kind(), spark.stimuli.Step())
    assert 5 <= len(run.spike_times[0]) <= 200
    assert run.spike_times[0][0] > 100


@EVERY_SOMA
def test_the_default_stimulus_shows_what_the_name_promises(kind: type[Soma]) -> None:
    run = spark.simulate(kind(), spark.stimuli.Step())
    intervals = np.diff(run.spike_times[0])
    if "Adaptive" in kind.__name__:
        assert intervals[-1] > 1.5 * intervals[0]
        assert (np.diff(intervals) > -0.05).all()
    elif kind.__name__ == "IzhikevichSoma":  # a regular-spiking cell adapts within one interval
        assert intervals[1:].min() > 1.5 * intervals[0]
    else:
        np.testing.assert_allclose(intervals, intervals[0], atol=0.01)
    if "cooldown" in kind.config_class.quantities():
        assert intervals.min() >= kind().config.values()["cooldown"]


@EVERY_SOMA
def test_defaults_lie_within_bounds_and_span(kind: type[Soma]) -> None:
    for name, quantity in kind.config_class.quantities().items():
        low, high = quantity.span
        assert low < high, name
        quantity.check_bounds(np.array(quantity.span), f"span of {name}")
        quantity.check_bounds(quantity.default, name)
        assert low <= quantity.default <= high, f"{kind.__name__}.{name} = {quantity.default} not in {low}, {high}"
        assert not quantity.log or low > 0, name


@EVERY_SOMA
def test_every_quantity_is_described(kind: type[Soma]) -> None:
    for name, quantity in kind.config_class.quantities().items():
        assert quantity.doc and quantity.unit and quantity.symbol and quantity.group, name


@EACH_SOMA
def test_finite_at_both_ends_of_every_slider(kind: type[Soma]) -> None:
    """All ends in one population: unit 2i has slider i at its lower end, unit 2i + 1 at its upper."""
    ends = [{name: value} for name, span in spans(kind).items() for value in span]
    for values in ends:
        if not lawful(kind, values):
            with pytest.raises(ValueError, match="must stay below"):
                kind(**values)
    run_population(kind, [values for values in ends if lawful(kind, values)])


@EACH_SOMA
def test_finite_at_random_corners_of_the_sliders(kind: type[Soma]) -> None:
    chance = np.random.default_rng(7)
    corners = [{name: float(chance.choice(span)) for name, span in spans(kind).items()} for _ in range(CORNERS)]
    good = [values for values in corners if lawful(kind, values)]
    assert len(good) > CORNERS / 4
    for values in corners:
        if not lawful(kind, values):
            with pytest.raises(ValueError, match="must stay below"):
                kind(**values)
    run_population(kind, [values for values in good if not runs_away(values)])


def runs_away(values: dict[str, float]) -> bool:
    """Without a stable linear part (a < -1/R) the adaptive exponential model itself goes to minus infinity."""
    return values.get("adaptation_subthreshold", 0.0) * values["resistance"] <= -1


def test_a_model_that_runs_away_is_reported() -> None:
    runaway = SOMAS["AdaptiveExponentialSoma"](resistance=1.0, adaptation_subthreshold=-20.0, adaptation_delta=300.0)
    with pytest.raises(FloatingPointError, match=r"unit 0 at .* ms with .*adaptation_subthreshold=-20"):
        spark.simulate(runaway, spark.stimuli.Step(), duration=30_000.0)


def run_population(kind: type[Soma], rows: list[dict[str, float]]) -> None:
    default = kind().config.values()
    fields = {name: np.array([row.get(name, default[name]) for row in rows]) for name in spans(kind)}
    run = spark.simulate(kind(**fields), spark.stimuli.Step(), record=state_of(kind))
    for name in state_of(kind):
        bad = np.flatnonzero(~np.isfinite(getattr(run, name)).all(axis=0))
        assert not bad.size, f"{name} turns non-finite with {rows[bad[0]]}"
    if "cooldown" in fields:
        for times, cooldown in zip(run.spike_times, fields["cooldown"], strict=True):
            assert np.diff(times).min(initial=np.inf) >= cooldown - 1e-3


@EACH_SOMA
def test_changed_values_never_compile_again(kind: type[Soma]) -> None:
    current = STEP.sample(300, 0.1)
    spark.simulate(kind(), current)
    compiled = compiled_loops()
    for name, span in spans(kind).items():
        middle = 0.99 * getattr(kind().config, name) + 0.01 * span[1]
        spark.simulate(kind(**{name: middle}), current)
        spark.simulate(kind(**{name: np.array([middle])}), current)
        spark.simulate(kind(**{name: Normal(middle, 0.0)}), current)
    spark.simulate(kind(dt=0.07), current)
    spark.simulate(kind(), current, dt=0.2)
    spark.simulate(kind(seed=5), 1.1 * current)
    spark.simulate(kind(), current, initial={"potential": -63.0})
    spark.simulate(kind(), STEP, duration=30.0)
    spark.simulate(kind(), list(map(float, current[:, 0])), key=jax.random.key(9))
    assert compiled_loops() == compiled


def test_a_new_class_solver_or_shape_does_compile() -> None:
    """Who checks the checker: the counter counts."""
    current = STEP.sample(311, 0.1)
    spark.simulate(SOMAS["LeakySoma"](), current)
    compiled = compiled_loops()
    spark.simulate(SOMAS["ExponentialSoma"](), current)
    spark.simulate(SOMAS["LeakySoma"](), current, solver=spark.solvers.Heun())
    spark.simulate(SOMAS["LeakySoma"](), current[:-2])
    assert compiled_loops() == compiled + 3
