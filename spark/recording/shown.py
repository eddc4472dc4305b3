"""A recording as a table for notebooks."""

from __future__ import annotations

from typing import Any

from ..core.tables import summed_up, table, titled


def shown(run: Any) -> str:
    """What ran, how it fired and what was recorded, as HTML."""
    kind = type(run.soma)
    rate = run.spike_count / run.units / run.duration * 1000
    ran = [
        ("soma", f"{kind.title} ({kind.__name__})" if kind.title else kind.__name__),
        ("units", f"{run.units:,}"),
        ("duration", f"{run.duration:g} ms: {run.steps:,} steps of {run.dt:g} ms"),
        ("solver", repr(run.solver)),
        ("ran", f"{run.backend} on {run.device}"),
        (
            "spikes",
            f"{run.spike_count:,}: {rate:.4g} Hz per unit" + ("" if run.events else ", not kept (events=False)"),
        ),
    ]
    known = {variable.name: variable for variable in kind.system.recordable}
    variables = [
        (name, known[name].symbol, known[name].words, known[name].unit, f"{values.shape}", summed_up(values))
        for name, values in run.recorded.items()
    ]
    recorded = table(("recorded", "symbol", "variable", "unit", "shape", "values"), variables) if variables else ""
    return titled(f"Recording of {kind.__name__}", table(("", ""), ran), recorded)
