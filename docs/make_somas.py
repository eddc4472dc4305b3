"""docs/somas.md: every soma of the catalogue, its quantities and its variables, from their declarations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from spark.core.quantity import Quantity
from spark.nn.components.somas import Soma, catalogue

FILE = Path(__file__).resolve().parent / "somas.md"
HEAD = """# Somas

Every soma of the catalogue as it is declared: `python -m docs.make_somas` makes this page. Potentials in mV, times in
ms, currents in pA, resistances in GΩ, conductances in nS. A quantity takes a number, an array with one value per
neuron, or an initializer.
"""


def _range(quantity: Quantity) -> str:
    low, high = quantity.span or quantity.bounds
    return f"{low:g} to {high:g}{', logarithmic' if quantity.log else ''}".replace("-", "−")


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def _table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> list[str]:
    lines = [head, ("---",) * len(head), *rows]
    return ["| " + " | ".join(map(_cell, line)) + " |" for line in lines]


def _section(name: str, kind: type[Soma]) -> list[str]:
    config = kind.config_class()
    quantities = [
        (
            f"`{field}`",
            f"${q.symbol}$" if q.symbol else "",
            q.words,
            f"{getattr(config, field):.6g} {q.unit}".replace("-", "−").strip(),
            q.describe_bounds().replace("-", "−"),
            _range(q),
            q.doc,
        )
        for field, q in config.quantities().items()
    ]
    variables = [(f"`{v.name}`", v.symbol, v.words, v.unit) for v in kind.system.recordable]
    return [
        f"\n## {kind.title}\n",
        f"`spark.nn.somas.{name}`, solved by `{type(config.solver).__name__}`. {kind.shows}\n",
        *(f"$${line}$$\n" for line in kind.equations),
        "Model: " + "; ".join(f"[{one.text}]({one.url})" for one in kind.references) + ".",
        f"Default values: [{kind.parameter_source.text}]({kind.parameter_source.url}).\n",
        *_table(("field", "symbol", "quantity", "default", "valid", "slider", "what it is"), quantities),
        "\nWhat a run records:\n",
        *_table(("`record=`", "symbol", "variable", "unit"), variables),
    ]


def page() -> str:
    """The page, of Spark's own somas."""
    own = {name: kind for name, kind in catalogue().items() if kind.__module__.startswith("spark.")}
    return "\n".join([HEAD, *(line for name, kind in own.items() for line in _section(name, kind))]) + "\n"


if __name__ == "__main__":
    FILE.write_text(page(), "utf-8")
