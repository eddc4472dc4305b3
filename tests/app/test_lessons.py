"""Lessons: what a text file may say, what is refused and how, and that every question has the answer that it should."""

import math
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.keep import link
from app.lessons import answers, library
from app.lessons.__main__ import main
from app.lessons.bench import MEASURES, Bench
from app.lessons.checking import faults, lessons_in
from app.lessons.expressions import evaluate
from app.lessons.fault import LessonFault
from app.lessons.lesson import Ask, Goal, Lesson, Show, Text
from app.lessons.markdown import BLOCKS, TARGETS
from app.lessons.reading import HEAD, KINDS, from_text, read
from app.lessons.sketches import compared, frame
from app.lessons.states import RUN, WHOLE, apply, build
from app.lessons.telling import told as as_told
from app.page.predicting import told
from app.run.outcome import Outcome
from app.session.share import from_dict, to_dict

ROOT = Path(__file__).parents[2]
LESSONS = lessons_in(ROOT / "lessons")
TEXT = """---
title: A lesson
summary: What it is about.
minutes: 20
outcomes:
  - compute a **rheobase**
reading:
  - "[A book](https://example.org)"
---

## First

Words with $R\\,I$ and a link to the [amplitude](control:amplitude).

::: state
model: LeakySoma
amplitude: 300
:::

::: show
view: fi
only: amplitude, resistance
locked: resistance
:::

::: ask number
expect: rheobase ± 2 %
unit: pA

What is the smallest current?
:::

::: hint
Ohm's law.
:::

::: reveal
It is $(\\theta - V)/R$.
:::

::: ask choice
And with twice the resistance?

- [(rheobase(resistance=2*resistance) > 1.5*rheobase)] More.
- [(rheobase(resistance=2*resistance) < 0.6*rheobase)] Half.
:::

::: goal
until: 90 < rate and rate < 110
solution: {amplitude: 600}

Make it fire at 100 Hz.
:::

## Last

::: ask open
What is missing?
:::
"""


def lesson(old: str = "", new: str = "") -> Lesson:
    assert old in TEXT
    return from_text(TEXT.replace(old, new, 1) if old else TEXT, "a.md", "a")


def bench(**changes: Any) -> Bench:
    return Bench(to_dict(build({"model": "LeakySoma"}, changes)))


def asked(kind: str, **fields: Any) -> Ask:
    return Ask("q", kind, "?", 1, **fields)


