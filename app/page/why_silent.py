"""Why the run that is shown is silent, and what would make it fire, in words; worked out when somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from spark.analysis.silence import Silence, silence
from spark.core.quantity import Quantity

from ..client.help import Help
from ..client.turns import Turns
from ..numbers import fixed, number
from ..run.beside import Newest
from ..run.follower import Follower
from ..run.live import ASIDE
from ..run.pipeline import Drawn
from ..sidebar.row_specs import plain_symbol

MOST = 3
"""Values that are named beside the current."""
STEADY = 1e-3
"""Part of itself by which a current may change and still count as steady."""


class WhySilent(Follower):
    """Answers in the help's tip, which goes when another run is asked for.

    Args:
        turns: later turns on the session's event loop.
        help: where it is said.
    """

    def __init__(self, turns: Turns, help: Help) -> None:
        super().__init__(turns, 0.0)
        self._help = help
        self._newest = Newest(ASIDE, turns.add_next_tick_callback, help.answer)

    def ask(self) -> None:
        """Somebody asks."""
        if self._drawn is not None:
            self._newest.ask(partial(_answer, self._drawn))

    def outdate(self) -> None:
        super().outdate()
        self._newest.drop()
        self._help.answer(None)

    def close(self) -> None:
        super().close()
        self._newest.close()


def _answer(drawn: Drawn, stop: Callable[[], bool]) -> str:
    return answer(drawn)


def answer(drawn: Drawn) -> str:
    """Why the first neuron of this run is silent."""
    recording, (start, end) = drawn.recording, drawn.request.window
    if recording.spike_times[0].size:
        return "It is not silent: it fires in this run."
    first = int(start / recording.dt)
    held = recording.recorded["current"][first : max(first + 1, int(end / recording.dt)), 0]
    peak = float(held.max())
    try:
        found = silence(type(recording.soma), recording.parameters_of(), peak)
    except ValueError as error:
        return f"There is no telling for this model: {error}"
    least = found.limit.current
    if float(np.ptp(held)) > STEADY * max(1.0, abs(peak)):
        enough = found.limit.reason if least is None else f"a steady current fires it above {number(least, 4)} pA."
        return f"The current changes, up to {number(peak, 4)} pA: it is not strong enough for long enough; {enough}"
    if found.potential is None:
        return (
            f"At {number(peak, 4)} pA it cannot rest (the rheobase is {number(least, 4)} pA): a stimulus that lasts "
            "longer than this one makes it fire."
            if least is not None
            else f"{found.limit.reason} A longer stimulus may make it fire."
        )
    return _resting(found, recording.config.quantities())


def _resting(found: Silence, quantities: dict[str, Quantity]) -> str:
    least = found.limit.current
    said = f"At {number(found.current, 4)} pA it rests at {fixed(float(found.potential or 0.0), 1)} mV."
    needs = [] if least is None else [f"more than {number(least, 4)} pA (the rheobase)"]
    needs += [_value(one.name, one.value, one.above, quantities[one.name]) for one in found.remedies[:MOST]]
    if not needs:
        return f"{said} {found.limit.reason}"
    return f"{said} To fire it needs {', or '.join(needs)}."


def _value(name: str, value: float, above: bool, quantity: Quantity) -> str:
    sign = plain_symbol(quantity.symbol) or quantity.words or name
    return f"{sign} {'above' if above else 'below'} {number(value)} {quantity.unit}".strip()
