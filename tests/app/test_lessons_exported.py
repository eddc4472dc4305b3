"""Lessons as files: goals as JavaScript, answers judged by the rules of the server, refusals in one sentence."""

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.lessons import answers
from app.lessons.__main__ import main
from app.lessons.bench import Bench
from app.lessons.checking import lessons_in
from app.lessons.conditions import condition
from app.lessons.lesson import Ask, Lesson
from app.lessons.library import OWN
from app.lessons.reading import from_text, read
from app.lessons.sealed import sealed
from app.lessons.sketches import compared
from app.lessons.states import build
from app.lessons.static_pages import page
from app.session.session import Session
from app.session.share import to_dict

COURSE = Path(__file__).parents[2] / "app/client/course"
VERDICTS = """
import {opened, verdict} from "%(course)s/verdict.js"
const cases = JSON.parse(Deno.readTextFileSync("given.json"))
console.log(JSON.stringify(cases.map(({ask, sealed, answer}) => verdict(ask, opened(sealed), answer))))
"""


def deno(code: str, given: Any, folder: Path) -> Any:
    """What a script says that is given data."""
    (folder / "given.json").write_text(json.dumps(given))
    program = Path(sys.executable).with_name("deno")
    done = subprocess.run(
        [program, "run", "--quiet", "--no-config", "--no-remote", "--allow-read", "-"],
        input=code,
        cwd=folder,
        env={"DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1", "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def asked(lesson: Lesson) -> list[tuple[Ask, Bench]]:
    """The questions that a page can check."""
    found = []
    for at, step in enumerate(lesson.steps):
        bench = Bench(to_dict(build(*lesson.changes(at))))
        found += [(part, bench) for part in step.parts if isinstance(part, Ask) and not part.yours]
    return [(ask, bench) for ask, bench in found if ask.kind not in ("point", "open")]


def test_an_answer_is_judged_as_at_the_server(tmp_path: Path) -> None:
    """Right and wrong ones, at the edges, in a wrong unit, with a wrong sign; what is said as well."""
    cases, expected = [], []
    for path in lessons_in(OWN)[:4]:
        for ask, bench in asked(read(path)):
            if ask.kind == "sketch":
                tried: list[Any] = [[[0.0, -70.0], [100.0, -60.0], [190.0, -65.0]]]
            else:
                tried = [answer for answer, _ in answers.trials(ask, bench) if answer != []]
            if ask.kind == "number":
                value, near = answers.number(ask, bench)
                tried += [1000 * value, value / 1000, -value, value + 5 * near]
            for answer in tried:
                cases.append(
                    {"ask": {"kind": ask.kind, "unit": ask.unit}, "sealed": sealed(ask, bench), "answer": answer}
                )
                if ask.kind == "sketch":
                    words = compared(ask, bench, answer)[0]
                    expected.append((True, words))
                else:
                    found = answers.check(ask, bench, answer)
                    more = f" It is {answers.told(ask, bench)}."
                    tells = ask.change and ask.kind in ("number", "pattern") and not found.right
                    expected.append((found.right, found.words + more * bool(tells)))
    assert len(cases) > 50 and {case["ask"]["kind"] for case in cases} >= {"number", "choice", "several", "sketch"}
    said = deno(VERDICTS % {"course": COURSE.as_uri()}, cases, tmp_path)
    assert [(one["right"], one["words"]) for one in said] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("spikes > 0 and amplitude < 385", '((m("spikes", {}, {}) > 0) && (v("stimulus.0.amplitude") < 385))'),
        ("1 < rate(amplitude=400) <= 2**3", None),
        ('not pattern == "tonic"', '(!(m("pattern", {}, {}) === "tonic"))'),
        ("threshold - potential(at=34.5) > 25", '((v("config.threshold") - m("potential", {"at": 34.5}, {})) > 25)'),
    ],
)
def test_a_goal_is_a_function_of_what_the_page_measures(text: str, expected: str | None) -> None:
    found = condition(text, Session())
    assert found is not None and found.startswith("(m, v) => ")
    if expected is not None:
        assert found.removeprefix("(m, v) => ") == expected
    else:
        rate = 'm("rate", {}, {"stimulus.0.amplitude": 400})'
        assert found.removeprefix("(m, v) => ") == f"(1 < {rate} && {rate} <= (2 ** 3))"


@pytest.mark.parametrize(
    "text", ["rheobase > 190", "fixed_points(current=amplitude) == 2", "round(rate) == 3", "highest('threshold') > 0"]
)
def test_what_a_page_cannot_measure_is_left_to_the_student(text: str) -> None:
    assert condition(text, Session()) is None


LESSON = """---
title: A lesson
summary: A sentence.
minutes: 5
outcomes:
  - know
---

## One step

::: state
model: LeakySoma
amplitude: 300
:::

::: ask number
expect: rheobase ± 2 %
unit: pA

What is the rheobase?
:::

::: goal
until: rheobase > 400
solution: {resistance: 0.03}

Raise it.
:::
"""


def told(text: str) -> dict[str, Any]:
    """What a page was made of."""
    found = re.search(r"^const course = (.*)$", text, re.MULTILINE)
    assert found is not None
    plain: dict[str, Any] = json.loads(found[1].replace("<\\/", "</"))
    return plain


def test_a_page_holds_no_answer_in_plain_words() -> None:
    lesson = from_text(LESSON, "a.md", "a")
    plain = told(page(lesson, [lesson]))
    number, goal = plain["lesson"]["steps"][0]["parts"]
    assert "375" not in json.dumps(plain["lesson"])
    assert json.loads(base64.b64decode(plain["expected"][number["id"]]))["value"] == pytest.approx(375, rel=1e-3)
    assert goal["kind"] == "tick" and "tick it yourself" in goal["html"]
    assert [state["parameters"]["resistance"] for state in plain["contents"][0]["states"]] == [0.04, 0.03]


def test_a_population_has_no_figure_and_is_said_to_have_none() -> None:
    lesson = from_text(LESSON.replace("amplitude: 300", "amplitude: 300\nunits: 5"), "a.md", "a")
    plain = told(page(lesson, [lesson]))
    assert plain["steps"][0] == {
        "why": "This step is of several neurons: they run in Spark’s app alone.",
        "fresh": True,
    }


def test_the_command_writes_a_page_for_each_lesson_and_a_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, folder = tmp_path / "own", tmp_path / "out"
    source.mkdir()
    (source / "01-first.md").write_text(LESSON, "utf-8")
    assert main(["export", str(folder), "--lessons", str(source)]) == 0
    assert sorted(one.name for one in folder.iterdir()) == ["first.html", "index.html"]
    assert 'href="first.html">A lesson</a>' in (folder / "index.html").read_text("utf-8")
    assert "first.html: " in capsys.readouterr().out
    (source / "01-first.md").write_text(LESSON.replace("rheobase ±", "nothing ±"), "utf-8")
    assert main(["export", str(folder), "--lessons", str(source)]) == 1
    assert re.match(r"01-first\.md:\d+: there is no measure or value 'nothing'", capsys.readouterr().err)
    assert main(["export", str(folder), "--lessons", str(tmp_path / "gone")]) == 1
    assert "there are no lessons in" in capsys.readouterr().err
