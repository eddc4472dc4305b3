"""Hostile values in configs, stimuli, plain data and the arguments of a run: taken, or refused in one sentence."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import spark
from spark import solvers, stimuli
from spark.core.config import Config
from spark.core.echo import LONGEST, echo
from spark.core.memory import check_memory, memory
from spark.core.plain import Plain
from spark.nn import initializers
from spark.recording.events import Events
from spark.stimuli import Step, Stimulus, Sum
from tests.common import OWN
from tests.hostile import EXTREME, QUICK, Given, anything, nested, plain, refuses_in_words, thorough

CONFIGS: list[Any] = [*(kind.config_class for kind in OWN.values()), *stimuli.catalogue().values()]
OTHERS: list[Any] = [
    initializers.Constant(1.0),
    initializers.Uniform(1.0, 2.0),
    initializers.Normal(1.0, 0.1),
    initializers.LogNormal(1.0, 0.1),
    *(kind() for kind in solvers.catalogue().values()),
]
RUN = ("dt", "duration", "solver", "units", "record", "key", "initial", "traces", "events", "sharding", "every")
ARGUMENTS = (*RUN, "backend", "device", "progress")
RUNS = (ValueError, TypeError, FloatingPointError)

fields = st.sampled_from([(kind, name) for kind in CONFIGS for name in kind.fields()])
own_fields = st.sampled_from([(one, field.name) for one in OTHERS for field in dataclasses.fields(one)])
arguments = st.sampled_from(ARGUMENTS)
written = st.sampled_from([one.to_dict() for one in (*(kind() for kind in CONFIGS), *OTHERS, Step() + Step())])


def used(config: Config) -> None:
    """What is done with a config that has taken its values."""
    again = Plain.from_dict(config.to_dict(), check=not config.unchecked)
    assert again.to_dict() == config.to_dict() and len(repr(config)) > 0
    if isinstance(config, Stimulus) and len(config.parts) < 10:
        current = config.sample(4, 0.1, config.columns(3) if isinstance(config, stimuli.Array) else 1)
        assert np.isfinite(current).all()
    elif not isinstance(config, Stimulus):
        units: Any = getattr(config, "units", None)
        sizes = [np.shape(value) for value in config.values().values() if isinstance(value, np.ndarray)]
        drawn = config.draw(units or max(sizes, key=np.prod, default=(1,)), 0)
        assert all(np.isfinite(value).all() for value in drawn.values())


def configured(kind: Any, name: str, value: Any) -> None:
    used(kind(**{name: value}))


def still(loop: Any, s: Any, draw: Any, steps: int, size: int, keep: Any, told: Any, every: int = 1) -> Any:
    """A run in which nothing happens: nothing is compiled for it."""
    held = draw(min(steps, 3))
    assert np.isfinite(held).all()
    none = np.zeros(0, int)
    keep(Events(none, none, np.zeros(0)))
    return {}, {name: np.asarray(value) for name, value in s.items()}


@pytest.fixture(scope="module")
def stilled() -> Iterator[None]:
    with mock.patch.object(sys.modules["spark.simulation.simulate"], "in_chunks", still):
        yield


def run(**arguments: Any) -> None:
    if callable(arguments.get("progress")):
        return  # what somebody's own function says is its own
    given = {"current": 100.0, "duration": 1.0} | arguments
    if given.get("dt") is not None and given.get("duration") == 1.0:
        given["duration"] = None  # of a step of 10^-30 ms there are too many
    spark.simulate(spark.nn.somas.LeakySoma(), **given)


def replaced(data: Any, at: int, value: Any) -> Any:
    """Plain data with another value at one of its places."""
    keys = list(data)
    key = keys[at % len(keys)]
    inner = data[key]
    if isinstance(inner, (dict, list)) and inner and at >= len(keys):
        items = inner if isinstance(inner, dict) else dict(enumerate(inner))
        changed: Any = replaced(items, at // len(keys), value)
        return data | {key: changed if isinstance(inner, dict) else list(changed.values())}
    return data | {key: value}


# Each of these is one property, in a few cases for CI and in many for the night.


def in_config(of: tuple[Any, str], given: Given) -> None:
    refuses_in_words(lambda: configured(*of, given.value))


def in_other(of: tuple[Any, str], given: Given) -> None:
    refuses_in_words(lambda: type(of[0])(**(vars(of[0]) | {of[1]: given.value})))


def in_data(data: dict[str, Any], at: int, given: Given) -> None:
    refuses_in_words(lambda: Plain.from_dict(replaced(data, at, given.value)))


def in_run(name: str, given: Given) -> None:
    refuses_in_words(lambda: run(**{name: given.value}), RUNS)


def in_current(given: Given) -> None:
    refuses_in_words(lambda: run(current=given.value, duration=1.0), RUNS)


def in_sample(name: str, given: Given) -> None:
    count = given.value
    if name != "dt" and isinstance(count, (int, np.integer)) and 1e5 < count < 1e12:
        return  # it could be had, and takes long
    asked: Any = {"steps": 3, "dt": 0.1, name: count}
    refuses_in_words(lambda: stimuli.PulseTrain().sample(**asked))


@example((stimuli.Step, "amplitude"), Given(10**400))
@example((stimuli.Step, "onset"), Given(10**5000))
@example((CONFIGS[0], "potential_tau"), Given(1e-320))
@example((stimuli.Chirp, "duration"), Given(1e-320))
@example((CONFIGS[0], "potential_tau"), Given(nested(5_000)))
@example((CONFIGS[0], "resistance"), Given(1e300))
@example((CONFIGS[0], "units"), Given(10**12))
@example((CONFIGS[0], "units"), Given((10**6, 10**6)))
@example((CONFIGS[0], "dtype"), Given("a"))
@example((CONFIGS[0], "dtype"), Given(np.zeros(3)))
@example((CONFIGS[0], "seed"), Given(lambda: 1))
@example((CONFIGS[0], "threshold"), Given(np.broadcast_to(1.0, (10**12,))))
@example((CONFIGS[0], "threshold"), Given([np.broadcast_to(1.0, (10**12,))]))
@example((CONFIGS[0], "threshold"), Given(np.zeros((0, 3))))
@example((CONFIGS[0], "resistance"), Given(initializers.LogNormal(1.0, 1e30)))
@example((stimuli.PoissonSynapses, "excitatory_rate"), Given(1e29))
@example((stimuli.Array, "samples"), Given(["a"]))
@example((stimuli.Array, "samples"), Given([[1.0], [1.0, 2.0]]))
@example((stimuli.Sum, "parts"), Given([[]]))
@QUICK
@given(fields, anything)
def test_a_config_takes_a_value_or_says_why_not(of: tuple[Any, str], value: Given) -> None:
    in_config(of, value)


@example((initializers.Normal(1.0, 0.1), "mean"), Given(10**400))
@example((solvers.SequentialEuler(), "substeps"), Given(10**12))
@example((initializers.Uniform(1.0, 2.0), "high"), Given(Fraction(0, 1)))
@QUICK
@given(own_fields, anything)
def test_so_does_an_initializer_or_a_solver(of: tuple[Any, str], value: Given) -> None:
    in_other(of, value)


@example({"type": "Step", "__skip_validation__": True}, 0, Given("Step"))
@example({"type": "RK4"}, 0, Given(10**5000))
@example({"type": "RK4", "order": 7}, 0, Given("RK4"))
@example({"type": "Uniform", "low": 1.0}, 0, Given("Uniform"))
@example({"type": "Step", "amplitude": {"type": "array"}}, 0, Given("Step"))
@example({"type": "Step", "amplitude": {"type": "array", "values": "12"}}, 0, Given("Step"))
@example({"type": "Step"}, 0, Given(nested(5_000, dict)))
@example({"type": "Sum", "parts": 1}, 1, Given(nested(5_000)))
@QUICK
@given(written, st.integers(0, 200), plain)
def test_data_is_an_object_or_it_is_said_why_not(data: dict[str, Any], at: int, value: Given) -> None:
    in_data(data, at, value)


@example("units", Given(10**12))
@example("dt", Given(5e-324))
@example("every", Given(10**400))
@example("dt", Given(10**400))
@example("initial", Given({"potential": "a"}))
@example("initial", Given({"potential": 10**400}))
@example("initial", Given(nested(5_000)))
@example("key", Given(10**400))
@example("record", Given(np.array("a")))
@example("progress", Given(np.full(3, np.nan)))
@example("backend", Given(np.zeros(3)))
@QUICK
@given(arguments, anything)
@pytest.mark.usefixtures("stilled")
def test_a_run_is_made_or_it_is_said_why_not(name: str, value: Given) -> None:
    in_run(name, value)


@example(Given(1e300))
@example(Given([1.0, 1e300]))
@example(Given(np.array([1.0, np.nan], np.float16)))
@example(Given([[1.0], [1.0, 2.0]]))
@example(Given(np.broadcast_to(1.0, (10**12,))))
@QUICK
@given(anything)
@pytest.mark.usefixtures("stilled")
def test_so_is_its_current(value: Given) -> None:
    in_current(value)


@example("steps", Given(10**12))
@example("steps", Given(10**5000))
@example("dt", Given(5e-324))
@example("units", Given(0))
@QUICK
@given(st.sampled_from(["steps", "dt", "units"]), anything)
def test_a_stimulus_is_sampled_or_it_is_said_why_not(name: str, value: Given) -> None:
    in_sample(name, value)


@pytest.mark.thorough
@pytest.mark.parametrize(
    "held",
    [
        thorough(6_000)(given(fields, anything)(in_config)),
        thorough(2_000)(given(own_fields, anything)(in_other)),
        thorough(5_000)(given(written, st.integers(0, 200), plain)(in_data)),
        thorough(3_000)(given(arguments, anything)(in_run)),
        thorough(1_000)(given(anything)(in_current)),
    ],
    ids=["config", "other", "data", "run", "current"],
)
@pytest.mark.usefixtures("stilled")
def test_seventeen_thousand_of_them(held: Any) -> None:
    held()


@pytest.mark.parametrize("name", ["__skip_validation__", 7, "x" * 1_000_000, ""])
def test_a_name_that_is_no_field(name: Any) -> None:
    assert refuses_in_words(lambda: Plain.from_dict({"type": "Step", name: True}))
    assert refuses_in_words(lambda: Step().merge({name: True}))


@pytest.mark.parametrize("which", range(len(EXTREME)))
def test_what_is_no_data_at_all(which: int) -> None:
    if not isinstance(EXTREME[which], dict) or EXTREME[which] != {"type": "Step"}:
        assert refuses_in_words(lambda: Plain.from_dict(EXTREME[which]))


def test_a_soma_that_is_called_with_anything_leaves_the_thread_as_it_was() -> None:
    """JAX that flattens lists deep in one another keeps the interpreter's count of calls: 4 were left of 1000."""

    def deep(n: int) -> int:
        return n if n == 0 else deep(n - 1)

    soma: Any = spark.nn.somas.LeakySoma()
    assert refuses_in_words(lambda: soma(nested(5_000)))
    assert refuses_in_words(lambda: soma(10**400)) and refuses_in_words(lambda: soma(1e300))
    assert refuses_in_words(lambda: soma(np.broadcast_to(1.0, (10**12,))))
    assert deep(400) == 0


