"""An exported soma runs in JavaScript as it does here: counts, spike times, traces, single steps."""

import json
import re
import subprocess
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from jax import lax

from benchmarks.javascript_cases import Case, by_itself, cases, compared, module, relative, solvers, step_by_step
from benchmarks.javascript_engine import DENO, Engine
from benchmarks.javascript_equality import WITHIN, rendered
from benchmarks.page import DATA, section
from spark.core.hybrid import Values
from spark.export.javascript import javascript
from spark.nn.components.somas.membranes import leaky
from spark.nn.somas import LeakySoma, LeakySomaConfig, Soma, StrictRefractoryLeakySoma
from spark.solvers import RK4, Euler, Solver
from spark.stimuli import Step
from tests.common import OWN, SOMAS
from tests.test_tenth_soma import declare

MEMBRANES = ("StrictRefractoryLeakySoma", "AdaptiveExponentialSoma", "IzhikevichSoma")


def pairs(early_kinds: Collection[str], solver_of: Collection[str]) -> list[Any]:
    """Each soma with each solver: early its own for these, and every one for those; the others when there is time."""
    found = []
    for name, kind in SOMAS.items():
        for solver in solvers():
            early = name in solver_of or (name in early_kinds and solver == kind().config.solver)
            marks = () if early else pytest.mark.thorough
            found.append(pytest.param(kind, solver, marks=marks, id=f"{name}-{solver!r}"))
    return found


@pytest.mark.parametrize(("kind", "solver"), pairs(SOMAS, MEMBRANES))
def test_runs_are_equal(engine: Engine, kind: type[Soma], solver: Solver, request: pytest.FixtureRequest) -> None:
    """Where one is not, Spark's own run with a trifle more current is not either: there each single step is equal."""
    own = solver == kind().config.solver or request.config.getoption("--thorough")
    for case in cases(kind, longest=300.0)[: None if own else 1]:
        pair = compared(engine, case, solver)
        assert pair.counts[0] == pair.counts[1], case.name
        if pair.spikes > WITHIN or pair.trace > WITHIN:
            known = by_itself(case, solver)
            assert pair.spikes < WITHIN + 100 * known.spikes and pair.trace < WITHIN + 100 * known.trace, case.name
            assert step_by_step(case, solver, pair) < WITHIN, case.name


def test_the_page_shows_the_published_differences() -> None:
    found = json.loads(DATA.read_text("utf-8"))["javascript"]
    assert section("javascript") == rendered(found) and found["runs"].keys() == OWN.keys()
    for name, by_solver in found["runs"].items():
        assert by_solver.keys() == {repr(solver) for solver in solvers()}
        for runs in by_solver.values():
            assert runs.keys() == {case.name for case in cases(OWN[name])}
            for run in runs.values():
                assert run["spikes"][0] == run["spikes"][1]
                assert run.get("step", max(run["time_ms"], run["trace"])) <= WITHIN


@pytest.mark.parametrize(("kind", "solver"), pairs(MEMBRANES, MEMBRANES[:1]))
def test_steps_are_equal(engine: Engine, kind: type[Soma], solver: Solver) -> None:
    """From 50 random states with random values, currents and time steps."""
    rng = np.random.default_rng(11)
    drawn = [_values(kind, rng) for _ in range(50)]
    states = [_state(kind, p, rng) for p in drawn]
    currents, dts = rng.uniform(-500, 2000, 50), rng.uniform(0.02, 0.5, 50)
    told = [[p, s, i, dt] for p, s, i, dt in zip(drawn, states, currents.tolist(), dts.tolist(), strict=True)]
    got = engine(module(kind, solver), "return given.told.map((one) => module.step(...one))", told=told)
    with jax.enable_x64(True):
        step = jax.jit(jax.vmap(lambda p, s, i, dt: solver.step(kind.system, p, s, i, dt)))
        state, fired, offset = step(_stacked(drawn), _stacked(states), currents, dts)
    assert [one["fired"] for one in got] == fired.tolist() and 2 <= sum(fired.tolist()) < 50
    np.testing.assert_allclose([one["offset"] for one in got], offset, atol=WITHIN)
    for name in state:
        found = np.array([one["state"][name] for one in got])
        assert relative(np.asarray(state[name]), found).max() < WITHIN, name


