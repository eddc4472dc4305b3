"""Markdown of lessons: which signs it has, and what becomes of its links to the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

BLOCKS = ("goal", "state", "show", "ask", "hint", "reveal")
"""What may stand between `:::` signs."""
TARGETS = ("control", "curve", "view")
"""Links that light up a part of the page: `[amplitude](control:amplitude)`."""
ELSEWHERE = {"target": "_blank", "rel": "noopener"}


def parser() -> MarkdownIt:
    """CommonMark with tables, front matter, containers and formulas between dollar signs; HTML stays text."""
    found = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(["table", "replacements"])
    found.use(front_matter_plugin).use(dollarmath_plugin, allow_space=False, renderer=_formula)
    # Any word opens a block here, so that a wrong one can be refused by name.
    found.use(container_plugin, "block", validate=lambda params, *_: bool(params.strip()), marker=":")
    found.add_render_rule("link_open", _link)
    return found


def _formula(content: str, options: dict[str, Any]) -> str:
    """A formula as its page sets it; its text stands there until then."""
    shown = content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return f'<span class="tex" data-tex="{shown}">{shown}</span>'


def _link(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    token = tokens[at]
    target = str(token.attrGet("href") or "")
    if target.split(":")[0] in TARGETS:
        token.attrs = {"href": "#", "class": "light", "data-light": target}
    else:
        token.attrs = {**token.attrs, **ELSEWHERE}
    return self.renderToken(tokens, at, options, env)
