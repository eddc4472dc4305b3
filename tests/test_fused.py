"""The time loop as one kernel: equal to the scan where it is interpreted, and it lowers for CUDA without a GPU."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.sharding import AbstractDevice, AbstractMesh, use_abstract_mesh

import spark
from spark.core.hybrid import Values
from spark.nn.components.somas import AdaptiveExponentialSoma, ExponentialSoma, LeakySoma, Soma
from spark.simulation import fused, kernel_noise, loop
from spark.simulation.simulate import variables
from spark.solvers import Euler, Heun, SequentialEuler, Solver
from spark.stimuli import OrnsteinUhlenbeck
from spark.stimuli.step_means import StepMeans
from tests.common import SOLVERS, SOMAS, each

EACH_SOMA = pytest.mark.parametrize("kind", each(SOMAS.values()))
STEPS, UNITS = 200, 5
WIDE = np.linspace(300.0, 2000.0, UNITS, dtype=np.float32) * np.ones((STEPS, 1), np.float32)
NOISE = OrnsteinUhlenbeck(onset=3.03, duration=15.0, mean=900.0)
TWO_DIGITS = 2.5e-7
"""Two units of the last digit, as a part of a float32."""


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of 4, so that 5 units make two of them, the second not full."""
    monkeypatch.setattr(fused, "BLOCK", 4)


def both(kind: type[Soma], current: Any = WIDE, **options: Any) -> tuple[spark.Recording, spark.Recording]:
    settings: dict[str, Any] = {"record": variables(kind), "device": "cpu"} | options
    scan, kernel = (spark.simulate(kind(), current, backend=name, **settings) for name in ("scan", "fused"))
    assert (scan.backend, kernel.backend) == ("scan", "fused")
    return scan, kernel


def assert_equal(one: spark.Recording, other: spark.Recording, within: float = 0.0) -> None:
    """Equal spikes, and offsets, variables and final states equal `within` this part of their size."""
    assert one.events and other.events and one.spike_count > 1
    np.testing.assert_array_equal(one.events.step, other.events.step)
    np.testing.assert_array_equal(one.events.unit, other.events.unit)
    np.testing.assert_allclose(one.events.offset, other.events.offset, rtol=within, atol=within)
    for mine, theirs in ((one.recorded, other.recorded), (one.final, other.final)):
        assert list(mine) == list(theirs)
        for name, values in mine.items():
            assert values.shape == theirs[name].shape and values.dtype == theirs[name].dtype
            np.testing.assert_allclose(values, theirs[name], rtol=within, err_msg=name)


@EACH_SOMA
def test_every_soma_as_in_the_scan(kind: type[Soma]) -> None:
    """Bit for bit: spikes, their offsets, every variable and the final state, in blocks that the units do not fill."""
    assert_equal(*both(kind))


@pytest.mark.parametrize("solver", [*(make() for make in SOLVERS), Euler(on_grid=True), SequentialEuler()], ids=str)
@pytest.mark.parametrize("kind", [LeakySoma, pytest.param(AdaptiveExponentialSoma, marks=pytest.mark.thorough)])
def test_every_solver_as_in_the_scan(kind: type[Soma], solver: Solver, monkeypatch: pytest.MonkeyPatch) -> None:
    """In whole vectors of the processor: with fewer than 16 units XLA may contract a * b + c in one loop only."""
    monkeypatch.setattr(fused, "BLOCK", 16)
    current = np.linspace(500.0, 4000.0, 21, dtype=np.float32) * np.ones((STEPS, 1), np.float32)
    assert_equal(*both(kind, current, solver=solver, dt=0.02, initial={"potential": -52.0}))


@pytest.mark.parametrize("solver", [Euler(on_grid=True), SequentialEuler()], ids=str)
def test_few_units_differ_by_two_last_digits_at_most(solver: Solver) -> None:
    assert_equal(*both(LeakySoma, WIDE / 2, solver=solver), within=TWO_DIGITS)


def test_one_current_for_all() -> None:
    scan, kernel = both(LeakySoma, WIDE[:, 3], units=UNITS, initial={"potential": np.linspace(-70.0, -60.0, UNITS)})
    assert_equal(scan, kernel)
    assert len({times.size for times in kernel.spike_times}) == 1 and np.ptp([t[0] for t in kernel.spike_times]) > 0.1
    assert_equal(*both(LeakySoma, WIDE[:, 3]))


