"""Called by the server itself."""

import gc
import logging
import sys
import warnings
from typing import Any

from spark.simulation import Crowded, Diverged

from . import compile_ahead
from .classroom.hub import hub
from .classroom.opening import has_rooms
from .classroom.store import StoreError
from .run import live
from .server import bounded_log, guard, health

guard.install()  # as the app is found: its server is made only then
health.offer()


def on_server_loaded(server_context: Any) -> None:
    """Once per process, before the first visitor."""
    bounded_log.bound()
    from .lessons.library import library
    from .page import building  # what every visitor's page needs is imported before there is one

    try:
        library()
    except ValueError as error:  # a folder that was named is not there: nothing is served in its place
        sys.exit(str(error))

    if has_rooms():  # those whose time is over are deleted, whether or not anybody comes
        try:
            hub()
        except StoreError as error:
            logging.getLogger(__name__).warning("The classroom's rooms cannot be had: %s", error)
    for told in (Crowded, Diverged):  # the page says itself where a neuron fires in every step, and where a run is lost
        warnings.simplefilter("ignore", told)
    building.begin(server_context)
    compile_ahead.start()
    gc.collect()
    gc.freeze()  # modules stay: no collection need look at them again
    health.loaded()


def on_server_unloaded(server_context: Any) -> None:
    """The server ends: no run goes on, and nothing is compiled."""
    live.ENDED.set()
    compile_ahead.end()
