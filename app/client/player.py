"""Play, pause and slow motion of the time that is looked at."""

from __future__ import annotations

import param

from .bundle import script
from .messenger import Messenger


class Player(Messenger):
    """Moves a time through the run: a line over the traces, and a dot along a path. All of it happens in the page.

    `first` names the data source of the path (columns x, y and the time t in ms) and that of the dot. The line is the
    picker's, whose clicks move it too.
    """

    first = param.Dict({})
    _esm = script("player/player.js")
