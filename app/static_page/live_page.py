"""A live page as HTML: the soma's own step in JavaScript, the app's rows, nothing from anywhere else."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path

from spark.export.asked import asked
from spark.nn.components.somas import Soma
from spark.stimuli import Stimulus

from ..client.bundle import script
from ..session.job import Job
from ..session.session import Session
from ..session.share import from_dict, of_job, to_dict
from .content import Content

LARGEST = 2_500_000
"""Bytes of a page at most: a course has several of them."""
DOCUMENT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Spark">
<title>{title}</title>
</head>
<body>
<div id="{root}"></div>
<script>{katex}</script>
<script type="module">
{module}
</script>
</body>
</html>
"""
"""A page that needs nothing else: formulas are set by the first script, the module fills the element of this id."""
MODULE = """const content = {content}
const sources = {{{modules}}}
{script}
globalThis.page = render(document.getElementById("live-page"), content, sources)"""


def live_page(
    soma: Soma,
    stimulus: Stimulus,
    path: str | Path | None = None,
    *,
    dt: float | None = None,
    duration: float | None = None,
    initial: Mapping[str, float] | None = None,
    show: Collection[str] = ("phase", "fi"),
    sliders: Collection[str] | None = None,
    locked: Collection[str] = (),
    title: str | None = None,
    text: str = "",
    server: str = "",
) -> str:
    """One HTML file in which this neuron fires under sliders: offline, on a phone, inside of a course page.

    The page runs the soma's own step, printed as JavaScript (`spark.export.javascript`), in double precision with
    located spikes. The model's presets can be chosen in it. What it says to a page around it, and hears, is in
    docs/live_page.md.

    Args:
        soma: the soma, of one neuron.
        stimulus: its stimulus.
        path: where the file is written; nowhere when None.
        dt: time step, ms; the soma's own when None.
        duration: length of the run, ms; 1000 when None.
        initial: state variables that do not begin at rest.
        show: views beside the traces: "phase" (plane with nullclines, where there is a second variable), "fi".
        sliders: names of the fields that have a slider, such as "amplitude", or keys of rows, such as "run.duration";
            all of them when None.
        locked: names of the fields whose slider is shown and cannot be moved.
        title: heading; the soma's when None.
        text: a paragraph below it.
        server: address of a Spark that serves its app, for a button that goes on there.

    Returns:
        The page.

    Raises:
        TypeError: no soma, or no stimulus.
        ValueError: a view or a slider that there is not, or a soma that is no single neuron or cannot be printed.
    """
    run = asked(soma, stimulus, dt, duration, initial)
    session = from_dict(of_job(Job(soma, stimulus, run.dt, run.steps, run.units, dict(run.given))))
    page = of_session(session, show, sliders, locked, soma.title if title is None else title, text, server)
    if path is not None:
        Path(path).write_text(page, "utf-8")
    return page


def of_session(
    session: Session,
    show: Collection[str] = ("phase", "fi"),
    sliders: Collection[str] | None = None,
    locked: Collection[str] = (),
    title: str = "",
    text: str = "",
    server: str = "",
) -> str:
    """The live page of what is chosen in a session; see `live_page`.

    Raises:
        ValueError: it is of several neurons, or cannot be printed.
    """
    if session.settings.units != 1 or session.spread:
        raise ValueError("A live page is of one neuron: set the number of neurons to 1, without spread.")
    session = from_dict(to_dict(session))
    session.capacitive = False  # its rows are what the soma's step takes
    content = Content(session, show, sliders, locked, title, text, server)
    modules = ",\n".join(f"{json.dumps(solver)}: {as_function(module)}" for solver, module in content.modules.items())
    module = MODULE.format(
        content=in_page(json.dumps(content.plain, separators=(",", ":"), ensure_ascii=False)),
        modules=in_page(modules),
        script=in_page(script("standalone/standalone.js").replace("export const render", "const render")),
    )
    page = DOCUMENT.format(title=escape(title), root="live-page", katex=katex(), module=module)
    if len(page.encode()) > LARGEST:
        size = f"{len(page.encode()):,} bytes, of at most {LARGEST:,}"
        raise ValueError(f"The page would have {size}: its current has too many values.")
    return page


_EXPORT = re.compile(r"^export (const|function) (\w+)", re.MULTILINE)


def as_function(module: str) -> str:
    """A module as a function that gives what it exports: a page may hold several, and hand one to a worker as text."""
    exported = [name for _, name in _EXPORT.findall(module)]
    own = _EXPORT.sub(r"\1 \2", module)
    return f"function () {{\n{own}\nreturn {{{', '.join(exported)}}}\n}}"


def in_page(text: str) -> str:
    """A script's text, in which nothing ends the script."""
    return text.replace("</", "<\\/").replace("<!--", "<\\!--")


@cache
def katex() -> str:
    """KaTeX, which Panel brings, sets the equations as MathML: no fonts, no style sheet."""
    spec = find_spec("panel")
    assert spec is not None and spec.origin is not None
    (file,) = sorted((Path(spec.origin).parent / "dist" / "bundled" / "katex").glob("katex@*/dist/katex.min.js"))[-1:]
    return in_page(file.read_text("utf-8"))
