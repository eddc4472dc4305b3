"""What sliders are told of their future is true."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app import hues
from app.foresight.batch import Neuron, Plan, cut, plan
from app.foresight.sweeps import COUNT, FEWER, FINER, MOST, Track, foresee, plan_of, ranges
from app.foresight.words import hint, told
from app.session.session import Session
from app.sidebar.row_specs import model_rows, stimulus_rows
from spark.analysis import IMPOSSIBLE, PATTERNS, Sensitivity, sensitivity, sweep
from spark.simulation import Cancelled
from spark.simulation.loop import time_loop
from tests.common import each


def session_of(name: str, **values: Any) -> Session:
    session = Session()
    session.choose_model(name)
    session.set({key.replace("__", "."): value for key, value in values.items()})
    return session


def sliders(session: Session) -> list[dict[str, Any]]:
    return [row for row in (*model_rows(session), *stimulus_rows(session)) if row["kind"] == "slider"]


def futures(session: Session) -> dict[str, Track]:
    neuron = Neuron.of(session.job())
    spans, steps = ranges(sliders(session), neuron)
    how = plan_of(neuron, len(spans))
    assert how is not None
    return foresee(neuron, spans, steps, how, lambda done: None)


def count(session: Session, path: str, value: float) -> int:
    """Spikes while the stimulus is on, in a real run with this value."""
    before = session.get(path)
    session.set({path: value})
    times, (start, end) = session.job().run().spike_times[0], session.job().window
    session.set({path: before})
    return int(np.count_nonzero((times >= start) & (times <= end)))


@pytest.mark.parametrize("name", each())
def test_firing_begins_where_a_real_run_begins_to_fire(name: str) -> None:
    session = session_of(name)
    found = futures(session)
    assert set(found) == {row["key"] for row in sliders(session)}
    ticked = 0
    for path, track in found.items():
        assert len(track.patterns) == track.rate.size == COUNT
        low, high, log = track.span
        for tick in track.fires:
            cell = tick * ((high / low) ** (1 / (COUNT - 1)) - 1) if log else (high - low) / (COUNT - 1)
            near = 0.51 * cell / (FINER // len(track.fires) + 1) * (1.1 if log else 1.0)
            below, above = count(session, path, max(tick - near, low)), count(session, path, min(tick + near, high))
            assert (below > 0) != (above > 0), (path, tick, below, above)
            ticked += 1
    assert found["stimulus.0.amplitude"].fires and ticked > 1


@pytest.mark.parametrize("name", each())
def test_colours_are_those_of_real_runs(name: str) -> None:
    session = session_of(name)
    for path in ("stimulus.0.amplitude", "config.potential_tau", "config.resistance"):
        if path.startswith("config.") and path.removeprefix("config.") not in session.fields:
            continue
        track = futures(session)[path]
        low, high, log = track.span
        values = np.geomspace(low, high, COUNT) if log else np.linspace(low, high, COUNT)
        start, end = session.job().window
        for k in (5, 30, 40):
            spikes = count(session, path, float(values[k]))
            assert track.rate[k] == pytest.approx(1000 * spikes / (end - start), abs=1300 / (end - start)), (path, k)


@pytest.mark.parametrize("name", each())
def test_the_sign_of_a_hint_is_that_of_two_real_runs(name: str) -> None:
    session = session_of(name)
    checked = 0
    for path, track in futures(session).items():
        step = track.step
        text, sentence = hint(step, "u")
        if not step.effect or step.side != "both" or abs(step.d_rate or 0) < 0.05:
            continue
        rates = []
        for value in (step.value - step.step, step.value + step.step):
            session.set({path: value})
            times, (start, end) = session.job().run().spike_times[0], session.job().window
            inside = times[(times >= start) & (times <= end)]
            rates.append(1000 * (inside.size - 1) / (inside[-1] - inside[0]))
        session.set({path: step.value})
        assert text[0] == ("▲" if rates[1] > rates[0] else "▼"), (path, text, rates)
        assert (rates[1] - rates[0]) / 2 == pytest.approx(step.d_rate, rel=0.05, abs=0.02)
        assert f"{'+' if text[0] == '▲' else '−'}" in sentence
        checked += 1
    assert checked > 2


def test_without_spikes_nothing_has_an_effect() -> None:
    found = futures(session_of("AdaptiveExponentialSoma", stimulus__0__amplitude=50.0))
    for path in ("config.adaptation_delta", "config.adaptation_tau", "config.threshold"):
        text, sentence = hint(found[path].step, "pA")
        assert text == "–" and "no effect here" in sentence
    assert told(found["config.adaptation_delta"], "pA")["along"] == "Silent throughout."


def test_what_is_said_of_a_slider() -> None:
    found = futures(session_of("LeakySoma"))
    assert told(found["stimulus.0.amplitude"], "pA")["along"].startswith("Fires from about 37")
    assert told(found["config.threshold"], "mV")["along"].startswith("Fires up to about −50")
    assert "Fires throughout; tonic throughout" in told(found["config.potential_tau"], "ms")["along"]
    found = futures(session_of("LeakySoma", config__potential_reset=-64.0))
    threshold = found["config.threshold"]
    assert threshold.patterns[0] == IMPOSSIBLE and "impossible at the low end" in told(threshold, "mV")["along"]


def test_hints_in_words() -> None:
    step = Sensitivity(500.0, 10.0, "both", 0.83, -1.24, 0.5, True)
    assert hint(step, "pA") == ("▲ 0.8 Hz", "One step up (+10 pA): +0.8 Hz, −1.2 ms to the first spike.")
    assert hint(replace(step, d_rate=0.0), "pA")[0] == "▼ 1.2 ms"
    assert hint(replace(step, d_rate=0.0, d_latency=None), "pA")[0] == "≈ 0 Hz"
    assert "possible" in hint(replace(step, side="none", effect=False), "pA")[1]
    assert "from one step down" in hint(replace(step, side="down"), "pA")[1]


def test_a_widened_slider_has_a_wider_range() -> None:
    session = session_of("LeakySoma", stimulus__0__amplitude=5000.0, config__potential_tau=500.0)
    spans, steps = ranges(sliders(session), Neuron.of(session.job()))
    assert spans["stimulus.0.amplitude"] == (-200.0, 5000.0, False)
    assert spans["config.potential_tau"] == (1.0, 500.0, True)
    assert steps["stimulus.0.amplitude"] == 2.0 and steps["config.potential_tau"] == pytest.approx(10.0)


def test_a_population_is_told_of_its_mean() -> None:
    session = session_of("LeakySoma", run__units=5, spread__threshold=4.0)
    neuron = Neuron.of(session.job())
    assert neuron.values["config.threshold"] == -55.0
    assert neuron.differs(neuron) == set()


def test_what_decides() -> None:
    one = Neuron.of(session_of("LeakySoma").job())
    other = Neuron.of(session_of("LeakySoma", config__threshold=-50.0, stimulus__0__onset=50.0).job())
    assert one.differs(other) == {"config.threshold", "stimulus.0.onset"}
    assert one.differs(Neuron.of(session_of("LeakySoma", run__duration=900.0).job())) is None
    assert one.differs(Neuron.of(session_of("AdaptiveLeakySoma").job())) is None


def test_a_run_that_is_cut_is_the_shorter_run() -> None:
    session = session_of("AdaptiveExponentialSoma")
    job = session.job()
    points = {"stimulus.0.amplitude": np.array([400.0, 600.0]), "stimulus.0.onset": np.array([100.0, 700.0])}
    whole = cut(sweep(job.soma, job.stimulus, points, duration=1000.0), 620.0)
    short = sweep(job.soma, job.stimulus, points, duration=620.0)
    np.testing.assert_array_equal(whole.windows, short.windows)
    np.testing.assert_array_equal(whole.rate, short.rate)
    assert whole.patterns == short.patterns and whole.window == short.window


def test_long_runs_are_told_from_less_and_say_so() -> None:
    def planned(duration: float, dt: float = 0.1) -> Plan | None:
        neuron = Neuron.of(session_of("LeakySoma", run__duration=duration, config__dt=dt).job())
        return plan_of(neuron, 8)

    usual, longer, longest = planned(1000.0), planned(5000.0), planned(2000.0, 0.02)
    assert usual == Plan(COUNT, 10_000, "")
    assert longer is not None and longer.count == FEWER and f"from {FEWER} points" in longer.note
    assert longest is not None and longest.steps * 0.02 < 2000 and "first 1,000 ms" in longest.note
    assert longest.steps * 8 * FEWER <= MOST
    assert planned(1000.0, 0.005) is None  # less than half of the stimulus would be seen
    for how in (usual, longer):
        assert how is not None and how.padded * how.count * 8 <= MOST
    neuron = Neuron.of(session_of("LeakySoma").job())
    assert plan(neuron, (4, 2), lambda n: n, 40_000) == Plan(4, 10_000)


def test_every_pattern_has_a_hue_of_its_own() -> None:
    classes = [hues.class_of(pattern) for pattern in PATTERNS]
    assert set(classes) == set(hues.CLASSES) and hues.class_of("delayed bursting") == "delayed"
    for dark in (False, True):
        rates = np.array([0.0, 5.0, 50.0, 500.0])
        for name in hues.CLASSES:
            colours = hues.rgba([name] * 4, rates, dark).astype(int)
            assert (colours[:, 3] == 255).all()
            lightness = colours[:, :3].sum(axis=1) * (1 if dark else -1)
            assert (np.diff(lightness) > 0).all(), "faster stands out more"
        middle = hues.rgba(list(hues.CLASSES), np.full(len(hues.CLASSES), 20.0), dark)[:, :3].astype(int)
        apart = np.abs(middle[:, None] - middle[None]).sum(axis=2) + 1000 * np.eye(len(middle), dtype=int)
        assert apart.min() > 60
        assert len({tuple(c) for c in hues.rgba([IMPOSSIBLE] * 2, np.full(2, np.nan), dark)}) == 2  # hatched


def test_a_run_ends_as_soon_as_nobody_waits() -> None:
    def stop(done: float) -> None:
        raise Cancelled

    session = session_of("AdaptiveExponentialSoma")
    neuron = Neuron.of(session.job())
    spans, steps = ranges(sliders(session), neuron)
    with pytest.raises(Cancelled):
        foresee(neuron, spans, steps, Plan(COUNT, neuron.steps), stop)


def test_a_moving_duration_compiles_nothing_and_tells_the_steps_of_that_duration() -> None:
    session, told_of, compiled = Session(), {}, []
    for duration in (1000.0, 990.0, 850.0):
        session.set({"run.duration": duration})
        told_of[duration] = futures(session)
        compiled.append(time_loop._cache_size())  # type: ignore[attr-defined]
    assert compiled[0] == compiled[-1]
    neuron = Neuron.of(session.job())
    _, steps = ranges(sliders(session), neuron)
    own = sensitivity(
        neuron.soma,
        neuron.stimulus,
        {path.removeprefix("config."): step for path, step in steps.items()},
        duration=850.0,
    )
    assert {f"config.{k}" if "." not in k else k: v for k, v in own.items()} == {
        path: track.step for path, track in told_of[850.0].items()
    }
    assert told_of[1000.0]["stimulus.0.amplitude"].step != told_of[850.0]["stimulus.0.amplitude"].step
