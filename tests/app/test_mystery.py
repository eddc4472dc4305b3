"""The mystery neuron without a page: what is drawn, sealed, measured, told and scored."""

import base64
import json
import math
import stat
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.mystery import attempts, seal
from app.mystery.__main__ import main
from app.mystery.attempts import HANDS, attempt
from app.mystery.levels import LEVELS, level
from app.mystery.puzzle import Puzzle, make
from app.mystery.response import LONG, ONE, WILD, Experiment, Unmeasurable, gamma, key_of, measure
from app.mystery.score import BANDS, held_out, score
from app.mystery.seal import BadSeal, Contents, unseal
from app.mystery.telling import told
from spark.stimuli import Array, OrnsteinUhlenbeck, Step, Stimulus

KEY = "a key that tests alone have"
EACH = range(1, len(LEVELS) + 1)
SEEDS = range(12)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(seal.VARIABLE, KEY)


def puzzle(number: int = 1, seed: int = 3, **more: Any) -> Puzzle:
    return make(Contents(number, seed, **more))


def step(amplitude: float, duration: float = 800.0) -> Experiment:
    return Experiment(Step(amplitude=amplitude, onset=100.0, duration=duration), 0.1, 10_000)


def usual(of: Puzzle) -> Experiment:
    return Experiment.of(of.begin().job())


def several(of: Puzzle) -> list[Experiment]:
    """What a careful student would try: below the threshold and above, both ways, and noise."""
    most = of.level.amplitude
    noise = OrnsteinUhlenbeck(mean=0.7 * most, std=0.4 * most, tau=5.0, seed=3)
    return [*(step(part * most) for part in (-0.5, 0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0)), Experiment(noise, 0.1, 10_000)]


def weak(of: Puzzle) -> Experiment:
    """A step below the threshold."""
    return step(0.1 * of.level.amplitude)


# What is drawn.


@pytest.mark.parametrize("number", EACH)
def test_a_puzzle_is_of_its_seed_and_within_its_ranges(number: int) -> None:
    drawn = [puzzle(number, seed) for seed in SEEDS]
    assert [one.hidden for one in drawn] == [puzzle(number, seed, noise=1.0, budget=3).hidden for seed in SEEDS]
    assert len({tuple(one.hidden.values()) for one in drawn}) == len(SEEDS)
    for one in drawn:
        for name, (low, high) in level(number).hidden.items():
            assert low <= one.hidden[name] <= high
            assert low < one.guess[name] < high
        assert one.known.keys() | one.hidden.keys() == one.begin().fields.keys()
        assert not one.known.keys() & one.hidden.keys()


@pytest.mark.parametrize("number", EACH)
def test_it_fires_under_the_stimulus_with_which_a_student_begins(number: int) -> None:
    for seed in SEEDS:
        one = puzzle(number, seed)
        assert 5 <= len(measure(one, usual(one)).spikes) <= 200


@pytest.mark.parametrize("number", EACH)
@pytest.mark.parametrize("end", (0.0, 1.0))
def test_it_fires_at_the_ends_of_all_ranges(number: int, end: float) -> None:
    of = level(number)
    for name in of.hidden:
        values = {other: of.at(other, 0.5) for other in of.hidden} | {name: of.at(name, end)}
        assert len(usual(puzzle(number)).run(puzzle(number), values).spike_times[0]) >= 5


def test_another_key_draws_other_values(monkeypatch: pytest.MonkeyPatch) -> None:
    before = puzzle().hidden
    monkeypatch.setenv(seal.VARIABLE, KEY + " no more")
    assert puzzle().hidden != before


def test_a_puzzle_and_a_response_do_not_say_what_is_hidden() -> None:
    one = puzzle()
    for text in (repr(one), repr(measure(one, usual(one)))):
        assert not any(f"{value:g}" in text for value in one.hidden.values())


# The seal.

CONTENTS = Contents(5, 123_456_789, 0.5, 12)


def test_a_seal_opens_to_what_it_holds() -> None:
    assert unseal(seal.seal(CONTENTS)) == CONTENTS
    assert seal.seal(CONTENTS) == seal.seal(CONTENTS)


def test_a_seal_shows_nothing_of_what_it_holds() -> None:
    one, other = (
        base64.urlsafe_b64decode(seal.seal(made) + "==") for made in (CONTENTS, Contents(5, 123_456_790, 0.5, 12))
    )
    for raw in (one, other):
        assert not any(part in raw for part in (b"12345678", b"0.5", b"[1,"))
    differing = np.unpackbits(np.frombuffer(one, np.uint8) ^ np.frombuffer(other, np.uint8)).mean()
    assert 0.3 < differing < 0.7  # one more in the seed, and half of the bits are others


