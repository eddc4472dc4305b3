"""Compile every model ahead, in the background, so that nobody waits for it; what was compiled is kept on disk."""

from __future__ import annotations

import atexit
import gc
import hashlib
import logging
import os
import platform
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import jax

from spark import Recording
from spark.nn.components.somas import catalogue
from spark.solvers import catalogue as solvers

from .accuracy.half_step import accuracy
from .foresight.batch import Neuron
from .foresight.sweeps import foresee, plan_of, ranges
from .run import compiled_shapes
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
Task = tuple[str, Callable[[], Any]]
"""What is compiled, and how."""
_lock = threading.Lock()
_visited, _ended, _first = threading.Event(), threading.Event(), threading.Event()
_thread: threading.Thread | None = None


def visited() -> None:
    """Somebody's first picture is on its way."""
    _visited.set()


def start() -> None:
    """Start compiling; once per process."""
    global _thread
    with _lock:
        if _thread is None:
            _keep_on_disk()
            sys.setswitchinterval(TURN)
            gc.set_threshold(*GARBAGE)
            _thread = threading.Thread(target=_compile_all, name="spark-warm", daemon=True)
            _thread.start()
            atexit.register(_wait, _thread)


def ready() -> bool:
    """Whether a first visitor would wait for no compiler."""
    return _first.is_set()


def end() -> None:
    """The server ends: compile no more."""
    _ended.set()
    _visited.set()


def _wait(thread: threading.Thread) -> None:
    """The process ends: an interpreter that is taken down under a compiler ends with a fault of memory."""
    end()
    thread.join()


def _keep_on_disk() -> None:
    """Use JAX's persistent cache, unless the user has set one up: the next start takes what this one compiled."""
    if jax.config.jax_compilation_cache_dir:  # type: ignore[attr-defined]
        return
    try:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        folder = base / "spark" / f"compiled-{_machine()}"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError) as error:
        log.info("what is compiled is not kept: %s", error)
        return
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


def _machine() -> str:
    """Stands for the processor: what one compiled may not run on another, and homes are shared between machines."""
    told = Path("/proc/cpuinfo")
    flags = [line for line in told.read_text().splitlines() if line.startswith("flags")] if told.exists() else []
    parts = (platform.machine(), platform.processor(), *flags[:1], jax.__version__)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _compile_all() -> None:
    for number, (what, compile_it) in enumerate(_tasks()):
        if number == 1 and _visited.wait(FIRST):
            time.sleep(SETTLED)
        if _ended.is_set():
            return
        try:
            compile_it()
        except Exception:
            if not _ended.is_set():  # a process that ends has no threads any more for a compiler to use
                log.exception("%s could not be compiled ahead", what)
        _first.set()
        time.sleep(PAUSE)


def _tasks() -> Iterator[Task]:
    """What is compiled, most wanted first: every model, the shadows of the honesty meter, every other solver,
    the foresight; what the views compute, once there is a visitor."""
    session = Session()
    jobs = {}
    rows = {}
    for name in catalogue():
        try:
            session.choose_model(name)
            jobs[name] = session.job()
            rows[name] = [row for row in (*model_rows(session), *stimulus_rows(session)) if row["kind"] == "slider"]
        except Exception:  # a soma of another package
            log.exception("%s cannot be chosen", name)
    for name, job in jobs.items():
        yield name, partial(_run, job)
    for name, job in jobs.items():
        yield f"the shadow of {name}", partial(_run, job, shadow=True)
    for name, job in jobs.items():
        for kind in solvers().values():
            if type(job.soma.config.solver) is not kind:
                yield f"{name} with {kind.__name__}", partial(_run, job.with_solver(kind()))
    for name, job in jobs.items():
        yield f"the foresight of {name}", partial(_foresee, job, rows[name])
    log.info("%d shapes compiled ahead", compiled_shapes.count())
    _visited.wait()
    for name, job in jobs.items():
        run = cache(job.run)  # one run for all views of a model
        for view in views().values():
            yield f"the {view.title} of {name}", partial(_rehearse, job, run, view)


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
