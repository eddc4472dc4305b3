"""Processes that are killed, or stand still for a while."""

import asyncio
import os
import signal

from tests.commands import alive, commanded, refused, run, until, value_of
from tests.faults.visitors import moving, process_of


def test_a_killed_process_takes_nothing_of_its_visitors_along_and_the_command_ends_all(tmp_path):
    with commanded(tmp_path, "--processes", "2") as command:

        async def test() -> None:
            await command.ready(processes=2)
            async with moving(command) as everybody:
                victim = process_of(command, everybody[0])
                there = [one for one in everybody if process_of(command, one) == victim]
                elsewhere = [one for one in everybody if one not in there]
                assert there and elsewhere, "visitors are shared out"
                assert await value_of(command, "spark_sessions_connected") == len(everybody)
                os.kill(victim, signal.SIGKILL)
                await until(lambda: all(one.returns == 1 for one in there))
            assert not any(one.returns for one in elsewhere), "the other process has lost nobody"
            await command.ready(processes=2)
            assert await value_of(command, "spark_restarts_total") == 1

            pids = command.children
            command.process.send_signal(signal.SIGTERM)
            await until(lambda: command.process.poll() is not None)
            assert command.process.returncode == 0 and not any(map(alive, pids)) and refused(command.port)

        run(test)


def test_the_only_process_stands_still_for_a_while_and_is_killed_later(tmp_path):
    with commanded(tmp_path) as command:

        async def test() -> None:
            await command.ready()
            (only,) = command.children
            async with moving(command) as everybody:
                os.kill(only, signal.SIGSTOP)
                await until(lambda: all(one.page.silent for one in everybody))
                await asyncio.sleep(1)
                os.kill(only, signal.SIGCONT)
                await until(lambda: not any(one.page.silent for one in everybody))
                assert [one.returns for one in everybody] == [0] * len(everybody), "nobody had to begin anew"
                assert command.children == {only}

                os.kill(only, signal.SIGKILL)
                await until(lambda: all(one.returns == 1 for one in everybody))
                assert only not in command.children

        run(test)
