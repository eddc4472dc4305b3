"""Somas of other packages: they join by a call or an entry point; a broken one is named and skipped."""

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import spark
from spark.core.hybrid import Values
from spark.core.quantity import Quantity
from spark.nn.components.somas import LeakySoma, LeakySomaConfig, SomaConfig
from spark.nn.components.somas import quantities as q
from spark.nn.components.somas.adaptation import adaptation_current
from spark.nn.components.somas.membranes import leaky
from spark.nn.components.somas.soundness import fault_of
from spark.nn.somas import catalogue
from tests.common import OWN

ROOT = Path(__file__).resolve().parents[1]


def made(name: str = "TenthSoma", base: type = LeakySoma, **changes: Any) -> type[spark.nn.somas.Soma]:
    """A sound soma, but for `changes`."""
    return type(name, (base,), {"system": leaky, "title": f"A {name}", "__doc__": "x"} | changes)


@pytest.fixture(autouse=True)
def unchanged() -> Iterator[None]:
    before = catalogue()
    yield
    assert catalogue() == before


@pytest.mark.parametrize("name", OWN)
def test_our_own_are_sound(name: str) -> None:
    assert fault_of(OWN[name], [kind for kind in OWN.values() if kind is not OWN[name]]) is None


def test_a_soma_joins_and_leaves() -> None:
    kind = made()
    assert "TenthSoma" not in catalogue()  # to derive is not to join
    assert spark.nn.register(kind) is kind
    assert list(catalogue())[-1] == "TenthSoma" and list(catalogue().values())[-1] is kind
    again = made()
    spark.nn.register(again)  # the same cell of a notebook, run again
    assert catalogue()["TenthSoma"] is again
    with pytest.raises(ValueError, match="TenthSoma is not among the somas that joined"):
        spark.nn.unregister(kind)
    spark.nn.unregister(again)


def crooked(**parts: Any) -> dict[str, Any]:
    return {"system": replace(leaky, **parts)}


class Spanless(LeakySomaConfig):
    extra = Quantity(1.0, unit="mV")


class Beyond(LeakySomaConfig):
    extra = Quantity(1.0, unit="mV", bounds=(0, 10), span=(-5, 5))


class Levelless(SomaConfig):
    potential_rest, potential_reset = q.potential_rest(-70.0), q.potential_reset(-70.0)


def with_current(p: Values, v: Any) -> Values:
    return Values(potential=v, adaptation=0.0 * v)


def leave(p: Values, s: Values) -> Any:
    sys.exit("not on this machine")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (3, "3 is no subclass of spark.nn.somas.Soma"),
        (made(system=None), "it has no `system`"),
        (made(title=""), "it has no `title`"),
        (made(equations=()), "it has no `equations`"),
        (made(equations="V = 0"), "its `equations` are no tuple of LaTeX lines"),
        (made(references=()), "it has no `references`"),
        (made(references=("a book",)), "`references` and `parameter_source` are not all"),
        (made("LeakySoma"), "its name 'LeakySoma' is that of spark.nn.components.somas.leaky.LeakySoma"),
        (made(title="Izhikevich"), "its title 'Izhikevich' is that of spark.nn.components.somas.izhikevich"),
        (made(config_class=None), "its `config_class` is no subclass of spark.nn.somas.SomaConfig"),
        (made(config_class=Beyond), "the slider of its quantity `extra` would leave its bounds: at least 0 mV"),
        (
            made(**crooked(flow=lambda p, s, i: {"potential": i})),
            "its flow gives a dict where spark.core.hybrid.Values",
        ),
        (made(config_class=dict), "its `config_class` is no subclass of spark.nn.somas.SomaConfig"),
        (made(config_class=Spanless), "its quantity `extra` has no `span`, so no slider can show it"),
        (made(config_class=Levelless), "its config has no `threshold`, at which, or near which, it fires"),
        (
            made(**crooked(initial=with_current)),
            "state is adaptation, potential, but its system declares potential",
        ),
        (made(**crooked(level=leave)), "SystemExit: not on this machine"),
        (
            made(system=adaptation_current(leaky)),
            "its equations ask for `adaptation_subthreshold`, which is no quantity",
        ),
        (made(**crooked(initial=lambda p, v: {"v": v})), "its state has no `potential` but v"),
        (made(**crooked(flow=lambda p, s, i: {"potential": i, "w": i})), "its flow gives potential, w for a state of"),
        (made(**crooked(jump=lambda p, s: {})), "its jump gives nothing for a state of potential"),
        (made(**crooked(rates=lambda p, s: {"w": 1.0})), "its rates name w, which its state has not"),
        (made(**crooked(level=lambda p, s: 1 / 0)), "ZeroDivisionError: division by zero"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_one_is_refused_in_words(kind: Any, words: str) -> None:
    with pytest.raises(ValueError, match="cannot join the catalogue") as caught:
        spark.nn.register(kind)
    assert words in str(caught.value)


PACKAGE = '''
from spark.nn.components.somas.adaptation import adaptation_current
from spark.nn.components.somas.membranes import leaky
from spark.nn.components.somas.refractoriness import refractory
from spark.nn.components.somas import quantities as q
from spark.nn.somas import LeakySoma, LeakySomaConfig

class GuestSomaConfig(LeakySomaConfig):
    adaptation_tau = q.adaptation_tau(200.0)
    adaptation_delta = q.adaptation_delta(20.0)
    adaptation_subthreshold = q.adaptation_subthreshold(2.0)

class GuestSoma(LeakySoma):
    """A leaky soma with an adaptation current."""
    config_class = GuestSomaConfig
    system = adaptation_current(leaky)
    title = "Guest"
    shows = "It comes from elsewhere."

class UntitledSoma(LeakySoma):
    system = leaky
    title = ""

class TypoSoma(LeakySoma):
    system = refractory(leaky)
    title = "Typo"
'''
POINTS = {
    "guest": "guests.somas:GuestSoma",
    "again": "guests.somas:GuestSoma",
    "untitled": "guests.somas:UntitledSoma",
    "typo": "guests.somas:TypoSoma",
    "absent": "guests.somas:AbsentSoma",
    "gone": "nowhere:Soma",
    "number": "guests.numbers:SEVEN",
    "raises": "guests.raises:Soma",
}


@pytest.fixture
def guests(tmp_path: Path) -> Path:
    """A folder that holds an installed package: its modules and their `dist-info`."""
    (tmp_path / "guests").mkdir()
    for name, source in {
        "__init__": "",
        "somas": PACKAGE,
        "numbers": "SEVEN = 7",
        "raises": "raise RuntimeError('two\\nlines')",
    }.items():
        (tmp_path / "guests" / f"{name}.py").write_text(source)
    info = tmp_path / "spark_guests-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: spark-guests\nVersion: 1.0\n")
    points = "\n".join(f"{name} = {value}" for name, value in POINTS.items())
    (info / "entry_points.txt").write_text(f"[spark.somas]\n{points}\n")
    return tmp_path


