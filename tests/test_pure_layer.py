"""The pure layer: what it computes is what `simulate` computes, under every transformation, and no soma leaks."""

import copy
import pickle
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import spark
from spark.nn.components.somas import AdaptiveExponentialSoma, LeakySoma
from spark.nn.initializers import Constant, LogNormal, Normal, Uniform
from spark.solvers import Euler
from spark.stimuli import Step
from tests.common import OWN, each

CURRENTS = np.array([500.0, 650.0, 800.0])
STEPS = 1500


def trains(output: Any, dt: float) -> list[np.ndarray]:
    """Spike times of each unit, ms."""
    spikes, offset = np.asarray(output.spikes), np.asarray(output.offset, float)
    return [np.flatnonzero(column) * dt + when[column] for column, when in zip(spikes.T, offset.T, strict=True)]


@pytest.mark.parametrize("name", each(OWN))
def test_scan_makes_the_steps_of_simulate(name: str) -> None:
    soma = OWN[name]()
    parameters, state = soma.init(3)
    held = np.tile(CURRENTS, (STEPS, 1))
    last, output = jax.jit(lambda *given: spark.scan(soma, *given))(parameters, state, held)
    run = spark.simulate(soma, held)
    assert run.spike_count > 10
    for got, expected in zip(trains(output, run.dt), run.spike_times, strict=True):
        np.testing.assert_array_equal(got, expected)
    np.testing.assert_array_equal(np.asarray(output.potential)[:-1], run.potential[1:])
    for variable, values in run.final.items():
        np.testing.assert_allclose(last[variable], values, rtol=1e-6, err_msg=variable)


@pytest.mark.parametrize("name", each(OWN))
def test_single_steps_lose_nothing(name: str, x64: None) -> None:
    """Each of them leaves the solver's coordinates, and comes back."""
    soma = OWN[name]()
    parameters, state = soma.init(3)
    held = np.tile(CURRENTS, (STEPS, 1))
    _, output = jax.lax.scan(lambda s, i: soma.step(parameters, s, i), state, held)
    for got, expected in zip(trains(output, 0.1), spark.simulate(soma, held).spike_times, strict=True):
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-8)


@pytest.mark.parametrize("kind", [LeakySoma, AdaptiveExponentialSoma])
def test_small_increments_count_from_step_to_step(kind: Any) -> None:
    """In float32 a slow cell's increment over 0.01 ms is less than half a unit in the last place of its potential."""
    soma = kind(potential_tau=2000.0, dt=0.01)
    parameters, state = soma.init(1)
    steps, drive = 20_000, 250.0

    def loop(state: Any) -> Any:
        return jax.lax.scan(lambda s, _: (soma.step(parameters, s, drive)[0], None), state, length=steps)[0]

    got = jax.jit(loop)(state).potential[0]
    expected = spark.simulate(soma, np.full(steps, drive)).final["potential"][0]
    assert abs(expected - soma.config.potential_rest) > 0.5
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", each(OWN, ["AdaptiveLeakySoma"]))  # a clock and a moving threshold
def test_backwards_is_forwards_transposed(name: str, x64: None) -> None:
    """The last spike of each unit, and the state after it, by everything that goes in."""
    soma = OWN[name]()
    parameters, state = soma.init(3)
    held = jnp.asarray(np.tile(CURRENTS, (900, 1)))
    _, output = spark.scan(soma, parameters, state, held)
    assert np.asarray(output.spikes).sum(axis=0).min() > 1
    last = 899 - np.argmax(np.asarray(output.spikes)[::-1], axis=0)

    def told(parameters: Any, state: Any, held: Any) -> Any:
        end, output = spark.scan(soma, parameters, state, held)
        return output.offset[last, np.arange(3)].sum() + end.potential.sum()

    given = (parameters, state, held)
    gradient = jax.jit(jax.grad(told, argnums=(0, 1, 2)))(*given)
    keys = iter(jax.random.split(jax.random.key(1), 40))
    along = jax.tree.map(lambda x: jax.random.normal(next(keys), x.shape), given)
    _, slope = jax.jvp(told, given, along)
    back = sum(jnp.vdot(g, t) for g, t in zip(jax.tree.leaves(gradient), jax.tree.leaves(along), strict=True))
    assert abs(slope) > 1e-3
    np.testing.assert_allclose(back, slope, rtol=1e-9)
    # And the same forwards as the derivatives of spike times, which take another way.
    table = spark.analysis.spike_time_derivatives(
        OWN[name](), np.full(900, CURRENTS[0]), ["resistance", "potential_reset"]
    )
    own = jax.jit(jax.jacfwd(lambda p: spark.scan(soma, p, state, held)[1].offset[last[0], 0]))(parameters)
    np.testing.assert_allclose([own.resistance[0], own.potential_reset[0]], table.values[-1], rtol=1e-7)


