"""What must be settled before JAX starts."""

import os
import sys
import warnings

_LOOP = "xla_cpu_small_while_loop_byte_threshold"
_OPTION = f"--xla_backend_extra_options={_LOOP}=100000000"


def compile_loops_whole() -> None:
    """Ask XLA's CPU compiler to compile a whole time loop as one kernel.

    Otherwise it dispatches every operation of every step by itself, which costs one neuron five times as
    much. The option can only be given in the environment, before JAX's first computation; it has no effect
    on GPUs. A value that the user has set for the same option is left alone.

    Warns:
        RuntimeWarning: JAX has computed already, so that runs will be slow.
    """
    flags = os.environ.get("XLA_FLAGS", "")
    if _LOOP in flags or "xla_backend_extra_options" in flags:
        return
    os.environ["XLA_FLAGS"] = f"{flags} {_OPTION}".strip()
    if _started():
        warnings.warn(
            "JAX has computed before spark was imported, so runs of few neurons on the CPU take up to five times as "
            f"long: import spark first, or set XLA_FLAGS={_OPTION} in the environment.",
            RuntimeWarning,
            stacklevel=3,
        )


def _started() -> bool:
    """Whether JAX has read XLA's options already; there is no public way to ask, and none is needed for a right run."""
    bridge = sys.modules.get("jax._src.xla_bridge")
    return bool(getattr(bridge, "backends_are_initialized", lambda: False)())
