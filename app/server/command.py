"""`python -m app`: reads what is asked for, opens the port, and keeps the processes that serve until it is ended."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
import sys
import tempfile
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from . import logs
from .options import Options, Refused, read
from .places import bound, origins, outward, port_of
from .processes import ROOT, Processes
from .router import Router

log = logging.getLogger("app.server")


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl+C; what cannot be had is said in one sentence."""
    try:
        if os.name != "posix":
            raise Refused("this command needs Linux or macOS: here, use `panel serve app`.")
        options = read(sys.argv[1:] if arguments is None else arguments)
        sockets = bound(options)
    except Refused as error:
        print(f"python -m app: {error}", file=sys.stderr)
        return 2
    logs.begin(options.log_level, options.log_format, "command")
    logs.without_health()
    return asyncio.run(_serve(options, sockets))


async def _serve(options: Options, sockets: list[socket.socket]) -> int:
    loop, over, port = asyncio.get_running_loop(), asyncio.Event(), port_of(sockets)
    one = options.processes == 1
    environment = _environment(options)
    with tempfile.TemporaryDirectory(prefix="spark-") as folder:  # of this user alone: mode 0700
        processes = Processes(
            options.processes,
            sockets if one else (),
            Path(folder),
            _words(options, port, routed=not one),
            environment,
            options.prefix,
        )
        renewals: set[asyncio.Task[None]] = set()

        def renew() -> None:
            task = asyncio.ensure_future(processes.renew())
            renewals.add(task)
            task.add_done_callback(renewals.discard)

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, over.set)
        loop.add_signal_handler(signal.SIGHUP, renew)
        router = None if one else Router(processes, sockets, port, options, environment["SPARK_ADMIN"])
        await processes.start()
        opened = asyncio.ensure_future(_tell(processes, _url(options, port), _others(options, port), options.show))
        ended = asyncio.ensure_future(over.wait())
        await asyncio.wait((ended, processes.failed), return_when=asyncio.FIRST_COMPLETED)
        for task in (opened, ended):
            task.cancel()
        for place in sockets:  # nobody comes any more
            if router is None:
                place.close()
        if router is not None:
            router.stop()
        await processes.end()
        if processes.failed.done():
            log.error("the first process ended before it was ready: what it said is above")
            return processes.failed.result()
        processes.failed.cancel()
    return 0


async def _tell(processes: Processes, url: str, others: list[str], show: bool) -> None:
    await processes.any_ready.wait()
    log.info("the explorer is at %s", url)
    if others:
        log.info("others reach it at %s", " or ".join(others))
    if show:
        await asyncio.get_running_loop().run_in_executor(None, webbrowser.open, url)


def _url(options: Options, port: int) -> str:
    host = options.address if options.address not in (None, "", "0.0.0.0", "::") else "localhost"
    return f"http://{host}:{port}{options.prefix}/app"


def _others(options: Options, port: int) -> list[str]:
    """Where other machines may reach it, if it listens to the network and nobody has said a name."""
    if options.address or options.origin:
        return []
    return [f"http://{host}:{port}{options.prefix}/app" for host in outward()]


def _environment(options: Options) -> dict[str, str]:
    """For the processes: they sign alike, and know the word of who asks them."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    made = os.environ | options.environment() | {"PYTHONPATH": path}
    for name in ("SPARK_ADMIN", "BOKEH_SECRET_KEY"):
        made[name] = made.get(name) or secrets.token_hex(32)
    return made


def _words(options: Options, port: int, routed: bool) -> list[str]:
    """What starts a process: its own words, then Panel's."""
    words = [sys.executable, "-m", "app.server.worker", "--port", str(port)]
    words += ["--level", options.log_level, "--form", options.log_format]
    if options.prefix:
        words += ["--prefix", options.prefix]
    for origin in origins(options, port):
        words += ["--allow-websocket-origin", origin]
    if routed or options.behind_proxy:
        words.append("--use-xheaders")
    return [*words, *options.more]
