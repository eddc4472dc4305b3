"""The page of somas says what they declare, and what the page of measures shows works as it stands."""

import re
from pathlib import Path

import pytest

from docs import make_somas
from spark import analysis
from tests.common import OWN


def test_the_page_of_somas_is_true() -> None:
    told = make_somas.FILE.read_text("utf-8")
    assert told == make_somas.page(), "make it again: python -m docs.make_somas"
    assert [line.removeprefix("## ") for line in told.splitlines() if line.startswith("## ")] == [
        kind.title for kind in OWN.values()
    ]


def test_the_page_of_measures_runs_and_names_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).resolve().parents[1] / "docs/analysis.md").read_text("utf-8")
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", page, re.S):
        exec(compile(block, "docs/analysis.md", "exec"), names)
        said = re.findall(r"# (\S+?)(?::.*)?$", block, re.M)
        assert [line.replace(" ", "") for line in capsys.readouterr().out.splitlines()] == said
    for row in re.findall(r"^\| (`.*?) \|", page, re.M):
        for name in re.findall(r"`(\w+)", row):
            assert hasattr(analysis, name), name