def _values(kind: type[Soma], rng: np.random.Generator) -> dict[str, float]:
    """From anywhere on the sliders."""
    while True:
        values = {name: float(rng.uniform(*q.span)) for name, q in kind.config_class.per_unit().items() if q.span}
        try:
            config = kind(**values).config
        except ValueError:  # such as a reset above the threshold
            continue
        return {name: float(getattr(config, name)) for name in config.per_unit()}


def _state(kind: type[Soma], p: dict[str, float], rng: np.random.Generator) -> dict[str, float]:
    """Below the rheobase, or a little below or above the firing level; half of the clocks have run out."""
    level = p.get("threshold", -50.0)
    near = level + rng.uniform(-2, 1) if rng.random() < 0.5 else p.get("rheobase_threshold", level) - rng.uniform(0, 30)
    own = {"potential": near, "refractory": max(rng.uniform(-3, 3), 0.0), "threshold": level + rng.uniform(-1, 1)}
    return {v.name: float(own.get(v.name, rng.uniform(0, 50))) for v in kind.system.variables}


def _stacked(rows: list[dict[str, float]]) -> Values:
    return Values({name: np.array([row[name] for row in rows]) for name in rows[0]})


def test_a_run_begins_and_ends_where_it_is_told(engine: Engine) -> None:
    kind = OWN["AdaptiveExponentialSoma"]
    p = {name: float(getattr(kind().config, name)) for name in kind().config.per_unit()}
    whole, half = (
        engine(module(kind, RK4()), "return module.run(given.p, 600, 0.1, given.steps, given.options)", **given)
        for given in (
            {"p": p, "steps": 2000, "options": {"record": ["adaptation", "current", "adaptation"]}},
            {"p": p, "steps": 1000, "options": {"record": []}},
        )
    )
    rest = engine(
        module(kind, RK4()),
        "return module.run(given.p, 600, 0.1, 1000, {state: given.state})",
        p=p,
        state=half["state"],
    )
    assert half["traces"] == {} and set(whole["traces"]) == {"adaptation", "current"}
    assert (whole["traces"]["current"] == 600).all() and len(rest["traces"]["potential"]) == 1000
    np.testing.assert_allclose(half["spikes"] + [100 + t for t in rest["spikes"]], whole["spikes"], atol=WITHIN)
    assert rest["state"]["adaptation"] == pytest.approx(whole["state"]["adaptation"], abs=WITHIN)


@pytest.mark.parametrize("name", SOMAS)
def test_rest_flow_and_level(engine: Engine, name: str) -> None:
    kind = SOMAS[name]
    config, source = kind().config, module(kind, kind().config.solver)
    p = Values({field: np.float64(getattr(config, field)) for field in config.per_unit()})
    told = {field: float(value) for field, value in p.items()}
    code = """
    const s = module.initial(given.p, {potential: given.potential})
    return {s, rest: module.initial(given.p), flow: module.flow(given.p, s, 300), level: module.level(given.p, s)}
    """
    found = engine(source, code, p=told, potential=-61.5)
    with jax.enable_x64(True):
        s = kind.system.initial(p, np.float64(-61.5))
        expected = kind.system.flow(p, s, 300.0)
        level = kind.system.level(p, s)
        rest = kind.system.initial(p, p.potential_rest)
    for got, own in (
        (found["s"], s),
        (found["rest"], rest),
        (found["flow"], expected),
        ({"": found["level"]}, {"": level}),
    ):
        assert got.keys() == own.keys()
        for field, value in own.items():
            assert got[field] == pytest.approx(float(value), rel=1e-12, abs=1e-12), field


