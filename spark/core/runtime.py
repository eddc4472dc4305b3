"""What must be settled before JAX starts."""

import os

_LOOP = "xla_cpu_small_while_loop_byte_threshold"


def compile_loops_whole() -> None:
    """Ask XLA's CPU compiler to compile a whole time loop as one kernel.

    Otherwise it dispatches every operation of every step by itself, which costs one neuron five times as
    much. The option can only be given in the environment, before JAX's first computation; it has no effect
    on GPUs. A value that the user has set for the same option is left alone.
    """
    flags = os.environ.get("XLA_FLAGS", "")
    if _LOOP not in flags and "xla_backend_extra_options" not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} --xla_backend_extra_options={_LOOP}=100000000".strip()
