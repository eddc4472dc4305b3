"""Whole calls of `spark.simulate`, here and on the GPU: from which size it is worth it, and what "auto" takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import spark
from spark.nn.components.somas import catalogue

from .device import timed
from .loops import CURRENT, DT, SPREAD
from .worker import Part, words


def call(gpu: str, loops: tuple[str, ...], soma: str, units: int, steps: int, auto: bool) -> Iterator[Part]:
    """Seconds of a call that keeps every spike, and the potential of one neuron.

    With `auto` one more call chooses for itself, and tells what it chose.
    """
    kind, current = catalogue()[soma], np.full(steps, CURRENT, np.float32)
    rest = kind.config_class().values()["potential_rest"]
    initial = {"potential": rest + np.linspace(0.0, SPREAD, units)}
    ways: dict[str, dict[str, Any]] = {"cpu": {"device": "cpu", "backend": "scan"}}
    ways |= {"auto": {}} if auto else {}  # before a kernel that may leave no later call of this process alive
    ways |= {loop: {"device": gpu, "backend": loop} for loop in loops}
    for name, options in ways.items():
        yield {"doing": name}
        done: list[spark.Recording] = []

        def run(options: dict[str, Any] = options, done: list[spark.Recording] = done) -> None:
            done[:] = [spark.simulate(kind(), current, dt=float(DT), units=units, initial=initial, traces=1, **options)]

        try:
            took = timed(run)
        except Exception as error:  # a kernel that fails is a result
            yield {f"{name}_error": words(error)}
            continue
        yield {name: took | {"spikes": done[0].spike_count, "device": done[0].device, "backend": done[0].backend}}
