"""Figures for print: opened with libraries that are not ours, of the size that was asked for, with nothing cut off."""

import io
import itertools
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

import spark
from app.export.bars import nice
from app.export.figure import SETTINGS, figure, panels
from app.export.names import file_name
from app.export.parameters import caption, plain, rows, state_text
from app.export.sheet import Sheet
from app.run.shot import Shot
from app.session.session import Session
from app.session.share import from_dict, to_dict
from spark.nn.components.somas import catalogue
from tests.app.side import session_of

SVG = "{http://www.w3.org/2000/svg}"
CROWD: dict[str, Any] = {"run__units": 30, "spread__potential_tau": 2.0, "run__duration": 200.0}


def shot_of(session: Session, start: float = 0.0, end: float | None = None, order: str = "") -> Shot:
    job = session.job()
    run = job.run()
    return Shot(run, start, end or run.duration, session.settings.shown, 2000, order, job.spread)


@pytest.fixture(scope="module")
def one() -> Shot:
    session = Session()
    session.choose_preset("naud2008_adapting")
    return shot_of(session)


@pytest.fixture(scope="module")
def crowd() -> Shot:
    return shot_of(session_of("AdaptiveExponentialSoma", **CROWD), order="potential_tau")


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]


def axes_of(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [group for group in root.iter(f"{SVG}g") if re.fullmatch(r"axes_\d+", group.get("id", ""))]


@pytest.mark.parametrize("name", catalogue())
def test_an_svg_of_every_soma_has_its_panels_their_names_and_its_width(name: str) -> None:
    session = session_of(name, run__duration=200.0)
    shot = shot_of(session)
    root = ElementTree.fromstring(figure(shot, caption=caption(session), title=name))
    assert root.get("width") == "85mm"
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    assert float(root.attrib["height"].removesuffix("mm")) / 85 == pytest.approx(height / width, rel=1e-4)
    assert len(axes_of(root)) == len(panels(shot)) == len(catalogue()[name].system.recordable)
    found = [bare(text) for text in texts(root)]
    for variable in catalogue()[name].system.recordable:
        one_line, two = bare(variable.label) in found, {variable.symbol, f"({variable.unit})"} <= set(found)
        assert variable.name == "threshold" or one_line or two, variable
    assert {"time(ms)", "spikes", "potential"} <= set(found)
    written = "".join(found)
    for row in rows(session):
        assert bare(row.value + row.unit) in written, row


def bare(text: str) -> str:
    """Without blanks: each glyph of mathematics is an element of its own."""
    return "".join(text.split())


@pytest.mark.parametrize(("width", "size"), [(85, 7), (180, 7), (114, 9), (60, 5), (40, 5)])
@pytest.mark.parametrize("scale_bars", [False, True])
def test_no_words_overlap_and_nothing_is_cut_off(
    one: Shot, crowd: Shot, width: float, size: float, scale_bars: bool
) -> None:
    for shot in (one, crowd):
        with matplotlib.rc_context(SETTINGS | {"font.size": size}):
            sheet = Sheet(shot, list(panels(shot)), width, size, scale_bars, "words " * 30)
            found = boxes(sheet)
            names = [(axes.yaxis.label.get_window_extent().height, axes.bbox.height) for axes in sheet.figure.axes]
        assert scale_bars or all(name <= 1.1 * panel for name, panel in names), "a name is taller than its axis"
        whole = sheet.figure.bbox
        assert len(found) > 8
        for text, box in found:
            assert whole.x0 < box.x0 and box.x1 < whole.x1 and whole.y0 < box.y0 and box.y1 < whole.y1, text
        for (text, box), (other, beside) in itertools.combinations(found, 2):
            assert not box.overlaps(beside), f"{text!r} and {other!r} at {width} mm"


def boxes(sheet: Sheet) -> list[tuple[str, Any]]:
    """All words that are drawn, and where."""
    sheet.figure.draw_without_rendering()
    words = list(sheet.figure.texts)
    for axes in sheet.figure.axes:
        words += axes.texts
        legend = axes.get_legend()
        words += legend.get_texts() if legend else []
        for axis in (axes.xaxis, axes.yaxis) if axes.axison else ():
            low, high = sorted(axis.get_view_interval())
            ticks = [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
            words += [axis.label, *ticks] if axis.get_visible() else []
    return [(word.get_text(), word.get_window_extent()) for word in words if word.get_text().strip()]


@pytest.mark.parametrize(("width", "dpi"), [(85, 600), (180, 300), (50.3, 151)])
def test_a_png_has_its_pixels_and_white_edges(one: Shot, width: float, dpi: int) -> None:
    content = figure(one, format="png", width_mm=width, dpi=dpi, title="tonic", state=state_text({"a": "τ"}))
    with Image.open(io.BytesIO(content)) as image:
        assert image.width == round(width / 25.4 * dpi)
        assert image.info["dpi"] == pytest.approx((dpi, dpi), abs=0.02)
        assert image.info["Software"] == f"Spark {spark.__version__}" and image.info["Title"] == "tonic"
        assert json.loads(image.info["Description"]) == {"spark": spark.__version__, "a": "τ"}
        pixels = np.asarray(image.convert("L"))
    assert min(edge.min() for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])) == 255
    assert pixels.min() < 60


