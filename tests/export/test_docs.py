"""What docs/export.md shows works as it stands."""

import re

import pytest

from benchmarks.page import ROOT


def test_its_block_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "export.md").read_text("utf-8"), re.S)
    exec(compile(block, "export.md", "exec"), {})
    printed = capsys.readouterr().out
    for expected in ("import spark", "from brian2 import", "import nest", r"\begin{tabular}", "Naud R", "agrees to"):
        assert expected in printed
