"""Polls: what may be asked, what may be answered, how a class has answered, and when a page is told."""

import json
import math

import numpy as np
import pytest

from app.classroom import limits
from app.classroom.histogram import MOST_BARS, MOST_LINES, summary
from app.classroom.polls import ASKS, LONGEST, PREDICT, Poll, from_dict, read
from app.classroom.revealing import STAGES, computed, told, verdict
from app.run.outcome import Outcome
from app.run.predicted import frame
from app.session.session import Session
from app.session.share import from_dict as session_of
from app.session.share import to_dict
from spark import solvers
from spark.analysis import PATTERNS
from spark.stimuli import Step
from tests.app.side import session_of as session_with

CHOICE = {"kind": "choice", "question": "Which?", "options": ["Na", "K", "Ca"], "right": 1}
NUMBER = {"kind": "number", "question": "Rheobase?", "unit": "pA", "right": {"value": 12.5, "near": 0.5}}
PREDICTION = {"kind": "predict", "asks": ["sketch", "pattern", "rate"]}
SKETCH = [[0, -70], [400, -50], [1000, -70]]


@pytest.fixture(scope="module")
def document():
    session = Session()
    session.set({"stimulus.0.amplitude": 600.0})
    return to_dict(session)


@pytest.fixture(scope="module")
def prediction(document) -> Poll:
    return read(PREDICTION, document)


@pytest.fixture(scope="module")
def run(prediction) -> Poll:
    return computed(prediction)


def bars(values: list[float], unit: str = "") -> list[dict]:
    poll = read({"kind": "number", "question": "?", "unit": unit})
    found = summary(poll, {str(k): poll.answer(one) for k, one in enumerate(values)})
    json.dumps(found, allow_nan=False)
    return found["parts"][0]["bars"]


# What may be asked


def test_a_choice_is_read():
    poll = read(CHOICE | {"question": "  Which \n one?\0 ", "document": "x", "id": "a/b", "stage": "revealed"})
    assert (poll.kind, poll.question, poll.options, poll.right) == ("choice", "Which one?", ("Na", "K", "Ca"), 1)
    assert poll.document is None and "/" not in poll.id and poll.id != read(CHOICE).id
    assert read(CHOICE | {"right": None}).right is None
    assert len(read(CHOICE | {"options": [str(k) for k in range(limits.OPTIONS)]}).options) == limits.OPTIONS


def test_a_number_is_read():
    poll = read(NUMBER)
    assert (poll.kind, poll.unit, poll.right) == ("number", "pA", {"value": 12.5, "near": 0.5})
    assert read({"kind": "number", "question": "?"}).right is None
    assert read(NUMBER | {"right": {"value": 3}}).right == {"value": 3.0, "near": 0.0}


def test_a_prediction_has_the_pad_of_its_session_in_the_order_of_the_card(prediction, document):
    assert prediction.asks == ASKS and prediction.question == PREDICT and prediction.document == document
    axes = frame(Session())
    assert prediction.frame == {"time": list(axes["time"]), "range": list(axes["range"])}
    assert read(PREDICTION | {"asks": ["rate"], "question": "How fast?"}, document).question == "How fast?"


def test_half_a_surrogate_pair_can_be_written_to_a_database():
    assert read(CHOICE | {"question": "a\ud800b"}).question.encode() == b"a?b"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (None, "a poll is one of"),
        ([], "a poll is one of"),
        ({"kind": "ask"}, "a poll is one of"),
        ({"kind": ["choice"]}, "a poll is one of"),
        (CHOICE | {"question": " "}, "write the question first"),
        (CHOICE | {"question": 3}, "the question is no text"),
        (CHOICE | {"question": "x" * (LONGEST["question"] + 1)}, "401 characters: at most 400"),
        (CHOICE | {"options": None}, "2 to 8 options"),
        (CHOICE | {"options": ["Na"]}, "2 to 8 options"),
        (CHOICE | {"options": list("abcdefghi")}, "2 to 8 options"),
        (CHOICE | {"options": ["a", " "]}, "option 2 is empty"),
        (CHOICE | {"options": ["a", {}]}, "option is no text"),
        (CHOICE | {"options": ["a", "b", "a "]}, "options 1 and 3 are the same"),
        (CHOICE | {"right": 3}, "none of the options"),
        (CHOICE | {"right": -1}, "none of the options"),
        (CHOICE | {"right": True}, "none of the options"),
        (CHOICE | {"right": "K"}, "none of the options"),
        (NUMBER | {"unit": "x" * 21}, "the unit has 21 characters"),
        (NUMBER | {"right": 3}, "the right answer is a number"),
        (NUMBER | {"right": {"value": "3"}}, "the right answer is not a number"),
        (NUMBER | {"right": {"value": math.nan}}, "the right answer is not a number"),
        (NUMBER | {"right": {"value": 10**400}}, "the right answer is not a number"),
        (NUMBER | {"right": {"value": 3, "near": "x"}}, "how far off"),
        (NUMBER | {"right": {"value": 3, "near": -1}}, "cannot be negative"),
        (PREDICTION | {"asks": []}, "choose what is to be predicted"),
        (PREDICTION | {"asks": ["rate", "colour"]}, "choose what is to be predicted"),
        (PREDICTION | {"asks": "rate"}, "choose what is to be predicted"),
        (PREDICTION | {"asks": [["rate"]]}, "choose what is to be predicted"),
        (PREDICTION, "no session"),
    ],
)
def test_what_cannot_be_asked_is_said(said, words):
    with pytest.raises(ValueError, match=words):
        read(said)


