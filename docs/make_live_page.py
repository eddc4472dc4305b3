"""The example of docs/live_page.md: `python -m docs.make_live_page` writes assets/live-page.html."""

from __future__ import annotations

from pathlib import Path

from app.static_page import live_page
from spark.nn.somas import AdaptiveExponentialSoma
from spark.stimuli import Step

FILE = Path(__file__).resolve().parents[1] / "assets" / "live-page.html"


def page() -> str:
    """Adaptation under two sliders."""
    return live_page(
        AdaptiveExponentialSoma(adaptation_delta=80.0),
        Step(amplitude=600.0),
        duration=600.0,
        show=["phase"],
        sliders=["amplitude", "adaptation_delta", "adaptation_tau"],
        title="Adaptation slows a neuron down",
        text="Raise the current, then the adaptation. What happens to the intervals, and where does the orbit turn?",
    )


if __name__ == "__main__":
    FILE.write_text(page(), "utf-8")
