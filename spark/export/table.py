"""The quantities of a soma and its stimulus as a table."""

from __future__ import annotations

from typing import Any, Literal, get_args

import numpy as np

from ..core.config import Config
from ..core.quantity import Drawable, Quantity
from ..nn.components.somas import Soma
from ..stimuli import Array, Stimulus
from .asked import check_kinds

Format = Literal["markdown", "latex"]
HEAD = ("symbol", "quantity", "value", "unit")
UNITS = {"GΩ": r"G$\Omega$", "GΩ/ms": r"G$\Omega$/ms", "°": r"$^\circ$", "1/ms": r"ms$^{-1}$"}
"""Those that LaTeX writes otherwise."""


def parameter_table(soma: Soma, stimulus: Stimulus, format: Format = "markdown") -> str:
    """Every quantity of a soma and its stimulus: symbol, name, value, unit, as the quantities are declared.

    Values are the shortest text that reads back as the same number. One per unit is told as its range, an initializer
    by its distribution.

    Args:
        soma: the soma.
        stimulus: its stimulus; each part of a sum has its own rows.
        format: "markdown", or "latex" for a tabular that needs no package.

    Raises:
        TypeError: no soma, or no stimulus.
        ValueError: another format.
    """
    check_kinds(soma, stimulus)
    if format not in get_args(Format):
        raise ValueError(f"format = {format!r}: choose from {', '.join(get_args(Format))}.")
    config = soma.config
    groups = [(soma.title, _rows(config, {name: q for name, q in config.quantities().items() if name != "dt"}))]
    groups += [(part.title, _rows(part, part.quantities())) for part in stimulus.parts]
    return _markdown(groups) if format == "markdown" else _latex(groups)


def _rows(config: Config, quantities: dict[str, Quantity]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        (f"${q.symbol}$" if q.symbol else "", q.words, told(getattr(config, name)), q.unit)
        for name, q in quantities.items()
    ]
    if isinstance(config, Array):
        rows.append(("$I$", "samples", told(config.samples), "pA"))
    return rows


def told(value: Any) -> str:
    """A quantity's value in a few words."""
    if isinstance(value, Drawable):
        given = {k: v for k, v in vars(value).items() if v is not None}
        return f"{type(value).__name__}({', '.join(f'{k}={number(v)}' for k, v in given.items())})"
    array = np.asarray(value, float)
    if array.ndim == 0:
        return number(float(array))
    return f"{number(array.min())} to {number(array.max())} ({array.size} values)"


def number(value: Any) -> str:
    """The shortest decimal text of a float; six digits where they say it to a millionth: a twelfth is 0.0833333."""
    value, six = float(value), f"{float(value):.6g}"
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return six if abs(float(six) - value) <= 1e-6 * abs(value) else repr(value)


def _markdown(groups: list[tuple[str, list[tuple[str, ...]]]]) -> str:
    lines = [HEAD, ("---",) * len(HEAD)]
    for title, rows in groups:
        lines += [("", f"**{title}**", "", ""), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines) + "\n"


def _latex(groups: list[tuple[str, list[tuple[str, ...]]]]) -> str:
    lines = [r"\begin{tabular}{llll}", r"\hline", " & ".join(HEAD) + r" \\"]
    for title, rows in groups:
        lines += [r"\hline", rf"\multicolumn{{{len(HEAD)}}}{{l}}{{\textbf{{{_plain(title)}}}}} \\"]
        for symbol, words, value, unit in rows:
            lines.append(" & ".join((symbol, _plain(words), _minus(value), UNITS.get(unit, _plain(unit)))) + r" \\")
    return "\n".join([*lines, r"\hline", r"\end{tabular}"]) + "\n"


def _plain(text: str) -> str:
    for special in "&%#_":
        text = text.replace(special, f"\\{special}")
    return text.replace("–", "--")


def _minus(value: str) -> str:
    return f"${value}$" if value.startswith("-") and " " not in value else _plain(value)
