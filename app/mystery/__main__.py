"""For teachers: `python -m app.mystery LEVEL --seed N` prints a link's query; `--open QUERY` tells what is hidden.

Run it as the user of the server, or with its SPARK_KEY: another key seals what that server cannot open.
"""

from __future__ import annotations

import argparse
import secrets
import sys

from ..numbers import number
from .levels import LEVELS
from .puzzle import make
from .seal import Contents, seal, unseal

NAME = "mystery"
"""Of the query in an address."""


def main(arguments: list[str] | None = None) -> int:
    """Print a query, or the values behind one."""
    parser = argparse.ArgumentParser(prog="python -m app.mystery", description=__doc__)
    levels = "; ".join(f"{n}: {one.title}" for n, one in enumerate(LEVELS, 1))
    parser.add_argument("level", type=int, nargs="?", help=levels)
    parser.add_argument("--seed", type=int, help="another neuron for each; drawn at random without it")
    parser.add_argument("--noise", type=float, default=0.0, help="of each measured potential, mV")
    parser.add_argument("--budget", type=int, default=0, help="number of experiments; 0 for no limit")
    parser.add_argument("--open", metavar="QUERY", help="tell level, seed and hidden values of a link")
    given = parser.parse_args(arguments)
    if (given.level is None) == (given.open is None):
        parser.error("give a level, or --open with a link's query.")
    try:
        if given.open is not None:
            _tell(unseal(given.open.split(f"{NAME}=")[-1].split("&")[0].split("#")[0]))
        else:
            seed = secrets.randbelow(10**9) if given.seed is None else given.seed
            print(f"?{NAME}={seal(Contents(given.level, seed, given.noise, given.budget))}")
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _tell(contents: Contents) -> None:
    puzzle = make(contents)
    budget = contents.budget or "no limit"
    print(f"level {contents.level}, seed {contents.seed}, noise {contents.noise:g} mV, budget: {budget}")
    for name, one in puzzle.level.quantities.items():
        print(f"{one.words}: {number(puzzle.hidden[name], 4)} {one.unit}")


if __name__ == "__main__":
    sys.exit(main())
