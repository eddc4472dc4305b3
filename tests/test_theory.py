"""Rates in closed form against the textbook's formula; tests/test_curves.py holds runs against them."""

import numpy as np
import pytest

from spark.analysis.curves import fi_curve
from spark.analysis.theory import theory_rate
from spark.nn.components.somas import ExponentialSoma, LeakySoma, RefractoryLeakySoma, Soma, StrictRefractoryLeakySoma

SLOW = {"potential_reset": -57.0, "potential_tau": 15.0, "cooldown": 6.0}


def textbook(kind: type[Soma], c: dict, currents: np.ndarray) -> np.ndarray:
    """Gerstner et al. (2014) ch. 1.3, and the membrane's free way towards rest in a period without input."""
    target = c["potential_rest"] + c["resistance"] * currents
    start, period = c["potential_reset"], c.get("cooldown", 0.0)
    if kind is RefractoryLeakySoma:
        start = c["potential_rest"] + (start - c["potential_rest"]) * np.exp(-period / c["potential_tau"])
    fires = target > c["threshold"]
    ratio = (target - start) / np.where(fires, target - c["threshold"], 1.0)
    return np.where(fires, 1000 / (period + c["potential_tau"] * np.log(np.where(fires, ratio, 2.0))), 0.0)


@pytest.mark.parametrize("changes", [{}, SLOW], ids=["defaults", "slow"])
@pytest.mark.parametrize("kind", [LeakySoma, RefractoryLeakySoma, StrictRefractoryLeakySoma])
def test_closed_form_is_the_textbooks(kind: type[Soma], changes: dict) -> None:
    soma = kind(**{k: v for k, v in changes.items() if k in kind.config_class.quantities()})
    currents = (soma.config.threshold - soma.config.potential_rest) / soma.config.resistance * np.linspace(-1, 5, 64)
    found = theory_rate(kind, soma.config.values(), currents)
    assert found.rate is not None
    np.testing.assert_allclose(found.rate, textbook(kind, soma.config.values(), currents), rtol=1e-12)
    assert (found.rate[:10] == 0).all()


def test_closed_form_where_it_fires_at_the_end_of_each_period() -> None:
    """Its resting potential is above the threshold, and a period long enough to come near it."""
    soma = RefractoryLeakySoma(potential_rest=-48.0, potential_reset=-60.0, cooldown=80.0)
    currents = np.array([-300.0, 0.0, 300.0])
    expected = theory_rate(type(soma), soma.config.values(), currents)
    np.testing.assert_allclose(expected.rate, 1000 / 80, rtol=1e-12)  # type: ignore[arg-type]
    np.testing.assert_allclose(fi_curve(soma, currents).steady_rate, 1000 / 80, rtol=1e-4)


def test_an_upstroke_out_of_reach_leaves_a_linear_soma() -> None:
    """Linear is what the flow is, not what the class is called."""
    kind, currents = ExponentialSoma, np.array([800.0, 2000.0])
    soma = kind(threshold=-55.0, rheobase_threshold=0.0, spike_slope=1.0, potential_reset=-65.0)
    np.testing.assert_allclose(
        theory_rate(kind, soma.config.values(), currents).rate,  # type: ignore[arg-type]
        textbook(LeakySoma, soma.config.values(), currents),
        rtol=1e-9,
    )


def test_a_slight_bend_is_enough() -> None:
    """Two slopes below the soft threshold the upstroke is weak, and the potential still falls back."""
    soma = ExponentialSoma(threshold=-59.0, potential_reset=-65.0)
    found = theory_rate(ExponentialSoma, soma.config.values(), [800.0])
    assert found.rate is None
    assert "linearly" in found.why


LIF = LeakySoma()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: theory_rate(LeakySoma, {}, [1.0]), "'potential_rest'"),
        (lambda: theory_rate(LeakySoma, LIF.config.values() | {"threshold": [1.0, 2.0]}, [1.0]), "threshold"),
        (lambda: theory_rate(LeakySoma, LIF.config.values(), [np.inf]), "finite"),
    ],
)
def test_errors_say_what_is_wrong(call, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()
