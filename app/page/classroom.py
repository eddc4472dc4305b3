"""The classroom of one page, put together: its door, and what a teacher and a student do behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..client.classroom import Classroom
from ..client.picture import Picture
from ..client.turns import Turns
from ..session.session import Session
from ..sidebar.sidebar import Sidebar
from .attending import Attending
from .entering import Entering
from .explain import Explain
from .following import Following
from .lecturing import Lecturing
from .measuring import Measuring
from .racing import Racing
from .screen import Screen


@dataclass(frozen=True)
class Parts:
    """What the classroom needs of a page.

    Attributes:
        turns: its later turns.
        session: what is chosen.
        panel: the classroom's own component.
        sidebar: whose rows follow.
        explain: the view that is shown to all.
        picture: the page's data.
        measuring: the mystery of the page.
        restructure: carries a change of the session out, after which the controls are others.
        screen: what is shown.
        address: of the visitor's computer.
        move_again: makes the moves once more that it brought.
    """

    turns: Turns
    session: Session
    panel: Classroom
    sidebar: Sidebar
    explain: Explain
    picture: Picture
    measuring: Measuring
    restructure: Callable[[Callable[[], None], str], None]
    screen: Callable[[], Screen]
    address: Callable[[], str]
    move_again: Callable[[], None]


def classroom(page: Parts, on_begin: Callable[[], None]) -> tuple[Entering, Lecturing, Attending]:
    """The door, and the two parts, which follow the page's pictures.

    Args:
        page: where it is.
        on_begin: somebody is in a room: nothing else leads the visitor by the hand.
    """
    first = page.turns, page.session, page.panel
    lecturing = Lecturing(*first, page.explain, page.restructure, page.picture, page.screen, page.move_again)
    shown = page.sidebar, page.explain, page.picture
    following = Following(*first, *shown, page.restructure, lambda: page.screen().is_whole)
    attending = Attending(*first, following, Racing(page.panel, page.measuring))
    at = page.address, lambda: page.screen().asked > 0
    entering = Entering(page.turns, page.panel, *at, lecturing, attending)
    entering.on_begin = on_begin
    page.explain.on_changes += (lecturing.view_changed,)
    return entering, lecturing, attending
