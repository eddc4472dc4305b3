"""What a page has to know to name a soma's quantities and to bound them, as JavaScript."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..nn.components.somas import Soma


def model(soma: Soma) -> str:
    """The soma's name, title, dt, parameters and state variables, a line for each."""
    config, quantities = soma.config, soma.config.quantities()
    parameters = [
        {
            "name": name,
            "value": _plain(getattr(config, name), quantities[name].default),
            **_told(quantities[name], quantities[name].title),
            "bounds": list(quantities[name].bounds),
        }
        for name in config.per_unit()
    ]
    state = [{"name": variable.name, **_told(variable, variable.words)} for variable in soma.system.variables]
    lines = [
        "{",
        f"  name: {_json(type(soma).__name__)},",
        f"  title: {_json(soma.title)},",
        f"  dt: {_json(config.dt)},",
        *_list("parameters", parameters),
        *_list("state", state),
        "}",
    ]
    return "\n".join(lines)


def _plain(value: Any, default: Any) -> float:
    """A soma of one value for all units has that; another one has many, and the default is told."""
    return value if isinstance(value, float) else float(default)


def _told(of: Any, words: str) -> dict[str, str]:
    return {"symbol": of.symbol, "unit": of.unit, "words": words}


def _list(name: str, entries: Iterable[dict[str, Any]]) -> list[str]:
    return [f"  {name}: [", *(f"    {_object(entry)}," for entry in entries), "  ],"]


def _object(entry: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: {_json(value)}" for name, value in entry.items()) + "}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
