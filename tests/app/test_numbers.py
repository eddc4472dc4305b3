"""Numbers as people read them."""

import pytest

from app.numbers import fixed, number, typographic


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (375.4, 3, "375"),
        (0.01234, 3, "0.0123"),
        (-70.0, 3, "−70"),
        (999.7, 3, "1,000"),  # not 1e+03
        (12345.6, 3, "12,346"),
        (1234.5, 4, "1234"),
        (-123456.0, 5, "−123,456"),
        (-0.0, 3, "0"),
        (1.5e-7, 3, "1.5e−07"),
    ],
)
def test_significant_digits(value: float, digits: int, text: str) -> None:
    assert number(value, digits) == text


def test_a_sign_on_demand() -> None:
    assert [number(value, sign=True) for value in (5.0, -5.0, 5000.0)] == ["+5", "−5", "+5,000"]


def test_digits_after_the_point() -> None:
    assert [fixed(value, 2) for value in (-0.001, -1.236, 12.0)] == ["0.00", "−1.24", "12.00"]


def test_only_numbers_get_a_typographic_minus() -> None:
    assert typographic("f-I curve at -5 pA and -.5 mV") == "f-I curve at −5 pA and −.5 mV"
