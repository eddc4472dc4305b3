"""One process that serves: `panel serve app` at sockets that the command has opened. Started by the command alone."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from panel.command.serve import Serve
from tornado.ioloop import IOLoop

from ..client.seam import listen_at
from . import logs
from .drain import drain

log = logging.getLogger("app.server")
APP = Path(__file__).resolve().parents[1]
GRACE = 10.0
"""Seconds in which a process whose command has gone may end by itself."""


class _Served(Serve):
    """Panel's own command, whose server can be drained."""

    def customize_server(self, server: Any) -> Any:
        made = super().customize_server(server)
        IOLoop.current().add_callback(_listen_for_drain, made)
        return made


def _listen_for_drain(server: Any) -> None:
    tasks: set[asyncio.Task[None]] = set()  # the loop itself keeps only weak references

    def begin() -> None:
        if not tasks:
            tasks.add(asyncio.ensure_future(drain(server)))

    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, begin)


def _end_with(watched: int) -> None:
    """End this process when the command has gone, however it went: the pipe from it then has an end."""
    os.set_inheritable(watched, False)

    def watch() -> None:
        while os.read(watched, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="spark-watch", daemon=True).start()


def main() -> None:
    """Serve until SIGTERM, or until visitors have left after SIGHUP."""
    parser = argparse.ArgumentParser(prog="python -m app")
    parser.add_argument("--sockets", required=True)
    parser.add_argument("--watched", type=int, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--level", required=True)
    parser.add_argument("--form", required=True)
    given, more = parser.parse_known_args()
    _end_with(given.watched)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there is something to drain
    logs.begin(given.level, given.form, given.name)
    sockets = [socket.socket(fileno=int(number)) for number in given.sockets.split(",")]
    for one in sockets:
        one.setblocking(False)
        os.set_inheritable(one.fileno(), False)
    listen_at(sockets, given.port)
    parser = argparse.ArgumentParser(prog="python -m app", usage="what is not listed here is Panel's", add_help=False)
    serve = _Served(parser=parser)
    try:
        serve.invoke(parser.parse_args([str(APP), "--log-level", given.level, *more]))
    except (ValueError, RuntimeError, OSError) as error:
        log.debug("Panel's command has failed", exc_info=True)
        sys.exit(f"python -m app: {error}")


if __name__ == "__main__":
    main()
