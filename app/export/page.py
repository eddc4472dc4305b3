"""The picture as a file of its own: an interactive page that needs no server and no network."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby
from typing import Any

import spark

from ..run.shot import Shot
from ..sidebar.row_specs import plain_symbol
from ..views.style import BACKGROUND, COLOURS
from .beside import Beside
from .parameters import Row
from .plots import plots

STATE = "spark-state"
"""The element of the page that holds the state."""
Progress = Callable[[float], object]
PAGE = """
{% from macros import embed %}
{% block preamble %}
    <meta name="viewport" content="width=device-width, initial-scale=1">
{% endblock %}
{% block postamble %}<style>{{ style }}</style>{% endblock %}
{% block contents %}
<main>
<h1>{{ title | e }}</h1>
<div class="shown">
<div class="traces">{{ embed(roots[0]) }}</div>
{% if view %}<section class="view">
<h2>{{ view.title | e }}</h2>
<p>{{ view.words | e }}</p>
{% if view.layout %}<div class="figures">{{ embed(roots[1]) }}</div>{% endif %}
{{ rows }}
</section>{% endif %}
</div>
{{ values }}
</main>
{{ state }}
{% endblock %}
"""
STYLE = """
html, body { height: auto; background: %(paper)s; color: %(ink)s; font: 14px/1.45 Helvetica, Arial, sans-serif }
main { max-width: 1800px; margin: 0 auto; padding: 12px 20px 24px }
h1 { font-size: 20px; margin: 0 0 8px } h2 { font-size: 16px; margin: 0 0 4px } p { margin: 0 0 8px }
.shown { display: grid; grid-template-columns: minmax(0, 1fr); gap: 24px }
.figures { height: 620px }
table { border-collapse: collapse; margin-top: 20px } caption, th { text-align: left }
caption { font-weight: bold } th { padding-top: 10px } td { padding: 1px 16px 1px 0 }
.values td:nth-child(3) { text-align: right; font-variant-numeric: tabular-nums }
@media (min-width: 1100px) { .shown:has(.view) { grid-template-columns: minmax(0, 11fr) minmax(0, 9fr) } }
@media (max-width: 600px) { main { padding: 8px } td { padding-right: 8px } }
"""


def standalone(
    shot: Shot,
    dark: bool = False,
    rows: Sequence[Row] = (),
    state: str = "",
    *,
    title: str = "",
    view: Callable[[Any, Progress], Beside | None] | None = None,
    progress: Progress = lambda done: None,
) -> bytes:
    """An HTML page with all that was recorded of the first neuron, the raster of all, their rate, and the values.

    Args:
        shot: the run, all of which is in the page, and the part of its time that is shown when it opens.
        dark: in the colours of the page's dark theme.
        rows: values that the run was made with, for a table below it.
        state: JSON that the page carries, in a `<script>` of its own.
        title: what stands above it; the soma's when empty.
        view: makes what stands beside the traces, given their axis of time and whom to tell of its progress.
        progress: told of the part that is done; may raise to end it.
    """
    from bokeh.embed import file_html
    from bokeh.resources import INLINE
    from bokeh.themes import built_in_themes

    progress(0.0)
    traces, time = plots(shot, dark)
    progress(0.3)
    open_view = view and view(time, lambda done: progress(0.3 + 0.5 * done))
    drawn = [traces] if open_view is None or open_view.layout is None else [traces, open_view.layout]
    page = file_html(
        drawn,
        INLINE,
        title=f"Spark: {title or type(shot.recording.soma).title}",
        template=PAGE,
        template_variables={
            "style": STYLE % {"paper": BACKGROUND[dark], "ink": COLOURS[dark]["spikes"]},
            "view": open_view,
            "rows": _compared(open_view.rows) if open_view and open_view.rows else "",
            "values": _values(rows),
            "state": _carried(state),
        },
        theme=built_in_themes["dark_minimal" if dark else "light_minimal"],
        suppress_callback_warning=True,  # of views that would draw themselves anew where somebody zooms
    )
    page = re.sub(r'<script src="[^"]*"></script>\n?|<link [^>]*>\n?', "", page)  # Panel's: no figure needs them
    progress(1.0)
    return page.encode()


def _values(rows: Sequence[Row]) -> str:
    """The values as a table, a heading for each group."""
    if not rows:
        return ""
    lines = [f'<table class="values"><caption>Values of this run (Spark {escape(spark.__version__)})</caption>']
    for group, own in groupby(rows, key=lambda row: row.group):
        lines.append(f'<tr><th colspan="4" scope="rowgroup">{escape(group)}</th></tr>')
        for row in own:
            words, value, unit = map(escape, (row.words, row.value, row.unit))
            symbol = _subscripted(plain_symbol(row.symbol))
            lines.append(f"<tr><td>{words}</td><td>{symbol}</td><td>{value}</td><td>{unit}</td></tr>")
    return "\n".join([*lines, "</table>"])


def _compared(table: dict[str, Any]) -> str:
    """The table of a view."""
    lines = [f"<table><caption>{escape(table['caption'])}</caption>"]
    if table["rows"]:
        head = (f'<th scope="col">{escape(word)}</th>' for word in table["head"])
        lines.append(f"<tr>{''.join(head)}</tr>")
    for first, *others in table["rows"]:
        cells = (f"<td>{escape(cell)}</td>" for cell in others)
        lines.append(f"<tr><td>{_subscripted(first)}</td>{''.join(cells)}</tr>")
    return "\n".join([*lines, "</table>"])


def _subscripted(symbol: str) -> str:
    """A symbol such as `V_rest` with its subscript."""
    return re.sub(r"_(\w+)", r"<sub>\1</sub>", escape(symbol))


def _carried(state: str) -> str:
    """JSON within a page: no text of it can end the element that holds it."""
    for sign in "<>&":
        state = state.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/json" id="{STATE}">{state}</script>' if state else ""