def test_a_sum_of_many_parts_is_sampled_in_linear_time() -> None:
    """Counted, not timed: to look for its twins each part looked at all before it."""
    asked = 0

    class Counted(Step):
        def __getattribute__(self, name: str) -> Any:
            nonlocal asked
            asked += 1
            return super().__getattribute__(name)

    def cost(parts: int) -> int:
        nonlocal asked
        total = Sum(parts=[Counted() for _ in range(parts)])
        asked = 0
        assert total.sample(2, 0.1).shape == (2, 1)
        return asked

    assert cost(200) < 2.5 * cost(100)
    assert cost(1_000) < 11 * cost(100)


def test_sums_of_sums_end_somewhere() -> None:
    doubled: Stimulus = Step()
    with pytest.raises(ValueError, match="at most 10,000"):
        for _ in range(20):
            doubled = Sum(parts=[doubled, doubled])
    deep: Stimulus = Step()
    with pytest.raises(ValueError, match="in one another"):
        for _ in range(30):
            deep = Sum(parts=[deep])
    with pytest.raises(ZeroDivisionError, match="divide by another number"):
        Step() / 0
    with pytest.raises(ValueError, match="must be finite"):
        Step() * 10**400


def test_memory_is_asked_before_it_is_taken() -> None:
    soma = spark.nn.somas.LeakySoma()
    with (
        mock.patch("spark.core.memory.memory", lambda: 1e9),
        pytest.raises(ValueError, match=r"LeakySomaConfig for 900,000,000 units would take .*, and this computer has"),
    ):
        soma.init(900_000_000)
    with (
        mock.patch("spark.core.memory.memory", lambda: 1e8),
        pytest.raises(ValueError, match=r"what is recorded would take .* \(every=\)"),
    ):
        spark.simulate(soma, 1.0, duration=1e6, units=100)
    with (
        mock.patch.object(sys.modules["spark.simulation.simulate"], "in_chunks", side_effect=MemoryError),
        pytest.raises(ValueError, match="simulate needs more memory than there is"),
    ):
        spark.simulate(soma, 1.0, duration=1.0)
    assert memory() > 1e8
    check_memory(1.0, "nothing", "leave it")


@pytest.mark.parametrize("which", range(len(EXTREME)))
def test_what_is_repeated_of_a_value_is_short(which: int) -> None:
    told = echo(EXTREME[which])
    assert 0 < len(told) <= LONGEST and "\n" not in told


@pytest.mark.parametrize("value", [0, -7, 123_456, 1.5, "a", None, (1, 2), [1.0], True])
def test_a_short_value_is_repeated_in_full(value: Any) -> None:
    assert echo(value) == repr(value)
