"""Where a run goes, and by which loop: rules in one place, each with the measurement that it stands on, or lacks."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, TypeAlias

import jax

from ..core.echo import echo

Loop = Literal["scan", "fused"]
Backend = Literal["auto", "scan", "fused"]
Where: TypeAlias = "Literal['auto', 'cpu', 'gpu'] | jax.Device"

LEAST_UNITS = {"scan": 5_000, "fused": 200}
"""Fewer units stay on the CPU. Measured on an H100 beside 16 cores (docs/performance.md): by the kernel a call of 1,000
steps is shorter on the GPU from 70 (AdEx) and 150 (leaky) neurons on, by the scan from 2,900 and 5,500."""
LEAST_WORK = {"scan": 5_000_000, "fused": 300_000}
"""Neurons x steps below which a run stays on the CPU: there they take 5 ms and more (fused) or 80 (scan), as long as a
call that uses a GPU takes at least (docs/performance.md)."""
FUSED_ON = ("cpu", "gpu")
"""Platforms on which the fused kernel can be asked for; on a CPU it is only interpreted, which is slower than the scan.
"auto" takes it on NVIDIA's: there it gives what the scan gives, bit for bit, in a 6th to a 140th of its time."""

LEAST_CAPABILITY = 8.0
"""NVIDIA's GPUs from 2020 on, for which Triton compiles; an H100 has 9.0."""


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
    and small ones to the CPU: a GPU needs both `LEAST_UNITS` and `LEAST_WORK` of its loop. Whoever asks for the fused
    loop gets it.

    Raises:
        TypeError: not a device.
        ValueError: a device that is not there.
    """
    if isinstance(device, jax.Device):
        return device
    if not isinstance(device, str) or device not in ("auto", "cpu", "gpu"):
        raise TypeError(f'device takes "auto", "cpu", "gpu" or a jax.Device, not {echo(device)}.')
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
    there = device == "gpu" or backend == "fused" or large(units, steps, loop_on(backend, found[0]))
    return found[0] if there else _first("cpu")


def large(units: int, steps: int, loop: Loop = "fused") -> bool:
    """Whether a run of this size is worth a GPU, by this loop."""
    return units >= LEAST_UNITS[loop] and units * steps >= LEAST_WORK[loop]


def loop_on(backend: Backend, device: jax.Device) -> Loop:
    """Which loop a run on this device takes: "auto" is the kernel on NVIDIA GPUs from 8.0 on, the scan elsewhere.

    Raises:
        ValueError: no such backend, or one that the device cannot run.
    """
    check_backend(backend)
    if backend == "fused" and device.platform not in FUSED_ON:
        raise ValueError(
            f'backend = "fused" runs on a GPU, or interpreted on a CPU, not on {named(device)}: use "scan".'
        )
    if backend == "auto":
        return "fused" if device.platform == "gpu" and _capability(device) >= LEAST_CAPABILITY else "scan"
    return backend


def check_backend(backend: Any) -> None:
    """Refuse what names no loop."""
    if not isinstance(backend, str) or backend not in ("auto", "scan", "fused"):
        raise ValueError(f'backend = {echo(backend)} must be "auto", "scan" or "fused".')


def named(device: jax.Device) -> str:
    """A device in words: platform and number."""
    return f"{device.platform}:{device.id}"


def _capability(device: jax.Device) -> float:
    """What NVIDIA's GPUs can do, as a number; 0 for others, which name it otherwise."""
    try:
        return float(getattr(device, "compute_capability", 0.0))
    except ValueError:
        return 0.0


def _set_by_hand() -> Any:
    return jax.config.jax_default_device  # type: ignore[attr-defined]


def _first(platform: str) -> jax.Device:
    return jax.local_devices(backend=platform)[0]
