"""What a picture message holds."""

import json
from typing import Any

import numpy as np

from app.client.picture import Picture


class Told(Picture):
    """Keeps what is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, Any]] = []

    def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    @property
    def head(self) -> dict[str, Any]:
        return json.loads(self.sent[-1]["head"])

    @property
    def names(self) -> list[str]:
        """The sources of the last message."""
        return list(self.head["layout"])


def sources(**values: float) -> dict[str, dict[str, np.ndarray]]:
    return {name: {"x": np.arange(3.0), "y": np.full(3, value)} for name, value in values.items()}


def test_arrays_lie_where_the_layout_says() -> None:
    picture = Told()
    image = np.arange(6, dtype=np.uint8).reshape(2, 3)
    picture.paint(7, {"spark:a": {"x": np.array([1.5, 2.5]), "i": image}, "spark:b": {"x": np.empty(0)}}, {})
    (message,) = picture.sent
    layout, data = picture.head["layout"], message["data"]
    assert picture.head["revision"] == 7
    at, size, kind, shape = layout["spark:a"]["x"]
    assert (kind, shape) == ("f4", None) and at % 8 == 0
    np.testing.assert_array_equal(np.frombuffer(data, "<f4", size, at), [1.5, 2.5])
    at, size, kind, shape = layout["spark:a"]["i"]
    assert kind == "u1" and at % 8 == 0
    np.testing.assert_array_equal(np.frombuffer(data, "u1", size, at).reshape(shape), image)
    assert layout["spark:b"]["x"][1] == 0


def test_what_the_page_shows_already_is_not_sent_again() -> None:
    picture = Told()
    picture.paint(1, sources(a=1, b=1), {})
    assert picture.names == ["a", "b"]
    picture.paint(2, sources(a=1, b=2), {})
    assert picture.names == ["b"]
    picture.paint(3, sources(a=1, b=2), {})
    assert picture.names == [] and picture.head["revision"] == 3  # it is acknowledged all the same
    picture.add(sources(b=3))
    assert picture.names == ["b"]
    sent = len(picture.sent)
    picture.add(sources(b=3))
    assert len(picture.sent) == sent
    picture.paint(4, sources(a=1, b=2), {})
    assert picture.names == ["b"]


def test_a_new_page_gets_everything() -> None:
    picture = Told()
    picture.paint(1, sources(a=1), {})
    picture.receive({"type": "ready", "columns": 800})
    picture.paint(2, sources(a=1), {})
    assert picture.names == ["a"]
    assert picture.columns == 800