def test_on_the_grid_states_have_derivatives_and_spike_times_none(x64: None) -> None:
    soma = LeakySoma(solver=Euler(on_grid=True))
    parameters, state = soma.init(2)

    def end(current: Any) -> Any:
        last, output = spark.scan(soma, parameters, state, jnp.broadcast_to(current, (300, 2)))
        return last.potential[0], output.offset.sum()

    slope, when = jax.jit(jax.jacrev(end))(jnp.asarray([300.0, 300.0]))
    tau, gain = soma.config.potential_tau, soma.config.resistance
    np.testing.assert_allclose(slope, [gain * (1 - (1 - 0.1 / tau) ** 300), 0.0], rtol=1e-9)
    assert not when.any()


def test_populations_are_mapped_and_shapes_known() -> None:
    soma = LeakySoma(threshold=Normal(-50.0, 1.0), potential_tau=LogNormal(20.0, 0.1), resistance=Uniform(0.09, 0.11))
    keys = jax.random.split(jax.random.key(0), 2)
    parameters, state = jax.vmap(lambda key: soma.init(3, key))(keys)
    for name, values in soma.init(3, keys[1])[0].items():
        np.testing.assert_allclose(parameters[name][1], values, rtol=1e-6, err_msg=name)
    _, output = jax.vmap(soma.step)(parameters, state, jnp.full((2, 3), 500.0))
    assert output.spikes.shape == (2, 3) and output.spikes.dtype == bool
    shapes = jax.eval_shape(lambda: soma.step(*soma.init((2, 5)), 1.0))
    assert shapes[1].potential.shape == (2, 5)
    assert jax.eval_shape(lambda: LeakySoma(threshold=Constant(-50.0)).init())[1].potential.shape == (1,)
    assert soma.init(())[1].potential.shape == ()


def assert_known(soma: Any) -> None:
    """Nothing that a soma holds is traced: `jax.checking_leaks` says no more, and takes minutes in a large process."""
    for name, value in vars(soma).items():
        assert not any(isinstance(leaf, jax.core.Tracer) for leaf in jax.tree.leaves(value)), name


def stepped(soma: Any, count: int) -> list[np.ndarray]:
    """Potentials of ordinary calls."""
    return [np.asarray(soma(CURRENTS)["potential"].value) for _ in range(count)]


@pytest.mark.parametrize("kind", [LeakySoma, AdaptiveExponentialSoma])
def test_a_soma_is_an_argument_and_moves_on(kind: Any) -> None:
    expected, soma = stepped(kind(), 5), kind()

    @jax.jit
    def once(soma: Any, current: Any) -> Any:
        return soma(current)["potential"].value, soma

    for potential in expected:
        got, soma = once(soma, CURRENTS)
        assert_known(soma)
        np.testing.assert_array_equal(got, potential)
    assert type(soma) is kind and soma.config == kind().config
    np.testing.assert_array_equal(stepped(soma, 1)[0], stepped(kind(), 6)[-1], "and goes on outside")


