"""Which views there are beside the traces."""

from __future__ import annotations

import importlib
import pkgutil

from .. import views
from .side import SideView


def catalogue() -> dict[str, type[SideView]]:
    """Every view by name, in the order in which the bar shows them: each file or folder of `views` may declare some."""
    for module in pkgutil.iter_modules(views.__path__):
        importlib.import_module(f"{views.__name__}.{module.name}")
    found = {kind.name: kind for kind in SideView.__subclasses__()}
    return dict(sorted(found.items(), key=lambda item: item[1].place))