def test_a_seal_in_which_anything_was_changed_is_refused() -> None:
    text = seal.seal(CONTENTS)
    for at in range(len(text) - 1):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        with pytest.raises(BadSeal, match="cannot be opened here"):
            unseal(changed)


@pytest.mark.parametrize("text", ["", "A", "AAAA", "no seal", "ü", "=" * 9, "A" * 100_000])
def test_what_is_no_seal_is_refused(text: str) -> None:
    with pytest.raises(BadSeal, match="cannot be opened here"):
        unseal(text)


def test_a_seal_of_another_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = seal.seal(CONTENTS)
    monkeypatch.setenv(seal.VARIABLE, KEY + " no more")
    with pytest.raises(BadSeal, match="another server has sealed it"):
        unseal(text)


def test_a_seal_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "VERSION", 2)
    text = seal.seal(CONTENTS)
    monkeypatch.undo()
    monkeypatch.setenv(seal.VARIABLE, KEY)
    with pytest.raises(BadSeal, match="of version 2, and version 1 is needed"):
        unseal(text)


@pytest.mark.parametrize(
    "values, words",
    [
        ((0, 1), "no level 0"),
        ((7, 1), "choose from 1 to 6"),
        ((1, -1), "The seed"),
        ((1, 2**53), "The seed"),
        ((1, 1, -0.1), "The noise"),
        ((1, 1, math.nan), "The noise"),
        ((1, 1, 0.0, -1), "The budget"),
        ((1, 1, 0.0, 1001), "The budget"),
    ],
)
def test_contents_out_of_their_bounds_are_refused(values: tuple[Any, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Contents(*values)


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(seal.VARIABLE)
    monkeypatch.setattr(seal, "user_data_dir", lambda *given, **more: str(tmp_path / "data"))
    file = tmp_path / "data" / "mystery.key"
    seal._key.cache_clear()
    text = seal.seal(CONTENTS)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and len(file.read_bytes()) == 32
    assert list(file.parent.iterdir()) == [file]
    seal._key.cache_clear()  # as another process begins
    assert unseal(text) == CONTENTS
    seal._key.cache_clear()


def test_a_key_that_cannot_be_kept_or_is_short_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(seal.VARIABLE, "short")
    with pytest.raises(ValueError, match="SPARK_KEY has 5 characters"):
        seal.seal(CONTENTS)
    monkeypatch.delenv(seal.VARIABLE)
    (tmp_path / "data").write_text("no folder")
    monkeypatch.setattr(seal, "user_data_dir", lambda *given, **more: str(tmp_path / "data"))
    with pytest.raises(ValueError, match="set SPARK_KEY in the environment"):
        seal.seal(CONTENTS)


# What is measured.


def test_a_response_is_that_of_the_hidden_values() -> None:
    one = puzzle(3)
    response = measure(one, usual(one))
    truth = usual(one).run(one, one.hidden)
    found, count = response.distance(truth)
    assert found == pytest.approx(1.0) and count == len(response.spikes)
    assert np.array_equal(response.potential, truth.potential[:, 0])


def test_noise_is_as_strong_as_was_asked_and_the_same_each_time() -> None:
    clean, noisy = (measure(puzzle(1, noise=noise), usual(puzzle())) for noise in (0.0, 0.7))
    again = measure(puzzle(1, noise=0.7), usual(puzzle()))
    assert np.std(noisy.potential - clean.potential) == pytest.approx(0.7, rel=0.05)
    assert np.array_equal(again.potential, noisy.potential)
    assert np.array_equal(noisy.spikes, clean.spikes)
    other = measure(puzzle(1, noise=0.7), step(100.0)).potential - measure(puzzle(), step(100.0)).potential
    assert not np.allclose(other, noisy.potential - clean.potential, atol=0.1)


def test_the_coincidence_factor_is_near_1_for_near_values_only() -> None:
    one = puzzle(1)
    response = measure(one, usual(one))

    def found(factor: float) -> float:
        values = {name: factor * value for name, value in one.hidden.items()}
        return response.distance(usual(one).run(one, values))[0]

    assert found(1.0) == pytest.approx(1.0)
    assert found(1.001) > 0.95
    assert found(1.1) < 0.6 and found(1.3) < 0.5


def test_fast_trains_have_a_coincidence_factor_as_well() -> None:
    fast = np.arange(0.0, 1000.0, 2.0)
    assert gamma(fast, fast, 1000.0) == pytest.approx(1.0)
    assert gamma(np.empty(0), np.empty(0), 1000.0) == 1.0


def test_a_current_is_known_by_what_it_is_and_not_by_how_it_was_made() -> None:
    one = puzzle()
    made: list[Stimulus] = [Step(amplitude=450.0), Step(amplitude=200.0) + Step(amplitude=250.0), Step(amplitude=451.0)]
    keys = [key_of(Experiment(stimulus, 0.1, 5000).run(one)) for stimulus in made]
    assert keys[0] == keys[1] != keys[2]


def test_what_cannot_be_measured_is_refused_without_a_word_of_the_neuron() -> None:
    one, session = puzzle(), puzzle().begin()
    session.set({"run.units": 2})
    with pytest.raises(Unmeasurable, match="one neuron") as refused:
        Experiment.of(session.job())
    assert str(refused.value) == ONE
    session.set({"run.units": 1, "run.duration": 60_000.0})
    with pytest.raises(Unmeasurable) as refused:
        Experiment.of(session.job())
    assert str(refused.value) == LONG
    wild = Experiment(Step(amplitude=500.0), 50.0, 5000)
    with pytest.raises(Unmeasurable) as refused:
        measure(puzzle(5), wild)
    assert str(refused.value) == WILD and refused.value.__suppress_context__
    assert measure(one, usual(one)).spikes.size


# What can be told.


@pytest.mark.parametrize("number", EACH)
def test_all_values_can_be_told_from_several_stimuli(number: int) -> None:
    one = puzzle(number, noise=1.0)
    found = told(one, several(one))
    assert all(one.known and not one.apart for one in found.values())


@pytest.mark.parametrize("number", EACH)
def test_nothing_can_be_told_without_an_experiment_or_a_stimulus(number: int) -> None:
    one = puzzle(number)
    assert not any(value.known for value in told(one, []).values())
    assert not any(value.known for value in told(one, [step(0.0)]).values())


@pytest.mark.parametrize(
    "number, names",
    [
        (2, {"cooldown"}),
        (3, {"threshold_tau", "threshold_delta"}),
        (4, {"rheobase_threshold", "spike_slope"}),
        (6, {"potential_reset", "adaptation_delta", "rheobase_threshold"}),
    ],
)
def test_stimuli_below_the_threshold_tell_nothing_of_spikes(number: int, names: set[str]) -> None:
    one = puzzle(number)
    experiments = [step(part * one.level.amplitude) for part in (-0.5, -0.2, 0.05, 0.1)]
    assert not any(measure(one, each).spikes.size for each in experiments)
    found = told(one, experiments)
    assert not any(found[name].known for name in names)
    assert found["potential_tau"].known and found["resistance"].known


def test_a_value_that_moves_nothing_is_unknown_by_itself() -> None:
    """The reset cannot be told without a spike, whatever else is known."""
    one = puzzle(6)
    reset = told(one, [weak(one)])["potential_reset"]
    assert reset.error > 1e6 and reset.apart == ()


def test_threshold_and_slope_cannot_be_told_apart_from_one_step() -> None:
    """Either lets the spikes of one step come earlier; steps of several strengths tell which."""
    one = puzzle(4, noise=2.0)
    alone = told(one, [usual(one)])
    assert not alone["rheobase_threshold"].known and alone["rheobase_threshold"].apart == ("spike_slope",)
    assert all(value.known for value in told(one, several(one)).values())


def test_a_bound_holds_what_a_fit_finds() -> None:
    """Values that are moved along what nothing shows leave what is measured as it is; across, they do not."""
    one = puzzle(6)
    experiment = weak(one)
    before = measure(one, experiment).potential
    reset = experiment.run(one, {"potential_reset": -55.0}).potential[:, 0]
    tau = experiment.run(one, {"potential_tau": 1.3 * one.hidden["potential_tau"]}).potential[:, 0]
    assert np.array_equal(before, reset) and np.max(np.abs(before - tau)) > 0.1


# What is scored.


@pytest.mark.parametrize("number", EACH)
def test_the_true_values_get_full_marks(number: int) -> None:
    one = puzzle(number)
    found = score(one, one.hidden, several(one))
    assert found.total == pytest.approx(1.0)
    assert [each.gamma for each in found.spikes] == pytest.approx([1.0] * len(found.spikes))
    assert all(each.its == each.yours >= 3 for each in found.spikes)
    assert all(value.told.known and value.points == 1.0 for value in found.values.values())


def test_a_guess_gets_few_marks_and_what_cannot_be_told_counts_for_nothing() -> None:
    one = puzzle(2)
    guess = score(one, one.guess, several(one))
    assert guess.total < 0.5
    right = score(one, one.hidden | {"cooldown": one.hidden["cooldown"] * 1.5}, [step(-200.0), step(-400.0)])
    assert right.values["cooldown"].points is None and right.values["resistance"].points == 1.0
    assert right.of_values == 1.0 and right.of_spikes < 0.9


def test_errors_are_told_in_bands() -> None:
    one = puzzle(1)
    for error in (0.01, 0.04, 0.08, 0.2, 0.4):
        values = one.hidden | {"resistance": one.hidden["resistance"] * (1 + error)}
        value = score(one, values, several(one)).values["resistance"]
        assert value.band == next((band for band, _ in BANDS if error <= band), math.inf)


def test_values_that_cannot_be_run_are_refused() -> None:
    one = puzzle(1)
    with pytest.raises(Unmeasurable, match="Your values"):
        score(one, one.hidden | {"potential_tau": -1.0}, [])


def test_what_is_held_out_is_the_same_each_time_and_of_every_kind() -> None:
    one = puzzle(1)
    assert len(held_out(one)) == 5
    same = [{title: stimulus.values() for title, stimulus in held_out(one).items()} for _ in range(2)]
    assert same[0] == same[1]


# What is used up.


def test_a_budget_is_used_up_by_distinct_stimuli() -> None:
    own = attempt(Contents(1, 3, budget=2), "one student")
    for name in ("first", "second", "first", "second"):
        own.use(name, step(1.0))
    with pytest.raises(Unmeasurable, match="All 2 experiments are used"):
        own.use("third", step(2.0))
    assert attempt(Contents(1, 3, budget=2), "one student") is own
    assert attempt(Contents(1, 3, budget=2), "another") is not own


def test_a_solution_is_handed_in_a_few_times() -> None:
    own = attempt(Contents(1, 3, budget=4), "one student")
    for _ in range(HANDS):
        own.hand_in()
    with pytest.raises(Unmeasurable, match="that is all"):
        own.hand_in()


def test_what_is_kept_of_an_attempt_is_small_and_gives_no_experiment_back() -> None:
    contents = Contents(1, 5, budget=4)
    first, again = attempts.Attempt(contents), attempts.Attempt(contents)
    for amplitude in (100.0, 120.0):
        first.use(f"step {amplitude}", Experiment(Step(amplitude=amplitude), 0.1, 1000))
    for place in range(2):  # of a hostile student
        samples = np.random.default_rng(place).normal(size=9000)
        first.use(f"array {place}", Experiment(Array(samples=samples), 0.1, 9000))
    kept = json.loads(json.dumps(first.to_dict()))
    assert len(json.dumps(kept)) < 2 * attempts.KEPT and len(kept["experiments"]) == 4
    again.recall(kept)
    assert again.used == 4 and set(again.experiments) == {"step 100.0", "step 120.0"}
    assert again.experiments["step 120.0"].stimulus.parts[0].values() == Step(amplitude=120.0).values()
    with pytest.raises(Unmeasurable, match="All 4"):
        again.check("another")
    again.use("array 1", Experiment(Array(samples=np.ones(5)), 0.1, 5))  # measured once more, which costs nothing
    assert again.used == 4
    again.recall(kept)
    assert again.used == 4 and again.to_dict()["experiments"].keys() == kept["experiments"].keys()


def test_attempts_are_forgotten_when_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MOST", 3)
    first = attempt(CONTENTS, "0")
    for student in "123":
        attempt(CONTENTS, student)
    assert attempt(CONTENTS, "0") is not first and attempt(CONTENTS, "3") is attempt(CONTENTS, "3")


# For teachers.


def test_a_teacher_gets_a_query_and_what_is_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["2", "--seed", "3", "--noise", "0.5", "--budget", "8"]) == 0
    query = capsys.readouterr().out.strip()
    assert query == f"?mystery={seal.seal(Contents(2, 3, 0.5, 8))}"
    assert main(["--open", f"http://localhost/app{query}#1abc"]) == 0
    told = capsys.readouterr().out
    assert all(f"{value:g}" in told for value in puzzle(2).hidden.values())


@pytest.mark.parametrize("arguments", [["9"], ["1", "--noise", "-1"], ["--open", "nothing"]])
def test_a_teacher_is_told_what_is_wrong(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_teacher_without_a_seed_gets_a_new_one(capsys: pytest.CaptureFixture[str]) -> None:
    main(["1"])
    main(["1"])
    one, other = capsys.readouterr().out.split()
    assert one != other
