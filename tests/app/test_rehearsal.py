"""What is compiled ahead for the views is what they ask for when they are opened."""

from collections.abc import Iterator
from typing import Any

import jax
import pytest

from app.session.session import Session
from app.views.atlas.view import Atlas
from app.views.catalogue import catalogue as view_catalogue
from app.views.fi.view import FI
from app.views.reset import Reset
from app.views.side import SideView
from spark.nn.components.somas import catalogue
from tests.app.side import Noted, pictured

COMPILED = "/jax/core/compile/backend_compile_duration"


@pytest.fixture
def compiled() -> Iterator[list[str]]:
    """One entry for each time that something is compiled from now on."""
    found: list[str] = []

    def note(event: str, duration_secs: float, **told: str | int) -> None:
        if event == COMPILED:
            found.append(str(told))

    jax.monitoring.register_event_duration_secs_listener(note)
    jax.clear_caches()
    yield found
    jax.monitoring.unregister_event_duration_listener(note)


@pytest.mark.parametrize("name", catalogue())
def test_a_view_that_is_opened_compiles_nothing(name: str, compiled: list[str]) -> None:
    session = Session()
    session.choose_model(name)
    job = session.job()
    recording = job.run()
    for offered in view_catalogue().values():
        if offered.reason(type(job.soma)) is None:
            for compute in offered.rehearsals(job, recording):
                compute()
    assert compiled
    opened: list[tuple[type[SideView], list[bool]]] = [(FI, [True, False]), (Atlas, [True])]
    if Reset.reason(catalogue()[name]) is None:
        opened.append((Reset, [True, False]))
    for kind, efforts in opened:
        view: Any = kind(Noted(session))
        for coarse in efforts:
            drawn = pictured(session, view)
            compiled.clear()
            assert view.study(drawn.shot, drawn.request, coarse, lambda: False) is not None
            assert not compiled, kind.__name__
