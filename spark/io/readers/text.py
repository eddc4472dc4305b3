"""Tables of text: commas, semicolons, tabs or blanks between columns, decimal points or commas, a header or none."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

import numpy as np

from ...core.fault import Fault
from .assembled import from_columns
from .sweep import Sweep
from .units import known, said

DELIMITERS = ("\t", ";", ",", " ")
COMMENT = ("#", "%", "//")
LOOKED_AT = 200
"""Lines in which the numbers must begin."""
MOST_COLUMNS = 2_000
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eEdD][+-]?\d+)?|nan|NaN|inf|-inf")


@dataclass(frozen=True)
class Shape:
    """How a table is written.

    Attributes:
        delimiter: between columns; a blank stands for any number of them.
        comma: whether it is decimal.
        begin: the first line of numbers.
        titles: of the columns; None where there are none.
        width: how many columns there are.
    """

    delimiter: str
    comma: bool
    begin: int
    titles: list[str] | None
    width: int


def read(
    stream: IO[bytes], columns: Sequence[str] | Mapping[str, str] | None, dt: float | None, largest: int
) -> list[Sweep]:
    """The sweeps of a table.

    Args:
        stream: the file.
        columns: what the columns hold, where their titles do not say it.
        dt: ms, where there is no column of times.
        largest: bytes that its numbers may take.

    Raises:
        Fault: it is no such table; says which line.
    """
    text = _decoded(stream.read())
    lines = text.splitlines()
    shape = shape_of(lines)
    rows = len(lines) - shape.begin
    if 8 * rows * shape.width > largest:
        raise Fault(f"its numbers take {8 * rows * shape.width:,} bytes, of at most {largest:,}")
    values = _numbers(lines, shape)
    if shape.titles is None and columns is None:
        raise Fault(
            f"its {shape.width} columns have no titles: name them by columns=, such as "
            f"{example(shape.width)}{', and say dt=' if shape.width == 1 else ''}"
        )
    titles = shape.titles or [f"column {k + 1}" for k in range(shape.width)]
    told = said(titles, columns, "column")
    missing = [one.title for one in told if one is not None and one.quantity and not one.unit]
    if missing:
        raise Fault(
            f"the unit of {missing[0]!r} is not said: name the columns by columns=, such as {example(shape.width)}"
        )
    return from_columns(told, list(values.T), dt)


def example(width: int) -> str:
    """What columns= may be for so many."""
    names = ["time_ms", "potential_mV", "current_pA"] if width > 1 else ["current_pA"]
    return repr((names + [""] * width)[:width] if width <= 5 else [*names, "..."])


def shape_of(lines: Sequence[str]) -> Shape:
    """How this table is written."""
    looked = [(k, line) for k, line in enumerate(lines[:LOOKED_AT]) if line.strip()]
    plain = [(k, line) for k, line in looked if not line.lstrip().startswith(COMMENT)]
    for delimiter in DELIMITERS:
        for comma in (False, True) if delimiter != "," else (False,):
            first = next((k for k, line in plain if _is_row(split(line, delimiter), comma)), None)
            if first is None:
                continue
            width = len(split(lines[first], delimiter))
            if delimiter == " " or width > 1:
                return Shape(delimiter, comma, first, _titles(plain, first, delimiter, width), width)
    raise Fault("it is no table of numbers: none of its first lines is a row of them")


def split(line: str, delimiter: str) -> list[str]:
    """The cells of a line; an empty one at its end is none."""
    cells = (
        line.split() if delimiter == " " else [cell.strip().strip('"') for cell in line.rstrip("\r\n").split(delimiter)]
    )
    return cells[:-1] if len(cells) > 1 and not cells[-1] else cells


def _is_row(cells: Sequence[str], comma: bool) -> bool:
    whole = bool(cells) and all(NUMBER.fullmatch(cell) for cell in cells)
    return whole and (comma or not any("," in cell for cell in cells)) and len(cells) <= MOST_COLUMNS


def _titles(plain: Sequence[tuple[int, str]], first: int, delimiter: str, width: int) -> list[str] | None:
    """From the line before the numbers; from the two before where the last one has units alone."""
    above = [split(line, delimiter) for k, line in plain if k < first]
    above = [cells for cells in above if len(cells) == width]
    if not above:
        return None
    if len(above) > 1 and all(known(cell.strip("()[]")) for cell in above[-1] if cell):
        units = [cell.strip("()[]") for cell in above[-1]]
        return [f"{name} ({unit})" if unit else name for name, unit in zip(above[-2], units, strict=True)]
    return above[-1]


def _numbers(lines: Sequence[str], shape: Shape) -> np.ndarray:
    kept = [line for line in lines[shape.begin :] if line.strip() and not line.lstrip().startswith(COMMENT)]
    text = "\n".join(kept).replace('"', "")
    if shape.comma:
        text = text.replace(",", ".")
    text = re.sub(r"(?<=\d)[dD](?=[+-]?\d)", "e", text) if re.search(r"\d[dD][+-]?\d", text[:2000]) else text
    delimiter = None if shape.delimiter == " " else shape.delimiter
    if delimiter is not None and split(kept[0], delimiter) != kept[0].split(delimiter):
        text = "\n".join(line.rstrip().removesuffix(delimiter) for line in text.split("\n"))
    try:
        return np.loadtxt(io.StringIO(text), delimiter=delimiter, ndmin=2)
    except ValueError as error:
        raise Fault(f"not all of its lines are {shape.width} numbers ({_where(str(error), shape.begin)})") from None


def _where(said: str, begin: int) -> str:
    """NumPy's words on a row of the numbers, with the line of the file."""
    row = re.search(r"row (\d+)", said)
    return f"{said.split(' at row')[0].split('; use')[0]}, about line {int(row[1]) + begin + 1}" if row else said


def _decoded(content: bytes) -> str:
    for mark, coding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            try:
                return content.decode(coding)
            except UnicodeDecodeError:
                raise Fault(f"it begins as {coding} and is not") from None
    if b"\0" in content:
        raise Fault("it is neither a table nor a kind of recording that is known (CSV, NPZ, ABF, NWB, IBW)")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")
