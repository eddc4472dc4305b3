"""The page of somas says what they declare."""

from docs import make_somas
from tests.common import OWN


def test_the_page_of_somas_is_true() -> None:
    told = make_somas.FILE.read_text("utf-8")
    assert told == make_somas.page(), "make it again: python -m docs.make_somas"
    assert [line.removeprefix("## ") for line in told.splitlines() if line.startswith("## ")] == [
        kind.title for kind in OWN.values()
    ]
