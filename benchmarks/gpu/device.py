"""The device that is measured, and how a run on it is timed."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import jax

from ..page import conditions as ordinary
from .worker import Part

REPEATS, ENOUGH = 5, 1.5
"""A run is timed so often, or until so many seconds have gone."""


def conditions(gpu: str, commit: str | None) -> Iterator[Part]:
    """Machine, device, versions and commit."""
    device = the(gpu)
    yield ordinary() | ({"commit": commit} if commit else {})
    stats = device.memory_stats() or {}
    yield {"device": device.device_kind, "memory": stats.get("bytes_limit"), "platform": _line(device)}
    yield {"driver": driver(), "interpreted": device.platform == "cpu"}


def the(platform: str) -> jax.Device:
    """The first device of a platform.

    Raises:
        RuntimeError: there is none.
    """
    try:
        return jax.local_devices(backend=platform)[0]
    except RuntimeError:
        raise RuntimeError(
            f"JAX sees no {platform} here: install its version for CUDA, or try the command itself with --smoke."
        ) from None


def driver() -> str | None:
    """The GPU driver's version, where it says it."""
    try:
        command = ["nvidia-smi", "--query-gpu=name,driver_version,clocks.max.mem", "--format=csv,noheader"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip().splitlines()[0]


def _line(device: jax.Device) -> str:
    return " ".join(str(device.client.platform_version).split())


def timed(run: Callable[[], Any]) -> dict[str, float]:
    """Seconds of the first run, which compiles, and the median of some more."""
    took = [seconds(run)]
    while len(took) < 2 or (len(took) <= REPEATS and sum(took[1:]) < ENOUGH):
        took.append(seconds(run))
    return {"first_s": took[0], "s": median(took[1:])}


def seconds(run: Callable[[], Any]) -> float:
    """Seconds of one run, by the clock on the wall: the processor only waits."""
    begin = time.perf_counter()
    jax.block_until_ready(run())
    return time.perf_counter() - begin