@pytest.mark.parametrize("every", [7, 150])
@pytest.mark.parametrize("steps", [None, 41])
@pytest.mark.parametrize("backend", ["scan", "fused"])
def test_each_kth_sample(backend: Any, steps: int | None, every: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exactly those of a run that records all, whatever the chunks (of 41 steps: none of them begins at a sample)."""
    options: dict[str, Any] = {
        "record": ("potential", "current"),
        "backend": backend,
        "device": "cpu",
        "solver": Euler(),
    }
    whole = spark.simulate(AdaptiveExponentialSoma(), WIDE, **options)
    if steps:
        monkeypatch.setattr(loop, "CHUNK_BYTES", UNITS * (1 + 4 + 2 * 4 + 8) * steps)
    thin = spark.simulate(AdaptiveExponentialSoma(), WIDE, every=every, **options)
    assert thin.every == every and thin.steps == whole.steps
    np.testing.assert_array_equal(thin.time, whole.time[::every])
    for name, values in whole.recorded.items():
        np.testing.assert_array_equal(thin.recorded[name], values[::every], err_msg=name)
    np.testing.assert_array_equal(thin.spikes, whole.spikes)
    np.testing.assert_array_equal(thin.offsets, whole.offsets)
    part = thin.head(100, 3)
    np.testing.assert_array_equal(part.potential, whole.potential[:100:every, :3])
    assert part.time.size == len(part.potential)


@pytest.mark.parametrize("traces", [2, [4, 0], [3, 3, 1], 0], ids=str)
def test_traces_of_some_units(traces: Any) -> None:
    """The kernel takes those units first; what comes out is in the order asked for, and all else in its own."""
    assert_equal(*both(AdaptiveExponentialSoma, traces=traces, every=3, solver=Euler()))


def test_a_kernel_writes_no_more_than_is_recorded() -> None:
    p = Values(LeakySoma().drawn((20,), None))
    given: dict[str, Any] = {
        "p": p,
        "s": Values(potential=p.potential_rest),
        "known": None,
        "noise": None,
        "dt": np.float32(0.1),
    }
    given |= {"held": np.zeros((100, 1), np.float32), "going": False, "place": np.zeros(2, np.int32)}
    plan = fused.Plan(LeakySoma.system, Euler(), ("potential",), every=7, seen=5, interpret=True, block=4)
    (call,) = [e for e in fused.fused_loop.trace(plan, **given).jaxpr.eqns if "pallas_call" in str(e.primitive)]
    assert sorted(v.aval.str_short() for v in call.outvars) == [
        "bool[100,20]",
        "float32[100,20]",
        "float32[15,8]",
        "float32[20]",  # the state, and its digits beyond float32
        "float32[20]",
    ]


@pytest.mark.parametrize("current", [WIDE, NOISE], ids=["read", "drawn"])
def test_chunks_are_one_run_and_one_compilation(current: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(told: list[float] | None = None, **values: Any) -> spark.Recording:
        size: dict[str, Any] = {} if current is WIDE else {"duration": 20.0, "units": UNITS}
        progress = None if told is None else told.append
        soma, solver = ExponentialSoma(**values), Heun()  # which goes on in coordinates of its own
        return spark.simulate(soma, current, solver=solver, backend="fused", device="cpu", progress=progress, **size)

    whole, told = run(), list[float]()
    monkeypatch.setattr(loop, "CHUNK_BYTES", 50 * (UNITS * (1 + 4 + 4) + 8 * (UNITS if current is WIDE else 1)))
    before = fused.fused_loop._cache_size()  # type: ignore[attr-defined]
    run(told, potential_tau=9.0)
    assert_equal(whole, run(told))
    assert told == [0.25, 0.5, 0.75, 1.0] * 2
    assert fused.fused_loop._cache_size() == before + 1  # type: ignore[attr-defined]


def test_statistics_without_events() -> None:
    whole = both(LeakySoma)[1]
    lean = spark.simulate(LeakySoma(), WIDE, backend="fused", device="cpu", events=False)
    np.testing.assert_array_equal(lean.statistics.isi_mean, whole.statistics.isi_mean)


@pytest.mark.parametrize(
    "noise",
    [
        NOISE,
        NOISE.copy(std=np.linspace(50.0, 300.0, UNITS), tau=2.0),
        NOISE.copy(frozen=True, mean=np.arange(500.0, 1000.0, 100.0)),
    ],
    ids=["plain", "spread", "frozen"],
)
def test_noise_drawn_inside_is_that_of_the_stimulus(noise: OrnsteinUhlenbeck) -> None:
    """The same bits: currents of 1000 pA differ in their last digits, by rounding; spikes come in the same steps."""
    key = jax.random.key(5) if noise is NOISE else None
    assert kernel_noise.noise_inside(noise, 0.1, UNITS, key, np.dtype("float32"))
    scan, kernel = both(LeakySoma, noise, duration=20.0, units=UNITS, key=key, traces=[3, 1])
    sampled = noise.sample(STEPS, 0.1, UNITS, key)
    np.testing.assert_array_equal(scan.current, sampled[:, [3, 1]])
    np.testing.assert_allclose(kernel.current, scan.current, rtol=1e-6, atol=3e-4)
    assert kernel.current[:30].max() == 0.0 < abs(kernel.current[31:180]).min()
    np.testing.assert_array_equal(kernel.spikes, scan.spikes)
    np.testing.assert_allclose(kernel.offsets, scan.offsets, atol=1e-5)
    assert_equal(*both(LeakySoma, sampled))  # who asks for exactly the scan's current gives it
    options: dict[str, Any] = {"backend": "fused", "device": "cpu", "duration": 20.0, "units": UNITS, "key": key}
    again = spark.simulate(LeakySoma(), noise, **options)
    np.testing.assert_array_equal(again.offsets, kernel.offsets)
    other = spark.simulate(LeakySoma(), noise.copy(seed=9), **options)
    assert (other.offsets != kernel.offsets).any()


def test_statistics_of_the_noise_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mean, standard deviation and correlation over time and between units, each within five standard errors."""
    monkeypatch.setattr(fused, "BLOCK", 64)
    noise = OrnsteinUhlenbeck(onset=0.0, duration=1e6, mean=40.0, std=7.0, tau=0.5)
    run = spark.simulate(
        LeakySoma(), noise, backend="fused", device="cpu", duration=300.0, units=64, record=("current",)
    )
    step = 0.1 / 0.5
    spread = np.sqrt(2 * (step - 1 + np.exp(-step))) / step  # of means over steps: tests/test_stimuli.py
    x = (run.current.astype(float) - 40.0) / 7.0 / spread
    independent = x.size / 10.0  # the correlation time, twice tau, is ten steps
    assert abs(x.mean()) < 5 / np.sqrt(independent)
    assert abs(x.var() - 1) < 5 * np.sqrt(2 / independent)
    assert abs(x[0].var() - 1) < 5 * np.sqrt(2 / 64)  # stationary from the first step on
    later = np.exp(-0.8) * (1 - np.exp(-step)) ** 2 / step**2 / spread**2
    assert (x[5:] * x[:-5]).mean() == pytest.approx(later, abs=5 / np.sqrt(independent))
    between = np.corrcoef(x.T)[np.triu_indices(64, 1)]
    assert abs(between).max() < 6 / np.sqrt(300)


def test_bits_are_those_of_the_stream() -> None:
    key = jax.random.fold_in(jax.random.key(3), 7)
    high, low = np.asarray(jax.random.key_data(key))
    numbers = jnp.arange(50, dtype=jnp.uint32)
    np.testing.assert_array_equal(kernel_noise.threefry(high, low, numbers), jax.random.bits(key, (50,)))
    drawn = kernel_noise.standard_normal(kernel_noise.Noise(high, low, 0.0, 1.0, StepMeans.of(1.0)), numbers)
    np.testing.assert_allclose(drawn, jax.random.normal(key, (50,)), rtol=1e-6)


@pytest.mark.parametrize(
    ("stimulus", "units", "x64"),
    [
        (WIDE, 5, False),
        (spark.stimuli.PoissonSynapses(), 5, False),
        (NOISE + spark.stimuli.Step(), 5, False),
        (NOISE, 1, False),
        (NOISE.copy(frozen=True), 5, False),
        (NOISE.copy(onset=np.arange(5.0)), 5, False),
        (NOISE, 5, True),
    ],
    ids=["array", "poisson", "sum", "one unit", "frozen", "own windows", "64 bit"],
)
def test_other_currents_are_read(stimulus: Any, units: int, x64: bool) -> None:
    with jax.enable_x64(x64):
        dtype = np.dtype("float64" if x64 else "float32")
        assert kernel_noise.noise_inside(stimulus, 0.1, units, None, dtype) is None
        options: dict[str, Any] = {} if stimulus is WIDE else {"duration": 20.0, "units": units}
        scan, kernel = both(LeakySoma, stimulus, **options)
    np.testing.assert_array_equal(kernel.current, scan.current)
    np.testing.assert_array_equal(kernel.offsets, scan.offsets)


GPU = AbstractDevice(device_kind="NVIDIA H100 80GB HBM3", num_cores=None, platform="gpu")
"""From JAX 0.11 on a kernel is lowered for a device that is described, if none is there."""


# JAX 0.12 says that its Triton backend will be removed: what the kernel needs of it is all here.
@pytest.mark.filterwarnings("ignore:The Pallas Triton backend is deprecated:DeprecationWarning")
@EACH_SOMA
@pytest.mark.parametrize("solver", spark.solvers.catalogue().values())
def test_the_kernel_lowers_for_cuda(kind: type[Soma], solver: type[Solver], monkeypatch: pytest.MonkeyPatch) -> None:
    """Into Triton's language, on any machine; with noise as well as without, as each uses operations of its own."""
    monkeypatch.undo()
    p = Values({name: np.asarray(value) for name, value in kind().drawn((5,), None).items()})
    s = kind.system.initial(p, p.potential_rest)
    plan = fused.Plan(kind.system, solver(), variables(kind), every=7, seen=3, interpret=False, block=fused.BLOCK)
    noisy = kernel_noise.noise_inside(NOISE, 0.1, 5, None, np.dtype("float32"))
    assert noisy
    noise = noisy[0] if solver is kind().config.solver.__class__ else None
    held = WIDE[:, :1] if noise else WIDE
    x = np.zeros(5, np.float32) if noise else None
    with use_abstract_mesh(AbstractMesh((1,), ("x",), abstract_device=GPU)):
        traced = fused.fused_loop.trace(plan, p, s, x, held, noise, np.float32(0.1), False, np.zeros(2, np.int32))
        text = traced.lower(lowering_platforms=("cuda",)).as_text()
    assert "__gpu$xla.gpu.triton" in text or "triton_kernel_call" in text