def test_a_pdf_has_its_width_its_words_and_its_state(crowd: Shot) -> None:
    reader = PdfReader(io.BytesIO(figure(crowd, format="pdf", width_mm=114, title="crowd", state=state_text({"b": 1}))))
    (page,) = reader.pages
    assert float(page.mediabox.width) * 25.4 / 72 == pytest.approx(114, abs=1e-3)
    text = page.extract_text()
    assert "time (ms)" in text and "V (mV)" in text and "neurons 2 to 3" in text
    about = reader.metadata
    assert about is not None and about.title == "crowd" and about.creator == f"Spark {spark.__version__}"
    assert json.loads(about.subject or "")["b"] == 1


def test_the_panels_that_are_asked_for_stand_in_the_order_of_the_page(crowd: Shot) -> None:
    assert list(panels(crowd)) == ["current", "potential", "adaptation", "rate", "raster"]
    root = ElementTree.fromstring(figure(crowd, wanted=["raster", "current"]))
    assert len(axes_of(root)) == 2
    found = texts(root)
    assert found.index("I (pA)") < found.index("time (ms)")
    assert not {"V (mV)", "rate (Hz)"} & set(found)


def test_every_visible_spike_is_a_stroke(one: Shot) -> None:
    for start, end in ((0.0, one.end), (100.0, 300.0)):
        part = Shot(one.recording, start, end, 1, 2000)
        root = ElementTree.fromstring(figure(part, wanted=["raster"]))
        (strokes,) = (group for group in root.iter(f"{SVG}g") if group.get("id", "").startswith("LineCollection"))
        assert len(list(strokes.iter(f"{SVG}path"))) == part.spikes(0).size > 2
    assert part.spikes(0).size < one.spikes(0).size


def test_the_raster_of_many_spikes_is_an_image_in_the_drawing() -> None:
    session = session_of("LeakySoma", run__units=400, run__duration=300.0, stimulus__0__amplitude=900.0)
    shot = shot_of(session)
    assert shot.recording.spike_count > 3000
    root = ElementTree.fromstring(figure(shot, wanted=["raster"]))
    assert len(list(root.iter(f"{SVG}image"))) == 1 and not list(root.iter(f"{SVG}use"))[50:]