def transformed(kind: str) -> Any:
    """Calls of a soma inside of a transformation to which it does not belong."""
    specs = {"current": spark.PortSpecs(spark.CurrentArray, (3,))}
    calls: dict[str, Any] = {
        "jit": lambda soma: jax.jit(lambda i: soma(i)["potential"].value)(CURRENTS),
        "vmap": lambda soma: jax.vmap(lambda i: soma(i)["potential"].value)(np.stack([CURRENTS, CURRENTS])),
        "grad": lambda soma: jax.grad(lambda i: soma(i)["potential"].value.sum())(CURRENTS),
        "build": lambda soma: jax.jit(lambda: soma.build(specs))(),
    }
    return calls[kind]


@pytest.mark.parametrize("kind", ["jit", "vmap", "grad", "build"])
@pytest.mark.parametrize("built", [True, False])
@pytest.mark.filterwarnings("ignore:LeakySoma is called in a transformation")
def test_nothing_leaks_from_a_transformation(kind: str, built: bool) -> None:
    """Also where the soma is built there."""
    expected, soma = stepped(LeakySoma(), 2), LeakySoma()
    if built:
        stepped(soma, 1)
    transformed(kind)(soma)
    assert_known(soma)
    again = built and kind != "build"
    np.testing.assert_array_equal(stepped(soma, 1)[0], expected[1 if again else 0])


@pytest.mark.filterwarnings("ignore:LeakySoma is called in a transformation")
def test_a_soma_is_pickled_and_copied_as_it_stands() -> None:
    expected, soma = stepped(LeakySoma(), 2), LeakySoma()
    stepped(soma, 1)
    transformed("jit")(soma)
    for other in (pickle.loads(pickle.dumps(soma)), copy.deepcopy(soma), copy.copy(soma)):
        np.testing.assert_array_equal(stepped(other, 1)[0], expected[1])


def test_arrays_of_a_soma_of_ones_own_are_leaves() -> None:
    one: Any = LeakySoma()
    other: Any = LeakySoma()
    one._trace, other._trace = jnp.zeros(3), jnp.ones(3)
    assert jax.jit(lambda a, b: a._trace + b._trace)(one, other).tolist() == [1.0, 1.0, 1.0]
    with pytest.raises(ValueError, match=r"threshold=-49\.0"):
        jax.tree.map(lambda a, b: a, LeakySoma(), LeakySoma(threshold=-49.0))


def test_what_goes_in_is_named_and_filled() -> None:
    soma: Any = LeakySoma()
    parameters, state = soma.init(3)
    expected = soma.step(parameters, state | {"potential": jnp.full(3, -60.0)}, 500.0)[1].potential
    given: list[Any] = [-60, np.full(3, -60), np.full(3, -60.0, np.float16)]
    for potential in given:
        got = soma.step(dict(parameters), dict(state | {"potential": potential}), 500.0)[1].potential
        np.testing.assert_array_equal(got, expected)
    with pytest.raises(ValueError, match="there is 'thresold', which LeakySoma has not"):
        soma.step(parameters | {"thresold": -50.0}, state, 500.0)
    with pytest.raises(ValueError, match="must be adaptation, potential: there is no 'adaptation'"):
        spark.scan(AdaptiveExponentialSoma(), AdaptiveExponentialSoma().init(3)[0], state, jnp.ones(3))
    with pytest.raises(AttributeError, match=r"write values \| "):
        state.potential = 3.0
    stimulus: Any = Step()
    with pytest.raises(TypeError, match=r"give stimulus\.sample"):
        spark.scan(soma, parameters, state, stimulus)
    final: Any = spark.simulate(soma, np.ones((10, 3))).final
    assert spark.scan(soma, parameters, final, jnp.ones((5, 3)))[1].potential.shape == (5, 3)


