"""Values that nobody means, and what must be said of them: one short sentence of ours."""

from __future__ import annotations

import linecache
import re
import traceback
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from spark.core.echo import echo

ROOT = Path(__file__).parents[1]
OURS = tuple(str(ROOT / room) for room in ("spark", "app"))
LONGEST = 600
"""Characters of a message."""
FOREIGN = re.compile(
    r"__\w+__\(\)|numpy|ndarray|Traceback|object is not|has no attribute|not supported between|could not convert|"
    r"setting an array|int too large|cannot convert float|recursion|integer string conversion|unhashable|not iterable|"
    r"positional argument|keyword argument|must be real number|unsupported operand|subscriptable|inhomogeneous|"
    r"Maximum allowed|invalid literal|truth value"
)
"""Words of Python, NumPy and JAX."""
QUICK = settings(
    max_examples=250,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)


def thorough(cases: int) -> settings:
    """As many cases, other ones each night."""
    return settings(QUICK, max_examples=cases, derandomize=False)


def fault(error: BaseException, kinds: tuple[type[BaseException], ...] = (ValueError, TypeError)) -> str | None:
    """Why this is no refusal that a person can use; None where it is one."""
    words = str(error)
    if not isinstance(error, kinds):
        return f"is a {type(error).__name__}"
    if type(error) not in kinds and not type(error).__module__.startswith(("spark.", "app.")):
        return f"is a {type(error).__name__}"
    if not 10 < len(words) <= LONGEST:
        return f"has {len(words):,} characters"
    if "\n" in words or not words.rstrip().endswith((".", ":", "?")):
        return "is no sentence"
    if found := FOREIGN.search(words):
        return f"says {found[0]!r}"
    last = traceback.extract_tb(error.__traceback__)[-1]
    line = linecache.getline(last.filename, last.lineno or 0).strip()
    if not last.filename.startswith(OURS) or not line.startswith("raise "):
        return f"comes from {last.filename}:{last.lineno} {line}"
    return None


def refuses_in_words(
    call: Callable[[], Any], kinds: tuple[type[BaseException], ...] = (ValueError, TypeError)
) -> str | None:
    """What it says where it refuses, and None where it takes what it is given; anything else fails."""
    try:
        call()
    except RecursionError as error:  # its own traceback is as deep as it
        raise AssertionError("RecursionError") from error.with_traceback(None)
    except Exception as error:
        if why := fault(error, kinds):
            raise AssertionError(f"{why}: {type(error).__name__}: {str(error)[:300]}") from error
        return str(error)
    return None


def nested(depth: int, kind: type = list) -> Any:
    """Lists in one another."""
    value: Any = 1.0
    for _ in range(depth):
        value = [value] if kind is list else {"type": "array", "values": value}
    return value


class Sly:
    """Raises wherever it is looked at."""

    def __repr__(self) -> str:
        raise RuntimeError("looked at")


EXTREME: tuple[Any, ...] = (
    *(10**400, -(10**400), 10**5000, 2**63, -(2**63) - 1, 2**31, 10**12, 10**15, 1e300, -1e300, 1e39, -1e39, 1e308),
    *(1e-320, 5e-324, 1e-40, 1e-300, 0, -0.0, -1, 1, 0.5, 3),
    *(float("inf"), float("-inf"), float("nan"), True, False, None, "", "a", "1e400", "x" * 5_000_000, b"\xff", 1j),
    *(Fraction(10**400, 3), Fraction(1, 10**400), np.float64(1e300), np.float32(1e38), np.float16(6e4), np.int8(-3)),
    *([], [[]], [1, [2]], [1.0, "a"], [10**400], [None], {}, {"type": "array"}, {1: 2}, {"type": "Step"}, (), object()),
    *(nested(70), nested(5_000), nested(5_000, dict), np.zeros((0, 3)), np.full(3, np.nan), np.array(1e300)),
    *(np.array("a"), np.array([None]), np.array(["2020"], "M8"), np.zeros(3, bool), np.ones(3, complex)),
    *(np.broadcast_to(1.0, (10**12,)), np.zeros((2, 2, 2)), [1.0] * 200_000, ["ab"] * 200_000, Sly(), "a\nb\tc"),
    *(lambda: 1, int, np.array([1e300, 1.0]), np.array([1e-320, 1.0]), range(3), {1.0, 2.0}),
)
JSON_EXTREME: tuple[Any, ...] = tuple(
    value
    for value in EXTREME
    if value is None or type(value) in (int, float, str, bool, list) or (type(value) is dict and 1 not in value)
)
"""Those that JSON can hold."""


class Given:
    """A value in a case of Hypothesis, which could not write down some of them."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"Given({echo(self.value)})"


extreme: st.SearchStrategy[Any] = st.integers(0, len(EXTREME) - 1).map(EXTREME.__getitem__)
json_extreme: st.SearchStrategy[Any] = st.integers(0, len(JSON_EXTREME) - 1).map(JSON_EXTREME.__getitem__)
texts = st.text(max_size=20)
ordinary: st.SearchStrategy[Any] = st.one_of(
    st.floats(), st.floats(-1e3, 1e3), st.integers(-(10**420), 10**420), texts, st.none(), st.booleans()
)


def within(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """These, and lists and dicts of them."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=3)),
        max_leaves=5,
    )


anything: st.SearchStrategy[Given] = within(st.one_of(extreme, ordinary, st.integers(), st.fractions())).map(Given)
plain_values: st.SearchStrategy[Any] = within(st.one_of(json_extreme, ordinary))
plain: st.SearchStrategy[Given] = plain_values.map(Given)
"""What JSON can hold."""
