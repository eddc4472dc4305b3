"""The session: what is chosen, and nothing of Panel."""

import json
from typing import Any

import jax
import numpy as np
import pytest

from app.session import job, share
from app.session.limits import MAX_STEPS, MAX_WORK, rounded_up
from app.session.session import MAX_PARTS, Session
from spark import solvers, stimuli
from spark.nn.components.somas import catalogue
from spark.presets import presets

KINDS = [kind for kind in stimuli.catalogue().values() if kind is not stimuli.Sum]


def through_json(session: Session) -> Session:
    return share.from_dict(json.loads(json.dumps(share.to_dict(session))))


def state(session: Session) -> str:
    """The whole session as one text; a spread of 0 is no spread."""
    data = share.to_dict(session)
    data["spread"] = {name: std for name, std in data["spread"].items() if std}
    return json.dumps(data, sort_keys=True)


def assert_same(session: Session) -> None:
    assert state(through_json(session)) == state(session)


def with_model(name: str) -> Session:
    session = Session()
    session.choose_model(name)
    return session


@pytest.mark.parametrize("name", catalogue())
def test_round_trip_of_a_model(name: str) -> None:
    session = with_model(name)
    assert_same(session)
    for i, (field, quantity) in enumerate(session.fields.items()):
        low, high = quantity.span or quantity.bounds
        session.set({f"config.{field}": low + (high - low) * (0.2 + 0.05 * i)})
        session.set({f"spread.{field}": 0.01 * (i + 1)})
    session.set({"run.units": 7, "run.shown": 2, "run.duration": 123.0, "config.dt": 0.05, "config.seed": 4})
    session.set({"config.solver": solvers.Heun(on_grid=True)})
    assert_same(session)
    back = through_json(session)
    assert back.soma is catalogue()[name] and back.get("config.solver") == solvers.Heun(on_grid=True)
    assert back.spread == session.spread


@pytest.mark.parametrize("key", presets())
def test_round_trip_of_a_preset(key: str) -> None:
    session = Session()
    session.choose_preset(key)
    assert_same(session)
    assert through_json(session).preset is presets()[key]
    assert through_json(session).initial == presets()[key].initial
    field = next(iter(session.fields))
    session.set({f"config.{field}": session.get(f"config.{field}") + 1})
    assert_same(session)


def test_round_trip_of_a_sum_of_every_stimulus() -> None:
    session = Session()
    session.choose_stimulus(KINDS[0])
    for kind in KINDS[1:MAX_PARTS]:
        session.add_stimulus(kind)
    for i, part in enumerate(session.parts):
        for name in part.quantities():
            session.set({f"stimulus.{i}.{name}": session.get(f"stimulus.{i}.{name}") + 0.5})
    assert_same(session)
    assert [type(part) for part in through_json(session).parts] == KINDS[:MAX_PARTS]


def test_round_trip_of_an_array() -> None:
    session = Session()
    session.choose_stimulus(stimuli.Array)
    session.set({"stimulus.0.samples": [0.0, 250.0, -3.5]})
    back = through_json(session)
    np.testing.assert_array_equal(back.get("stimulus.0.samples"), [0.0, 250.0, -3.5])
    assert_same(session)


