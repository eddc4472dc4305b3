"""What the menus list, and texts of the sidebar."""

from __future__ import annotations

import html
import re
from typing import Any

from spark import stimuli
from spark.nn.components.somas import Soma, catalogue, left_out
from spark.presets import Preset, presets

from ..hues import ENDS, class_of, css
from ..numbers import number
from ..session.session import Session

DEFAULTS = "Default values"


def model_groups() -> list[dict[str, Any]]:
    """Every model, as a `Menu` lists them."""
    return _ungrouped([{"value": name, "text": kind.title} for name, kind in catalogue().items()])


def stimulus_groups() -> list[dict[str, Any]]:
    """Every stimulus."""
    kinds = stimuli.catalogue().items()
    return _ungrouped([{"value": name, "text": kind.title} for name, kind in kinds if kind is not stimuli.Sum])


def preset_groups() -> list[dict[str, Any]]:
    """Every preset under its model and publication, in the catalogue's order, and the values of no preset."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    models = list(catalogue())
    for preset in sorted(presets().values(), key=lambda p: (models.index(p.soma), p.source != "Naud et al. 2008")):
        of = catalogue()[preset.soma].title
        group = {"caption": preset.source, "part": preset.soma, "of": of, "options": []}
        groups.setdefault((preset.soma, preset.source), group)["options"].append(_option(preset))
    return [*_ungrouped([{"value": DEFAULTS, "text": DEFAULTS}]), *groups.values()]


def _ungrouped(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"caption": "", "part": "", "of": "", "options": options}]


def _option(preset: Preset) -> dict[str, Any]:
    """A preset with what it is found by, and the spikes that it is known to fire."""
    pattern = " ".join(preset.pattern)
    colours = [css(ENDS[dark][class_of(pattern)][1]) for dark in (False, True)]
    return {
        "value": preset.id,
        "text": preset.title,
        "note": preset.source,
        "seek": _authors(preset.citation),
        "pattern": [pattern, *colours],
        "train": [preset.expected["spike_times_ms"], preset.duration],
    }


def _authors(citation: str) -> str:
    """The beginning of a citation, up to the year."""
    found = re.match(r".*?\(\d{4}\)", citation)
    return found[0] if found else citation


def start_words(soma: type[Soma], start: dict[str, float] | None) -> str:
    """A state that was set to start from, "start: V −60 mV, w 20 pA"; "" for none."""
    if start is None:
        return ""
    variables = {variable.name: variable for variable in soma.system.variables}
    said = []
    for name, value in start.items():
        symbol, unit = (variables[name].symbol, variables[name].unit) if name in variables else (name, "")
        said.append(f"{symbol} {number(value)} {unit}".strip())
    return f"start: {', '.join(said) or 'at rest'}"


def missing_models() -> list[str]:
    """What an installed package would add to the models and cannot, as HTML; empty where nothing is missing."""
    sentences = left_out().values()
    return [" ".join(html.escape(sentence) for sentence in sentences)] if sentences else []


def sources_of(session: Session) -> str:
    """Reference of the model, and where the values come from."""
    kind = session.soma

    def link(text: str, url: str) -> str:
        text = html.escape(text)
        return f'<a href="{html.escape(url)}" title="{text}" target="_blank" rel="noopener">{text}</a>'

    model = link(kind.references[0].text, kind.references[0].url) if kind.references else ""
    if session.preset:
        values = (
            link(session.preset.citation, f"https://doi.org/{session.preset.doi}")
            if session.preset.doi
            else html.escape(session.preset.citation)
        )
    else:
        values = link(kind.parameter_source.text, kind.parameter_source.url)
    return f"<div><b>Model</b> {model}</div><div><b>Values</b> {values}</div>"
