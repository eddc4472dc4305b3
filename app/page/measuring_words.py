"""What a mystery tells the page: what is hidden, what is known, what can be told, scores. Never a hidden value."""

from __future__ import annotations

import math
from typing import Any

from spark.core.quantity import Quantity

from ..mystery.attempts import HANDS, Attempt
from ..mystery.levels import LEVELS
from ..mystery.puzzle import Puzzle
from ..mystery.score import BANDS, Score
from ..mystery.telling import Told
from ..numbers import fixed, number
from ..sidebar.row_specs import plain_symbol


def levels() -> list[dict[str, Any]]:
    """What can be chosen."""
    return [
        {"title": one.title, "hidden": ", ".join(quantity.words for quantity in one.quantities.values())}
        for one in LEVELS
    ]


def opened(puzzle: Puzzle) -> dict[str, Any]:
    """What the panel shows of a mystery from its beginning."""
    level, noise = puzzle.level, puzzle.contents.noise
    declared = puzzle.kind.config_class.quantities()
    hidden = [
        {"name": name, **_called(one), "range": f"{number(low)} to {number(high)} {one.unit}"}
        for name, one in level.quantities.items()
        for low, high in [level.hidden[name]]
    ]
    known = [
        {**_called(declared[name]), "value": f"{number(value, 4)} {declared[name].unit}"}
        for name, value in puzzle.known.items()
    ]
    measured = f"Each potential is measured with noise of {number(noise)} mV." if noise else ""
    return {
        "title": f"Level {puzzle.contents.level}: {level.title}",
        "hidden": hidden,
        "known": known,
        "noise": measured,
    }


def used(attempt: Attempt) -> dict[str, Any]:
    """How much of a mystery is used up."""
    return {
        "used": attempt.used,
        "budget": attempt.contents.budget,
        "left": max(0, attempt.most - attempt.used),
        "hands": HANDS - attempt.handed,
    }


def telling(puzzle: Puzzle, found: dict[str, Told]) -> dict[str, Any]:
    """By name of a hidden value, whether it can be told: a mark and a sentence."""
    return {name: {"known": one.known, "words": _sentence(puzzle, one)} for name, one in found.items()}


def _sentence(puzzle: Puzzle, one: Told) -> str:
    """With symbols between backquotes."""
    symbols = {name: f"`{plain_symbol(quantity.symbol)}`" for name, quantity in puzzle.level.quantities.items()}
    if one.known:
        return f"{symbols[one.name]} can be told from these stimuli."
    together = f", only together with {_listed([symbols[name] for name in one.apart])}" if one.apart else ""
    return f"{symbols[one.name]} cannot be told from these stimuli{together}."


def scored(puzzle: Puzzle, score: Score) -> dict[str, Any]:
    """The table of a score."""
    quantities = puzzle.level.quantities
    values = []
    for name, value in score.values.items():
        words = _sentence(puzzle, value.told) if value.points is None else _band(puzzle, name, value.band)
        points = None if value.points is None else f"{100 * value.points:.0f} %"
        values.append({**_called(quantities[name]), "words": words, "points": points})
    of_values = None if score.of_values is None else f"{100 * score.of_values:.0f} %"
    return {
        "total": f"{100 * score.total:.0f} %",
        "ofSpikes": f"{100 * score.of_spikes:.0f} %",
        "ofValues": of_values,
        "spikes": [[one.stimulus, fixed(one.gamma, 2), str(one.yours), str(one.its)] for one in score.spikes],
        "values": values,
    }


def _band(puzzle: Puzzle, name: str, band: float) -> str:
    of = "" if puzzle.level.is_ratio(name) else " of half the range"
    if math.isinf(band):
        return f"more than {100 * BANDS[-1][0]:.0f} %{of} away"
    return f"within {100 * band:.0f} %{of}"


def _called(quantity: Quantity) -> dict[str, str]:
    return {"symbol": plain_symbol(quantity.symbol), "words": quantity.words}


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
