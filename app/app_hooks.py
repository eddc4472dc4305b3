"""Called by the server itself."""

import gc
import sys
import warnings
from typing import Any

from spark.simulation import Crowded

from . import compile_ahead
from .run import live


def on_server_loaded(server_context: Any) -> None:
    """Once per process, before the first visitor."""
    from .lessons.library import library
    from .page import workbench  # noqa: F401 - what every visitor's page needs is imported before there is one

    try:
        library()
    except ValueError as error:  # a folder that was named is not there: nothing is served in its place
        sys.exit(str(error))

    warnings.simplefilter("ignore", Crowded)  # the page says itself where a neuron fires in every step
    compile_ahead.start()
    gc.collect()
    gc.freeze()  # modules stay: no collection need look at them again


def on_server_unloaded(server_context: Any) -> None:
    """The server ends: no run goes on."""
    live.ENDED.set()
