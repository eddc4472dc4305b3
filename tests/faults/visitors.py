"""Visitors who go on moving their slider while something goes wrong; nothing that they did may be missing then."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.crowd_return import Returning, few
from tests.commands import Command

COUNT = 4


def process_of(command: Command, visitor: Returning) -> int:
    """The process that serves this visitor."""
    assert visitor.page is not None
    name = visitor.page.cookie.partition("=")[2]
    (found,) = (pid for pid in command.children if f"--name\0{name}\0" in Path(f"/proc/{pid}/cmdline").read_text())
    return found


@asynccontextmanager
async def moving(command: Command, count: int = COUNT) -> AsyncIterator[list[Returning]]:
    """So many visitors, each of whom moves five times a second; afterwards each is asked for what was lost."""
    everybody = [Returning(f"{command.root}/app") for _ in range(count)]
    over = asyncio.Event()
    for one in everybody:
        await one.come()
    living = [asyncio.ensure_future(one.live(few(offset=at), over)) for at, one in enumerate(everybody)]
    try:
        await asyncio.sleep(1)
        yield everybody
        await asyncio.sleep(1)
    finally:
        over.set()
        await asyncio.gather(*living)
        for one in everybody:
            await one.leave()
    for one in everybody:
        assert one.lost == [] and one.wrong == []
        assert one.pictures > 2, "a visitor who saw nothing proves nothing"
    assert "Traceback" not in command.log, command.log
