"""Distributions: their moments, limits, seeds and errors."""

import json

import jax
import numpy as np
import pytest
from scipy import stats

from spark.nn.initializers import Constant, Initializer, LogNormal, Normal, Uniform

KEY, MANY = jax.random.key(1), (20_000,)


@pytest.mark.parametrize(
    ("initializer", "law"),
    [
        (Uniform(-3.0, 5.0), stats.uniform(-3.0, 8.0)),
        (Normal(-50.0, 2.0), stats.norm(-50.0, 2.0)),
        (Normal(0.0, 2.0, low=-1.0, high=3.0), stats.truncnorm(-0.5, 1.5, 0.0, 2.0)),
        (Normal(0.0, 2.0, low=1.0), stats.truncnorm(0.5, np.inf, 0.0, 2.0)),
        (LogNormal(10.0, 0.4), stats.lognorm(0.4, scale=10.0)),
    ],
    ids=["uniform", "normal", "both-limits", "one-limit", "log-normal"],
)
def test_the_law(initializer: Initializer, law) -> None:
    assert stats.kstest(initializer.draw(KEY, MANY), law.cdf).pvalue > 1e-3


INITIALIZERS = [Constant(3.0), Uniform(0.0, 1.0), Normal(1.0, 2.0), Normal(1.0, 2.0, -1.0, 4.0), LogNormal(2.0, 0.5)]


@pytest.mark.parametrize("initializer", INITIALIZERS, ids=repr)
def test_seeded_and_shaped(initializer: Initializer) -> None:
    first = initializer.draw(KEY, (3, 4))
    assert first.shape == (3, 4)
    np.testing.assert_array_equal(first, initializer.draw(KEY, (3, 4)))
    if not isinstance(initializer, Constant):
        assert (first != initializer.draw(jax.random.key(2), (3, 4))).all()


@pytest.mark.parametrize("initializer", INITIALIZERS, ids=repr)
def test_there_and_back(initializer: Initializer) -> None:
    assert type(initializer).from_dict(json.loads(json.dumps(initializer.to_dict()))) == initializer


def test_limits_and_degenerate_cases() -> None:
    values = Normal(0.0, 100.0, low=-0.5, high=0.5).draw(KEY, MANY)
    assert values.min() >= -0.5 and values.max() <= 0.5
    assert (Normal(4.0, 0.0).draw(KEY, (5,)) == 4.0).all()
    assert (Uniform(2.0, 2.0).draw(KEY, (5,)) == 2.0).all()
    assert (LogNormal(2.0, 0.0).draw(KEY, (5,)) == 2.0).all()
    assert (Constant(-7).draw(KEY, (5,)) == -7.0).all()


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Uniform(2.0, 1.0), ValueError, "Uniform.low"),
        (lambda: Normal(0.0, -1.0), ValueError, "Normal.std"),
        (lambda: Normal(0.0, 1.0, low=2.0, high=1.0), ValueError, "Normal.low"),
        (lambda: Normal(0.0, 0.0, low=2.0), ValueError, "Normal.mean"),
        (lambda: LogNormal(-1.0, 0.1), ValueError, "LogNormal.median"),
        (lambda: LogNormal(1.0, -0.1), ValueError, "LogNormal.sigma"),
        (lambda: Constant(float("nan")), ValueError, "Constant.value"),
        (
            lambda: Constant("3"),  # type: ignore[arg-type]
            TypeError,
            "Constant.value",
        ),
        (lambda: Normal(True, 1.0), TypeError, "Normal.mean"),
    ],
)
def test_errors_name_the_argument(make, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        make()
