"""Compile every model ahead, in the background, so that nobody waits for it.

What most visitors need is kept in memory. All else would take a gigabyte there: `python -m app.compile_ahead`, which a
server begins, compiles it into the cache on disk, from where it comes in a fraction of a second when it is asked for.
"""

from __future__ import annotations

import atexit
import gc
import logging
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from spark import Recording
from spark.nn.components.somas import catalogue
from spark.simulation import Crowded
from spark.solvers import catalogue as solvers

from . import compiled_on_disk
from .accuracy.half_step import accuracy
from .foresight.batch import Neuron
from .foresight.sweeps import foresee, plan_of, ranges
from .run import compiled_shapes
from .run.giving_way import give_way
from .session.job import Job
from .session.session import Session
from .sidebar.row_specs import model_rows, stimulus_rows
from .views.catalogue import catalogue as views
from .views.side import SideView

log = logging.getLogger(__name__)
TURN = 0.0005
"""Seconds after which a thread that computes lets the event loop go on. With Python's own 5 ms every frame that is sent
while somebody's picture is computed waits as long."""
GARBAGE = (20_000, 20, 50)
"""Collecting all garbage of forty sessions stops them for a tenth of a second: ten times more rarely than usual."""
FIRST = 6.0
"""Seconds after which the rest is compiled even if nobody has come: a first visitor has the processors alone."""
SETTLED = 1.0
"""Seconds that a page takes from its first picture until it is at rest."""
PAUSE = 0.02
"""Seconds between two compilations: visitors' runs need the interpreter too."""
GIVES_WAY = 10
"""What its thread's niceness is higher by: nobody waits for it."""
Task = tuple[str, Callable[[], Any]]
"""What is compiled, and how."""
Model = tuple[str, Job, list[dict[str, Any]]]
"""Its name, a run of it, and its sliders."""
_lock = threading.Lock()
_visited, _ended, _ready = threading.Event(), threading.Event(), threading.Event()
_thread: threading.Thread | None = None
_rest: subprocess.Popen[bytes] | None = None


def visited() -> None:
    """Somebody's first picture is on its way."""
    _visited.set()


def start() -> None:
    """Start compiling; once per process."""
    global _thread
    with _lock:
        if _thread is None:
            compiled_on_disk.keep()
            sys.setswitchinterval(TURN)
            gc.set_threshold(*GARBAGE)
            _thread = threading.Thread(target=_compile_all, name="spark-warm", daemon=True)
            _thread.start()
            atexit.register(_wait, _thread)


def ready() -> bool:
    """Whether a first visitor would wait for no compiler."""
    return _ready.is_set()


def end() -> None:
    """The server ends: compile no more."""
    _ended.set()
    _visited.set()
    if _rest is not None and _rest.poll() is None:
        _rest.terminate()
        compiled_on_disk.filled(False)  # it may not have come so far as to say so itself


def _wait(thread: threading.Thread) -> None:
    """The process ends: an interpreter that is taken down under a compiler ends with a fault of memory."""
    end()
    thread.join()


def _compile_all() -> None:
    """In the server's thread: what it keeps in memory; then begin what compiles the rest."""
    global _rest
    models = _models()
    give_way(GIVES_WAY)
    for number, task in enumerate(_first(models)):
        if number == 1 and _visited.wait(FIRST):
            time.sleep(SETTLED)
        if _ended.is_set():
            return
        _do(*task)
        _ready.set()
    log.info("%d shapes compiled ahead", compiled_shapes.count())
    _visited.wait()
    for task in (*_beside(models[:1]), *(() if compiled_on_disk.folder() else _others(models))):
        if _ended.is_set():
            return
        _do(*task)
    compiled_on_disk.drop_damaged()
    if not _ended.is_set():
        _rest = compiled_on_disk.fill("compile_ahead")


def _do(what: str, compile_it: Callable[[], Any]) -> None:
    try:
        compile_it()
    except Exception:
        if not _ended.is_set():  # a process that ends has no threads any more for a compiler to use
            log.exception("%s could not be compiled ahead", what)
    time.sleep(PAUSE)


def _models() -> list[Model]:
    """Every model with its own values."""
    session, found = Session(), []
    for name in catalogue():
        try:
            session.choose_model(name)
            rows = [row for row in (*model_rows(session), *stimulus_rows(session)) if row["kind"] == "slider"]
            found.append((name, session.job(), rows))
        except Exception:  # a soma of another package
            log.exception("%s cannot be chosen", name)
    return found


def _first(models: list[Model]) -> Iterator[Task]:
    """What most visitors need, most wanted first: every model, and the shadows of the honesty meter."""
    for name, job, _ in models:
        yield name, partial(_run, job)
    for name, job, _ in models:
        yield f"the shadow of {name}", partial(_run, job, shadow=True)


def _beside(models: list[Model]) -> Iterator[Task]:
    """What foresight and views compute."""
    for name, job, rows in models:
        yield f"the foresight of {name}", partial(_foresee, job, rows)
        run = cache(job.run)  # one run for all views of a model
        for view in views().values():
            yield f"the {view.title} of {name}", partial(_rehearse, job, run, view)


def _others(models: list[Model]) -> Iterator[Task]:
    """All else: every other solver, and what stands beside the traces of all but the first model."""
    for name, job, _ in models:
        for kind in solvers().values():
            if type(job.soma.config.solver) is not kind:
                yield f"{name} with {kind.__name__}", partial(_run, job.with_solver(kind()))
    yield from _beside(models[1:])


def _run(job: Job, shadow: bool = False) -> None:
    recording = job.run()
    if shadow:
        accuracy(job, recording)
    compiled_shapes.note(job)


def _foresee(job: Job, rows: list[dict[str, Any]]) -> None:
    neuron = Neuron.of(job)
    spans, steps = ranges(rows, neuron)
    how = plan_of(neuron, len(spans))
    if how is not None:
        foresee(neuron, spans, steps, how, lambda done: None)


def _rehearse(job: Job, run: Callable[[], Recording], view: type[SideView]) -> None:
    if view.reason(type(job.soma)) is None:
        for task in view.rehearsals(job, run()):
            if not _ended.is_set():
                task()
                time.sleep(PAUSE)


def _fill(server: int) -> None:
    """Compile all that a server does not keep, into the cache on disk, as long as that process is there."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *told: sys.exit())
    warnings.simplefilter("ignore", Crowded)
    compiled_on_disk.keep()
    give_way(GIVES_WAY)
    _visited.set()
    whole = False
    try:
        models = _models()
        for task in (*_others(models), *_beside(models[:1])):
            if os.getppid() != server:
                return
            _do(*task)
        whole = True
    finally:
        compiled_on_disk.filled(whole)


if __name__ == "__main__":
    _fill(int(sys.argv[1]))
