"""Texts of the page: preset lists and sources."""

from __future__ import annotations

import html
from typing import Any

from spark.nn.components.somas import catalogue, left_out
from spark.presets import presets

from ..session.session import Session

DEFAULTS = "Default values"


def preset_groups() -> dict[str, Any]:
    """Every preset under its model and publication, in the catalogue's order; each label is there once."""
    groups: dict[str, Any] = {"": {DEFAULTS: DEFAULTS}}
    taken: set[str] = set()
    models = list(catalogue())
    for preset in sorted(presets().values(), key=lambda p: (models.index(p.soma), p.source != "Naud et al. 2008")):
        label = preset.title if preset.title not in taken else f"{preset.title} ({preset.source})"
        taken.add(label)
        groups.setdefault(f"{catalogue()[preset.soma].title} – {preset.source}", {})[label] = preset.id
    return groups


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