def test_a_session_that_is_none_is_refused():
    with pytest.raises(ValueError, match="version"):
        read(PREDICTION, {"version": 0})


@pytest.mark.parametrize("said", [CHOICE, NUMBER, PREDICTION])
def test_a_poll_comes_back_from_the_database(said, document):
    poll = read(said, document)
    kept = json.loads(json.dumps(poll.to_dict()))
    assert from_dict(kept | {"stage": "open"}) == poll


# What may be answered


def test_answers_are_read(prediction):
    assert read(CHOICE).answer(2) == 2
    assert read(NUMBER).answer(3) == 3.0 and read(NUMBER).answer(1e300) == 1e300
    said = {"pattern": "tonic", "rate": 0, "sketch": SKETCH}
    assert prediction.answer(said | {"other": "x"}) == said
    assert prediction.answer({"rate": 12}) == {"pattern": None, "rate": 12.0, "sketch": None}
    again = prediction.answer(json.loads(json.dumps(prediction.answer(said))))
    assert again == prediction.answer(said)  # the page knows its answer again


@pytest.mark.parametrize("said", [None, -1, 3, True, 1.0, "1", [], {}])
def test_no_option_is_refused(said):
    with pytest.raises(ValueError, match="choose one of the options"):
        read(CHOICE).answer(said)


@pytest.mark.parametrize("said", [None, True, "3", math.nan, math.inf, 10**400, [3], {}])
def test_no_number_is_refused(said):
    with pytest.raises(ValueError, match="type a number"):
        read(NUMBER).answer(said)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (None, "no prediction"),
        ([], "no prediction"),
        ({}, "predict something"),
        ({"pattern": None, "rate": None}, "predict something"),
        ({"pattern": "spiky"}, "the pattern is one of"),
        ({"pattern": ["tonic"]}, "the pattern is one of"),
        ({"rate": "3"}, "rate is not a number"),
        ({"rate": math.inf}, "rate is not a number"),
        ({"rate": True}, "rate is not a number"),
        ({"rate": -1}, "cannot be negative"),
        ({"sketch": "x"}, "draw the potential"),
        ({"sketch": []}, "draw the potential"),
        ({"sketch": [[0, 1]]}, "draw the potential"),
        ({"sketch": [[0, 1], [1]]}, "draw the potential"),
        ({"sketch": [[0, 1], "ab"]}, "draw the potential"),
        ({"sketch": [[0, 1], [1, math.nan]]}, "draw the potential"),
        ({"sketch": [[0, 1], [1, [2]]]}, "draw the potential"),
        ({"sketch": [[0, 1], [1, 10**400]]}, "draw the potential"),
        ({"sketch": [[5, -70], [5, -60]]}, "draw the potential"),
        ({"sketch": [[2000, -70], [3000, -60]]}, "draw the potential"),  # all beyond the end
        ({"sketch": [[k, -70] for k in range(201)]}, "at most 200 points, not 201"),
    ],
)
def test_no_prediction_is_refused(prediction, said, words):
    with pytest.raises(ValueError, match=words):
        prediction.answer(said)


def test_a_sketch_is_clipped_to_its_pad_and_goes_from_left_to_right(prediction):
    (start, end), (low, high) = prediction.frame["time"], prediction.frame["range"]
    found = prediction.answer({"sketch": [[1e9, 1e9], [-5, -1e9]]})["sketch"]
    assert found == [[start, low], [end, high]]
    assert len(prediction.answer({"sketch": [[k, -70] for k in range(200)]})["sketch"]) == 200


def test_what_is_not_asked_is_not_kept(document):
    poll = read(PREDICTION | {"asks": ["rate"]}, document)
    assert poll.answer({"rate": 3, "sketch": "x", "pattern": "y"}) == {"rate": 3.0}


# How a class has answered


