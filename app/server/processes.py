"""The processes that serve: started, watched, started again when they end, renewed in turn, ended together."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tornado.httpclient import HTTPError
from tornado.netutil import bind_unix_socket

from .inner import Inner
from .process import Process

log = logging.getLogger("app.server")
ROOT = Path(__file__).resolve().parents[2]
LOOK, SLOW_LOOK = 0.1, 2.0
"""Seconds between two questions to a process: before it is ready, and then."""
ANSWER = 10.0
"""Seconds in which one that is asked may answer."""
SILENT = 60.0
"""Seconds without an answer after which a process counts as dead: a text of megabytes holds one up for three."""
GRACE = 20.0
"""Seconds that a process may take to end."""
FIRST_PAUSE, LONGEST_PAUSE, GOOD = 0.0, 30.0, 30.0
"""Seconds until one that has ended is started again, longer each time, until one has lived for `GOOD` seconds."""
LONGEST_DRAIN = 300.0
"""Seconds in which the visitors of a process may leave it: 0.4 s for each of two hundred, and as much again."""


class Processes:
    """All of them.

    Args:
        count: how many serve at a time.
        shared: sockets at which each of them takes visitors by itself; () where they are passed on to it.
        folder: for the sockets over which they are asked.
        command: what starts one; it is told its name and the numbers of its sockets besides.
        environment: for each.
        prefix: of all paths.
    """

    def __init__(
        self,
        count: int,
        shared: Sequence[socket.socket],
        folder: Path,
        command: Sequence[str],
        environment: dict[str, str],
        prefix: str,
    ) -> None:
        self._count, self._shared, self._folder = count, shared, folder
        self._command, self._environment, self._prefix = command, environment, prefix
        self.inner = Inner(folder)
        self.restarts = 0
        self._all: list[Process] = []
        self._made = self._turn = self._old = 0
        self._pause, self._ending, self._renewing = FIRST_PAUSE, False, False
        self._tasks: set[asyncio.Task[None]] = set()
        self.failed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        """How the first one ended, where it did so before any was ready: another would end in the same way."""
        self.any_ready = asyncio.Event()

    @property
    def ready(self) -> list[Process]:
        """Those that take visitors."""
        return [one for one in self._all if one.ready and not one.leaving]

    def find(self, name: str) -> Process | None:
        """The one of this name, if it takes visitors."""
        return next((one for one in self.ready if one.name == name), None)

    def path_of(self, process: Process) -> str:
        """Of its socket."""
        return str(self._folder / process.name)

    def idlest(self, without: Process | None = None) -> Process | None:
        """The one with the fewest visitors; while they are renewed a new one, so that nobody has to move twice."""
        ready = [one for one in self.ready if one is not without]
        new = [one for one in ready if one.number > self._old]
        return min(new or ready, key=lambda one: (one.load, one.number), default=None)

    def next(self) -> Process | None:
        """One after another, for who says nothing of where its session is: who asks again meets each of them."""
        ready, self._turn = self.ready, self._turn + 1
        return ready[self._turn % len(ready)] if ready else None

    async def start(self) -> None:
        """Start as many as are wanted."""
        for _ in range(self._count):
            await self._start()

    async def renew(self) -> None:
        """Put a new process in the place of each, one after another; the old ones end when their visitors have gone."""
        if self._renewing or self._ending:
            log.warning("processes are being renewed already: this SIGHUP is not needed")
            return
        self._renewing, self._old = True, self._made
        try:
            for old in [one for one in self._all if not one.leaving]:
                if old not in self._all:
                    continue  # it has ended meanwhile, and who took its place is new
                new = await self._start()
                while new in self._all and not new.ready:
                    await asyncio.sleep(LOOK)
                if new not in self._all:
                    log.error("the new process has ended: those of before go on")
                    return
                log.info("process %d takes over from process %d", new.number, old.number)
                old.leaving = True
                old.signal(signal.SIGHUP)
                await self._gone(old)  # its visitors come back now: the next process would start in their way
        finally:
            self._renewing = False

    async def _gone(self, old: Process) -> None:
        until = time.monotonic() + LONGEST_DRAIN
        while old in self._all and not self._ending:
            if time.monotonic() > until:
                log.warning("process %d still has visitors: it is ended", old.number)
                old.signal(signal.SIGTERM)
                until += LONGEST_DRAIN
            await asyncio.sleep(LOOK)

    async def end(self) -> None:
        """End all, whatever they do."""
        self._ending = True
        for one in self._all:
            one.leaving = True
            one.signal(signal.SIGTERM)
        until = time.monotonic() + GRACE
        while self._all and time.monotonic() < until:
            await asyncio.sleep(0.02)
        for one in self._all:
            log.warning("process %d does not end: it is killed", one.number)
            one.signal(signal.SIGKILL)
        while self._all:
            await asyncio.sleep(0.02)
        self.inner.close()

    async def _start(self) -> Process:
        self._made += 1
        path = self._folder / str(self._made)
        own = bind_unix_socket(str(path), mode=0o600)
        watched, leash = os.pipe()  # its end tells the process that this one has gone
        numbers = [one.fileno() for one in (*self._shared, own)]
        try:
            child = await asyncio.create_subprocess_exec(
                *(*self._command, "--name", str(self._made)),
                *("--sockets", ",".join(map(str, numbers)), "--watched", str(watched)),
                pass_fds=(*numbers, watched),
                env=self._environment,
                process_group=0,  # Ctrl+C is the command's, which ends them one way
            )
        finally:
            own.close()
            os.close(watched)
        process = Process(self._made, child, leash)
        self._all.append(process)
        for work in (self._follow(process), self._watch(process)):
            self._do(work)
        return process

    def _do(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _follow(self, process: Process) -> None:
        """Wait for its end, and put another one in its place where nobody wanted that."""
        code = await process.ended()
        wanted, lived = process.leaving or self._ending, time.monotonic() - process.began
        self._all.remove(process)
        (self._folder / process.name).unlink(missing_ok=True)
        if wanted:
            return
        if not self.any_ready.is_set():
            if not self.failed.done():
                self.failed.set_result(code if code > 0 else 1)
            return
        if lived > GOOD:
            self._pause = FIRST_PAUSE
        log.error("process %d has ended with %d; where it is missing, another one is started", process.number, code)
        await asyncio.sleep(self._pause)
        self._pause = min(LONGEST_PAUSE, 2 * self._pause or 1.0)
        if not self._ending and sum(not one.leaving for one in self._all) < self._count:
            self.restarts += 1
            await self._start()

    async def _watch(self, process: Process) -> None:
        """Find out when it is ready, and whether it goes on answering."""
        heard = time.monotonic()
        while process in self._all and not process.leaving:
            try:
                response = await self.inner.ask(process.name, f"{self._prefix}/health", timeout=ANSWER)
            except (OSError, HTTPError):
                pass
            else:
                heard = time.monotonic()
                if response.code == 200 and not process.ready:
                    with suppress(OSError, HTTPError):  # the first page is built for nobody: it takes a second longer
                        await self.inner.ask(process.name, f"{self._prefix}/app")
                    process.ready = True
                    self.any_ready.set()
                    log.info("process %d is ready after %.1f s", process.number, heard - process.began)
            if process.ready and time.monotonic() - heard > SILENT:
                log.error("process %d has not answered for %g s: it is killed", process.number, SILENT)
                process.ready = False
                process.signal(signal.SIGKILL)
                return
            await asyncio.sleep(SLOW_LOOK if process.ready else LOOK)
