"""Names and units of columns: which quantity they hold, and by what it is multiplied to be in mV, pA and ms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...core.fault import Fault

PREFIXES = {"f": -15, "p": -12, "n": -9, "u": -6, "µ": -6, "μ": -6, "m": -3, "": 0, "k": 3}
OURS = {"V": ("potential", -3), "A": ("current", -12), "s": ("time", -3)}
"""By symbol: the quantity, and the power of ten of the unit that Spark has it in."""
WORDS = {
    "volt": "V",
    "volts": "V",
    "millivolt": "mV",
    "millivolts": "mV",
    "ampere": "A",
    "amperes": "A",
    "amp": "A",
    "amps": "A",
    "picoampere": "pA",
    "picoamperes": "pA",
    "picoamps": "pA",
    "nanoamperes": "nA",
    "nanoamps": "nA",
    "second": "s",
    "seconds": "s",
    "sec": "s",
    "millisecond": "ms",
    "milliseconds": "ms",
    "msec": "ms",
    "microseconds": "us",
}
NAMES = {
    "time": ("time", "t", "times"),
    "potential": ("potential", "voltage", "v", "vm", "v_m", "v_mem", "vmem", "membrane_potential", "response"),
    "current": (
        "current",
        "i",
        "im",
        "i_m",
        "i_inj",
        "iinj",
        "injected_current",
        "stimulus",
        "stim",
        "command",
        "input",
    ),
    "spikes": ("spikes", "spike", "spike_times", "spike_time", "spiketimes"),
}
QUANTITIES = {name: quantity for quantity, names in NAMES.items() for name in names}
NUMBERED = re.compile(r"\s*[\[(#]?\s*(\d+)\s*[\])]?$")
IN_BRACKETS = re.compile(r"^(.*?)\s*[\[(/]\s*([^\W\d]+)\s*[\])]?\s*$")
AT_THE_END = re.compile(r"^(.*?)[_\s]+([^\W\d_]+)$")


@dataclass(frozen=True)
class Column:
    """What a column holds.

    Attributes:
        title: as the file has it.
        group: what the title says besides quantity, unit and number: the columns of one cell have the same.
        quantity: "time", "potential", "current", "spikes"; "" where that is not known.
        unit: as the file says it; "" where it says none.
        number: of the sweep, where the title has one.
        named: whether the name itself says the quantity, and not the unit alone.
    """

    title: str
    group: str
    quantity: str
    unit: str
    number: int | None
    named: bool

    @property
    def factor(self) -> float:
        """By what its values are multiplied."""
        return factor(self.unit, self.title)


def known(unit: str) -> tuple[str, int] | None:
    """The quantity that a unit measures, and the power of ten that makes it Spark's; None for any other unit."""
    text = unit.strip()
    text = WORDS.get(text.lower(), text)
    prefix, symbol = text[:-1], text[-1:]
    if prefix not in PREFIXES or symbol not in OURS:
        return None
    quantity, own = OURS[symbol]
    return quantity, PREFIXES[prefix] - own


def quantity_of(unit: str) -> str:
    """The quantity that a unit measures; "" for any other."""
    found = known(unit)
    return found[0] if found else ""


def factor(unit: str, title: str) -> float:
    """By what values in this unit are multiplied.

    Raises:
        Fault: it is no unit of potential, current or time.
    """
    found = known(unit)
    if found is None:
        raise Fault(f"{title} is in {unit or 'no unit'}, which is none of mV, pA, ms and their like")
    return float(10.0 ** found[1])


def column(title: str) -> Column:
    """What a title such as `potential_mV[3]`, `Vm (mV)`, `I_pA` or `t [s]` says."""
    text, number, unit = title.strip().strip("\"'"), None, ""
    found = NUMBERED.search(text)
    if found and found.start() > 0:
        number, text = int(found[1]), text[: found.start()]
    for shape in (IN_BRACKETS, AT_THE_END):
        fits = shape.match(text)
        if fits and known(fits[2]):
            text, unit = fits[1], fits[2]
            break
    if number is None:
        found = NUMBERED.search(text)
        if found and found.start() > 0:
            number, text = int(found[1]), text[: found.start()].rstrip("_ ")
    group, quantity = _named(text.strip("_ "))
    named = bool(quantity)
    if not quantity and unit:
        quantity = quantity_of(unit)
    return Column(title.strip(), group, quantity, unit, number, named)


def _named(text: str) -> tuple[str, str]:
    """(What else it says, the quantity) of a name: of all of it, otherwise of its last or its first word."""
    text = re.sub(r"[\s\-.]+", "_", text)
    words = text.lower()
    if words in QUANTITIES:
        return "", QUANTITIES[words]
    for name in sorted(QUANTITIES, key=len, reverse=True):
        if words.endswith(f"_{name}"):
            return text[: -len(name) - 1], QUANTITIES[name]
        if words.startswith(f"{name}_") and len(name) > 1:
            return text[len(name) + 1 :], QUANTITIES[name]
    return text, ""


def said(titles: Sequence[str], given: Sequence[str] | Mapping[str, str] | None, what: str) -> list[Column | None]:
    """What each column holds, as the caller says it, otherwise its title; None for one that is left out.

    Args:
        titles: as the file has them.
        given: what the caller says: one for each column, or by title.
        what: such as "column", for what is said.

    Raises:
        Fault: the caller says it of other columns.
    """
    if given is None:
        return [column(title) for title in titles]
    if isinstance(given, Mapping):
        strange = [name for name in given if name not in titles]
        if strange:
            raise Fault(f"it has no {what} {strange[0]!r}, only {', '.join(titles[:20])}")
        return [_given(given[title]) if title in given else column(title) for title in titles]
    if len(given) != len(titles):
        raise Fault(f"it has {len(titles)} {what}s, and columns names {len(given)}")
    return [_given(title) for title in given]


def _given(title: str) -> Column | None:
    return column(title) if title else None


def chosen(columns: Sequence[Column | None], quantity: str) -> list[int]:
    """Which columns hold this: those whose names say so, otherwise those whose unit does."""
    there = [(i, one.named) for i, one in enumerate(columns) if one is not None and one.quantity == quantity]
    return [i for i, named in there if named] or [i for i, _ in there]
