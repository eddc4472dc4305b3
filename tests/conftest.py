"""Fixtures that several tests share."""

from collections.abc import Iterator

import jax
import pytest


@pytest.fixture
def x64() -> Iterator[None]:
    """JAX in 64-bit mode for the length of a test."""
    with jax.enable_x64(True):
        yield
