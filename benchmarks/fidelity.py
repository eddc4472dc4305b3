"""`make fidelity`: how far every soma is from its reference, and what its default solver costs.

Prints the tables and renews `docs/fidelity.json` and the sections of `docs/fidelity.md` that show them.
"""

from __future__ import annotations

import json
from typing import Any

from .derivative_errors import DURATION, derivative_errors
from .derivative_errors import STEPS_MS as DERIVED_AT
from .figures import CLOSE, SPAN, STEPS, departures, figures, summary
from .javascript_equality import renewed as javascript
from .page import DATA, conditions, renew, sentence, table
from .prices import REPEATS, prices
from .slow import DRIVE, STEPS_MS, slow

SLOW = (
    f"Error of the first spike time, in ms, under {DRIVE:g} times the current that reaches the threshold (the bend, "
    "where there is one), in float32, and in float64 in brackets, against the integral of dV over dV/dt. The longer "
    "the time constant and the shorter the step, the less a step adds, down to a hundredth of a unit in the last place "
    "of the potential: the loop carries the digits that float32 has no room for. What is left in float32 is the "
    "rounding of the potential and of its drive, which grows with the time constant and not with the number of steps."
)
DERIVATIVES = (
    f"Largest error of `spark.analysis.spike_time_derivatives` over all spikes of {DURATION:g} ms under a step of "
    "current, in parts of the field's largest derivative: in float64, and in the last column in float32. Against "
    "central differences of scipy's DOP853 with tolerances of 1e-13, which themselves see about 1e-10 for leaky somas, "
    "which are exact at any step, and 1e-9 for the others. A field that moves no spike is left out."
)
AIM = 6
"""A step of the default solver should cost at most this many steps of Euler."""


def rendered(document: dict[str, Any]) -> str:
    """The generated section of the page."""
    found = document["figures"]
    return "\n\n".join(
        [
            sentence(document["conditions"]),
            _somas(found),
            "### What a step costs",
            f"Processor time of the jitted loop alone at dt = 0.1 ms, all neurons firing: medians of {REPEATS} rounds "
            "in which the three solvers take turns. *Euler* locates its crossings too; *on the grid* does not. "
            + _dear(document["prices"]),
            _prices(document["prices"]),
            "### Small steps and slow cells",
            SLOW,
            _slow(document["slow"]),
            "### Derivatives of spike times",
            sentence(document["derivatives"]["conditions"]),
            DERIVATIVES,
            _derivatives(document["derivatives"]),
            "### Every case",
            _every_case(found),
        ]
    )


def _somas(found: dict[str, Any]) -> str:
    head = ["soma", "reference", "default solver", f"largest error at {STEPS[0]} ms", f"at {STEPS[1]} ms"]
    head += ["float32 against float64", "spike counts", "targets", "departures and why"]
    rows = []
    for soma, cases in found.items():
        s = summary(soma, cases)
        golden = ", ".join(f"`{name}`" for name in s["golden"])
        targets = " / ".join(f"{t:g}" for t in s["targets_ms"]) + (" ms: met" if s["met"] else " ms: **missed**")
        reference = f"{golden}; {len(s['presets'])} preset{'' if len(s['presets']) == 1 else 's'}"
        errors = [_ms(e) for e in (*s["error_ms"], s["rounding_ms"])]
        counts = "equal" if s["counts_equal"] else "**different**"
        rows.append([f"`{soma}`", reference, f"`{s['solver']}`", *errors, counts, targets, departures(soma)])
    return table(head, rows)


def _dear(found: dict[str, Any]) -> str:
    """Which somas cost more than they should."""
    dear = [f"`{soma}`" for soma, by_units in found.items() if max(x["to_euler"] for x in by_units.values()) > AIM]
    return f"The aim is a price of at most {AIM} × Euler: " + (f"**missed** by {', '.join(dear)}." if dear else "met.")


def _prices(found: dict[str, Any]) -> str:
    head = ["soma", "neurons", "ns per neuron and step", "Euler", "on the grid", "price: × Euler", "× on the grid"]
    rows = []
    for soma, by_units in found.items():
        for units, x in by_units.items():
            spent = [f"{x['ns'][key]:.3g}" for key in ("own", "euler", "grid")]
            ratios = [f"{x[key]:.1f}" for key in ("to_euler", "to_euler_on_grid", "compile_s")]
            rows.append([f"`{soma}`", f"{int(units):,}", *spent, *ratios])
    return table([*head, "seconds to compile"], rows)


def _slow(found: dict[str, Any]) -> str:
    head = ["soma", "time constant", "first spike", *(f"dt = {dt:g} ms" for dt in STEPS_MS)]
    rows = []
    for soma, by_tau in found.items():
        for tau, row in by_tau.items():
            cells = [
                f"{narrow:.1e} ({wide:.1e})" for narrow, wide in zip(row["float32_ms"], row["float64_ms"], strict=True)
            ]
            rows.append([f"`{soma}`", f"{int(tau):,} ms", f"{row['expected_ms']:,.4g} ms", *cells])
    return table(head, rows)


def _derivatives(found: dict[str, Any]) -> str:
    head = ["soma", "field", *(f"dt = {dt:g} ms" for dt in DERIVED_AT), f"float32 at {DERIVED_AT[0]:g} ms"]
    rows = [
        [f"`{soma}`", f"`{field}`", *(f"{error:.0e}" for error in errors)]
        for soma, fields in found["errors"].items()
        for field, errors in fields.items()
    ]
    return table(head, rows)


def _every_case(found: dict[str, Any]) -> str:
    head = ["case", "spikes", *(f"error at {dt} ms" for dt in STEPS), *(f"in float64 at {dt} ms" for dt in STEPS)]
    rows = []
    for cases in found.values():
        for name, row in cases.items():
            if row["kind"] == "scheme":
                equal = "equal in float64" if row["equal"] else "**different**"
                cells = [f"published scheme at {row['dt']:g} ms: {equal}", "", "", ""]
            elif row["kind"] == "chaotic":
                both = row["followed_ms"] + row["followed_float64_ms"]
                cells = [f"chaotic: within {CLOSE:g} ms up to {time:.0f} ms" for time in both]
            else:
                cells = [_ms(e) for e in row["error_ms"] + row["error_float64_ms"]]
            rows.append([f"`{name}`", str(row["spikes"]), *cells])
    return table(head, rows)


def _ms(error: float) -> str:
    return f"{error:.1e} ms" if error < 1e-3 else f"{error:.4f} ms"


def derived() -> dict[str, Any]:
    """The derivatives' errors, and where they were measured."""
    return {"conditions": conditions(), "errors": derivative_errors()}


def main() -> None:
    document = {"conditions": conditions(), "span_ms": SPAN, "steps_ms": list(STEPS)}
    document |= {"figures": figures(), "prices": prices(), "slow": slow(), "derivatives": derived()}
    document["javascript"] = javascript()
    DATA.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    text = rendered(document)
    renew("figures", text)
    print(text)


if __name__ == "__main__":
    main()
