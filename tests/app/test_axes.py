"""When axes follow the data."""

import pytest
from bokeh.models import Range1d

from app.page.axes import Axes


@pytest.mark.parametrize(
    ("shown", "fitted", "follows"),
    [
        ((-80.0, 20.0), (-80.0, 20.0), False),
        ((-80.0, 20.0), (-90.0, 20.0), True),  # data leave the axis
        ((-80.0, 20.0), (-82.0, 20.0), False),  # they take a part of its margin
        ((-80.0, 20.0), (-80.0, 45.0), True),
        ((0.5, 1000.5), (0.5, 1.5), True),  # a thousand neurons before, one now
        ((-80.0, 20.0), (-75.0, 5.0), False),
    ],
)
def test_axes_follow_a_hand_that_lets_go(
    shown: tuple[float, float], fitted: tuple[float, float], follows: bool
) -> None:
    axes, axis = Axes(), Range1d()
    axes.follow({axis: shown}, 0)
    axes.want("poor", 1)
    assert axes.follow({axis: fitted}, 0) == []  # not the run that is waited for
    looks = axes.follow({axis: fitted}, 1)
    assert [(look["start"], look["end"]) for _, look in looks] == ([fitted] if follows else [])
    assert axes.follow({axis: (0.0, 1e6)}, 2) == []  # once


def test_an_axis_that_was_set_by_hand_stays() -> None:
    axes, axis = Axes(), Range1d()
    axes.follow({axis: (0.0, 1.0)}, 0)
    axis.start = 0.4
    axes.want("poor", 1)
    assert axes.follow({axis: (5.0, 6.0)}, 1) == []
    axes.want("always", 2)
    assert axes.follow({axis: (5.0, 6.0)}, 2)
