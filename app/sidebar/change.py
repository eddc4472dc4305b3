"""What was changed from one document of a session to the next, in the words of its controls: "b 60 → 20 pA"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import param

from spark import stimuli
from spark.core.config import Config
from spark.core.quantity import Quantity
from spark.nn.components.somas import catalogue
from spark.presets import presets

from ..numbers import number
from ..session.settings import RunSettings
from .menus import DEFAULTS
from .row_specs import plain_symbol

FEW = 2
"""Values that are told one by one."""
DIGITS = 6
PLAIN = {"units": "neurons", "shown": "traces", "seed": "seed", "on_grid": "on the grid"}
Document = dict[str, Any]
Value = tuple[str, Any, Any, str]
"""What it is called, its value before and after, and its unit."""


def change(before: Document, after: Document) -> str:
    """What was changed, in a few words."""
    if before["model"] != after["model"] or before["preset"] != after["preset"]:
        return _chosen(before, after)
    kinds = [[part["type"] for part in document["stimulus"]] for document in (before, after)]
    if kinds[0] != kinds[1]:
        return _stimuli(*kinds)
    if before["membrane"] != after["membrane"]:
        return f"Shown by {after['membrane']}"
    values = list(_values(before, after))
    if 0 < len(values) <= FEW:
        return ", ".join(_told(value) for value in values)
    if values:
        return f"{len(values)} values"
    return "Start state" if before["initial"] != after["initial"] else "Other settings"


def changes(before: Document, after: Document) -> list[str]:
    """Everything that makes another run of it, one by one."""
    if before["model"] != after["model"]:
        return [f"Model: {catalogue()[after['model']].title}"]
    found = [] if before["preset"] == after["preset"] else [_chosen(before, after)]
    kinds = [[part["type"] for part in document["stimulus"]] for document in (before, after)]
    if kinds[0] != kinds[1]:
        found.append(_stimuli(*kinds))
        before = before | {"stimulus": after["stimulus"]}
    shown = {"shown": after["run"]["shown"]}
    found += [_told(value) for value in _values(before | {"run": before["run"] | shown}, after)]
    return found if before["initial"] == after["initial"] else [*found, "Start state"]


def title(document: Document) -> str:
    """Model and preset of a document."""
    model = catalogue()[document["model"]].title
    return f"{model}, {presets()[document['preset']].title}" if document["preset"] else model


def _chosen(before: Document, after: Document) -> str:
    if after["preset"]:
        return f"Preset: {presets()[after['preset']].title}"
    if after["model"] == before["model"]:
        return f"Preset: {DEFAULTS.lower()}"
    return f"Model: {catalogue()[after['model']].title}"


def _stimuli(before: list[str], after: list[str]) -> str:
    titles = {name: kind.title for name, kind in stimuli.catalogue().items()}
    if len(after) > len(before):
        return f"Added: {titles[after[-1]]}"
    if len(after) == len(before) - 1 and any(before[:k] + before[k + 1 :] == after for k in range(len(before))):
        return "Stimulus: one removed"
    old = titles[before[0]] if len(before) == 1 else f"{len(before)} of them"
    return f"Stimulus: {old} → {titles[after[0]]}"


def _values(before: Document, after: Document) -> Iterator[Value]:
    config = catalogue()[after["model"]].config_class
    yield from _of(config, before["config"], after["config"])
    kinds = stimuli.catalogue()
    for one, other in zip(before["stimulus"], after["stimulus"], strict=True):
        yield from _of(kinds[other["type"]], one, other)
    yield from _of(RunSettings, before["run"], after["run"])
    for name in sorted(before["spread"].keys() | after["spread"].keys()):
        values = (document["spread"].get(name, 0.0) for document in (before, after))
        quantity = config.param[name]
        for _, *changed, unit in _of(config, *({name: value} for value in values)):
            yield f"spread of {plain_symbol(quantity.symbol) or quantity.words}", *changed, unit


def _of(kind: type[Config], before: Document, after: Document) -> Iterator[Value]:
    """Which fields differ."""
    for name, new in after.items():
        old = before.get(name, new)
        if old == new:
            continue
        if name == "solver":
            yield from _solver(before[name], new)
            continue
        field: param.Parameter = kind.param[name]
        if isinstance(field, Quantity):
            yield plain_symbol(field.symbol) or field.words, old, new, field.unit
        else:
            yield PLAIN.get(name, name.replace("_", " ")), old, new, ""


def _solver(old: Document, new: Document) -> Iterator[Value]:
    if old["type"] != new["type"]:
        yield "solver", old["type"], new["type"], ""
    elif old["on_grid"] != new["on_grid"]:
        yield PLAIN["on_grid"], old["on_grid"], new["on_grid"], ""


def _told(value: Value) -> str:
    name, old, new, unit = value
    if isinstance(new, dict):  # the values of a current
        return f"{name} changed"
    return f"{name} {_text(old)} → {_text(new)} {unit}".strip()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return number(value, DIGITS) if isinstance(value, (int, float)) else str(value)
