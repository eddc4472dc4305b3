"""`python -m app` with the real app: visitors are served and handed over; nothing is left when it has gone."""

import asyncio
import json
import signal

from benchmarks.crowd_page import Visitor
from tests.commands import PATIENCE, alive, commanded, get, moves, refused, run, until, value_of


def test_one_process_needs_no_router_hands_its_visitors_over_and_never_outlives_the_command(tmp_path):
    with commanded(tmp_path, "--prefix", "spark", "--log-format", "json") as command:

        async def test() -> None:
            await command.ready("/spark/health")
            (first,) = command.children
            visitor = Visitor(f"{command.root}/spark/app")
            await visitor.open()
            assert visitor.cookie == "", "nobody stands between a visitor and the only process"
            await moves(visitor, 431.0)
            assert await value_of(command, "spark_sessions_connected", "/spark/metrics") == 1
            assert await value_of(command, "spark_picture_seconds_count", "/spark/metrics") >= 2

            # It is renewed: at no time is a visitor turned away, and who is there is let go.
            answers, over = [], asyncio.Event()

            async def ask() -> None:
                while not over.is_set():
                    answers.append((await get(f"{command.root}/spark/health/live")).code)
                    await asyncio.sleep(0.02)

            asking = asyncio.ensure_future(ask())
            command.process.send_signal(signal.SIGHUP)
            await until(lambda: visitor.lost)
            again = Visitor(f"{command.root}/spark/app")
            await again.open()
            await moves(again, 432.0)
            await until(lambda: not alive(first))
            over.set()
            await asking
            assert len(answers) > 10 and set(answers) == {200}
            await moves(again, 433.0)
            await until(lambda: len(command.children) == 1)
            (second,) = command.children
            await again.close()
            await visitor.close()

            # However the command ends, nobody holds its port.
            command.process.kill()
            await until(lambda: not alive(second) and refused(command.port))

        run(test)
        assert "Traceback" not in command.log
        lines = [json.loads(line) for line in command.log.splitlines() if line.startswith("{")]
        assert {line["process"] for line in lines} == {"command", "1", "2"}
        assert "gone to another process: there were 1" in command.log


def test_a_start_that_fails_ends_the_command(tmp_path):
    with commanded(tmp_path, "--no-such-option") as command:
        assert command.process.wait(PATIENCE) == 2
    assert "unrecognized arguments: --no-such-option" in command.log
