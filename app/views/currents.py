"""The currents through the membrane over time, stacked: what lifts the potential above zero, what lowers it below."""

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.models import HoverTool, LegendItem, Line, Range1d, VArea, VSpan

from spark.analysis import MembraneCurrents, membrane_currents
from spark.analysis.currents import HOLD, INITIATION, INPUT, LEAK, current_names
from spark.core.variable import Variable
from spark.nn.components.somas import Soma, catalogue

from ..client.picture import Looks, Sources
from ..numbers import number
from ..run.pipeline import Request
from ..run.shot import Shot
from .side import Finding, SideView, Stage
from .style import COLOURS, draw, empty, legend, side_figure, xy

MOST = 600
"""Most points of each area, about the width of the view in pixels."""
NAMED = {INPUT: "input", LEAK: "leak", HOLD: "hold", INITIATION: "initiation"}
COLOUR = {"input": "current", "leak": "leak", "hold": "hold", "initiation": "initiation"}
"""Names in the figure, and colours, of the terms that any soma may have; its own currents are `slow`, `slow1`, ..."""
FIRST = (*COLOUR, "slow")
FULL, QUANTILE, ROOM = 1.08, 0.9, 1.5
"""The axis shows everything where that is no more than `ROOM` times what is there for `QUANTILE` of the time."""
FAR = 30.0
"""Beyond so many times the axis data are cut off: canvases do not take any number."""


def own(kind: type[Soma]) -> dict[str, Variable]:
    """The currents among a soma's own variables, by their names in the figure."""
    return {f"slow{k or ''}": v for k, v in enumerate(v for v in kind.system.variables if v.current)}


def order() -> tuple[str, ...]:
    """From zero outwards: the upstroke, which is cut off, lies outermost and displaces nothing.

    Between leak and hold lie a soma's own currents, as many as the soma with most has.
    """
    most = max(len(own(kind)) for kind in catalogue().values())
    return ("input", "leak", *(f"slow{k or ''}" for k in range(most)), "hold", "initiation")


class Currents(SideView):
    """Areas of the single currents and a line for their sum, C dV/dt, of the first neuron."""

    name, title, place = "currents", "Currents", 6

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.plot = side_figure(
            stage.time,
            Range1d(-600, 600),
            "xwheel_zoom,box_zoom",
            x_axis_label="time (ms)",
            y_axis_label="inward current (pA)",
        )
        self._order = order()
        self._roles = {name: COLOUR.get(name, "second") for name in self._order}
        self._colours = COLOURS[False]
        edges = [f"{side}{k}" for side in ("up", "down") for k in range(len(self._order) + 1)]
        columns = {"areas": ("x", *edges), "total": ("x", "y", *self._order), "spikes": ("x",), "zero": ("x", "y")}
        source = empty(self.name, columns)
        self._areas = {
            name: [
                draw(self.plot, source["areas"], VArea(x="x", y1=f"{side}{k}", y2=f"{side}{k + 1}", fill_alpha=alpha))
                for side in ("up", "down")
            ]
            for k, name in enumerate(self._order)
            for alpha in [0.7 if name in FIRST else 0.35]  # two of a soma's own currents may have one colour
        }
        self._spikes = draw(self.plot, source["spikes"], VSpan(x="x", line_width=1, line_dash=[1, 3], line_alpha=0.7))
        self._zero = draw(self.plot, source["zero"], Line(x="x", y="y", line_width=1))
        self._total = draw(self.plot, source["total"], Line(x="x", y="y", line_width=1.8))
        self._items = {name: LegendItem(label=name, renderers=areas[:1]) for name, areas in self._areas.items()}
        items = [*self._items.values(), LegendItem(label="C dV/dt", renderers=[self._total])]
        items.append(LegendItem(label="spike", renderers=[self._spikes]))
        legend(self.plot, items)
        self._hover = HoverTool(renderers=[self._total], mode="vline", attachment="left")
        self.plot.add_tools(self._hover)
        self.plot.add_layout(stage.moment)

    @property
    def layout(self) -> Any:
        return self.plot

    def picture(self, shot: Shot, request: Request) -> Finding:
        """The currents of the first neuron, on an axis that shows what is there most of the time."""
        found = membrane_currents(shot.recording)
        span = _range(found, request)
        return Finding(
            self._sources(found, shot, span),
            _words(found, request, span[1]),
            {self.plot: span},
            self._looks(type(shot.recording.soma)),
        )

    def _sources(self, found: MembraneCurrents, shot: Shot, span: tuple[float, float]) -> Sources:
        """Means over pixel columns: those of the terms add up to that of the sum, which extremes would not."""
        rows, keys = shot.rows, _keys(type(shot.recording.soma))
        blocks = _Blocks(rows.stop - rows.start, shot)
        terms = {keys[name]: term[rows] for name, term in found.terms.items()}
        zero = np.zeros(blocks.size)
        up, down, single = [zero], [zero], {}
        for name in self._order:
            term = terms.get(name)
            rising = zero if term is None else blocks.mean(np.maximum(term, 0))
            falling = zero if term is None else blocks.mean(np.minimum(term, 0))
            up.append(up[-1] + rising)
            down.append(down[-1] + falling)
            single[name] = rising + falling
        bottom, top = FAR * span[0], FAR * span[1]
        x, total = blocks.mean(found.time[rows]), blocks.mean(found.total[rows])
        edges = {f"{side}{k}": stack for side, stacks in (("up", up), ("down", down)) for k, stack in enumerate(stacks)}
        return {
            "spark:currents:areas": {"x": x} | {name: np.clip(edge, bottom, top) for name, edge in edges.items()},
            "spark:currents:total": xy(x, np.clip(total, bottom, top)) | single,
            "spark:currents:spikes": {"x": shot.spikes(0)},
            "spark:currents:zero": xy(np.array([0.0, shot.recording.duration]), np.zeros(2)),
        }

    def _looks(self, kind: type[Soma]) -> Looks:
        """The terms that this soma has."""
        keys, mine = _keys(kind), own(kind)
        names = {keys[name]: name for name in current_names(kind)}
        looks: list[tuple[Any, dict[str, Any]]] = []
        for name, item in self._items.items():
            looks.append((item, {"visible": name in names}))
            looks += [(area, {"visible": name in names}) for area in self._areas[name]]
        for name in set(self._order) - set(COLOUR):
            looks.append((self._items[name], {"label": {"value": names.get(name, "")}}))
            if name in mine:
                self._roles[name] = mine[name].role
                looks += [(area.glyph, {"fill_color": self._colours[mine[name].role]}) for area in self._areas[name]]
        tips = [["time", "@x{0.0} ms"], *([names[name], f"@{name}{{0}} pA"] for name in self._order if name in names)]
        return [*looks, (self._hover, {"tooltips": [*tips, ["C dV/dt", "@y{0} pA"]]})]

    def recolour(self, colours: dict[str, str]) -> None:
        self._colours = colours
        for name, areas in self._areas.items():
            for area in areas:
                area.glyph.fill_color = colours[self._roles[name]]
        self._total.glyph.line_color = self._spikes.glyph.line_color = colours["spikes"]
        self._zero.glyph.line_color = colours["cursor"]


