"""The page that is saved: everything that was run, in one file that needs no server, no network and trusts no text."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from app.export.page import STATE, standalone
from app.export.parameters import Row, rows, state_text
from app.run.shot import Shot
from app.session.share import from_dict, to_dict
from tests.app.side import session_of


class Read(HTMLParser):
    """Cells of the table, the state, and what is fetched from elsewhere."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.state = ""
        self.fetched: list[str] = []
        self.tags: list[str] = []
        self._in = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.tags.append(tag)
        self._in = STATE if known.get("id") == STATE else tag
        self.fetched += [value for name in ("src", "href") if (value := known.get(name))]

    def handle_data(self, data: str) -> None:
        if self._in == STATE:
            self.state += data
        elif self._in == "td":
            self.cells.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._in = ""


@pytest.fixture(scope="module")
def made() -> tuple[Any, Shot]:
    session = session_of("AdaptiveExponentialSoma", run__units=4, spread__potential_tau=2.0, run__duration=200.0)
    return session, Shot(session.job().run(), 50.0, 120.0, 1, spread=session.job().spread)


def test_it_has_every_value_the_state_and_fetches_nothing(made: tuple[Any, Shot]) -> None:
    session, shot = made
    page = standalone(shot, False, rows(session), state_text(to_dict(session)))
    read = Read(page)
    assert not read.fetched and "<td>V<sub>rest</sub></td>" in page.decode()
    assert to_dict(from_dict(json.loads(read.state))) == to_dict(session)
    for row in rows(session):
        at = [k for k, cell in enumerate(read.cells) if cell == row.words]
        assert any(row.value in read.cells[k : k + 3] for k in at), row
    text = page.decode()
    assert '"start":50.0,"end":120.0' in text.replace(" ", ""), "the zoom that is shown"
    assert '"reset_start":0.0,"reset_end":200.0' in text.replace(" ", ""), "and the way back to the whole run"


def test_no_text_of_a_run_becomes_a_part_of_the_page(made: tuple[Any, Shot]) -> None:
    bad = "</script><img src=x onerror=alert(1)><b>&amp;"
    page = standalone(made[1], True, [Row(bad, bad, bad, bad, bad)], json.dumps({"title": bad}))
    read = Read(page)
    assert json.loads(read.state) == {"title": bad}
    assert "img" not in read.tags and "b" not in read.tags and not read.fetched
    assert read.cells.count(bad) >= 3
