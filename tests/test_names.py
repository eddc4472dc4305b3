"""Names that are none are refused, and names that are some are told: in help, signatures, tables and dir."""

import inspect
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

import spark
from spark.core.config import Config
from spark.core.fields import plain
from spark.core.quantity import Quantity
from spark.nn.components.somas import LeakySoma, LeakySomaConfig
from spark.nn.initializers import Normal
from tests.common import SOMAS

CONFIGS: list[Any] = [*(kind.config_class for kind in SOMAS.values()), *spark.stimuli.catalogue().values()]
EVERY_CONFIG = pytest.mark.parametrize("kind", CONFIGS, ids=lambda kind: kind.__name__)


@EVERY_CONFIG
def test_a_field_that_is_misspelt_is_refused(kind: Any) -> None:
    config = kind()
    for field in kind.fields():
        wrong = field[:2] + field[3:] if len(field) > 5 else field + "x"
        with pytest.raises(AttributeError, match=f"{kind.__name__} has no field '{wrong}': .*its fields are .*{field}"):
            setattr(config, wrong, 1.0)
    with pytest.raises(AttributeError, match="has no field 'zzz': its fields are"):
        config.zzz = 1.0
    assert not hasattr(config, "zzz")


def test_the_nearest_field_is_named() -> None:
    config, stimulus = LeakySomaConfig(), spark.stimuli.Step()
    with pytest.raises(AttributeError, match="did you mean 'threshold'"):
        config.thresold = -60  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="did you mean 'amplitude'"):
        stimulus.amplitud = 9  # type: ignore[attr-defined]


def test_other_attributes_of_a_config_work() -> None:
    class Mine(LeakySomaConfig):
        """A config with attributes of its own."""

        remark = "none"

    config: Any = Mine()
    config.remark = "slow"
    config._private = 3
    Mine.everyone = 4
    config.everyone = 5
    seen: list[float] = []
    config.param.watch(lambda event: seen.append(event.new), "threshold")
    config.threshold = -50.0
    assert (config.remark, config._private, config.everyone, seen) == ("slow", 3, 5, [-50.0])
    assert config.name.startswith("Mine")


@pytest.mark.parametrize("name", SOMAS)
def test_a_field_that_is_misspelt_is_refused_of_a_soma(name: str) -> None:
    soma = SOMAS[name]()
    with pytest.raises(AttributeError, match=r"did you mean soma\.config\.threshold"):
        soma.thresold = 1
    with pytest.raises(AttributeError, match=r"write soma\.config\.threshold = 1"):
        soma.threshold = 1
    assert "thresold" not in vars(soma)


def test_a_subclass_of_a_soma_has_its_own_attributes() -> None:
    class Mine(LeakySoma):
        """A soma that notes things."""

        thresholds: Any = None

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.weights, self.thresholds, self._threshold = [1], [2], 3

    soma = Mine()
    soma(np.zeros(2))
    soma.note = "x"  # type: ignore[attr-defined]
    assert (soma.weights, soma.thresholds, soma._threshold) == ([1], [2], 3)


@EVERY_CONFIG
def test_help_tells_every_field(kind: Any) -> None:
    doc = inspect.getdoc(kind) or ""
    written = next(vars(base)["__doc__"] for base in kind.__mro__ if vars(base).get("__doc__"))
    assert doc.startswith(written.split("\n")[0])
    lines = doc.splitlines()
    for name, field in kind.fields().items():
        at = next(i for i, line in enumerate(lines) if line.startswith(f"    {name} = "))
        assert lines[at + 1].strip() == field.doc
        if isinstance(field, Quantity):
            for part in (
                f"{field.default:.6g} {field.unit}",
                plain(field.symbol),
                field.title,
                field.describe_bounds(),
            ):
                assert (part or "") in lines[at]
    assert "\\" not in doc


def test_help_of_adex_shows_symbol_unit_bounds_default_and_meaning() -> None:
    doc = inspect.getdoc(spark.nn.somas.AdaptiveExponentialSomaConfig) or ""
    assert "    adaptation_tau = 300 ms: τ_w, adaptation time constant, greater than 0 ms\n" in doc
    assert "        Time constant of the adaptation current.\n" in doc


