"""What was compiled is kept on disk, for the next start and other processes; one of them compiles what is missing."""

from __future__ import annotations

import hashlib
import logging
import os
import platform
import subprocess
import sys
import time
import zlib
from contextlib import suppress
from pathlib import Path

import jax

import spark

log = logging.getLogger(__name__)
HERE = Path(__file__).parent
ZSTANDARD = b"\x28\xb5\x2f\xfd"
"""With which files begin that JAX has packed with a library which is not ours: they are left alone."""
STALE = 3600.0
"""Seconds after which a process that was to compile the rest counts as gone."""


def keep() -> None:
    """Use JAX's persistent cache, unless the user has set one up: the next start takes what this one compiled."""
    if folder() is not None:
        return
    try:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        path = base / "spark" / f"compiled-{_machine()}"
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError) as error:
        log.info("what is compiled is not kept: %s", error)
        return
    jax.config.update("jax_compilation_cache_dir", str(path))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


def folder() -> Path | None:
    """Where it is kept; None where it is not."""
    named = jax.config.jax_compilation_cache_dir  # type: ignore[attr-defined]
    return Path(named) if named else None


def fill(module: str) -> subprocess.Popen[bytes] | None:
    """Begin a process that runs this module, to compile what is missing there: what it takes in memory ends with it.

    It is told the number of this process, without which it shall not go on.

    None where all of it is there, where another process is about it, and where nothing can be kept.
    """
    where = folder()
    if where is None or _complete(where).exists():
        return None
    try:
        if _begun(where).exists() and time.time() - _begun(where).stat().st_mtime > STALE:
            _begun(where).unlink()
        _begun(where).touch(exist_ok=False)
    except OSError:  # another one was quicker
        return None
    command = [sys.executable, "-m", f"{HERE.name}.{module}", str(os.getpid())]
    return subprocess.Popen(command, cwd=HERE.parent, stdin=subprocess.DEVNULL)


def drop_damaged() -> int:
    """Take away what cannot be read, and say how much that was.

    JAX writes in place and never replaces: what a process that was killed has left would be compiled at every start.
    """
    where = folder()
    if where is None:
        return 0
    damaged = [path for path in where.glob("*-cache") if not _sound(path)]
    for path in damaged:
        with suppress(OSError):
            path.unlink()
    if damaged:
        log.warning("%d compiled programs could not be read: they are compiled anew", len(damaged))
        with suppress(OSError):
            _complete(where).unlink(missing_ok=True)
    return len(damaged)


def _sound(path: Path) -> bool:
    try:
        data = path.read_bytes()
        if not data.startswith(ZSTANDARD):
            zlib.decompress(data)
    except OSError:
        return True  # another process was quicker
    except zlib.error:
        return False
    return True


def filled(whole: bool) -> None:
    """The process that `fill` began has ended; `whole`: everything is there."""
    where = folder()
    if where is not None:
        with suppress(OSError):
            if whole:
                _complete(where).touch()
            _begun(where).unlink(missing_ok=True)


def _begun(where: Path) -> Path:
    return where / f"begun-{_version()}"


def _complete(where: Path) -> Path:
    return where / f"complete-{_version()}"


def _version() -> str:
    """Stands for the code: what is compiled follows from it."""
    files = sorted(path for room in (HERE, Path(spark.__file__).parent) for path in room.rglob("*.py"))
    told = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(repr((told, jax.__version__)).encode()).hexdigest()[:16]


def _machine() -> str:
    """Stands for the processor: what one compiled may not run on another, and homes are shared between machines."""
    told = Path("/proc/cpuinfo")
    flags = [line for line in told.read_text().splitlines() if line.startswith("flags")] if told.exists() else []
    parts = (platform.machine(), platform.processor(), *flags[:1], jax.__version__)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
