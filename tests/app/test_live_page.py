"""A live page: what it is made of, and that its few rules of its own are those of the app."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.keep import link
from app.run.readouts import readouts
from app.session.session import Session
from app.session.share import to_dict
from app.static_page import live_page
from app.static_page.__main__ import main
from app.static_page.live_page import LARGEST, of_session
from docs import make_live_page
from spark.analysis import classify
from spark.nn.initializers import Normal
from spark.nn.somas import AdaptiveExponentialSoma, IzhikevichSoma, LeakySoma
from spark.presets import presets
from spark.stimuli import Array, OrnsteinUhlenbeck, PulseTrain, Sine, Step, catalogue
from tests.common import SOMAS

CLIENT = Path(__file__).parents[2] / "app" / "client" / "standalone"
DENO = Path(sys.executable).with_name("deno")


def told(page: str) -> Any:
    """What a page was made of."""
    found = re.search(r"^const content = (.*)$", page, re.MULTILINE)
    assert found is not None
    return json.loads(found[1].replace("<\\/", "</").replace("<\\!--", "<!--"))


def run(code: str, given: Any, tmp_path: Path) -> Any:
    """What a module of JavaScript says that is given data."""
    (tmp_path / "given.json").write_text(json.dumps(given))
    (tmp_path / "main.mjs").write_text(
        f"const given = JSON.parse(Deno.readTextFileSync({json.dumps(str(tmp_path / 'given.json'))}))\n{code}"
    )
    command = [str(DENO), "run", "--no-config", "--allow-read", str(tmp_path / "main.mjs")]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    return json.loads(done.stdout)


def trains(count: int) -> list[dict[str, Any]]:
    """Spike trains of all patterns and of none, as plain data."""
    rng, found = np.random.default_rng(0), []
    for k in range(count):
        start, end = 50.0, float(rng.uniform(300, 1000))
        kind = k % 6
        n = int(rng.integers(0, 40))
        if kind == 0:
            times = rng.uniform(0, 1200, n)
        elif kind == 1:  # adapting, tonic, accelerating
            times = start + rng.uniform(0, 100) + np.cumsum(rng.uniform(5, 40) * rng.uniform(0.9, 1.15) ** np.arange(n))
        elif kind == 2:  # bursts
            each = int(rng.integers(2, 6))
            gaps = np.where(np.arange(n) % each, rng.uniform(2, 6), rng.uniform(20, 90))
            times = start + np.cumsum(gaps * rng.uniform(0.95, 1.05, n))
        elif kind == 3:  # noise
            times = start + np.cumsum(rng.gamma(rng.uniform(1, 10), 5, n))
        elif kind == 4:  # a first burst
            times = start + np.cumsum(np.r_[rng.uniform(2, 4, min(n, 4)), rng.uniform(30, 60, max(n - 4, 0))])
        else:  # after the stimulus
            times = end + np.cumsum(rng.uniform(2, 20, n // 4))
        found.append({"times": np.sort(times).tolist(), "window": [start, end], "noisy": bool(rng.integers(2))})
    return found


class Ran:
    """A recording as far as read-outs look at it."""

    units, dt = 1, 0.1

    def __init__(self, times: list[float]) -> None:
        self.spike_times = [np.array(times)]


def test_patterns_and_read_outs_are_those_of_the_app(tmp_path: Path) -> None:
    """Of 3,000 trains: the same words, the same digits."""
    given = trains(3000)
    code = f"""import {{classify, readouts}} from {json.dumps(str(CLIENT / "firing.js"))}
    console.log(JSON.stringify(given.map(({{times, window, noisy}}) =>
        [classify(times, ...window, noisy).pattern, readouts(times, window, noisy, 0.1)])))"""
    seen = set()
    for one, (pattern, list_) in zip(given, run(code, given, tmp_path), strict=True):
        window = tuple(one["window"])
        firing = classify(np.array(one["times"]), *window, noisy=one["noisy"])
        seen.add(pattern)
        assert pattern == str(firing), one
        expected: Any = readouts(Ran(one["times"]), window, firing)  # type: ignore[arg-type]
        assert list_ == [list(line) for line in expected], one
    assert len(seen) > 12


def test_while_the_stimulus_is_on(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    cases: list[tuple[Any, float]] = []
    for k in range(200):
        duration = float(rng.uniform(100, 1500))
        parts = [
            (Step, PulseTrain, Sine)[int(rng.integers(3))](onset=float(rng.choice([0.0, 50.0])), duration=float(length))
            for length in rng.uniform(10, 2000, 1 + k % 3)
        ]
        cases.append((sum(parts), duration))
    cases.append((Array(samples=np.ones(5), interval=10.0) + Step(onset=0.0, duration=1e6), 80.0))
    given = [{"parts": [part.to_dict() | {"samples": []} for part in s.parts], "duration": d} for s, d in cases]
    code = f"""import {{windowOf}} from {json.dumps(str(CLIENT / "window.js"))}
    console.log(JSON.stringify(given.map(({{parts, duration}}) => windowOf(parts, ["Step"], duration))))"""
    for (stimulus, duration), found in zip(cases, run(code, given, tmp_path), strict=True):
        assert found == pytest.approx(stimulus.window(duration)), (stimulus, duration)


def test_values_are_refused_as_in_the_app_and_leave_as_a_link_to_it(tmp_path: Path) -> None:
    session = Session()
    session.choose_preset("naud2008_tonic")
    state = told(of_session(session))["states"][0]
    code = f"""import {{Values}} from {json.dumps(str(CLIENT / "values.js"))}
    import {{packed}} from {json.dumps(str(CLIENT / "leaving.js"))}
    const values = new Values(given)
    const refused = Object.fromEntries([["config.potential_tau", 0], ["config.potential_tau", -1],
        ["config.potential_tau", 12], ["config.dt", NaN], ["stimulus.0.amplitude", 1e9], ["config.nothing", 1]]
        .map(([key, value]) => [`${{key}} ${{value}}`, values.refused(key, value)]))
    values.of["config.potential_reset"] = 50
    const contradiction = values.contradiction
    values.of["config.potential_reset"] = -60
    values.of["config.potential_tau"] = 12
    values.of["stimulus.0.amplitude"] = 700
    values.of["run.duration"] = 400
    console.log(JSON.stringify({{refused, contradiction, changed: values.changed, steps: values.steps,
        p: values.parameters, stimulus: values.stimulus, link: await packed({{state: values.session}})}}))"""
    found = run(code, state, tmp_path)
    refused = found["refused"]
    assert refused["config.potential_tau 12"] == ""
    for value in (0, -1):
        words = f"The membrane time constant must be greater than 0 ms, not {value} ms."
        assert refused[f"config.potential_tau {value}"] == words
    assert refused["config.dt NaN"] == "The time step must be a number."
    assert "at most" in refused["stimulus.0.amplitude 1000000000"] and "There is no" in refused["config.nothing 1"]
    assert re.search("reset potential .50. must stay below the spike cut-off .0.", found["contradiction"])
    assert len(found["changed"]) == 4 and found["steps"] == round(400 / session.config.dt)
    assert found["p"]["potential_tau"] == 12 and found["stimulus"][0]["amplitude"] == 700
    restored, _ = link.read(found["link"])
    assert restored.get("config.potential_tau") == 12 and restored.get("stimulus.0.amplitude") == 700
    assert restored.preset is session.preset and restored.get("run.duration") == 400


@pytest.mark.parametrize("name", SOMAS)
def test_every_model_has_its_page(name: str) -> None:
    session = Session()
    session.choose_model(name)
    page = of_session(session, title="</script><b>&")
    content = told(page)
    assert len(page.encode()) <= LARGEST and page.count("</script>") == 2 and content["title"] == "</script><b>&"
    assert not re.search(r"src=\"?https?:|<link|url\(|@import", page)
    assert [state["id"] for state in content["states"]] == ["saved", *presets(name)]
    keys = {row["key"] for row in content["states"][0]["rows"]}
    assert {f"config.{field}" for field in session.fields} <= keys and "run.duration" in keys
    assert content["states"][0]["session"] == json.loads(json.dumps(to_dict(session)))


def test_what_is_shown_is_chosen(tmp_path: Path) -> None:
    soma, step = AdaptiveExponentialSoma(adaptation_delta=80.0), Step(amplitude=600.0)
    path = tmp_path / "page.html"
    chosen: dict[str, Any] = {"sliders": ["amplitude", "adaptation_delta"], "locked": ["adaptation_delta"]}
    page = live_page(soma, step, path, duration=500.0, show=["phase"], title="One", text="Two", **chosen)
    assert path.read_text("utf-8") == page
    content = told(page)
    state = content["states"][0]
    assert [row["key"] for row in state["rows"]] == ["config.adaptation_delta"]
    assert state["rows"][0]["default"] == state["rows"][0]["value"] == 80.0
    assert [(row["key"], row["group"]) for row in state["driven"]] == [("stimulus.0.amplitude", "Step")]
    both = told(live_page(soma, step + step))["states"][0]["driven"]
    assert {row["group"] for row in both} == {"Step 1", "Step 2"} and not any("part" in row for row in both)
    assert (state["locked"], content["show"], content["text"]) == (["config.adaptation_delta"], ["phase"], "Two")
    assert state["parameters"]["adaptation_delta"] == 80.0 and state["duration"] == 500.0
    assert told(live_page(LeakySoma(), 2 * OrnsteinUhlenbeck(), initial={"potential": -60.0}))["states"][0]["initial"]


def test_what_cannot_be_shown_says_so() -> None:
    soma, step = LeakySoma(), Step()
    with pytest.raises(ValueError, match="there is no slider 'thresold': there are amplitude, dt, duration"):
        live_page(soma, step, sliders=["thresold"])
    with pytest.raises(ValueError, match="show names 'raster': a live page can show phase, fi"):
        live_page(soma, step, show=["raster"])
    with pytest.raises(ValueError, match="A live page is of one neuron"):
        live_page(LeakySoma(threshold=Normal(-50.0, 1.0), units=(3,)), step)
    with pytest.raises(TypeError, match="an export takes a stimulus"):
        live_page(soma, 500.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"The page would have .* of at most 2,500,000"):
        live_page(soma, Array(samples=np.random.default_rng(0).normal(size=200_000)))


def test_the_command_writes_it_or_says_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.html"
    assert main(["naud2008_tonic", str(path), "--sliders", "amplitude", "--text", "Raise it."]) == 0
    content = told(path.read_text("utf-8"))
    assert content["title"] == presets()["naud2008_tonic"].title and content["text"] == "Raise it."
    assert main(["LeakySoma", str(tmp_path / "no" / "page.html")]) == 1
    assert main(["nothing", str(path)]) == 1
    assert "neither a preset nor a model 'nothing'" in capsys.readouterr().err


def test_the_example_is_that_of_today() -> None:
    """Made again by `python -m docs.make_live_page`.

    But for KaTeX, which comes with Panel, and for what is printed of traces: another release of JAX may compute the
    same in other steps. tests/export holds those to the library, whatever the release.
    """

    def own(page: str) -> str:
        text = page[: page.index("<script>")] + page[page.index('<script type="module">') :]
        return re.sub(r"(\\n|\n) *(const x\d+ =|return Math)[^\n]*?(?=\\n|\n)", "", text)

    assert own(make_live_page.FILE.read_text("utf-8")) == own(make_live_page.page())


@pytest.mark.parametrize("name", sorted(catalogue().keys() - {"Sum"}))
def test_values_without_a_row_are_those_of_the_state(name: str, tmp_path: Path) -> None:
    """Of every stimulus with one slider or none: nothing contradicts, everything is there."""
    state = told(live_page(LeakySoma(), catalogue()[name](), sliders=["potential_tau"]))["states"][0]
    code = f"""import {{Values}} from {json.dumps(str(CLIENT / "values.js"))}
    const values = new Values(given)
    console.log(JSON.stringify([values.contradiction, values.stimulus, values.parameters]))"""
    contradiction, stimulus, parameters = run(code, state, tmp_path)
    assert contradiction == "" and stimulus == state["stimulus"] and parameters == state["parameters"]


def test_a_longer_run_takes_its_stimulus_along_as_in_the_app(tmp_path: Path) -> None:
    session = Session()
    session.choose_preset("naud2008_tonic")
    state = told(of_session(session))["states"][0]
    code = f"""import {{Values}} from {json.dumps(str(CLIENT / "values.js"))}
    const values = new Values(given)
    const more = values.set("run.duration", 1000)
    const strange = ["toString", "stimulus.0.seed"].map((key) => values.refused(key, 1.5))
    console.log(JSON.stringify([values.stimulus[0].duration, more, strange]))"""
    duration, more, strange = run(code, state, tmp_path)
    session.set({"run.duration": 1000.0})
    assert duration == session.get("stimulus.0.duration") == more["stimulus.0.duration"] > 900
    assert all(strange)


def test_a_session_shown_by_its_capacitance_has_rows_that_work() -> None:
    session = Session()
    session.choose_model("AdaptiveExponentialSoma")
    session.show_capacitance(True)
    keys = {row["key"] for row in told(of_session(session))["states"][0]["rows"]}
    assert "config.potential_tau" in keys and not any(key.startswith("membrane") for key in keys)
    assert session.capacitive


def test_a_current_of_several_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="its current has 2 columns, give one"):
        live_page(LeakySoma(), Array(samples=np.ones((3, 2))))


def test_names_are_found_in_every_preset() -> None:
    """A preset with four steps has four amplitudes, all of them shown and locked."""
    page = live_page(IzhikevichSoma(), Step(), sliders=["amplitude"], locked=["amplitude"])
    four = next(state for state in told(page)["states"] if len(state["stimulus"]) > 2)
    assert len(four["driven"]) == len(four["locked"]) == len(four["stimulus"])