def test_options_are_counted():
    found = summary(read(CHOICE), {"a": 1, "b": 1, "c": 0})
    assert found["n"] == 3
    (part,) = found["parts"]
    assert [(bar["label"], bar["value"], bar["count"]) for bar in part["bars"]] == [
        ("Na", 0, 1),
        ("K", 1, 2),
        ("Ca", 2, 0),
    ]


@pytest.mark.parametrize("said", [CHOICE, NUMBER, PREDICTION])
def test_nobody_has_answered_yet(said, document):
    found = summary(read(said, document), {})
    assert found["n"] == 0 and all(part["n"] == 0 for part in found["parts"])
    json.dumps(found, allow_nan=False)


def test_numbers_have_median_and_quartiles():
    poll = read(NUMBER)
    (part,) = summary(poll, {str(k): float(k) for k in range(101)})["parts"]
    assert (part["median"], part["quartiles"], part["unit"], part["n"]) == (50.0, [25.0, 75.0], "pA", 101)


def test_whole_numbers_have_a_bar_each():
    assert [(bar["label"], bar["count"]) for bar in bars([3, 4, 4, 6])] == [("3", 1), ("4", 2), ("5", 0), ("6", 1)]


def test_edges_are_round_numbers():
    found = bars([0.1, 0.12, 0.2, 0.3, 0.31, 0.35])
    assert [bar["low"] for bar in found] == [0.1, 0.2, 0.3]
    assert [bar["high"] for bar in found] == [0.2, 0.3, 0.4]
    assert [bar["count"] for bar in found] == [2, 1, 3]


@pytest.mark.parametrize("joker", [1e300, -1e300, 1.7e308, 1e9])
@pytest.mark.parametrize("count", [3, 10, 40])
def test_one_joker_moves_no_bar_of_the_others(count, joker):
    others = [40 + 1.5 * k % 20 for k in range(count)]
    found = bars([*others, joker])
    inside = [bar for bar in found if None not in (bar["low"], bar["high"])]
    assert min(bar["low"] for bar in inside) >= 30 and max(bar["high"] for bar in inside) <= 70
    (beyond,) = (bar for bar in found if None in (bar["low"], bar["high"]))
    assert beyond["count"] == 1 and (beyond["high"] if joker < 0 else beyond["low"]) is not None


@pytest.mark.parametrize("values", [[0], [5.5] * 9, [-1e-12] * 3, [1e300] * 4, [-1.7e308, 1.7e308], [1e16, 1e16 + 2]])
def test_all_alike_or_without_any_scale_have_bars_too(values):
    found = bars(values)
    assert sum(bar["count"] for bar in found) == len(values) and len(found) <= MOST_BARS + 2


@pytest.mark.parametrize("values", [[4.0, 4.3], [-1.8000000000000003, -1.371846583614861], [0.0] * 20 + [1.0]])
def test_nobody_is_beyond_who_is_near(values):
    """At the edge of a bar too, where a float is a little to the wrong side of it."""
    assert all(None not in (bar["low"], bar["high"]) for bar in bars(values))


def test_everybody_is_in_one_bar_whatever_they_say():
    source = np.random.default_rng(1)
    draws = (
        lambda n: source.normal(50, 10, n),
        lambda n: np.round(source.normal(0, 1, n), 1),
        lambda n: source.integers(-30, 30, n).astype(float),
        lambda n: source.standard_cauchy(n),
        lambda n: 10.0 ** source.uniform(-300, 300, n),
        lambda n: source.choice([0.1, 0.2, 0.3, 0.7], n),
        lambda n: 1e6 + source.normal(0, 1e-6, n),
    )
    for _ in range(60):
        for draw in draws:
            values = [float(one) for one in np.atleast_1d(draw(int(source.integers(1, 200))))]
            found = bars(values)
            assert len(found) <= MOST_BARS + 2
            for bar in found:
                low, high = (
                    bar[name] if bar[name] is not None else end
                    for name, end in (("low", -math.inf), ("high", math.inf))
                )
                assert low < high and sum(low <= one < high for one in values) == bar["count"]
            assert sum(bar["count"] for bar in found) == len(values)


def test_predictions_are_counted_each_of_those_who_made_it(prediction):
    said = {
        "a": {"pattern": "tonic", "rate": 10.0, "sketch": SKETCH},
        "b": {"pattern": "tonic", "rate": None, "sketch": None},
        "c": {"pattern": None, "rate": 14.0, "sketch": None},
    }
    found = summary(prediction, said)
    pattern, rate, sketch = found["parts"]
    assert found["n"] == 3 and [part["n"] for part in found["parts"]] == [2, 2, 1]
    assert [bar["value"] for bar in pattern["bars"]] == list(PATTERNS)
    assert {bar["value"]: bar["count"] for bar in pattern["bars"]}["tonic"] == 2
    assert rate["unit"] == "Hz" and rate["median"] == 12.0
    assert sketch["lines"] == [SKETCH]


