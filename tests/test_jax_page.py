"""docs/jax.md: every block runs, one after the other, and does what the page says."""

import re
from pathlib import Path
from typing import Any

import numpy as np

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "jax.md").read_text("utf-8")


def test_every_block_runs() -> None:
    """With the words of the text: the network fires, the first spike is where it was asked for, modules keep states."""
    names: dict[str, Any] = {}
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    assert len(blocks) == 8
    for block in blocks:
        exec(compile(block, "docs/jax.md", "exec"), names)
    told = re.search(r"moves from ([\d.]+) ms to ([\d.]+) ms", PAGE)
    assert told is not None
    np.testing.assert_allclose([names["before"], names["after"]], [float(x) for x in told.groups()], atol=0.05)
    assert 100 < names["spikes"].sum() < 5000
    np.testing.assert_array_equal(names["one"], names["other"])
    assert (names["one"] > -70.0).all(), "ten steps of a module are ten steps of its soma"
    assert names["table"].values.shape == (len(names["table"]), len(names["table"].fields))