def test_a_restored_session_runs_as_the_saved_one() -> None:
    session = with_model("AdaptiveExponentialSoma")
    session.set({"config.adaptation_delta": 90.0, "run.units": 3, "spread.rheobase_threshold": 1.0})
    one, other = session.job().run(), through_json(session).job().run()
    assert one.units == 3
    for a, b in zip(one.spike_times, other.spike_times, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("version", [None, 0, 2, "1"])
def test_another_version_is_refused(version: Any) -> None:
    data = share.to_dict(Session()) | {"version": version}
    with pytest.raises(ValueError, match="version 1 is needed"):
        share.from_dict(data)


@pytest.mark.parametrize(
    "change",
    [{"model": "NoSoma"}, {"preset": "nothing"}, {"stimulus": [{"type": "Nothing"}]}, {"spread": {"nothing": 1.0}}],
    ids=lambda change: next(iter(change)),
)
def test_unknown_names_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        share.from_dict(share.to_dict(Session()) | change)


def test_out_of_bounds_data_is_refused() -> None:
    data = share.to_dict(Session())
    data["config"] |= {"potential_tau": -1.0}
    with pytest.raises(ValueError, match="ms"):
        share.from_dict(data)


REFUSED = {
    "below the bound": ({"config.potential_tau": -5.0}, "potential|membrane.*greater than 0 ms"),
    "not a number": ({"config.potential_tau": "x"}, "number"),
    "not finite": ({"config.potential_tau": float("nan")}, "finite"),
    "unknown": ({"config.nothing": 1.0}, "nothing"),
    "unknown stimulus": ({"stimulus.5.amplitude": 1.0}, "stimulus.5"),
    "no path": ({"": 1.0}, "''"),
    "neurons": ({"run.units": 0}, "from 1 to"),
    "part of a neuron": ({"run.units": 1.5}, "whole number"),
    "solver": ({"config.solver": 3}, "Solver"),
    "spread": ({"spread.threshold": -1.0}, "at least 0 mV"),
    "unknown spread": ({"spread.nothing": 1.0}, "nothing"),
    "one of several": ({"config.threshold": -50.0, "run.units": 4, "run.duration": 1e9}, "100000 ms"),
    "one of several, first": ({"run.duration": 1e9, "config.threshold": -50.0}, "100000 ms"),
}


@pytest.mark.parametrize(("values", "words"), REFUSED.values(), ids=REFUSED)
def test_a_refused_change_changes_nothing(values: dict[str, Any], words: str) -> None:
    session = Session()
    before = state(session)
    with pytest.raises((ValueError, TypeError), match=words):
        session.set(values)
    assert state(session) == before


@pytest.mark.parametrize("choose", ["choose_model", "choose_preset"])
def test_an_unknown_choice_changes_nothing(choose: str) -> None:
    session = Session()
    before = state(session)
    with pytest.raises(ValueError, match="nothing"):
        getattr(session, choose)("nothing")
    assert state(session) == before


def test_parts_are_limited() -> None:
    session = Session()
    for _ in range(MAX_PARTS - 1):
        session.add_stimulus(stimuli.Step)
    with pytest.raises(ValueError, match=str(MAX_PARTS)):
        session.add_stimulus(stimuli.Step)
    assert len(session.parts) == MAX_PARTS


def test_the_last_stimulus_stays() -> None:
    session = Session()
    session.remove_stimulus(0)
    assert len(session.parts) == 1


def test_a_new_stimulus_keeps_what_both_have() -> None:
    session = Session()
    session.set({"stimulus.0.amplitude": 321.0, "stimulus.0.onset": 7.0})
    session.choose_stimulus(stimuli.PulseTrain)
    assert session.get("stimulus.0.amplitude") == 321.0 and session.get("stimulus.0.onset") == 7.0
    assert session.get("stimulus.0.width") == stimuli.PulseTrain().width


@pytest.mark.parametrize("name", catalogue())
def test_values_that_both_models_have_are_kept(name: str) -> None:
    session = Session()
    session.set(
        {"config.potential_tau": 33.0, "config.dt": 0.2, "spread.resistance": 0.01, "spread.potential_tau": 1.0}
    )
    session.choose_model(name)
    fresh = catalogue()[name].config_class()
    for field in fresh.fields():
        changed = {"potential_tau": 33.0, "dt": 0.2}
        expected = changed.get(field, getattr(fresh, field))
        assert session.get(f"config.{field}") == expected, field
    assert set(session.spread) == {"resistance", "potential_tau"} & set(session.fields)


@pytest.mark.parametrize("name", catalogue())
def test_a_value_is_kept_where_it_means_the_same(name: str) -> None:
    session = Session()
    session.set({"config.potential_rest": -68.0})
    session.choose_model(name)
    quantity = session.fields["potential_rest"]
    same = quantity.words == "resting potential"
    assert session.get("config.potential_rest") == (-68.0 if same else quantity.default)


@pytest.mark.parametrize("name", catalogue())
def test_a_switch_of_model_never_contradicts(name: str) -> None:
    for field, value in (("threshold", -89.0), ("potential_reset", -56.0)):
        session = Session()
        session.set({f"config.{field}": value})
        session.choose_model(name)
        if name != "LeakySoma":
            session.job()


def test_each_model_starts_with_its_own_solver_unless_one_was_chosen() -> None:
    session = Session()
    session.choose_model("IzhikevichSoma")
    assert session.get("config.solver") == catalogue()["IzhikevichSoma"].config_class().solver
    session.set({"config.solver": solvers.Euler()})
    session.choose_model("LeakySoma")
    assert session.get("config.solver") == solvers.Euler()


def test_switching_models_forgets_the_preset() -> None:
    session = Session()
    session.choose_preset(next(key for key, preset in presets().items() if preset.initial))
    session.choose_model("LeakySoma")
    assert session.preset is None and session.initial == {}


PATHS = {
    "config.threshold": -47.0,
    "config.dt": 0.05,
    "stimulus.0.amplitude": 77.0,
    "stimulus.0.onset": 7.0,
    "run.duration": 333.0,
    "run.units": 5,
    "spread.threshold": 2.0,
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("key", [None, "naud2008_adapting"])
def test_default_and_reset_of_one_value(key: str | None, path: str) -> None:
    session = Session()
    if key:
        session.choose_preset(key)
    start, before = session.get(path), state(session)
    session.set({path: PATHS[path]})
    assert session.get(path) == PATHS[path] != start
    assert session.default(path) == start  # what the mark on a row and its reset go by
    session.set({path: session.default(path)})
    assert state(session) == before


def test_defaults_of_a_preset_are_the_presets() -> None:
    session = Session()
    session.choose_preset("naud2008_adapting")
    preset = presets()["naud2008_adapting"]
    for name, value in preset.config.items():
        assert session.default(f"config.{name}") == value
    assert session.default("run.duration") == preset.duration
    assert session.default("stimulus.0.amplitude") == preset.stimulus["amplitude"]


def test_default_of_an_added_stimulus_is_the_declared_one() -> None:
    session = Session()
    session.add_stimulus(stimuli.Sine)
    session.set({"stimulus.1.frequency": 11.0})
    assert session.default("stimulus.1.frequency") == stimuli.Sine().frequency


@pytest.mark.parametrize("key", [None, "naud2008_adapting", "izhikevich2003_ch"])
def test_reset_all(key: str | None) -> None:
    session = Session()
    if key:
        session.choose_preset(key)
    before = state(session)
    session.set({path: value for path, value in PATHS.items() if path != "config.threshold"})
    session.add_stimulus(stimuli.Sine)
    session.set({"config.threshold": -46.0, "config.solver": solvers.Euler()})
    session.reset()
    assert state(session) == before


def test_presets_are_not_changed_through_a_session() -> None:
    session = Session()
    session.choose_preset("naud2008_adapting")
    before = state(session)
    session.set({"config.threshold": -10.0, "stimulus.0.amplitude": 1.0})
    other = Session()
    other.choose_preset("naud2008_adapting")
    assert state(other) == before


def contradictory() -> Session:
    session = Session()
    session.set({"config.potential_reset": -40.0})
    return session


def test_a_contradiction_is_kept_and_named() -> None:
    session = contradictory()
    assert session.get("config.potential_reset") == -40.0
    with pytest.raises(ValueError, match=r"reset potential .*-40 mV.* below the firing threshold .*-55 mV"):
        session.job()
    session.set({"config.threshold": -35.0})
    assert session.job().soma.config.potential_reset == -40.0


def test_a_contradiction_in_the_stimulus_is_named() -> None:
    session = Session()
    session.choose_stimulus(stimuli.PulseTrain)
    session.set({"stimulus.0.width": 40.0, "stimulus.0.period": 10.0})
    with pytest.raises(ValueError, match=r"pulse width .*40 ms.* below the period"):
        session.job()


def test_a_contradiction_survives_the_round_trip() -> None:
    assert_same(contradictory())


def test_limits() -> None:
    session = Session()
    session.set({"run.duration": 100_000.0, "run.units": 1000})
    assert session.job().steps * session.job().units == MAX_WORK
    session.set({"run.units": 1001})
    with pytest.raises(ValueError, match=f"1,000,000 steps × 1,001 neurons .*{MAX_STEPS:,} steps, {MAX_WORK:,} steps"):
        session.job()
    session.set({"run.units": 1, "config.dt": 0.099})
    with pytest.raises(ValueError, match="shorten the duration"):
        session.job()


def test_a_run_of_seconds_is_long() -> None:
    session = Session()
    assert not session.job().long
    session.set({"run.units": 1000})
    assert not session.job().long
    session.set({"run.duration": 60_000.0})
    assert session.job().long
    session.set({"run.units": 1})  # two microseconds a step are what it takes
    assert session.job().long


def test_a_run_that_fires_too_much_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session()
    session.set({"run.units": 5, "run.duration": 500.0})
    count = session.job().run().spike_count
    monkeypatch.setattr(job, "MAX_SPIKES", 30)
    assert count > 30
    with pytest.raises(ValueError, match=r"More than 30 spikes in the first .* ms: shorten the run, use fewer neurons"):
        session.job().run()


def test_a_job_is_independent_of_its_session() -> None:
    session = Session()
    job = session.job()
    session.set({"config.threshold": -50.0, "stimulus.0.amplitude": 1.0})
    assert job.soma.config.threshold == -55.0
    assert job.stimulus.values()["amplitude"] == 500.0


def test_padding_does_not_show() -> None:
    session = with_model("AdaptiveExponentialSoma")
    long = session.job().run()
    session.set({"run.duration": 333.0, "run.units": 7})
    job, recording = session.job(), session.job().run()
    assert job.padded != (job.steps, job.units)
    assert (recording.steps, recording.units) == (3330, 7)
    assert all(v.shape == (3330, 7) for v in recording.recorded.values())
    np.testing.assert_allclose(recording.potential[:, 0], long.potential[:3330, 0], atol=1e-3)


def test_spread_needs_a_population() -> None:
    session = Session()
    session.set({"spread.threshold": 2.0})
    assert session.job().soma.config.threshold == -55.0
    session.set({"run.units": 50})
    drawn = session.job().run().parameters["threshold"]
    assert drawn.mean() == pytest.approx(-55, abs=1.5) and drawn.std() == pytest.approx(2, rel=0.5)


@pytest.mark.parametrize("name", catalogue())
def test_spread_stays_within_hard_bounds(name: str) -> None:
    session = with_model(name)
    session.set({"run.units": 200, "run.duration": 1.0})
    for field, quantity in session.fields.items():
        low, high = quantity.span or quantity.bounds
        session.set({f"spread.{field}": (high - low) / 4})
        config = session.job().soma.config
        quantity.check_bounds(_drawn(config, field), field)
        session.set({f"spread.{field}": 0.0})


def _drawn(config: Any, field: str) -> np.ndarray:
    return np.asarray(getattr(config, field).draw(jax.random.key(0), (200,)))


def test_the_time_step_reaches_the_run() -> None:
    session = Session()
    session.set({"config.dt": 0.25, "run.duration": 100.0})
    recording = session.job().run()
    assert recording.dt == 0.25 and recording.steps == 400


def test_rounded_up() -> None:
    sizes = [*range(1, 3000), MAX_STEPS - 1, MAX_STEPS, 12_345, 99_999, 100_000, 100_001]
    for size in sizes:
        padded = rounded_up(size)
        assert size <= padded <= max(6, 1.34 * size), size
        assert rounded_up(padded) == padded, size
        assert isinstance(padded, int)
    assert len({rounded_up(size) for size in range(1, 1001)}) < 40
    values = [rounded_up(size) for size in range(1, 3000)]
    assert values == sorted(values)


def test_window() -> None:
    session = Session()
    assert session.job().window == (100.0, 900.0)
    session.set({"stimulus.0.duration": 5000.0})
    assert session.job().window == (100.0, session.settings.duration)
    session.add_stimulus(stimuli.Ramp)
    session.set({"stimulus.0.duration": 10.0, "stimulus.1.onset": 50.0, "stimulus.1.duration": 25.0})
    start, end = session.job().window
    assert start == 50.0 and end >= 110.0
    session.choose_stimulus(stimuli.Array)
    assert session.job().window == (0.0, session.settings.duration)


def test_a_window_outside_the_run_is_the_run() -> None:
    session = Session()
    session.set({"stimulus.0.onset": 2000.0, "run.duration": 500.0})
    assert session.job().window == (0.0, 500.0)


def test_every_preset_runs() -> None:
    """Also one that would run away beyond its own end: runs are made longer, so that they compile once."""
    session = Session()
    session.choose_preset("izhikevich2004_t_inhibition_induced_bursting")
    run = session.job().run()
    assert run.duration == 350.0 and all(np.isfinite(values).all() for values in run.recorded.values())


def test_what_was_moved_is_no_longer_as_published() -> None:
    session = Session()
    session.choose_preset("naud2008_adapting")
    assert session.untouched
    for path, moved in (("config.resistance", 0.09), ("stimulus.0.amplitude", 10.0)):
        before = session.get(path)
        session.set({path: moved})
        assert not session.untouched
        session.set({path: before})
        assert session.untouched
    session.add_stimulus(stimuli.Step)
    assert not session.untouched
    session.reset()
    session.initial = {"potential": -50.0}
    assert not session.untouched


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_every_stimulus_makes_every_model_fire(kind: type[stimuli.Stimulus]) -> None:
    """As it is when it is chosen: what a visitor sees is something."""
    for name in catalogue():
        session = Session()
        session.choose_model(name)
        session.choose_stimulus(kind)
        assert len(session.job().run().spike_times[0]), name
        paths = [f"stimulus.0.{field}" for field in kind.fields()]
        assert all(np.array_equal(session.default(path), session.get(path)) for path in paths)


@pytest.mark.parametrize("key", ["izhikevich2004_a_tonic_spiking", "brette_gerstner2005_regular", "textbook_lif_pynn"])
def test_a_stimulus_is_of_the_scale_of_the_preset(key: str) -> None:
    for kind in (stimuli.PoissonSynapses, stimuli.Array, stimuli.Sine, stimuli.Ramp):
        session = Session()
        session.choose_preset(key)
        own = session.job().stimulus.sample(session.job().steps, session.job().dt).max()
        session.choose_stimulus(kind)
        recording = session.job().run()
        assert len(recording.spike_times[0]), kind
        assert np.median(recording.current[recording.current > 0]) < 4 * max(own, session.scale), kind


def test_a_stimulus_goes_on_with_a_longer_run() -> None:
    session = Session()
    session.set({"run.duration": 3000.0})
    assert session.get("stimulus.0.duration") == 2800.0 and session.untouched  # 100 ms are left after it, as before
    session.set({"run.duration": 400.0})
    session.set({"run.duration": 1000.0})
    assert session.get("stimulus.0.duration") == 800.0  # there and back
    session.set({"stimulus.0.duration": 300.0})
    session.set({"run.duration": 3000.0})
    assert session.get("stimulus.0.duration") == 300.0 and not session.untouched  # it was to end long before the run


def test_an_onset_that_is_moved_makes_nothing_last_until_the_end() -> None:
    session = Session()
    for onset in (300.0, 150.0, 50.0, 100.0):  # at 300 ms it is cut off by the end of the run
        session.set({"stimulus.0.onset": onset})
        assert session.get("stimulus.0.duration") == 800.0
    assert session.untouched
    session.set({"stimulus.0.duration": 900.0, "stimulus.0.onset": 50.0})
    assert session.get("stimulus.0.duration") == 900.0  # as it was asked for
    with pytest.raises(ValueError):
        session.set({"stimulus.0.onset": 10.0, "stimulus.0.amplitude": np.nan})
    assert (session.get("stimulus.0.onset"), session.get("stimulus.0.duration")) == (50.0, 900.0)


def test_until_the_end_is_a_choice_of_duration() -> None:
    session = Session()
    path = "stimulus.0.until_end"
    assert not session.get(path) and not session.default(path)
    session.set({path: True})
    assert session.get("stimulus.0.duration") == 900.0 and session.get(path)
    session.set({"run.duration": 2500.0})
    assert session.get("stimulus.0.duration") == 2400.0 and session.get(path)
    assert session.job().window == (100.0, 2500.0)
    for onset in (50.0, 33.3, 700.0, 3000.0, 100.0):
        session.set({"stimulus.0.onset": onset})
        assert session.get("stimulus.0.duration") == max(2500.0 - onset, 0.0) and session.get(path)
    session.set({path: False})
    assert session.get("stimulus.0.duration") < 2400.0 and not session.get(path)
    session.choose_stimulus(stimuli.Array)
    with pytest.raises(ValueError, match="nothing that can be set"):
        session.set({path: True})
    assert_same(session)