class _Blocks:
    """Samples in blocks of equal length, the last one shorter."""

    def __init__(self, samples: int, shot: Shot) -> None:
        alone = shot.columns >= shot.recording.steps  # each has a column: a saved page, into which one zooms
        width = 1 if alone else -(-samples // MOST)
        self._starts = np.arange(0, samples, width)
        self._counts = np.diff(np.append(self._starts, samples))
        self.size = self._starts.size

    def mean(self, values: np.ndarray) -> np.ndarray:
        return np.add.reduceat(values, self._starts) / self._counts


def _words(found: MembraneCurrents, request: Request, top: float) -> str:
    """Which current drives, which opposes it, that they add up, and what is not shown above `top`."""
    rows = _window(found, request)
    calm = sum(np.maximum(term[rows], 0) for term in found.terms.values()) <= top
    means = {name: float(np.mean(term[rows][calm])) for name, term in found.terms.items() if calm.any()}
    said = []
    for sign, verb in ((1, "drives"), (-1, "holds back")):
        name = max(means, key=lambda n: sign * means[n], default=None)
        if name is not None and sign * means[name] > 0:
            said.append(f"{'the ' if name != HOLD else ''}{name} {verb} most ({_pa(means[name])})")
    when = "Between upstrokes" if not calm.all() else "While the stimulus is on"
    first = f"{when} {', '.join(said)}." if said else "No current flows."
    residual = float(np.max(np.abs(sum(found.terms.values()) - found.total)))
    size = max(float(np.max(np.abs(term))) for term in found.terms.values())
    add = f" They add up to C dV/dt within {residual:.0e} pA".replace("e-", "e−")
    cut = f"; upstrokes ({_pa(size).lstrip('+')}) are cut off." if size > 2 * top else "."
    return first + add + cut


def _keys(kind: type[Soma]) -> dict[str, str]:
    """Names in the figure by the currents' own."""
    return NAMED | {variable.name: key for key, variable in own(kind).items()}


def _range(found: MembraneCurrents, request: Request) -> tuple[float, float]:
    """The axis: the stack while the stimulus is on, without upstrokes."""
    rows, sizes = _window(found, request), []
    for part in (np.minimum, np.maximum):
        stack = np.abs(sum(part(term[rows], 0) for term in found.terms.values()))
        usual, most = float(np.quantile(stack, QUANTILE)), float(np.max(stack))
        sizes.append(min(FULL * most, ROOM * usual) if usual > 0.05 * most else max(ROOM * usual, 1.0))
    room = 0.1 * max(max(sizes), 1.0)
    return -max(sizes[0], room), max(sizes[1], room)


def _window(found: MembraneCurrents, request: Request) -> slice:
    """The samples while the stimulus is on, at least one."""
    first, last = np.searchsorted(found.time, request.window)
    first = min(int(first), found.time.size - 1)
    return slice(first, max(int(last), first + 1))


def _pa(value: float) -> str:
    power = 0 if abs(value) < 1e4 else 1 if abs(value) < 1e6 else 2
    return f"{number(value / 1000**power, sign=True)} {('pA', 'nA', 'µA')[power]}"
