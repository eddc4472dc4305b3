"""One move of a slider of the explorer: its default job with another value."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

from .device import the, timed
from .worker import Part, words


def moves(gpu: str, loops: tuple[str, ...]) -> Iterator[Part]:
    """Seconds from a job to its recording, each time with another amplitude: here, and on the GPU."""
    from app.session.session import Session  # the session knows nothing of the page: neither Panel nor Bokeh is needed

    job, amplitudes = Session().job(), count(500.0, 0.5)
    yield {"steps": job.padded[0], "neurons": job.padded[1], "soma": type(job.soma).__name__}
    module: Any = sys.modules[type(job).__module__]
    simulate = module.simulate
    for name, device, loop in (("cpu", "cpu", "scan"), *((loop, gpu, loop) for loop in loops)):
        yield {"doing": name}
        # A job leaves the device to `simulate`, which keeps one neuron on the CPU.
        module.simulate = partial(simulate, device=the(device), backend=loop)
        try:
            took = timed(lambda: replace(job, stimulus=job.stimulus.copy(amplitude=next(amplitudes))).run() and None)
        except Exception as error:  # a kernel that fails is a result
            yield {f"{name}_error": words(error)}
            continue
        finally:
            module.simulate = simulate
        yield {name: took}