@EVERY_CONFIG
def test_signatures_name_the_fields(kind: Any) -> None:
    parameters = dict(inspect.signature(kind).parameters)
    assert parameters.pop("__skip_validation__").default is False
    assert {n: p.default for n, p in parameters.items()} == {n: field.default for n, field in kind.fields().items()}
    assert all(p.kind is p.KEYWORD_ONLY for p in parameters.values())


@pytest.mark.parametrize("name", SOMAS)
def test_signatures_of_somas_name_the_fields(name: str) -> None:
    parameters = dict(inspect.signature(SOMAS[name]).parameters)
    assert parameters.pop("config").default is None
    assert list(inspect.signature(SOMAS[name]()).parameters) == ["current"]
    config = SOMAS[name].config_class()
    assert {n: p.default for n, p in parameters.items()} == config.values()


def test_a_constructor_of_ones_own_keeps_its_signature() -> None:
    class Mine(LeakySoma):
        """A soma with one argument."""

        def __init__(self, weight: float) -> None:
            super().__init__()
            self.weight = weight

    class Yours(Mine):
        """One that inherits it."""

    class Named(LeakySoma):
        """A soma with an argument beside the fields."""

        def __init__(self, weight: float, **kwargs: Any) -> None:
            super().__init__(**kwargs)

    class Own(LeakySomaConfig):
        """A config with one argument."""

        def __init__(self, weight: float = 1.0) -> None:
            super().__init__()

    assert list(inspect.signature(Mine).parameters) == list(inspect.signature(Yours).parameters) == ["weight"]
    assert list(inspect.signature(Named).parameters)[:2] == ["weight", "units"]
    assert list(inspect.signature(Own).parameters) == ["weight"]


class Cells(HTMLParser):
    """The rows of the tables in a text, and whatever tags it opens."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


@EVERY_CONFIG
def test_configs_are_tables(kind: Any) -> None:
    found = Cells(kind()._repr_html_())
    assert [row[0] for row in found.rows] == ["field", *kind.fields()]
    assert found.tags <= {"div", "strong", "table", "tr", "th", "td"}
    for row, field in zip(found.rows[1:], kind.fields().values(), strict=True):
        assert row[5] == field.doc
        if isinstance(field, Quantity):
            assert row[3:5] == [field.unit, field.describe_bounds()]


def test_tables_sum_populations_up_and_escape() -> None:
    soma = LeakySoma(
        threshold=np.linspace(-55.0, -45.0, 200), resistance=np.full(200, 0.1), potential_tau=Normal(10, 1)
    )
    found = Cells(soma._repr_html_())
    values = {row[0]: row[2] for row in found.rows}
    assert values["threshold"] == "200 values, -55 to -45" and values["resistance"] == "200 times 0.1"
    assert values["potential_tau"].startswith("Normal(mean=10")

    class Angry(Config):
        """A config that would like to be HTML."""

        word = Quantity(1.0, unit="<b>", doc="<script>")

    assert (
        "script" not in Cells(Angry()._repr_html_()).tags
        and ["word", "", "1", "<b>", "", "<script>"] in Cells(Angry()._repr_html_()).rows
    )


@pytest.mark.parametrize("events", [True, False])
def test_recordings_are_tables(events: bool) -> None:
    stimulus = spark.stimuli.Step(amplitude=700.0)
    record = ("potential", "current")
    run = spark.simulate(LeakySoma(), stimulus, duration=300.0, units=3, record=record, events=events)
    cells = {row[0]: row[1:] for row in Cells(run._repr_html_()).rows}
    assert run.spike_count > 0
    assert cells["soma"] == ["Leaky (LeakySoma)"] and cells["units"] == ["3"]
    assert cells["duration"] == ["300 ms: 3,000 steps of 0.1 ms"]
    assert cells["spikes"][0].startswith(f"{run.spike_count:,}: ") and ("not kept" in cells["spikes"][0]) != events
    assert (
        cells["potential"][:4] == ["V", "potential", "mV", "(3000, 3)"]
        and cells["current"][4] == "9,000 values, 0 to 700"
    )
    assert "threshold" not in cells and {"potential", "current", "spikes"} <= set(dir(run))
    assert "threshold" not in dir(run)
