"""Scenes of the real app: how many neurons, for how long, how strongly driven."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.session.session import Session
from tests.browser.explorer import Explorer

SLIDER = "config.resistance"
PART = (362.0, 469.0)
"""The part of the slider's 1000 that is used: 0.034 to 0.06 GΩ, in which the default model fires."""
SPREAD = 1.0
"""Standard deviation of the threshold, mV, so that neurons differ."""


@dataclass(frozen=True)
class Scene:
    """Values that are typed into rows, by tab."""

    name: str
    units: int
    run: dict[str, float] = field(default_factory=dict)
    stimulus: dict[str, float] = field(default_factory=dict)

    def values(self) -> dict[str, float]:
        """By path."""
        spread = {"spread.threshold": SPREAD} if self.units > 1 else {}
        return self.run | self.stimulus | {"run.units": self.units} | spread

    def spikes(self) -> tuple[int, int]:
        """Spikes and steps of the run."""
        session = Session()
        session.set(self.values())
        recording = session.job().run()
        return sum(map(len, recording.spike_times)), recording.steps

    def enter(self, page: Explorer) -> None:
        """Type them into the page, one after the other."""
        page.page.get_by_role("button", name="Reset all", exact=True).click()
        page.assert_unchanged()
        values = self.values()
        tabs = {"Stimulus": ("stimulus.",), "Simulation": ("run.duration",), "Population": ("run.units", "spread.")}
        for tab, prefixes in tabs.items():
            page.tab(tab)
            for key, value in values.items():
                if key.startswith(prefixes) and value != page.value(key):
                    before = page.revision
                    page.type(key, f"{value:g}")
                    page.wait("probe.revision() > a && probe.error() === ''", before)
        page.tab("Stimulus")


NEURONS = [
    Scene("1 neuron", 1),
    Scene("10 neurons", 10),
    Scene("100 neurons", 100),
]
POPULATIONS = [
    Scene("10² spikes", 100, stimulus={"stimulus.0.duration": 14.0, "stimulus.0.amplitude": 700.0}),
    Scene("10³ spikes", 100, stimulus={"stimulus.0.duration": 80.0, "stimulus.0.amplitude": 700.0}),
    Scene("10⁴ spikes", 100, stimulus={"stimulus.0.amplitude": 700.0}),
    Scene("10⁵ spikes", 1000, {"run.duration": 500.0}, {"stimulus.0.onset": 10.0, "stimulus.0.amplitude": 1000.0}),
]
