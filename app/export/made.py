"""Everything that can be asked for, each with what makes it: files by their kind, texts by their name."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from spark.export import agreement, brian2_script, methods, nest_script, parameter_table, spark_script
from spark.io import write
from spark.io.writing import Kind

from ..static_page.live_page import of_session
from ..views.catalogue import catalogue
from .beside import beside
from .figure import FORMATS, Format, figure
from .names import file_name
from .page import Progress, standalone
from .parameters import caption, rows, state_text
from .shown import Shown

MOST_VALUES = 4_000_000
"""Numbers of a CSV: a text of 40 MB."""
Options = Mapping[str, Any]


@dataclass(frozen=True)
class Made:
    """A file, or a text to be copied.

    Attributes:
        name: of the file.
        kind: its media type; "" for a text to be copied.
        content: UTF-8, where it is a text.
        note: a sentence on it; "" where there is none.
    """

    name: str
    kind: str
    content: bytes
    note: str = ""


@dataclass(frozen=True)
class Way:
    """How one thing is made.

    Attributes:
        label, title: of its button, and what it says of it.
        ending: of the file's name.
        kind: media type of the file; "" for a text to be copied.
        make: makes it, and tells how far it is; raises an error that says in a sentence why it cannot.
        what: in the file's name, where a run leaves as several files of one kind.
        peer: whether it is for another simulator, and may have been measured against Spark.
    """

    label: str
    title: str
    ending: str
    kind: str
    make: Callable[[Shown, Options, Progress], bytes]
    what: str = ""
    peer: bool = False


def _figure(shown: Shown, options: Options, progress: Progress) -> bytes:
    session = shown.session
    return figure(
        shown.shot,
        wanted=[str(name) for name in options.get("panels", ())],
        width_mm=_number(options, "width", "width"),
        type_size=_number(options, "size", "type size"),
        format=cast(Format, options.get("format")),
        scale_bars=bool(options.get("bars")),
        caption=caption(session) if options.get("caption") else "",
        title=shown.title,
        state=state_text(shown.state),
        progress=progress,
    )


def _number(options: Options, key: str, words: str) -> float:
    try:
        return float(options[key])
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"The {words} of a figure must be a number.") from None


def _page(shown: Shown, options: Options, progress: Progress) -> bytes:
    return standalone(
        shown.shot,
        shown.dark,
        rows(shown.session),
        state_text(shown.state),
        title=shown.title,
        view=None if shown.view is None else partial(beside, shown, shown.view),
        progress=progress,
    )


def _live(shown: Shown, options: Options, progress: Progress) -> bytes:
    return of_session(shown.session, title=shown.title).encode()


def _written(kind: Kind, shown: Shown, options: Options, progress: Progress) -> bytes:
    run = shown.shot.recording
    values = run.spike_count if kind == "spikes.csv" else sum(one.size for one in run.recorded.values())
    if kind.endswith("csv") and values > MOST_VALUES:
        raise ValueError(
            f"A CSV of this run would hold {values:,} values, of at most {MOST_VALUES:,}: take NPZ, or a shorter run."
        )
    file = io.BytesIO()
    write(run, file, kind, stimulus=shown.job.stimulus, state=shown.state, progress=progress)
    return file.getvalue()


def _state(shown: Shown, options: Options, progress: Progress) -> bytes:
    return (json.dumps(json.loads(state_text(shown.state)), indent=2, ensure_ascii=False) + "\n").encode()


def _script(writer: Callable[..., str], shown: Shown, options: Options, progress: Progress) -> bytes:
    job = shown.job
    return writer(job.soma, job.stimulus, job.dt, job.steps * job.dt, job.initial, job.units).encode()


def _table(format: Any, shown: Shown, options: Options, progress: Progress) -> bytes:
    return parameter_table(shown.job.soma, shown.job.stimulus, format).encode()


def _methods(shown: Shown, options: Options, progress: Progress) -> bytes:
    job, preset = shown.job, shown.session.preset
    return (methods(job.soma, job.stimulus, preset, job.dt, job.steps * job.dt, job.units) + "\n").encode()


LIVE = "live"
PICTURES = {
    "figure": Way("Save figure", "With the panels and sizes that are chosen here", "", "", _figure),
    "page": Way(
        "Save page (HTML)", "The plots to zoom in, with all values; needs no server", "html", "text/html", _page
    ),
    LIVE: Way(
        "Save live page (HTML)",
        "One neuron with its sliders in one file: it runs without a server, offline, inside of other pages",
        "html",
        "text/html",
        _live,
        what="live",
    ),
}
MEDIA: dict[Format, str] = {"svg": "image/svg+xml", "pdf": "application/pdf", "png": "image/png"}
CSV, BINARY = "text/csv", "application/octet-stream"
DATA = {
    "traces.csv": Way(
        "Traces (CSV)", "A row for each sample", "csv", CSV, partial(_written, "traces.csv"), what="traces"
    ),
    "spikes.csv": Way(
        "Spikes (CSV)", "A row for each spike", "csv", CSV, partial(_written, "spikes.csv"), what="spikes"
    ),
    "npz": Way(
        "NumPy (NPZ)", "The whole run; spark.io.read_npz reads it back", "npz", BINARY, partial(_written, "npz")
    ),
    "nwb": Way("NWB", "The whole run as Neurodata Without Borders", "nwb", BINARY, partial(_written, "nwb")),
    "json": Way("State (JSON)", "Everything that is chosen", "json", "application/json", _state),
}
CODE = {
    "spark": Way("Spark", "A Python script that makes this run with Spark", "py", "", partial(_script, spark_script)),
    "brian2": Way("Brian2", "The same run in Brian2", "py", "", partial(_script, brian2_script), peer=True),
    "nest": Way("NEST", "The same run in NEST, by its own model", "py", "", partial(_script, nest_script), peer=True),
    "markdown": Way("Table (Markdown)", "All values with symbols and units", "md", "", partial(_table, "markdown")),
    "latex": Way("Table (LaTeX)", "All values with symbols and units", "tex", "", partial(_table, "latex")),
    "methods": Way("Methods sentences", "Model, values, solver and sources in words", "txt", "", _methods),
}
WAYS = PICTURES | DATA | CODE


def made(what: str, shown: Shown, options: Options, progress: Progress = lambda done: None) -> Made:
    """What is asked for.

    Args:
        what: a key of `WAYS`.
        shown: the run.
        options: of a figure: `panels`, `width` (mm), `size` (pt), `format`, `bars`, `caption`, as the page says them:
            none is believed.
        progress: told of the part that is done; may raise `spark.simulation.Cancelled` to end it.

    Raises:
        ValueError, TypeError: it cannot be made of this run; says why.
        ImportError: a library that it needs is not installed; says which.
    """
    if what not in WAYS:
        raise ValueError(f"There is no export {what!r}.")
    way = WAYS[what]
    progress(0.0)
    content = way.make(shown, options, progress)
    ending, kind = way.ending, way.kind
    if what == "figure":
        ending = next(format for format in FORMATS if format == options["format"])
        kind = MEDIA[ending]
    name = _name(shown, ending, way.what)
    agreed = agreement(type(shown.job.soma)) if way.peer else None
    return Made(name, kind, content, f"{agreed}." if agreed else "")


def _name(shown: Shown, ending: str, what: str) -> str:
    preset = shown.session.preset
    return file_name(shown.session.soma.__name__, preset.id if preset else "", ending, what)


def drawn_by_the_page(shown: Shown) -> dict[str, Any] | None:
    """The open view as a figure, which is drawn by the page's own canvas: its title, its layout, and names of files."""
    view = shown.view
    if view is None:
        return None
    files = {ending: _name(shown, ending, view.name) for ending in ("png", "svg")}
    return {"title": catalogue()[view.name].title, "layout": view.layout, "files": files}


def offered() -> dict[str, Any]:
    """What the dialog offers, as plain data: its groups of buttons, and what a figure takes."""

    def buttons(ways: Mapping[str, Way]) -> list[dict[str, str]]:
        return [{"key": key, "label": way.label, "title": way.title} for key, way in ways.items()]

    return {
        "pictures": buttons(PICTURES),
        "data": buttons(DATA),
        "code": buttons(CODE),
        "formats": [[name, name.upper()] for name in FORMATS],
        "widths": [85, 114, 180],
        "size": 7,
    }