def with_guests(guests: Path, source: str) -> tuple[Any, str]:
    """What a fresh interpreter beside that package printed as JSON, and what it wrote to its log."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(guests)])}
    command = [sys.executable, "-c", textwrap.dedent(source)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


def test_an_installed_package_brings_its_soma_and_its_broken_ones_are_named(guests: Path) -> None:
    source = """
        import json, sys
        import spark
        early = "guests" in sys.modules
        from jax._src import xla_bridge
        names = list(spark.nn.somas.catalogue())
        device = xla_bridge.backends_are_initialized()
        run = spark.simulate(spark.nn.somas.catalogue()["GuestSoma"](), spark.stimuli.Step(), record=("adaptation",))
        print(json.dumps([early, device, names, spark.nn.left_out(), len(run.spike_times[0])]))
    """
    (early, device, names, left_out, spikes), log = with_guests(guests, source)
    assert not early and not device
    assert names == [*OWN, "GuestSoma"] and spikes > 3
    reasons = {
        "untitled": "UntitledSoma cannot join the catalogue: it has no `title`",
        "typo": "TypoSoma cannot join the catalogue: its equations ask for `cooldown`, which is no quantity of its "
        "config and no variable of its state",
        "absent": "AttributeError: module 'guests.somas' has no attribute 'AbsentSoma'",
        "gone": "ModuleNotFoundError: No module named 'nowhere'",
        "number": "7 cannot join the catalogue: 7 is no subclass of spark.nn.somas.Soma",
        "raises": "RuntimeError: two lines",
    }
    assert left_out == {
        name: f"The soma {name!r} ({POINTS[name]}) of spark-guests is left out: {why}." for name, why in reasons.items()
    }
    assert sorted(log.splitlines()) == sorted(left_out.values())


def test_the_page_is_built_with_the_guest_and_beside_the_broken(guests: Path) -> None:
    source = """
        import json
        from bokeh.models import Range1d, Span
        from app.run.shot import Shot
        from app.sidebar.row_specs import model_rows
        from app.views.traces import Traces
        from app.session.session import Session
        from app.sidebar.sidebar import Sidebar
        session = Session()
        sidebar = Sidebar(session, lambda change: change(), lambda values, rest: None)
        session.choose_model("GuestSoma")
        sidebar.show()
        told = [getattr(part, "object", "") for part in sidebar.objects]
        recording = session.job().run()
        traces, shot = Traces(Range1d(0, 1000), Span()), Shot(recording, 0.0, recording.duration, 1)
        assert traces.data(shot)["spark:second"]["y"].size and traces.fit(shot) and traces.describe(shot)
        paths = [row["key"] for row in model_rows(session)]
        print(json.dumps([paths, [text for text in told if isinstance(text, str) and text], recording.steps]))
    """
    (paths, (told, *_), steps), _ = with_guests(guests, source)
    assert "config.adaptation_tau" in paths and steps > 1000
    assert told.count("is left out") == len(POINTS) - 2


def test_the_tests_of_the_catalogue_take_the_guest_in(guests: Path) -> None:
    source = """
        import json, pytest
        names = []
        class Names:
            def pytest_runtest_logreport(self, report):
                if report.when == "call":
                    names.append([report.nodeid.split("::")[1], report.outcome])
        wanted = ["tests/test_catalogue.py", "-k", "GuestSoma and (fires or described)"]
        pytest.main(["-q", "-p", "no:cacheprovider", "-n", "0", *wanted], plugins=[Names()])
        print()
        print(json.dumps(names))
    """
    names, _ = with_guests(guests, source)
    assert sorted(names) == [
        ["test_every_quantity_is_described[GuestSoma]", "passed"],
        ["test_fires_under_the_default_stimulus[GuestSoma]", "passed"],
    ]
