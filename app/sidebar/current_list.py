"""A list of currents as people write it, and back: the samples of a stimulus that is given one by one."""

from __future__ import annotations

import re
from typing import Any

_GAPS = "\u00a0\u2007\u2009\u202f'\u2019"
"""What stands between thousands; a plain blank separates numbers here, as a row's box has but one."""
_NUMBER = re.compile(rf"([+-]?)([\d.,{_GAPS}]*\d[.,]?|nan|inf)(e[+-]?\d+)?(.*)", re.IGNORECASE)
_PLAIN = re.compile(r"\d+\.?\d*|\.\d+|nan|inf", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"\d+,\d*|,\d+")
_BY_GAPS = re.compile(rf"[1-9]\d{{0,2}}([{_GAPS}]\d{{3}})+([.,]\d*)?")
_BY_COMMAS = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
_BY_POINTS = re.compile(r"[1-9]\d{0,2}((\.\d{3}){2,}|(\.\d{3})+,\d*)")
_POWERS = {"": 0, "pA": 0, "nA": 3, "µA": 6, "μA": 6, "uA": 6, "mA": 9, "A": 12}
"""From a unit to a power of ten in pA."""


def as_text(samples: Any) -> str:
    """Samples as people type them, to the last digit that counts."""
    return ", ".join(f"{x:.15g}" for x in samples.ravel())


def from_text(text: str) -> list[float]:
    """The samples that a person typed, in pA or with units after each, or after the last for all.

    Semicolons, blanks, new lines and commas before a blank separate numbers. A comma within a number is that of its
    decimals ("0,5; 1,5"); where it could also separate numbers, or thousands, nothing is guessed.

    Raises:
        ValueError: something in it is no current, or can be read in two ways; says how to write it.
    """
    shown = text.strip()[:40]
    plain = re.sub("[\u2212\u2013]", "-", text.strip())
    apart = re.sub(r",(?=[ \t\r\n;]|$)", " ", plain)
    words = [word for word in re.split(r"[ \t\r\n;]+", apart) if word]
    numbers: list[str] = []
    units: list[str] = []
    for word in words:
        found = _NUMBER.fullmatch(word)
        if found:
            sign, body, exponent, unit = found.groups(default="")
            read = readings(body)
            separated = apart == plain and len(words) > 1
            clear = "," not in body or (separated and body.count(",") == 1)
            if len(read) > 1 or not clear or re.fullmatch(r"0\d+", body):
                raise ValueError(
                    f"“{shown}” can be read in two ways at “{body[:20]}”: put a semicolon or a blank between numbers, "
                    "nothing between thousands, and a point before decimals, such as 0.5; 200; 1500."
                )
            numbers += [sign + one + exponent for one in read]
            units += [unit for _ in read]
        if (not found and (not numbers or units[-1])) or (found and not read):
            raise _no_list(shown, word)
        if not found:
            units[-1] = word
    for unit in units:
        if unit not in _POWERS:
            raise _no_list(shown, unit)
    return _in_picoamperes(shown, numbers, units) or [0.0]


def _in_picoamperes(shown: str, numbers: list[str], units: list[str]) -> list[float]:
    if units and not any(units[:-1]):
        units = units[-1:] * len(units)
    if any(units) and any(float(number) and not unit for number, unit in zip(numbers, units, strict=True)):
        raise ValueError(f"Some currents of “{shown}” have units and some not: give each its own, or the last for all.")
    return [_times_ten(number, _POWERS[unit]) for number, unit in zip(numbers, units, strict=True)]


def _times_ten(number: str, power: int) -> float:
    """As if it had been written so: without a digit more."""
    digits, _, own = number.lower().partition("e")
    return float(f"{digits}e{int(own or 0) + power}") if digits[-1:].isdigit() or digits[-1:] == "." else float(number)


def _no_list(shown: str, word: str) -> ValueError:
    return ValueError(
        f"“{shown}” is not a list of numbers: “{word[:20]}” is none. "
        "Type currents in pA, such as 0, 200, 400, or with units, such as 0.2 nA; 0.4 nA."
    )


def readings(text: str) -> list[str]:
    """What an unsigned number may mean, as `decimal.js` has it: nothing, one number, or two ("1,500")."""
    found = []
    if _PLAIN.fullmatch(text):
        found.append(text)
    if _BY_GAPS.fullmatch(text):
        found.append(re.sub(f"[{_GAPS}]", "", text).replace(",", "."))
    if _BY_COMMAS.fullmatch(text):
        found.append(text.replace(",", ""))
    if _BY_POINTS.fullmatch(text):
        found.append(text.replace(".", "").replace(",", "."))
    if _DECIMAL_COMMA.fullmatch(text):
        found.append(text.replace(",", "."))
    return found
