"""How far a run is, in words."""

import pytest

from app.run.progress import progress


@pytest.mark.parametrize(
    ("neurons", "done", "left", "words"),
    [
        (10_000, 0.42, 6.2, "Simulating 10,000 neurons … 42%, about 6 s left"),
        (1, 0.004, None, "Simulating 1 neuron … 0%"),
        (2, 0.994, 0.2, "Simulating 2 neurons … 99%, about 1 s left"),
        (2, 0.1, 100.0, "Simulating 2 neurons … 10%, about 2 min left"),
        (2, 1.0, 0.0, "Drawing …"),
    ],
)
def test_words(neurons: int, done: float, left: float | None, words: str) -> None:
    assert progress(neurons, done, left) == {"part": done, "words": words}