def test_the_model_is_told(engine: Engine) -> None:
    kind = OWN["AdaptiveExponentialSoma"]
    soma = kind(threshold=-30.0, resistance=[0.1, 0.2], dt=0.2)
    told = engine(javascript(soma), "return module.model")
    assert (told["name"], told["title"], told["dt"]) == (kind.__name__, kind.title, 0.2)
    assert [one["name"] for one in told["parameters"]] == list(soma.config.per_unit())
    values = {one["name"]: one["value"] for one in told["parameters"]}
    assert values["threshold"] == -30.0 and values["resistance"] == soma.config.quantities()["resistance"].default
    assert [one["name"] for one in told["state"]] == ["potential", "adaptation"]
    assert all(one["words"] and one["symbol"] for one in (*told["parameters"], *told["state"]))


@pytest.mark.parametrize("kind", declare(), ids=lambda kind: kind.__name__)
def test_a_soma_that_nobody_has_seen_is_exported(engine: Engine, kind: type[Soma]) -> None:
    pair = compared(engine, Case("own", kind(), Step(amplitude=700.0), 0.1, 300.0, {}), kind().config.solver)
    assert pair.counts[0] == pair.counts[1] > 5 and set(pair.states) == {v.name for v in kind.system.variables}
    assert pair.spikes < WITHIN and pair.trace < WITHIN


def _with_level(change: Callable[[jax.Array], jax.Array]) -> Soma:
    class OwnSoma(LeakySoma):
        system = replace(leaky, level=lambda p, s: change(leaky.level(p, s)))
        title, shows = "Own", "A level of its own."

    return OwnSoma()


def test_an_operation_that_javascript_lacks_is_named(engine: Engine) -> None:
    said = "OwnSoma with ExponentialEuler.* uses JAX's operation 'erf_inv', which JavaScript cannot be told"
    with pytest.raises(ValueError, match=said):
        javascript(_with_level(lambda level: level + lax.erf_inv(level / 1000)))
    told = javascript(_with_level(lambda level: lax.fori_loop(0, 3, lambda k, v: v + k, level)))
    p = {name: quantity.default for name, quantity in LeakySomaConfig.per_unit().items()}
    assert engine(told, "return module.level(given.p, {potential: -70})", p=p) == p["threshold"] + 3


def test_names_that_are_none_are_refused(engine: Engine) -> None:
    source = module(StrictRefractoryLeakySoma, Euler())
    with pytest.raises(RuntimeError, match='The state has no "adaptation", but potential, refractory'):
        engine(source, "return module.initial({}, {adaptation: 3})")
    said = 'There is no "adaptation" to record, but potential, refractory, threshold, current'
    with pytest.raises(RuntimeError, match=said):
        engine(source, 'return module.run({}, 0, 0.1, 3, {record: ["adaptation"]})')


@pytest.mark.parametrize("wrong", [LeakySoma, LeakySomaConfig(), None])
def test_what_is_no_soma_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match="javascript takes an instance of a soma, not"):
        javascript(wrong)
    with pytest.raises(TypeError, match="javascript takes a solver such as RK4"):
        javascript(LeakySoma(), Euler)  # type: ignore[arg-type]


def test_no_name_is_printed_that_nobody_reads(tmp_path: Path) -> None:
    """Deno's rules hold for every module, but that functions take `p` and `s` that they may not need."""
    for name, kind in OWN.items():
        (tmp_path / f"{name}.js").write_text(module(kind, kind().config.solver), "utf-8")
    own = {"DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}
    done = subprocess.run([DENO, "lint", "--json", tmp_path], capture_output=True, text=True, env=own)
    found = [(one["code"], one["message"]) for one in json.loads(done.stdout)["diagnostics"]]
    assert {one for one in found if one[1] not in ("`s` is never used", "`p` is never used")} == set()
    assert all(not re.search(r";$", module(kind, kind().config.solver), re.M) for kind in OWN.values())
