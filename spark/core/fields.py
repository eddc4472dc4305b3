"""The fields that a class declares: which they are, what help and signatures tell of them, what is none of them."""

from __future__ import annotations

import difflib
import inspect
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, dataclass_transform

import param
from param.parameterized import ParameterizedMetaclass

from .echo import echo
from .plain import Plain
from .quantity import Quantity


class Declaring(ParameterizedMetaclass):
    """What makes a class with fields: its help tells each of them, its signature names them."""

    @property
    def __doc__(cls) -> str:  # when it is asked for: import would take longer
        own = vars(cls).get("__doc__")
        return "\n\n".join(filter(None, (inspect.cleandoc(own) if isinstance(own, str) else "", told(fields_of(cls)))))

    @__doc__.setter
    def __doc__(cls, text: str) -> None:
        """Param adds a table of its own in notebooks: this one is enough."""

    @property
    def __signature__(cls) -> inspect.Signature:
        return signature(cls, {name: field.default for name, field in fields_of(cls).items()})


@cache  # a class's fields never change, and every run asks for them a dozen times
def fields_of(kind: type[param.Parameterized]) -> dict[str, param.Parameter]:
    """Every field that a class or its bases declare, by name, base classes first."""
    ours = {name: kind.param[name] for name in kind.param if name != "name"}
    first: dict[str, int] = {}
    for i, base in enumerate(reversed(kind.__mro__)):
        for name in vars(base):
            if name in ours:
                first.setdefault(name, i)
    order = {name: (first.get(name, 0), n) for n, name in enumerate(ours)}
    return {name: ours[name] for name in sorted(ours, key=order.__getitem__)}


@cache  # reading a declaration takes longer than reading a value
def per_unit_of(kind: type[param.Parameterized]) -> Mapping[str, Quantity]:
    """The quantities among them that may differ between units."""
    return {k: field for k, field in fields_of(kind).items() if isinstance(field, Quantity) and not field.scalar}


def signature(kind: type, defaults: Mapping[str, Any]) -> inspect.Signature:
    """The signature of a class whose constructor takes fields as `**kwargs`, with each of them by its name."""
    constructor: Callable[..., None] = kind.__init__  # type: ignore[misc]
    given = list(inspect.signature(constructor).parameters.values())[1:]
    if not defaults or not given or given[-1].kind is not inspect.Parameter.VAR_KEYWORD:
        return inspect.Signature(given)
    known = {parameter.name for parameter in given}
    named = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)
        for name, default in defaults.items()
        if name not in known
    ]
    return inspect.Signature([*given[:-1], *named])


def told(fields: Mapping[str, param.Parameter]) -> str:
    """Each field in words, for a docstring: default, unit, symbol, bounds and meaning."""
    if not fields:
        return ""
    lines = ["Fields:"]
    for name, field in fields.items():
        if isinstance(field, Quantity):
            parts = (plain(field.symbol), field.title or "", field.describe_bounds())
            head = f"{field.default:.6g} {field.unit}".strip()
            lines.append(f"    {name} = {head}: {', '.join(filter(None, parts))}")
        else:
            lines.append(f"    {name} = {field.default!r}")
        lines += [f"        {field.doc}"] if field.doc else []
    return "\n".join(lines)


def plain(symbol: str) -> str:
    r"""A symbol of LaTeX in letters that can be printed anywhere: `\tau_\mathrm{ref}` as τ_ref."""
    return re.sub(r"\\([A-Za-z]+)", _letter, re.sub(r"\\mathrm\{(\w+)\}", r"\1", symbol)).replace(" ", "")


def _letter(command: re.Match[str]) -> str:
    name = command[1].removeprefix("var")
    size = "CAPITAL" if name[0].isupper() else "SMALL"
    return unicodedata.lookup(f"GREEK {size} LETTER {name.upper()}")


LONG = 100
"""Characters from which on a name is no misspelt one, and to compare it takes long."""


def unknown(owner: str, name: Any, fields: Iterable[str]) -> str:
    """What is said of a name that is no field of `owner`."""
    names = list(fields)
    near = difflib.get_close_matches(name, names, 1) if isinstance(name, str) and len(name) < LONG else []
    hint = f"did you mean {echo(near[0])}? " if near else ""
    return f"{owner} has no field {echo(name)}: {hint}its fields are {', '.join(names)}."


@cache  # somas set their own attributes often
def near_miss(kind: type[param.Parameterized], name: str) -> str | None:
    """The field that `name` is all but spelt like, if there is one."""
    return next(iter(difflib.get_close_matches(name, fields_of(kind), 1, 0.85)), None)


@dataclass_transform(kw_only_default=True)
class Declared(Plain, param.Parameterized, metaclass=Declaring):
    """A class whose annotated fields type checkers find in its constructor: `tau: Quantity = Quantity(...)`."""