def test_a_lesson_is_read_whole():
    found = lesson()
    assert (found.title, found.minutes, found.id) == ("A lesson", 20, "a")
    assert found.outcomes == ("compute a <strong>rheobase</strong>",)
    assert 'target="_blank"' in found.reading[0]
    first, last = found.steps
    assert (first.title, last.title) == ("First", "Last")
    words, number, choice, goal = first.parts
    assert isinstance(words, Text) and isinstance(number, Ask) and isinstance(choice, Ask) and isinstance(goal, Goal)
    assert 'data-light="control:amplitude"' in words.html and 'data-tex="R\\,I"' in words.html
    assert (number.expect, number.tolerance, number.unit) == ("rheobase", "2 %", "pA")
    assert "Ohm" in number.hints[0] and "theta" in number.reveal
    assert [option.html for option in choice.options] == ["More.", "Half."]
    assert first.show == Show("fi", ("amplitude", "resistance"), ("resistance",), first.show.line if first.show else 0)
    assert found.shown(1) == first.show and found.changes(1) == [first.state]
    assert not list(faults(found))


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ("unit: pA\n", "unti: pA\n", "unti", "there is no field of number 'unti': did you mean 'unit'?"),
        ("unit: pA\n", "", "::: ask n", "needs its unit"),
        ("::: hint", "::: hnt", "::: h", "there is no block 'hnt': did you mean 'hint'?"),
        ("ask number", "ask nmber", "::: ask n", "must be one of number, choice"),
        ("± 2 %", "", "::: ask n", "what is expected and how near"),
        ("[(rheobase(resistance=2*resistance) > 1.5*rheobase)]", "[(x)]", "- [", "answers are computed"),
        ("[(rheobase(resistance=2*resistance) > 1.5*rheobase)]", "[[rate > 1]]", "- [", "begin with [(...)]"),
        ("Ohm's law.\n:::", "Ohm's law.", "::: h", "block hint has no end|a block stands in the block hint"),
        ("title: A lesson", "titel: A lesson", "titel", "there is no field of a lesson 'titel'"),
        ("minutes: 20", "minutes: long", "minutes", "minutes must be a whole number"),
        ("minutes: 20", "minutes: a: b", "minutes", "these fields are no YAML"),
        ("outcomes:\n  - compute a **rheobase**\n", "", "---", "has no outcomes"),
        ("---\ntitle", "title", "title", "begins with its front matter"),
        ("## First", "First", "\nFirst", "text before the first step"),
        ("expect: rheobase ± 2 %", "expect: rheobase + ± 2 %", "::: ask n", "is no expression"),
        ("expect: rheobase ± 2 %", "expect: a.b ± 2 %", "::: ask n", "is not understood"),
        ("solution: {amplitude: 600}\n", "", "::: goal", "needs a solution"),
        ("view: fi\n", "view: fi\nwiev: fi\n", "wiev", "there is no field of show 'wiev'"),
        ("::: hint", "::: hint now", "::: h", "takes nothing on its first line"),
        ("What is missing?", "", "::: ask open", "the question is missing"),
        ("## Last", "::: state\nrun: 5\n:::\n\n## Last", "run: 5", "a step has one state"),
    ],
)
def test_what_is_not_understood_is_refused_with_file_line_and_remedy(
    old: str, new: str, where: str, words: str
) -> None:
    with pytest.raises(LessonFault) as found:
        lesson(old, new)
    assert re.search("|".join(re.escape(one) for one in words.split("|")), str(found.value)), found.value
    line = TEXT.replace(old, new, 1).split(where)[0].count("\n") + (2 if where[0] == "\n" else 1)
    assert found.value.file == "a.md" and abs(found.value.line - line) <= 1, (found.value, line)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("model: LeakySoma", "model: LeekySoma", "there is no model 'LeekySoma': did you mean 'LeakySoma'?"),
        ("amplitude: 300", "amplitud: 300", "did you mean 'amplitude'?"),
        ("amplitude: 300", "resistance: -1", "cannot be run"),
        ("expect: rheobase", "expect: rheobse", "did you mean 'rheobase'?"),
        ("± 2 %", "± 2 Hz", "is no tolerance"),
        ("expect: rheobase", "expect: latency", "too few spikes"),
        ("> 1.5*rheobase", "> 0", "one answer must be right here; right are: 1, 2"),
        ("view: fi", "view: fii", "there is no view 'fii'"),
        ("view: fi", "view: reset", "shows nothing here"),
        ("only: amplitude, resistance", "only: amplitude, resistans", "did you mean 'resistance'?"),
        ("locked: resistance", "locked: threshold", "is locked and not shown"),
        ("control:amplitude", "control:amp", "there is no control 'amp'"),
        ("amplitude: 600", "amplitude: 400", "the solution does not reach"),
        ("amplitude: 300", "amplitude: 600", "is reached before anything is done"),
        ("ask open", "ask pattern", "ends with an open question"),
    ],
)
def test_what_cannot_be_answered_or_shown_is_found_by_the_check(old: str, new: str, words: str) -> None:
    found = [str(fault) for fault in faults(lesson(old, new))]
    assert any(words in one for one in found), found
    assert all(re.match(r"a\.md:\d+: ", one) for one in found)


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "1-a.md").write_text(TEXT, "utf-8")
    (tmp_path / "2-b.md").write_text(TEXT.replace("rheobase ±", "rheobse ±"), "utf-8")
    (tmp_path / "README.md").write_text("no lesson", "utf-8")
    assert main(["check", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert "2-b.md:26: " in told.err and "2 lessons, 1 fault\n" in told.out
    assert main(["check", str(tmp_path / "none")]) == 1
    assert "there are no lessons in" in capsys.readouterr().err
    assert main(["measures"]) == 0


def test_expressions_are_arithmetic_with_measures():
    one = bench(amplitude=600)
    assert evaluate("2 * (1 + 3) ** 2 - abs(-1)", one) == 31
    assert evaluate("rheobase", one) == pytest.approx(375)
    assert evaluate("rheobase(resistance=2*resistance)", one) == pytest.approx(375 / 2)
    assert evaluate('pattern == "tonic" and rate > 10 and not rate < 10', one) is True
    assert evaluate("rate(amplitude=300)", one) == 0
    assert evaluate("amplitude", one) == 600 and evaluate("potential_tau", one) == 10
    assert evaluate("potential(at=100)", one) == pytest.approx(-70, abs=1e-6)
    for text in ("__import__('os')", "rate.real", "[1, 2]", "lambda: 1", "rate if 1 else 2", "f'{rate}'", "()"):
        with pytest.raises(ValueError):
            evaluate(text, one)


def test_measures_hold_closed_forms():
    """R I, tau, and the interval of a leaky neuron."""
    quiet, firing = bench(amplitude=250, run=400, onset=50, duration=300), bench(amplitude=600)
    assert evaluate("rest(250)", quiet) == pytest.approx(-60, abs=1e-6)
    assert evaluate("potential(at=60)", quiet) == pytest.approx(-70 + 10 * (1 - math.exp(-1)), abs=2e-3)
    interval = 10 * math.log(24 / (24 - 15))
    for name in ("interval", "first_interval", "last_interval", "shortest_interval"):
        assert evaluate(name, firing) == pytest.approx(interval, abs=1e-3)
    assert evaluate("latency", firing) == pytest.approx(interval, abs=1e-3)
    assert evaluate("rate", firing) == pytest.approx(1000 / interval, rel=0.02)
    assert evaluate("bifurcation", firing) == "threshold" and evaluate("excitability", firing) == 1
    assert evaluate("fixed_points(current=0)", firing) == 1
    assert evaluate("impedance(frequency=15.9155)", firing) == pytest.approx(0.04 / math.sqrt(2), rel=0.02)
    saddle = Bench(to_dict(build({"preset": "naud2008_tonic", "amplitude": 100})))
    assert evaluate('point("stable")', saddle) < evaluate('point("saddle")', saddle)


@pytest.mark.parametrize(
    ("answer", "right", "words"),
    [
        (375, True, "Right."),
        (381, True, "Right."),
        (383, False, "Too high."),
        (300, False, "Too low."),
        (0.375, False, "the unit is not"),
        (375_000, False, "the unit is not"),
        (-375, False, "the sign is not"),
    ],
)
def test_a_number_is_near_enough_or_said_to_be_off(answer: float, right: bool, words: str) -> None:
    found = answers.check(asked("number", expect="rheobase", tolerance="2 %", unit="pA"), bench(), answer)
    assert found.right is right and words in found.words


def test_nothing_is_told_of_units_where_the_answer_is_zero():
    ask = asked("number", expect="amplitude", tolerance="5 pA", unit="pA")
    assert answers.check(ask, bench(amplitude=0), 15).words == "Too high."
    assert answers.check(ask, bench(amplitude=0), -15).words == "Too low."


@pytest.mark.parametrize("answer", [None, "375", math.nan, math.inf, True, [375]])
def test_an_answer_of_another_kind_is_refused(answer: Any) -> None:
    with pytest.raises(ValueError, match="a number in pA"):
        answers.check(asked("number", expect="rheobase", tolerance="2 %", unit="pA"), bench(), answer)


def test_a_changed_model_changes_the_answer():
    ask = asked("number", expect="rheobase", tolerance="2 %", unit="pA")
    assert answers.told(ask, bench()) == "375 pA"
    assert answers.told(ask, bench(resistance=0.08)) == "187.5 pA"
    assert answers.told(asked("pattern"), bench(amplitude=100)) == "silent"
    assert answers.told(asked("pattern", change={"amplitude": 600}), bench(amplitude=100)) == "tonic"


def test_a_point_is_near_in_both_variables():
    plane = Bench(to_dict(build({"preset": "naud2008_tonic", "amplitude": 100})))
    ask = asked("point", expect="saddle", tolerance="2 mV", unit="mV")
    found = answers.point(ask, plane)
    assert found.second is not None
    for potential, second, right in (
        (found.potential + 1.9, found.second, True),
        (found.potential + 2.1, found.second, False),
        (found.potential, found.second + 1.5 * found.near_second, False),
    ):
        assert answers.check(ask, plane, {"potential": potential, "adaptation": second}).right is right
    assert "Click the point" in answers.check(ask, plane, {}).words


def test_a_sketch_is_compared_with_the_run():
    ask = asked("sketch", expect="potential", unit="mV", change={"amplitude": 250})
    before = bench(amplitude=0, run=400, onset=50, duration=200)
    pad = frame(before.session, ask)
    assert pad["time"] == (0, 400) and pad["range"][0] < -70 and pad["range"][1] > -55
    words, curve = compared(ask, before, [[0, -70], [400, -70]])
    assert curve[0][1] == pytest.approx(-70) and max(value for _, value in curve) == pytest.approx(-60, abs=0.01)
    off = float(re.search(r"([\d.]+) mV", words)[1])  # type: ignore[index]
    assert off == pytest.approx(10 * math.sqrt(0.5), rel=0.1)
    assert compared(ask, before, curve)[0].startswith("Close: ")
    assert "covers 50 %" in compared(ask, before, [[0, -70], [200, -60]])[0]
    for bad in (None, "x", [[0, -70]], [[0, math.nan], [1, 2]], [[1, 2, 3]], [0, 1]):
        with pytest.raises(ValueError):
            compared(ask, before, bad)


def test_states_are_put_together():
    session = build(
        {"preset": "naud2008_tonic"},
        {"stimulus": ["Step", "OrnsteinUhlenbeck"], "amplitude": 100, "stimulus.1.std": 20, "run": 300, "units": 20},
        {"solver": "Euler", "on_grid": True, "initial": {"potential": -60}, "spread_threshold": 2},
    )
    assert [type(part).__name__ for part in session.parts] == ["Step", "OrnsteinUhlenbeck"]
    assert (session.get("stimulus.0.amplitude"), session.get("stimulus.1.std")) == (100, 20)
    assert session.settings.duration == 300 and session.settings.units == 20 and session.initial == {"potential": -60}
    assert type(session.config.solver).__name__ == "Euler" and session.config.solver.on_grid
    document = to_dict(session)
    assert to_dict(from_dict(document)) == document  # the page compares by it
    for bad in ({"preset": "nothing"}, {"solver": "Oiler"}, {"stimulus": "Stp"}, {"initial": {"v": 1}}, {"nothing": 3}):
        with pytest.raises(ValueError):
            apply(session, bad)


def test_a_teachers_folder_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "01-own.md").write_text(TEXT, "utf-8")
    (tmp_path / "02-wrong.md").write_text("# No lesson", "utf-8")
    for argv, variable in (
        (["panel", "--lessons", str(tmp_path)], ""),
        (["panel", f"--lessons={tmp_path}"], ""),
        (["panel"], str(tmp_path)),
    ):
        monkeypatch.setattr(sys, "argv", argv)
        monkeypatch.setenv(library.VARIABLE, variable)
        library.library.cache_clear()
        found = library.library()
        assert "own" in found and "membrane" in found and "wrong" not in found
        assert "02-wrong.md:1: a lesson begins with its front matter" in caplog.text
    monkeypatch.setattr(sys, "argv", ["panel", "--lessons", str(tmp_path / "none")])
    library.library.cache_clear()
    with pytest.raises(ValueError, match="there is no folder of lessons"):
        library.library()
    library.library.cache_clear()


def test_twelve_lessons_come_along():
    assert len(LESSONS) == 12
    for path in LESSONS:
        found = read(path)
        assert 15 <= found.minutes <= 30 and found.outcomes and found.reading and found.summary
        assert 5 <= len(found.steps) <= 9


@pytest.mark.parametrize("path", LESSONS, ids=[path.stem for path in LESSONS])
def test_every_question_has_its_answer_and_no_other(path: Path) -> None:
    """Each is computed, and tried with right and wrong answers; a goal is reached by its solution, and not before."""
    assert [str(fault) for fault in faults(read(path))] == []


def test_the_check_runs_without_a_server() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.lessons", "measures"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert all(name in done.stdout for name in MEASURES)


def test_a_prediction_is_compared_with_its_run():
    session = build({"model": "LeakySoma", "amplitude": 600})
    job = session.job()
    outcome = Outcome(job, job.run())
    rate = evaluate("rate", Bench(to_dict(session), outcome))
    found = told({"pattern": "tonic", "rate": rate + 10, "sketch": [[0, -70], [1000, -70]]}, outcome, session)
    assert found["words"][0] == "Tonic, as you said."
    assert found["words"][1] == f"{rate:.1f} Hz; you said {rate + 10:g}, which is 10.0 off."
    assert "from the run on average" in found["words"][2] and len(found["curve"]) > 100
    for nothing in ({}, {"pattern": "nothing", "rate": "x"}, {"rate": math.nan}):
        assert told(nothing, outcome, session) == {"words": [], "curve": None}
    assert told({"sketch": "x"}, outcome, session)["curve"] is None


def test_the_authors_page_tells_all_that_there_is():
    text = (ROOT / "docs/lessons.md").read_text("utf-8")
    for name, (unit, words, _) in MEASURES.items():
        assert f"| `{name}` | {unit} | {words} |" in text
    for name in (*BLOCKS, *KINDS, *TARGETS, *HEAD, *WHOLE, *RUN):
        assert name in text, name


def test_the_pad_of_another_variable_holds_its_run():
    session = build({"preset": "naud2008_tonic", "amplitude": 0})
    ask = asked("sketch", expect="adaptation", unit="pA", change={"amplitude": 500})
    low, high = frame(session, ask)["range"]
    _, curve = compared(ask, Bench(to_dict(session)), [[0, 0], [100, 50]])
    largest = max(value for _, value in curve)
    assert largest > 10 and low <= 0 and 1.2 * largest < high < 2.5 * largest


def test_a_state_begins_with_a_link_and_goes_on_from_there() -> None:
    sent = build({"preset": "naud2008_tonic"}, {"amplitude": 321, "run": 250, "units": 3})
    text = link.write(sent)
    for way in (text, f"#{text}", f"https://spark.example/app?lesson=rheobase#{text}", f"  {text} "):
        assert to_dict(build({"link": way})) == to_dict(sent)
    after = build({"model": "LeakySoma", "amplitude": 5}, {"link": text, "amplitude": 90, "adaptation_tau": 77})
    assert (after.get("stimulus.0.amplitude"), after.get("config.adaptation_tau")) == (90, 77)
    assert after.settings.duration == 250 and after.settings.units == 3
    leaky = link.write(build({"model": "LeakySoma"}, {"amplitude": 100}))
    assert not list(faults(lesson("model: LeakySoma", f"link: https://spark.example/app#{leaky}")))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("link: https://spark.example/app", "this has none"),
        ("link:", "this has none"),
        ("link: 12", "this has none"),
        ("link: #1bVFN", "this has none"),
        ("link: https://spark.example/app#", "this has none"),
        ("link: 1bVFN", "is not whole: it may have been cut off when it was sent"),
        ("link: 9bVFN", "made by a newer Spark"),
    ],
)
def test_a_link_that_is_none_is_refused_with_its_line(given: str, words: str) -> None:
    with pytest.raises(LessonFault) as found:
        lesson("model: LeakySoma", given)
    assert words in str(found.value) and "Share" in str(found.value)
    assert TEXT.split("\n")[found.value.line - 1] == "model: LeakySoma"


def test_what_begins_anew_is_one_thing():
    text = link.write(build({"model": "LeakySoma"}))
    for both in ({"preset": "naud2008_tonic", "link": text}, {"preset": "naud2008_tonic", "model": "LeakySoma"}):
        with pytest.raises(ValueError, match="begin anew: keep one of them"):
            build(both)
    found = [str(fault) for fault in faults(lesson("model: LeakySoma", f"model: LeakySoma\nlink: {text}"))]
    assert re.match(r"a\.md:\d+: this state cannot be run: model and link begin anew", found[0])


def test_a_step_may_keep_the_words_of_its_view():
    assert not lesson().shown(0).words and lesson("view: fi", "view: fi\nwords: yes").shown(1).words
    with pytest.raises(LessonFault, match=r"a\.md:\d+: words must be yes or no"):
        lesson("view: fi", "view: fi\nwords: rheobase")
    assert [step["words"] for step in as_told(lesson("view: fi", "view: fi\nwords: yes"))["steps"]] == [True, True]
