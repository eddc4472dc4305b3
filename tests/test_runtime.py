"""What is settled before JAX starts, each in a process of its own."""

import os
import subprocess
import sys

import pytest


def said(code: str, **environment: str) -> str:
    """What Python says on stderr to `code`, with warnings shown."""
    clean = {name: value for name, value in os.environ.items() if name != "XLA_FLAGS"}
    done = subprocess.run(
        [sys.executable, "-W", "always::RuntimeWarning", "-c", code],
        env=clean | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr


COMPUTE = "import jax.numpy as jnp; jnp.ones(2).sum()\n"
OWN = "--xla_backend_extra_options=xla_cpu_small_while_loop_byte_threshold=100000000"


def test_spark_after_jax_has_computed_says_what_to_do() -> None:
    words = said(COMPUTE + "import spark")
    assert words.count("RuntimeWarning") == 1
    assert "import spark first" in words and f"XLA_FLAGS={OWN}" in words


@pytest.mark.parametrize(
    ("code", "environment"),
    [("import jax, spark\n" + COMPUTE, {}), (COMPUTE + "import spark", {"XLA_FLAGS": OWN})],
    ids=["only imported before", "the option is set"],
)
def test_nothing_is_said_where_loops_are_compiled_whole(code: str, environment: dict[str, str]) -> None:
    assert "RuntimeWarning" not in said(code, **environment)
