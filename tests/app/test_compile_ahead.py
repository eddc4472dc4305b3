"""What is compiled ahead for the views is what they ask for when they are opened."""

import os
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax
import pytest

from app import compile_ahead, compiled_on_disk
from app.session.session import Session
from app.views.catalogue import catalogue as view_catalogue
from spark.nn.components.somas import catalogue
from tests.app.side import Noted, pictured
from tests.common import each

ROOT = Path(__file__).parents[2]
COARSE_ONLY = {"atlas"}
"""In full its map takes a second, of which compiling is half."""
COMPILED = "/jax/core/compile/backend_compile_duration"


@pytest.fixture
def compiled() -> Iterator[list[str]]:
    """One entry for each time that something is compiled from now on."""
    found: list[str] = []

    def note(event: str, duration_secs: float, **told: str | int) -> None:
        if event == COMPILED:
            found.append(str(told))

    jax.monitoring.register_event_duration_secs_listener(note)
    jax.clear_caches()
    yield found
    jax.monitoring.unregister_event_duration_listener(note)


# What is compiled differs with the views that a soma has: with a second variable all of them, without it but some.
@pytest.mark.parametrize("name", each(quick=["LeakySoma", "IzhikevichSoma"]))
def test_a_view_that_is_opened_compiles_nothing(name: str, compiled: list[str]) -> None:
    session = Session()
    session.choose_model(name)
    job = session.job()
    recording = job.run()
    for offered in view_catalogue().values():
        if offered.reason(type(job.soma)) is None:
            for compute in offered.rehearsals(job, recording):
                compute()
    assert compiled
    studying = [kind for kind in view_catalogue().values() if kind.studies and kind.reason(catalogue()[name]) is None]
    assert {kind.name for kind in studying} >= {"fi", "atlas", "compare"}
    for kind in studying:
        view: Any = kind(Noted(session))
        for coarse in (True, False) if kind.name not in COARSE_ONLY else (True,):
            drawn = pictured(session, view)
            compiled.clear()
            found = view.study(drawn.shot, drawn.request, coarse, lambda: False)
            assert (found is None) == (kind.name == "compare")  # nothing is chosen to compare with
            assert not compiled, kind.__name__


def test_a_soma_that_cannot_be_run_leaves_the_others(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    names = list(catalogue())
    chosen = Session.choose_model

    def choose(session: Session, name: str) -> None:
        if name == names[0]:
            raise RuntimeError("broken")
        chosen(session, name)

    monkeypatch.setattr(Session, "choose_model", choose)
    models = compile_ahead._models()
    tasks = (*compile_ahead._first(models), *compile_ahead._beside(models[:1]), *compile_ahead._others(models))
    told = [what for what, _ in tasks]
    assert (
        len(told) == len(set(told))
        and not [what for what in told if what.endswith(f" {names[0]}")]
        and names[0] in caplog.text
    )
    assert {f"the {view.title} of {name}" for name in names[1:] for view in view_catalogue().values()} < set(told)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of what is compiled."""
    monkeypatch.setattr(compiled_on_disk, "folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands of processes that were begun."""
    commands: list[list[str]] = []
    monkeypatch.setattr("app.compiled_on_disk.subprocess.Popen", lambda command, **how: commands.append(command))
    return commands


def test_one_process_compiles_the_rest_until_it_is_there(kept: Path, begun: list[list[str]]) -> None:
    for _ in range(2):  # two servers
        compiled_on_disk.fill("compile_ahead")
    assert begun == [[sys.executable, "-m", "app.compile_ahead", str(os.getpid())]]
    compiled_on_disk.filled(False)  # it was ended
    compiled_on_disk.fill("compile_ahead")
    assert len(begun) == 2
    compiled_on_disk.filled(True)
    compiled_on_disk.fill("compile_ahead")
    assert len(begun) == 2


def test_other_code_is_compiled_anew(kept: Path, begun: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    compiled_on_disk.filled(True)
    monkeypatch.setattr(compiled_on_disk, "_version", lambda: "another")
    compiled_on_disk.fill("compile_ahead")
    assert len(begun) == 1


def test_a_process_that_never_ended_is_not_waited_for_for_ever(kept: Path, begun: list[list[str]]) -> None:
    compiled_on_disk.fill("compile_ahead")
    (mark,) = kept.iterdir()
    os.utime(mark, (time.time() - 2 * compiled_on_disk.STALE,) * 2)
    compiled_on_disk.fill("compile_ahead")
    assert len(begun) == 2


def test_what_is_damaged_is_taken_away_and_nothing_else(kept: Path, begun: list[list[str]]) -> None:
    whole = zlib.compress(b"compiled" * 1000)
    files = {"a": whole, "b": whole[:-3], "c": b"", "d": whole[:20] + b"\0" + whole[21:], "e": b"\x28\xb5\x2f\xfd what"}
    for name, data in files.items():
        (kept / f"{name}-cache").write_bytes(data)
    compiled_on_disk.filled(True)
    assert compiled_on_disk.drop_damaged() == 3
    assert sorted(path.name for path in kept.glob("*-cache")) == ["a-cache", "e-cache"]
    compiled_on_disk.fill("compile_ahead")
    assert len(begun) == 1, "what is missing is compiled"
    assert compiled_on_disk.drop_damaged() == 0


def test_where_nothing_can_be_kept_no_process_is_begun(monkeypatch: pytest.MonkeyPatch, begun: list[list[str]]) -> None:
    monkeypatch.setattr(compiled_on_disk, "folder", lambda: None)
    assert compiled_on_disk.fill("compile_ahead") is None and not begun
    compiled_on_disk.filled(True)


def test_what_compiles_the_rest_ends_with_its_server_and_says_so(tmp_path: Path) -> None:
    """The server is killed: it can end nobody."""
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    begin = (
        "from app import compiled_on_disk as disk; disk.keep(); print(disk.fill('compile_ahead').pid, flush=True); "
        "import time; time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", begin], cwd=ROOT, env=environment, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        number = int(server.stdout.readline())
        marks = [path.name for path in tmp_path.rglob("begun-*")]
        server.kill()
    assert len(marks) == 1
    for _ in range(600):
        if not Path(f"/proc/{number}").exists():
            break
        time.sleep(0.2)
    assert not Path(f"/proc/{number}").exists() and not list(tmp_path.rglob("begun-*"))


@pytest.mark.thorough
def test_a_server_that_ends_while_it_compiles_ends_well(tmp_path: Path) -> None:
    """An interpreter that is taken down under a compiler ends by a signal."""
    panel = str(Path(sys.executable).with_name("panel"))
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [panel, "serve", "app", "--port", "0"], cwd=ROOT, env=environment, stderr=subprocess.PIPE
    ) as run:
        assert run.stderr is not None
        next(line for line in run.stderr if b"process id" in line)
        time.sleep(9)  # after six it compiles what nobody has asked for yet
        run.terminate()
        assert run.wait(60) == 0
