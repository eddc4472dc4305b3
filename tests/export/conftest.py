"""A real engine of JavaScript for the tests of what is exported to it."""

from collections.abc import Iterator

import pytest

from benchmarks.javascript_engine import Engine


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """One Deno per worker. It is part of the environment: where it is missing, tests fail."""
    with Engine() as engine:
        yield engine