def test_of_many_sketches_a_sample_is_shown_that_stays(prediction):
    line = [[k, -70.123456] for k in range(200)]
    few = {f"m{k}": {"sketch": [[0, k], *line[1:]]} for k in range(100)}
    more = few | {"later": {"sketch": line}}
    shown = [summary(prediction, of)["parts"][2] for of in (few, more)]
    assert [part["n"] for part in shown] == [100, 101]
    for part in shown:
        assert len(part["lines"]) == MOST_LINES and all(len(one) <= 60 for one in part["lines"])
        assert part["lines"][1][-1] == [199, -70.12]
    firsts = [{one[0][1] for one in part["lines"]} for part in shown]
    assert len(firsts[0] & firsts[1]) >= MOST_LINES - 1 and firsts[0] != set(range(MOST_LINES))


# When a page is told


def test_a_run_is_the_answer_to_a_prediction(run, document):
    job = session_of(document).job()
    outcome = Outcome(job, job.run())
    assert run.right["patterns"] == list(outcome.firing.patterns)
    assert run.right["rate"] > 0 and 100 < len(run.right["curve"]) < 500
    assert max(v for _, v in run.right["curve"]) == pytest.approx(
        float(outcome.recording.recorded["potential"][:, 0].max()), abs=1e-3
    )
    json.dumps(run.to_dict(), allow_nan=False)


def test_the_run_may_be_of_a_session_that_came_later(prediction):
    silent = Session()
    silent.set({"stimulus.0.amplitude": 0.0})
    later = computed(prediction, to_dict(silent))
    assert later.right["patterns"] == ["silent"] and later.right["rate"] == 0 and later.id == prediction.id


def coarse() -> Session:
    session = session_with("AdaptiveExponentialSoma")
    session.set({"config.solver": solvers.SequentialEuler(), "config.dt": 0.5})
    return session


def boundless() -> Session:
    session = session_with("IzhikevichSoma", "izhikevich2004_s_inhibition_induced_spiking")
    session.choose_stimulus(Step)
    session.set({"stimulus.0.amplitude": 95.0, "run.duration": 1500.0})
    return session


def too_long() -> Session:
    return session_with("IzhikevichSoma", config__dt=5.0)


@pytest.mark.parametrize(
    ("session", "words"), [(coarse, "cannot follow it"), (boundless, "diverged at"), (too_long, "step")]
)
def test_a_run_that_cannot_be_believed_is_no_answer(prediction, session, words):
    with pytest.raises(ValueError, match=words):
        computed(prediction, to_dict(session()))


def test_a_verdict_says_how_near(run):
    assert verdict(read(CHOICE), 1) == {"right": True, "words": ["Right."]}
    assert verdict(read(CHOICE), 0) == {"right": False, "words": ["Not this one."]}
    assert verdict(read(NUMBER), 13) == {"right": True, "words": ["Right."]}
    assert verdict(read(NUMBER), 13.1) == {"right": False, "words": ["Too high: it is 12.5 pA."]}
    assert verdict(read(NUMBER), -3) == {"right": False, "words": ["Too low: it is 12.5 pA."]}
    for one in (CHOICE, NUMBER):
        assert verdict(read(one | {"right": None}), 1) == {"right": None, "words": []}
    pattern, rate = run.right["patterns"][0], run.right["rate"]
    found = verdict(run, {"pattern": pattern, "rate": rate + 2, "sketch": SKETCH})
    assert found["right"] and len(found["words"]) == 2 and found["words"][1].endswith("which is 2.0 off.")
    wrong = verdict(run, {"pattern": "silent", "rate": None, "sketch": None})
    assert wrong["right"] is False and wrong["words"] == [
        f"{' '.join(run.right['patterns']).capitalize()}, not silent."
    ]
    assert verdict(run, {"pattern": None, "rate": None, "sketch": SKETCH}) == {"right": None, "words": []}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("teacher", [False, True])
def test_nobody_is_told_too_early(run, stage, teacher):
    mine = {"pattern": "silent", "rate": 1.0, "sketch": SKETCH}
    histogram = summary(run, {"a": mine})
    found = told(run, stage, mine=mine, count=1, of=4, histogram=histogram, teacher=teacher)
    text = json.dumps(found, allow_nan=False)
    assert (found["stage"], found["mine"], found["count"], found["of"]) == (stage, mine, 1, 4)
    assert found["frame"] == run.frame and found["patterns"] == list(PATTERNS)
    revealed = stage == "revealed"
    assert (found["right"] is not None) == (found["verdict"] is not None) == ("curve" in text) == revealed
    assert (found["histogram"] is not None) == (revealed or teacher)
    assert "document" not in found


def test_who_has_not_answered_has_no_verdict(run):
    assert told(run, "revealed")["verdict"] is None
