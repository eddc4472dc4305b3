"""Compile every model ahead, in the background, so that nobody waits for it."""

from __future__ import annotations

import logging
import threading
import time

from spark.nn.components.somas import catalogue

from .job import Job
from .session import Session
from .shadow import accuracy

log = logging.getLogger(__name__)
_compiled: set[tuple[object, ...]] = set()
_lock = threading.Lock()
_thread: threading.Thread | None = None


def ready(job: Job) -> bool:
    """Whether a job of this shape has run before, so that nothing will be compiled."""
    return job.shape in _compiled


def done(job: Job) -> None:
    """Remember that a job of this shape has run."""
    _compiled.add(job.shape)


def start() -> None:
    """Start compiling; once per process."""
    global _thread
    with _lock:
        if _thread is None:
            _thread = threading.Thread(target=_compile_all, name="spark-warm", daemon=True)
            _thread.start()


def _compile_all() -> None:
    began = time.perf_counter()
    session = Session()
    for name in catalogue():
        session.choose_model(name)
        job = session.job()
        try:
            accuracy(job, job.run())
        except Exception:
            log.exception("%s could not be compiled ahead", name)
        else:
            done(job)
    log.info("%d models compiled in %.1f s", len(catalogue()), time.perf_counter() - began)
