"""What docs/export.md shows works as it stands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import spark
from benchmarks.javascript_engine import DENO
from benchmarks.page import ROOT

PAGE = (ROOT / "docs" / "export.md").read_text("utf-8")


def test_its_block_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    exec(compile(block, "export.md", "exec"), {})
    printed = capsys.readouterr().out
    for expected in (
        "import spark",
        "from brian2 import",
        "import nest",
        r"\begin{tabular}",
        "Naud R",
        "agrees to",
        "export function run",
    ):
        assert expected in printed


@pytest.mark.usefixtures("x64")
def test_its_page_runs(tmp_path: Path) -> None:
    """The module is written as it is said there, the script is run in Deno, and Spark gives the same."""
    (command,) = re.findall(r'```sh\npython -c "(.*?)" > adex.js\n```', PAGE)
    printed = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)
    (tmp_path / "adex.js").write_text(printed.stdout, "utf-8")
    (block,) = re.findall(r"```js\n(.*?)```", PAGE, re.S)
    (tmp_path / "page.js").write_text(block, "utf-8")
    own = {"DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}
    script = [str(DENO), "run", "--quiet", "--allow-read", str(tmp_path / "page.js")]
    said = subprocess.run(script, capture_output=True, text=True, check=True, env=own).stdout
    stimulus = spark.stimuli.Step(amplitude=600.0, onset=50.0, duration=400.0)
    run = spark.simulate(spark.nn.somas.AdaptiveExponentialSoma(), stimulus, duration=500.0, record=("adaptation",))
    assert said.splitlines() == [
        f"{run.spike_count} spikes, the first at {run.spike_times[0][0]:.3f} ms",
        f"w = {run.adaptation[-1, 0]:.3f} pA in the end",
        "noise fires it as well",
    ]
