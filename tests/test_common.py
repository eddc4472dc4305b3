"""The few somas that `make test` takes for all have everything that a soma of ours is built of."""

import functools
from dataclasses import fields, is_dataclass
from typing import Any

from tests.common import OWN, QUICK, SOMAS, each


def built_of(part: Any, found: set[str]) -> set[str]:
    """Names of the functions that declare a system's flow, event, jump and chart, and of those that they close over."""
    if isinstance(part, functools.partial):
        built_of(part.func, found)
    elif is_dataclass(part):
        for field in fields(part):
            built_of(getattr(part, field.name), found)
    elif callable(part):
        found.add(f"{part.__module__}.{part.__qualname__}".split(".<locals>")[0])
        for cell in getattr(part, "__closure__", None) or ():
            built_of(cell.cell_contents, found)
    return found


def parts(name: str) -> set[str]:
    return {part.rsplit(".", 1)[1] for part in built_of(OWN[name].system, set())}


def test_what_a_soma_is_built_of_is_seen() -> None:
    """Who checks the checker."""
    own = {"refractory", "strict_refractory", "moving_threshold", "adaptation_current"}
    assert parts("AdaptiveLeakySoma") & own == {"refractory", "moving_threshold"}
    assert parts("StrictRefractoryAdaptiveExponentialSoma") & own == own - {"moving_threshold"}
    assert not parts("IzhikevichSoma") & own and parts("IzhikevichSoma") & {"_quadratic_flow"}


def test_the_quick_ones_have_all_of_it() -> None:
    everything = set().union(*map(parts, OWN))
    assert set().union(*map(parts, QUICK)) == everything, "add a soma that has the rest to QUICK in tests/common.py"


def test_each_leaves_none_out_and_defers_those_alone_that_are_ours() -> None:
    assert [one.id for one in each()] == list(SOMAS) and [one.values[0] for one in each(SOMAS.values())] == [
        *SOMAS.values()
    ]
    now = {one.id for one in each() if not one.marks}
    assert now == set(QUICK) | (SOMAS.keys() - OWN.keys())
