"""Codes that can be read out, names that are text, and a door that does not let guess."""

import math
import re

import pytest

from app.classroom import codes, limits
from app.classroom.codes import Doorkeeper


def test_codes_are_drawn_from_all_of_the_alphabet() -> None:
    drawn = [codes.code() for _ in range(2000)]
    assert {len(code) for code in drawn} == {6} and set("".join(drawn)) == set(codes.ALPHABET)
    assert len(set(drawn)) > 1990 and not set("AEIOUYL01") & set(codes.ALPHABET)
    assert all(codes.spelled(code) == code for code in drawn)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("k7t4xm", "K7T4XM"),
        (" K7T-4XM\n", "K7T4XM"),
        ("k 7 t\u00a04\u2013x.m", "K7T4XM"),
        ("ssbzg2", "558262"),
        ("k7t4x", ""),
        ("k7t4xmm", ""),
        ("k7t4x0", ""),
        ("K7T4X\u0130", ""),
        ("\uff2b7T4XM", ""),
        ("", ""),
        ("k" * 10_000, ""),
        (None, ""),
        (742433, ""),
    ],
)
def test_a_code_is_forgiven_how_it_is_typed(typed: object, meant: str) -> None:
    assert codes.spelled(typed) == meant


def test_a_token_is_known_by_its_digest_alone() -> None:
    token = codes.token()
    assert re.fullmatch(r"[0-9a-f]{32}", token) and token != codes.token()  # no "-" at the end of a link
    kept = codes.digest(token)
    assert codes.is_key(token, kept) and len(kept) == 64 and kept.startswith(codes.public(token))
    assert len(codes.public(token)) == 12
    for wrong in (codes.token(), kept, codes.public(token), "", None, 5, "\ud800", "é"):
        assert not codes.is_key(wrong, kept)
    assert not codes.is_key(token, None) and not codes.is_key(None, None)


def tries(door: Doorkeeper, address: str, now: float, most: int = 10_000) -> int:
    """How many are let try at this time."""
    return next((i for i in range(most) if door.knock(address, now)), most)


def test_an_address_has_twenty_tries_and_then_one_every_six_seconds() -> None:
    door = Doorkeeper()
    assert tries(door, "192.0.2.1", 100.0) == 20
    assert door.knock("192.0.2.1", 102.0) == pytest.approx(4.0)
    assert tries(door, "192.0.2.1", 106.0) == 1
    assert tries(door, "192.0.2.1", 166.0) == 10
    assert tries(door, "192.0.2.2", 166.0) == 20
    assert tries(door, "192.0.2.1", 1e9) == 20


def test_whoever_has_the_code_is_not_counted() -> None:
    door = Doorkeeper()
    for student in range(500):  # of one school, behind one address
        assert not door.knock("192.0.2.1", 100.0), student
        door.welcome("192.0.2.1", 100.0)
    assert tries(door, "192.0.2.1", 100.0) == 20
    door.welcome("192.0.2.2", 100.0)
    assert tries(door, "192.0.2.2", 100.0) == 20  # no more than there are


def test_all_addresses_together_are_limited_but_not_those_that_are_known() -> None:
    door = Doorkeeper()
    door.welcome("198.51.100.7", 0.0)
    assert sum(tries(door, f"192.0.2.{i}", 100.0) for i in range(100)) == 300
    assert door.knock("203.0.113.1", 101.0) == pytest.approx(1.0)
    assert tries(door, "198.51.100.7", 100.0) == 20
    assert not door.found("198.51.100.8", 100.0) and tries(door, "198.51.100.8", 100.0) == 20  # a teacher's
    assert sum(tries(door, f"192.0.2.{i}", 1100.0, 5) for i in range(200)) == 300


def test_the_years_that_guessing_takes_are_those_of_the_docstring() -> None:
    spoken = codes.__doc__ or ""
    number, year = len(codes.ALPHABET) ** codes.LENGTH, 365.25 * 86400
    door, end = Doorkeeper(), 1e5
    one = sum(tries(door, "192.0.2.1", float(now)) for now in range(int(end)))
    assert one == pytest.approx(20 + end / 6, abs=1)
    assert f"{number / 1e6:.0f} million" in spoken and f"{math.log2(number):.1f} bits" in spoken
    assert f"{number / 2 * 6 / year:.1f} years" in spoken and f"{number / 2 * 2 / year:.1f}" in spoken
    month = 30 * 86400
    assert f"{month / 6 / number:.1%}".replace("%", " %") in spoken
    assert f"{month / 2 / number:.1%}".replace("%", " %") in spoken
    assert number / 100 * 2 == pytest.approx(month, rel=0.15)


def test_addresses_of_one_machine_are_one() -> None:
    door = Doorkeeper()
    assert sum(tries(door, f"2001:db8:1:2::{i:x}", 100.0) for i in range(1, 50)) == 20
    assert tries(door, "2001:db8:1:2:ffff::%eth0", 100.0) == 0
    assert tries(door, "2001:db8:1:3::1", 100.0) == 20
    assert tries(door, "192.0.2.1", 100.0) == 20 and tries(door, "::ffff:192.0.2.1", 100.0) == 0
    assert tries(door, "no address", 100.0) == 20


def test_rooms_are_opened_twenty_at_a_time_by_one_address() -> None:
    door = Doorkeeper()
    assert [door.found("192.0.2.1", 5.0) for _ in range(20)] == [0] * 20
    assert door.found("192.0.2.1", 5.0) == pytest.approx(180.0)
    assert not door.found("192.0.2.2", 5.0)
    hour = [door.found("192.0.2.1", 5.0 + second) for second in range(1, 3601)]
    assert hour.count(0) == 20
    assert tries(door, "192.0.2.1", 5.0) == 20


def test_the_doorkeeper_remembers_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Doorkeeper, "REMEMBERED", 10)
    door = Doorkeeper()
    for i in range(256):
        door.knock(f"192.0.2.{i}", 1.0)
        door.welcome(f"192.0.2.{i}", 1.0)
        door.found(f"192.0.2.{i}", 1.0)
    assert [len(held) for held in (door._each._of, door._rooms._of, door._welcome)] == [10, 10, 10]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Ada \t Lovelace\n", "Ada Lovelace"),
        ('<b>Ada</b> & "co"', '<b>Ada</b> & "co"'),  # text, which whoever shows it escapes
        ("Ada\u202egnp.exe", "Adagnp.exe"),
        ("\u2067Ada\u2069\u200f", "Ada"),
        ("A\x00d\x1ba\x7f\u200b\ufeff", "Ada"),
        ("Ada\u2028Lovelace\u2029\r\nByron", "Ada Lovelace Byron"),
        ("e\u0301mile", "émile"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("\u200d\u200c", ""),
        ("\ud800\ue000", ""),
        ("x" * 39 + " yz", "x" * 39),
        ("x" * 100_000, "x" * 40),
        (" " * 100, ""),
        ("", ""),
        (None, ""),
        (5, ""),
    ],
)
def test_a_name_is_one_line_of_text(typed: object, name: str) -> None:
    assert limits.name(typed) == name
