"""Where a run goes, and by which loop: rules in one place, each with the measurement that it stands on, or lacks."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, TypeAlias

import jax

Backend = Literal["auto", "scan", "fused"]
Where: TypeAlias = "Literal['auto', 'cpu', 'gpu'] | jax.Device"

LEAST_UNITS = 4_000
"""Fewer units stay on the CPU. Measured on a prototype (float32): the scan takes about 8 microseconds per step on a GPU
whatever the population, and 0.9 to 3 ns per neuron-step on two CPU cores, so that they meet between 3,000 and 9,000.
Of Spark's own loops nobody has measured it: `python -m benchmarks.gpu` does."""
LEAST_WORK = 20_000_000
"""Neurons x steps below which a run stays on the CPU: some 40 ms there. Not measured: it leaves room for compiling,
launching and copying, which a GPU has to earn."""
FUSED_ON = ("cpu", "gpu")
"""Platforms on which the fused kernel can be asked for; on a CPU it is only interpreted, which is slower than the scan.
"auto" takes it on none: no GPU has run it yet, and code that nobody has run is not a default."""


@cache  # JAX looks for them once as well
def gpus() -> list[jax.Device]:
    """The GPUs of this process."""
    try:
        return jax.local_devices(backend="gpu")
    except RuntimeError:  # JAX has no other way to say that there is none
        return []


def usual() -> jax.Device:
    """Where JAX computes if nobody says anything."""
    device = _set_by_hand()
    return device if isinstance(device, jax.Device) else jax.local_devices(backend=device)[0]


def placed(device: Where, units: int, steps: int, backend: Backend = "auto") -> jax.Device:
    """The device of a run of so many units and steps.

    "auto" leaves the choice to `jax.default_device` where that is set. Else, where there is a GPU, large runs go there
    and small ones to the CPU: a GPU needs both `LEAST_UNITS` and `LEAST_WORK`. Whoever asks for the fused loop gets it.

    Raises:
        TypeError: not a device.
        ValueError: a device that is not there.
    """
    if isinstance(device, jax.Device):
        return device
    if not isinstance(device, str) or device not in ("auto", "cpu", "gpu"):
        raise TypeError(f'device takes "auto", "cpu", "gpu" or a jax.Device, not {device!r}.')
    if device == "cpu":
        return _first("cpu")
    if device == "auto" and _set_by_hand() is not None:
        return usual()
    found = gpus()
    if device == "gpu" and not found:
        raise ValueError(
            'device = "gpu", but JAX sees no GPU here: install its GPU version (pip install "jax[cuda12]"), '
            'or leave device at "auto".'
        )
    if not found:
        return usual()
    return found[0] if device == "gpu" or backend == "fused" or large(units, steps) else _first("cpu")


def large(units: int, steps: int) -> bool:
    """Whether a run of this size is worth a GPU."""
    return units >= LEAST_UNITS and units * steps >= LEAST_WORK


def loop_on(backend: Backend, device: jax.Device) -> Literal["scan", "fused"]:
    """Which loop a run on this device takes: "auto" is the scan everywhere.

    Raises:
        ValueError: no such backend, or one that the device cannot run.
    """
    if backend not in ("auto", "scan", "fused"):
        raise ValueError(f'backend = {backend!r} must be "auto", "scan" or "fused".')
    if backend == "fused" and device.platform not in FUSED_ON:
        raise ValueError(
            f'backend = "fused" runs on a GPU, or interpreted on a CPU, not on {named(device)}: use "scan".'
        )
    return "scan" if backend == "auto" else backend


def named(device: jax.Device) -> str:
    """A device in words: platform and number."""
    return f"{device.platform}:{device.id}"


def _set_by_hand() -> Any:
    return jax.config.jax_default_device  # type: ignore[attr-defined]


def _first(platform: str) -> jax.Device:
    return jax.local_devices(backend=platform)[0]