@pytest.mark.parametrize(
    ("units", "shape"), [(3, (3,)), (np.int64(3), (3,)), ((), ()), ((2, 3), (2, 3)), ([2, 3], (2, 3)), (None, (1,))]
)
def test_the_shape_of_a_population(units: Any, shape: tuple[int, ...]) -> None:
    assert LeakySoma().init(units)[1].potential.shape == shape


def test_a_population_that_contradicts_its_config_is_refused() -> None:
    current: Any = 500.0
    assert LeakySoma(threshold=np.array([-50.0, -51.0])).init()[1].potential.shape == (2,)
    assert LeakySoma(units=4)(current)["potential"].value.shape == (4,)
    with pytest.raises(ValueError, match="leave one out"):
        LeakySoma(units=4).init(3)
    wrong: Any
    for wrong in (0, -1, 2.5, True):
        with pytest.raises((TypeError, ValueError), match="whole number"):
            LeakySoma().init(wrong)


def test_a_changed_config_is_seen_by_a_compiled_function() -> None:
    soma = LeakySoma()
    stepped(soma, 1)
    rate = jax.jit(lambda soma: jnp.asarray(soma.config.dt))
    assert rate(soma) == np.float32(0.1)
    soma.config.dt = 0.2
    assert rate(soma) == np.float32(0.2), "the config is structure"


def test_a_soma_from_outside_is_read_and_stays() -> None:
    expected, soma = stepped(LeakySoma(), 2), LeakySoma()
    stepped(soma, 1)
    with pytest.warns(UserWarning, match="its state stays as it was: give the soma"):
        got = jax.jit(lambda current: soma(current)["potential"].value)(CURRENTS)
    np.testing.assert_array_equal(got, expected[1])
    _, slope = jax.jvp(lambda i: soma(i)["potential"].value, (jnp.asarray(CURRENTS),), (jnp.ones(3),))
    assert (slope > 0).all()
    np.testing.assert_array_equal(stepped(soma, 1)[0], expected[1], "nothing has moved it, and nothing has leaked")
    with pytest.raises(RuntimeError, match="called twice in one transformation"):
        jax.jit(lambda i: (soma(i), soma(i)))(CURRENTS)


def test_a_soma_has_a_gradient() -> None:
    soma = LeakySoma()
    stepped(soma, 1)
    slope = jax.grad(lambda soma: soma(CURRENTS)["potential"].value.sum())(soma)
    p = slope._parameters
    gain = 1 - np.exp(-0.1 / soma.config.potential_tau)
    np.testing.assert_allclose(p.resistance, gain * CURRENTS, rtol=1e-5)


def test_what_runs_on_the_host_says_what_to_call() -> None:
    soma = LeakySoma()
    transformations: list[Any] = [jax.jit, jax.grad, jax.vmap]
    for transformed in transformations:
        given = np.ones((10, 3) if transformed is not jax.grad else 10)
        with pytest.raises(TypeError, match=r"call spark\.scan there, or soma\.step"):
            transformed(lambda i: spark.simulate(soma, i).spike_count * 1.0)(given)
    with pytest.raises(TypeError, match=r"call spark\.scan there"):
        jax.jit(lambda: spark.simulate(soma, np.ones(10)).potential)()
    with pytest.raises(TypeError, match=r"traced by a transformation of JAX.*docs/jax\.md"):
        jax.grad(lambda a: spark.simulate(soma, Step(amplitude=a)).potential.sum())(500.0)


def test_shapes_that_do_not_fit_are_named() -> None:
    soma = LeakySoma()
    (three, _), (_, two) = soma.init(3), soma.init(2)
    with pytest.raises(ValueError, match=r"must have one shape, that of the population: .* has \(3,\), .* has \(2,\)"):
        soma.step(three, two, 500.0)
    parameters, state = soma.init(1)
    with pytest.raises(ValueError, match=r"currents of LeakySoma have shape \(100, 3\), the population \(1,\)"):
        spark.scan(soma, parameters, state, jnp.ones((100, 3)))
