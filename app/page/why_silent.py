"""Why the run that is shown is silent, and what would make it fire, in words; worked out when somebody asks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

import numpy as np

from spark.analysis.silence import Remedy, Silence, silence
from spark.core.quantity import Quantity
from spark.simulation import Cancelled

from ..client.help import Help
from ..client.turns import Turns
from ..numbers import fixed, number
from ..run.beside import Newest
from ..run.follower import Follower
from ..run.pipeline import Drawn
from ..session import membrane
from ..session.session import Session
from ..sidebar.row_specs import plain_symbol
from .explain import STUDIES

log = logging.getLogger(__name__)
MOST = 3
"""Values that are named beside the current."""
STEADY = 1e-3
"""Part of itself by which a current may change and still count as steady."""
TAU, RESISTANCE = (path.removeprefix("config.") for path in (membrane.TAU, membrane.RESISTANCE))
WORKING = "Working it out …"
NO_RUN = "There is no run yet: ask again once one is shown."
FAILED = "This could not be worked out for these values: change one and ask again."


class WhySilent(Follower):
    """Answers in the help's tip, which goes when another run is asked for.

    Args:
        turns: later turns on the session's event loop.
        session: what is chosen.
        help: where it is said.
    """

    def __init__(self, turns: Turns, session: Session, help: Help) -> None:
        super().__init__(turns, 0.0)
        self._session, self._help = session, help
        self._newest = Newest(STUDIES, turns.add_next_tick_callback, help.answer)

    def ask(self) -> None:
        """Somebody asks."""
        if self._drawn is None:
            self._help.answer(NO_RUN)
            return
        self._help.answer(WORKING)
        self._newest.ask(partial(_tried, self._drawn, self._session.shown.get(membrane.CONDUCTANCE)))

    def outdate(self) -> None:
        super().outdate()
        self._newest.drop()
        self._help.answer(None)

    def close(self) -> None:
        super().close()
        self._newest.close()


def _tried(drawn: Drawn, leak: Quantity | None, stop: Callable[[], bool]) -> str:
    """The answer, or that there is none; in a worker thread."""
    try:
        return answer(drawn, leak, stop)
    except Cancelled:
        raise
    except Exception:
        log.exception("why it is silent could not be worked out")
        return FAILED


def answer(drawn: Drawn, leak: Quantity | None = None, stop: Callable[[], bool] | None = None) -> str:
    """Why the first neuron of this run is silent.

    Args:
        drawn: the run.
        leak: the leak conductance, where the membrane is shown by it and not by its resistance.
        stop: says that nobody waits any more.
    """
    recording, (start, end) = drawn.recording, drawn.request.window
    if recording.spike_times[0].size:
        return "It is not silent: it fires in this run."
    first = int(start / recording.dt)
    held = recording.recorded["current"][first : max(first + 1, int(end / recording.dt)), 0]
    peak = float(held.max())
    try:
        found = silence(type(recording.soma), recording.parameters_of(), peak, stop)
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
    return _resting(found, recording.config.quantities(), leak)


def _resting(found: Silence, quantities: dict[str, Quantity], leak: Quantity | None) -> str:
    least = found.limit.current
    said = f"At {number(found.current, 4)} pA it rests at {fixed(float(found.potential or 0.0), 1)} mV."
    needs = [] if least is None else [f"more than {number(least, 4)} pA (the rheobase)"]
    if found.limit.lowest is not None:
        needs.append(f"less than {number(found.limit.lowest, 4)} pA")
    values = [_value(one, quantities[one.name], leak) for one in found.remedies if leak is None or one.name != TAU]
    needs += values[:MOST]
    if not needs:
        return f"{said} {found.limit.reason}"
    return f"{said} To fire it needs {', or '.join(needs)}."


def _value(one: Remedy, quantity: Quantity, leak: Quantity | None) -> str:
    value, above = one.value, one.above
    if leak is not None and one.name == RESISTANCE:
        quantity, value, above = leak, 1 / value, not above
    sign = plain_symbol(quantity.symbol) or quantity.words or one.name
    return f"{sign} {'above' if above else 'below'} {number(value)} {quantity.unit}".strip()
