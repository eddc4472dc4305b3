"""Called by the server itself."""

from typing import Any

from . import warm


def on_server_loaded(server_context: Any) -> None:
    """Once per process, before the first visitor."""
    warm.start()