def test_a_scale_bar_is_as_long_as_it_says(one: Shot) -> None:
    with matplotlib.rc_context(SETTINGS):
        sheet = Sheet(one, list(panels(one)), 85, 7, True, "")
    said = {}
    for axes in sheet.figure.axes:
        for text, line in zip(axes.texts[1:], axes.lines[-len(axes.texts[1:]) :], strict=True):
            length, unit = text.get_text().split()
            across = max(abs(np.diff(line.get_xdata())[0]), abs(np.diff(line.get_ydata())[0]))
            assert across == pytest.approx(float(length.replace(",", "")))
            said[unit] = float(length)
    assert said.keys() == {"pA", "mV", "ms"}
    begin = [axes.texts[0].get_text() for axes in sheet.figure.axes]
    assert begin == ["I = 500 pA", "V = −70 mV", "w = 0 pA", "spikes"], "where each panel begins, beside its line"
    assert [nice(x) for x in (0.034, 1.0, 4.9, 5.0, 199.0)] == pytest.approx([0.02, 1, 2, 5, 100])


def test_the_same_run_makes_the_same_file_also_beside_others(one: Shot, crowd: Shot) -> None:
    asked: list[tuple[Shot, dict[str, Any]]] = [
        (one, {"type_size": 7}),
        (crowd, {"type_size": 9}),
        (one, {"format": "png", "dpi": 150, "type_size": 5}),
    ]
    alone = [figure(shot, **how) for shot, how in asked]
    with ThreadPoolExecutor(3) as pool:
        beside = list(pool.map(lambda one: figure(one[0], **one[1]), asked))
    assert beside == alone


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"wanted": ["voltage"]}, "no panel 'voltage': choose from current, potential"),
        ({"wanted": []}, "at least one panel"),
        ({"width_mm": 2000.0}, "width of a figure must be from 30 to 300 mm"),
        ({"width_mm": float("nan")}, "width of a figure"),
        ({"type_size": 1}, "type size of a figure must be from 4 to 20 pt"),
        ({"format": "png", "dpi": 9000}, "resolution"),
        ({"format": "png", "dpi": 1200, "width_mm": 300}, "choose a lower resolution or a smaller width"),
        ({"width_mm": 30, "type_size": 9}, "do not fit into 30 mm at 9 pt: choose a larger width or smaller type"),
        ({"format": "exe"}, "svg, pdf, png"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(one: Shot, asked: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words) if "(" in words else words):
        figure(one, **asked)


def test_the_caption_tells_what_decides_a_run() -> None:
    session = session_of("AdaptiveExponentialSoma", **CROWD)
    told = plain(caption(session)).replace("\u00a0", " ")
    assert "τ_m = " in told and "30 neurons" in told and "σ(τ_m) = 2 ms" in told and "amplitude" in told
    assert told.endswith(f"Spark {spark.__version__}.") and "$" not in told
    assert "1 neuron." in plain(caption(session_of("LeakySoma"))).replace("\u00a0", " ")
    session.capacitive = True
    assert "C = " in plain(caption(session)).replace("\u00a0", " ")
    state = json.loads(state_text(to_dict(session)))
    assert to_dict(from_dict(state)) == to_dict(session)


def test_names_of_files_are_safe_anywhere() -> None:
    import datetime

    day = datetime.date(2026, 11, 26)
    assert file_name("AdExLeakySoma", "tonic", "svg", day=day) == "spark-AdExLeakySoma-tonic-2026-11-26.svg"
    assert file_name("LeakySoma", "", "csv", "spikes", day) == "spark-LeakySoma-spikes-2026-11-26.csv"
    hostile = file_name("../../é\0/" + "x" * 300, 'a b:"c"|*?', "svg", day=day)
    assert re.fullmatch(r"spark-[A-Za-z0-9_.-]+\.svg", hostile) and ".." not in hostile and len(hostile) < 200


def test_matplotlib_is_loaded_for_a_figure_only_and_never_pyplot() -> None:
    code = (
        "import sys, app.page.workbench; assert 'matplotlib' not in sys.modules;"
        "from tests.app.side import session_of; from app.run.shot import Shot; from app.export.figure import figure;"
        "run = session_of('LeakySoma').job().run(); figure(Shot(run, 0.0, 100.0, 1));"
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
