"""Connections that end without goodbye, and a visitor who does not read for a while."""

import asyncio
from collections.abc import Iterator
from functools import partial

import pytest

from benchmarks.crowd_return import Page, Returning
from tests.commands import Command, commanded, run, until, value_of
from tests.faults.visitors import moving


@pytest.fixture(scope="module")
def command(tmp_path_factory) -> Iterator[Command]:
    with commanded(tmp_path_factory.mktemp("cut")) as command:
        run(command.ready)
        yield command


CUTS = {"both": (True, True), "Bokeh's": (True, False), "the page's own": (False, True)}


@pytest.mark.parametrize("which", CUTS)
def test_a_cut_connection_loses_nothing(command, which):
    main, channel = CUTS[which]

    async def test() -> None:
        async with moving(command) as everybody:
            cut, *others = everybody
            for _ in range(2):
                page, before = cut.page, cut.page._channel
                page.cut(main=main, channel=channel)
                if main:
                    await until(partial(is_another, cut, page))
                else:
                    await until(partial(has_another_channel, page, before))
                    await asyncio.sleep(0.5)
        assert main or not cut.returns, "Bokeh's connection carries everything meanwhile"
        assert not any(one.returns for one in others)

    run(test)


def has_another_channel(page: Page, before: object) -> bool:
    return page._open.done() and page._channel is not before


def is_another(visitor: Returning, page: Page) -> bool:
    return visitor.page is not page


def test_pages_that_are_cut_off_while_they_open_leave_nothing_behind(command):
    async def test() -> None:
        async with moving(command, 2) as everybody:
            for seconds in (0.05, 0.1, 0.2, 0.4, 0.8):
                page = Page(f"{command.root}/app")
                opening = asyncio.ensure_future(page.open())
                await asyncio.sleep(seconds)
                page.cut(main=True, channel=True)
                opening.cancel()
                await asyncio.wait([opening])
                page.cut(main=True, channel=True)
            await until_async(lambda: value_of(command, "spark_sessions_connected"), len(everybody))
            assert not any(one.returns for one in everybody)

    run(test)


def test_a_visitor_who_does_not_read_holds_up_nobody_and_sees_the_newest_afterwards(command):
    async def test() -> None:
        async with moving(command) as everybody:
            deaf, *others = everybody
            deaf.page.listen(False)
            seen = [one.page.pictures for one in others]
            await until(lambda: all(one.page.pictures > before + 3 for one, before in zip(others, seen, strict=True)))
            deaf.page.listen(True)
            await until(lambda: deaf.is_shown)

    run(test)


async def until_async(ask, wanted: object) -> None:
    while await ask() != wanted:
        await asyncio.sleep(0.1)
