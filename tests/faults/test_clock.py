"""The machine's clock is set while visitors are there: by an hour, by a day, and back."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.classroom_page import Student, Teacher
from benchmarks.crowd_return import Returning
from tests.commands import commanded, run
from tests.faults.visitors import moving

HOUR = 3600


FOLLOW = """
import os, sys, threading, time
from pathlib import Path

def follow(file):
    import time_machine
    shown, travel = 0, None
    while True:
        wanted = int(file.read_text())
        if wanted != shown:
            if travel is not None:
                travel.stop()
            travel, shown = time_machine.travel(time.time() + wanted), wanted
            travel.start()
        time.sleep(0.05)

if "app.server.worker" in " ".join(sys.orig_argv):
    file = Path(os.environ["SPARK_TEST_CLOCK"])
    threading.Thread(target=follow, args=(file,), name="clock", daemon=True).start()
"""
"""`sitecustomize` of a process that serves: its clock is wrong by as many seconds as a file says."""


class Clock:
    """What a server takes for the time; what counts on (monotonic) is not touched, as on a machine."""

    def __init__(self, folder: Path) -> None:
        (folder / "sitecustomize.py").write_text(FOLLOW, "utf-8")
        self._file = folder / "clock"
        self.set(0)
        path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
        self.environment = {"PYTHONPATH": path, "SPARK_TEST_CLOCK": str(self._file)}

    def set(self, seconds: int) -> None:
        """Let it go wrong by so many seconds."""
        new = self._file.with_name("new")
        new.write_text(str(seconds), "utf-8")
        os.replace(new, self._file)


def test_a_clock_that_is_set_ends_no_session_and_no_room(tmp_path):
    clock = Clock(tmp_path)
    with commanded(tmp_path, "--log-format", "json", **clock.environment) as command:

        async def test() -> None:
            await command.ready()
            teacher = Teacher(f"{command.root}/app")
            code = await teacher.found()
            async with moving(command, 2) as everybody:
                for number, hours in enumerate((1, 24, -24, 0)):
                    clock.set(hours * HOUR)
                    # A page of that very instant begins anew (tests/browser/test_connection.py).
                    await asyncio.sleep(0.3)
                    student = Student(f"{command.root}/app")
                    await student.join(code, f"S{number}")
                    await student.close()
                    later = Returning(f"{command.root}/app")
                    await later.come()
                    later.move(433.0, final=True)
                    await later.settled()
                    await later.leave()
                    assert not later.lost
                    await asyncio.sleep(1)
            assert not any(one.returns for one in everybody), "nobody's session has ended"
            assert not teacher.lost and not teacher.told.get("refused")
            await teacher.close()

        run(test)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert f"{tomorrow:%Y-%m-%d}" in command.log, "the clock was set"
