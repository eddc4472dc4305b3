"""When axes follow the data."""

import numpy as np
import pytest
from bokeh.models import Range1d

from app.page.axes import HEADROOM, MARGIN, Axes
from app.run.pipeline import Exactly

Span = tuple[float, float]


def spans(looks: object) -> list[Span]:
    return [(look["start"], look["end"]) for _, look in looks]  # type: ignore[attr-defined]


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
def test_axes_follow_a_hand_that_lets_go(shown: Span, fitted: Span, follows: bool) -> None:
    axes, axis = Axes(), Range1d()
    axes.follow({axis: shown}, 0)
    axes.want("poor", 1)
    assert spans(axes.follow({axis: fitted}, 1)) == ([fitted] if follows else [])
    assert not axes.wanted


def test_axes_grow_under_the_hand_and_shrink_when_it_rests() -> None:
    axes, axis = Axes(), Range1d()
    axes.follow({axis: (0.0, 100.0)}, 0)
    assert axes.follow({axis: (0.0, 103.0)}, 1) == []  # a part of the margin
    [grown] = spans(axes.follow({axis: (0.0, 130.0)}, 2))
    assert grown[0] == 0.0 and 130.0 * (1 + HEADROOM) <= grown[1] < 170 and grown[1] % 5 == 0
    assert axes.follow({axis: (0.0, 130.0 * (1 + HEADROOM))}, 3) == []  # the head-room is there to be used
    assert axes.follow({axis: (0.0, 20.0)}, 4) == []  # nothing shrinks under the hand
    axes.want("poor", 5)
    assert axes.follow({axis: (0.0, 125.0)}, 4) == []  # not the run that is waited for
    assert spans(axes.follow({axis: (0.0, 125.0)}, 5)) == [(0.0, 125.0)]  # it rests: the head-room goes
    assert axes.follow({axis: (0.0, 125.0)}, 6) == []


def test_an_axis_grows_in_few_round_steps() -> None:
    axes, axis = Axes(), Range1d()
    axes.follow({axis: (-90.0, 0.0)}, 0)
    steps = [spans(axes.follow({axis: (-90.0 - t, 10 * t)}, t)) for t in range(1, 101)]
    ends = np.array([step[0] for step in steps if step])
    assert 0 < len(ends) <= 25 and (np.diff(ends[:, 1]) >= 0).all() and (np.diff(ends[:, 0]) <= 0).all()
    np.testing.assert_allclose(ends[:, 1] % 5, 0)
    # A fit has a margin at either end: what it is of has not left the axis, which began with the first picture's.
    low, high, room = -190.0, 1000.0, MARGIN * 1190.0
    assert ends[-1][0] <= low + room and ends[-1][1] >= high - room


def test_an_end_at_which_data_stay_hardly_moves() -> None:
    """The margin there grows with the length of the axis, the data do not."""
    axes, axis = Axes(), Range1d()
    axes.follow({axis: (-60.0, 560.0)}, 0)  # 0 to 500 and an eighth of that at both ends
    for top in range(510, 2010, 10):
        axes.follow({axis: (-0.12 * top, 1.12 * top)}, top)
    low, high = axes.frame(axis, (0.0, 1.0))
    assert 2240 <= high <= 2700 and -350 <= low <= -150


def test_the_rows_of_a_raster_are_shown_exactly() -> None:
    axes, axis = Axes(), Range1d()
    axes.follow({axis: Exactly((0.5, 100.5))}, 0)
    assert spans(axes.follow({axis: Exactly((0.5, 103.5))}, 1)) == [(0.5, 103.5)]
    assert spans(axes.follow({axis: Exactly((0.5, 2.5))}, 2)) == [(0.5, 2.5)]
    assert axes.follow({axis: Exactly((0.5, 2.5))}, 3) == []


def test_an_axis_that_was_set_by_hand_stays() -> None:
    axes, axis = Axes(), Range1d()
    axes.follow({axis: (0.0, 1.0)}, 0)
    axis.start = 0.4
    assert axes.follow({axis: (5.0, 6.0)}, 1) == [] and axes.frame(axis, (5.0, 6.0)) == (0.4, axis.end)
    axes.want("poor", 1)
    assert axes.follow({axis: (5.0, 6.0)}, 1) == []
    axes.want("always", 2)
    assert axes.frame(axis, (5.0, 6.0)) == (5.0, 6.0)
    assert axes.follow({axis: (5.0, 6.0)}, 2)


def test_an_axis_along_which_a_hand_drags_stays_until_it_lets_go() -> None:
    axes, axis = Axes(), Range1d()
    axes.follow({axis: (0.0, 1.0)}, 0)
    assert axes.follow({axis: (0.0, 2.0)}, 1, still=(axis,)) == []
    axes.want("poor", 2)
    assert spans(axes.follow({axis: (0.0, 2.0)}, 2)) == [(0.0, 2.0)]


@pytest.mark.parametrize("wanted", [(0.0, 1.0), (-3.0, 0.5), (0.2, 7.0)])
def test_a_view_draws_as_far_as_its_axes_may_show(wanted: Span) -> None:
    axes, axis = Axes(), Range1d()
    axes.follow({axis: (0.0, 1.0)}, 0)
    low, high = axes.frame(axis, wanted)
    shown = spans(axes.follow({axis: wanted}, 1)) or [(0.0, 1.0)]
    assert low <= shown[0][0] and high >= shown[0][1]
