"""Disks that are full, may not be written to, or hold damaged files: the page works, and says what cannot be kept."""

import random
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.classroom_page import Teacher
from benchmarks.crowd_return import Returning
from tests.commands import ROOT, Command, commanded, run, until
from tests.faults.visitors import moving

COMPILE = """
from app.compiled_on_disk import keep
keep()
from app.session.session import Session
session = Session()
for name in ("LeakySoma", "AdaptiveLeakySoma", "ExponentialSoma", "IzhikevichSoma"):
    session.choose_model(name)
    session.job().run(lambda done: None)
"""

DAMAGES: list[Callable[[bytes], bytes]] = [
    lambda data: b"",
    lambda data: data[: len(data) // 2],
    lambda data: data[:1000] + bytes([data[1000] ^ 0x10]) + data[1001:],
    lambda data: random.Random(1).randbytes(len(data)),
]


def fill(command: Command, full: bool) -> None:
    """No file of these processes can grow any more, as on a disk that is full; or there is place again."""
    for pid in (command.process.pid, *command.children):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0 if full else resource.RLIM_INFINITY, resource.RLIM_INFINITY))


async def refusal(command: Command) -> str:
    """What a teacher is told who opens a room; "" where it opens."""
    teacher = Teacher(f"{command.root}/app")
    await teacher.open()
    teacher.tell({"type": "open"})
    await teacher.until(lambda told: told.get("room") or told.get("refused"))
    await teacher.close()
    return str(teacher.told.get("refused", ""))


def test_a_full_disk_stops_no_neuron_and_rooms_say_so(tmp_path):
    with commanded(tmp_path) as command:

        async def test() -> None:
            await command.ready()
            assert await refusal(command) == ""
            async with moving(command, 2) as everybody:
                fill(command, full=True)
                said = await refusal(command)
                assert "cannot be written" in said and "Make room, then try again." in said
                later = Returning(f"{command.root}/app")
                await later.come()
                await later.leave()
                fill(command, full=False)
                assert await refusal(command) == "", "as soon as there is place it works again"
            assert not any(one.returns for one in everybody)

        run(test)


def test_a_home_that_nobody_may_write_to_keeps_nothing_and_the_page_works(tmp_path):
    nowhere = {"HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null/cache", "SPARK_ROOMS": "/dev/null/rooms/rooms.sqlite"}
    with commanded(tmp_path, **nowhere) as command:

        async def test() -> None:
            await command.ready()
            async with moving(command, 2):
                said = await refusal(command)
                assert "/dev/null/rooms" in said, said

        run(test)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """What was compiled for the model that a page begins with."""
    command, environment = [sys.executable, "-c", COMPILE], {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run(command, cwd=ROOT, env=environment | {"PATH": ""}, check=True, timeout=240)
    (found,) = (tmp_path / "cache/spark").iterdir()
    return found


def test_a_damaged_cache_is_compiled_anew(tmp_path, cache):
    kept = sorted(path for path in cache.iterdir() if path.name.endswith("-cache"))
    assert len(kept) == len(DAMAGES)
    for path, damage in zip(kept, DAMAGES, strict=True):
        path.write_bytes(damage(path.read_bytes()))
    with commanded(tmp_path, XDG_CACHE_HOME=str(tmp_path / "cache")) as command:

        async def test() -> None:
            await command.ready()
            async with moving(command, 2):
                pass

            await until(lambda: "could not be read: they are compiled anew" in command.log)
            assert not any(path.exists() and path.stat().st_size == 0 for path in kept), "JAX itself replaces nothing"

        run(test)
