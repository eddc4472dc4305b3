"""The table of a soma and its stimulus says what their configs say."""

import re

import pytest

from spark.export import parameter_table
from spark.export.table import HEAD, number
from spark.nn.initializers import Uniform
from spark.presets import presets
from spark.stimuli import Array, Sine, Step
from spark.stimuli import catalogue as stimuli
from tests.common import SOMAS


def markdown(text: str) -> list[list[str]]:
    lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines()]
    return [[cell.strip() for cell in line] for line in lines]


def latex(text: str) -> list[list[str]]:
    """Its rows, read by the rules of a tabular: every one has as many cells as there are columns."""
    begin, body, end = text.split("\n", 1)[0], text.split("\n", 1)[1].rsplit("\\end", 1)[0], text.rstrip()
    columns = re.fullmatch(r"\\begin{tabular}{(l+)}", begin)
    assert columns and end.endswith(r"\end{tabular}")
    rows = []
    for row in body.replace(r"\hline", "").split(r"\\"):
        spanning = re.match(r"\s*\\multicolumn{(\d)}", row)
        cells = [cell.strip() for cell in re.split(r"(?<!\\)&", row)]
        assert not row.strip() or spanning or len(cells) == len(columns[1]), row
        if not spanning and row.strip():
            assert row.count("$") % 2 == 0 and row.count("{") == row.count("}")
            rows.append(cells)
    return rows


@pytest.mark.parametrize("name", SOMAS)
def test_both_formats_have_every_value(name: str) -> None:
    soma, stimulus = SOMAS[name](), Step(amplitude=1 / 3) + Sine(phase=-30.0)
    rows = [row for row in markdown(parameter_table(soma, stimulus))[2:] if row[2]]
    expected = [
        (f"${q.symbol}$", q.words, float(getattr(config, field)), q.unit)
        for config in (soma.config, *stimulus.parts)
        for field, q in config.quantities().items()
        if field != "dt"
    ]
    told = [float(value) for _, _, value, _ in rows]
    assert told == pytest.approx([value for _, _, value, _ in expected], rel=1e-6)
    assert [(symbol, words, unit) for symbol, words, _, unit in rows] == [(s, w, u) for s, w, _, u in expected]
    typeset = latex(parameter_table(soma, stimulus, "latex"))
    assert typeset[0] == list(HEAD)
    assert [(s, float(v.strip("$"))) for s, _, v, _ in typeset[1:]] == [
        (s, value) for (s, *_), value in zip(expected, told, strict=True)
    ]


def test_a_number_has_the_digits_that_say_it() -> None:
    values = {1 / 12: "0.0833333", 12.345678: "12.345678", 0.1: "0.1", -70.0: "-70", 0.0: "0", 1e-9: "1e-09"}
    assert {value: number(value) for value in values} == values


@pytest.mark.parametrize("name", stimuli())
def test_a_table_of_every_stimulus_parses(name: str) -> None:
    stimulus = stimuli()[name]()
    for row in markdown(parameter_table(SOMAS["LeakySoma"](), stimulus)):
        assert len(row) == len(HEAD)
    assert latex(parameter_table(SOMAS["LeakySoma"](), stimulus, "latex"))


def test_spreads_and_samples_are_told_in_a_few_words() -> None:
    soma = SOMAS["LeakySoma"](threshold=Uniform(-56.0, -54.0), resistance=[0.04, 0.05])
    told = parameter_table(soma, Array(samples=[0.0, 2.5, -1.0]))
    assert "| Uniform(low=-56, high=-54) | mV |" in told
    assert "| 0.04 to 0.05 (2 values) | GΩ |" in told
    assert "| $I$ | samples | -1 to 2.5 (3 values) | pA |" in told


def test_every_preset_has_a_table() -> None:
    for preset in presets().values():
        latex(parameter_table(preset.make_soma(), preset.make_stimulus(), "latex"))


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format = 'html': choose from markdown, latex"):
        parameter_table(SOMAS["LeakySoma"](), Step(), "html")  # type: ignore[arg-type]
