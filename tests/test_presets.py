"""Every published parameter set fires when its converged solution does."""

import numpy as np
import pytest

from spark.presets import Preset, presets
from tests.common import SOMAS, assert_times

ALL = presets()
# Chaotic (Naud et al. 2008, figure 4h): errors grow tenfold every two spikes, so only the first can be compared.
CHAOTIC = {"naud2008_irregular": 4}
# Each pause between bursts multiplies the error of the last: 0.6 ms was measured after 32 spikes at dt = 0.1 ms.
SENSITIVE = {"naud2008_delayed_regular_bursting": 1.0}


@pytest.mark.parametrize("preset", ALL.values(), ids=ALL)
def test_spikes(preset: Preset) -> None:
    got, expected = preset.run(record=()).spike_times[0], np.asarray(preset.expected["spike_times_ms"])
    if preset.id in CHAOTIC:
        first = CHAOTIC[preset.id]
        assert_times(got[:first], expected[:first], within=0.5)
        assert len(got) == pytest.approx(len(expected), rel=0.3)
    else:
        assert len(expected) == preset.expected["n_spikes"]
        assert_times(got, expected, within=SENSITIVE.get(preset.id, 0.5))


@pytest.mark.parametrize("preset", ALL.values(), ids=ALL)
def test_provenance(preset: Preset) -> None:
    assert preset.soma in SOMAS
    assert preset.citation and preset.verdict and preset.title and preset.pattern and preset.shows
    assert preset.doi.startswith("10.") or "http" in preset.doi or preset.doi == ""
    assert preset.make_stimulus().sample(10, 0.1).shape == (10, 1)


def test_the_promised_sets_are_there() -> None:
    assert len([key for key in ALL if key.startswith("naud2008")]) >= 8
    assert {f"izhikevich2003_{name}" for name in ("rs", "ib", "ch", "fs", "tc", "rz", "lts")} <= set(ALL)
    assert presets("LeakySoma").keys() < ALL.keys()
    assert presets(SOMAS["IzhikevichSoma"]).keys() == {k for k, p in ALL.items() if p.soma == "IzhikevichSoma"}
