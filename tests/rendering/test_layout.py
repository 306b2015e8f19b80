"""Where panels stand in a painted picture: inside of it, large enough, and in their order."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.scene import Layer, Scene
from gradwidgets.rendering import layout, paint

WIDTHS = [240, 360, 619, 620, 960, 1600]


def panels(count, equal=True):
    first = Panel("p0", (-30, 30), (-12, 12), equal=equal)
    return [first, *(Panel(f"p{n}", (0, 1), (0, 1)) for n in range(1, count))]


@pytest.mark.parametrize("equal", [True, False])
@pytest.mark.parametrize("count", range(1, 8))
@pytest.mark.parametrize("width", WIDTHS)
def test_panels_stand_inside_the_picture_with_room_for_their_ticks_and_titles(width, count, equal):
    plan = layout.plan(panels(count, equal), width)
    assert plan.width == width
    assert list(plan.boxes) == [f"p{n}" for n in range(count)]
    taken = [
        (box.left - 44, box.top - 30, box.left + box.width + 14, box.top + box.height + 44)
        for box in plan.boxes.values()
    ]
    for place, (left, top, right, bottom) in enumerate(taken):
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= plan.height
        for other in taken[:place]:
            apart = (left >= other[2], right <= other[0], top >= other[3], bottom <= other[1])
            assert any(apart)


@pytest.mark.parametrize("count", range(1, 8))
@pytest.mark.parametrize("width", WIDTHS)
def test_every_panel_is_large_enough_to_be_read(width, count):
    boxes = layout.plan(panels(count, equal=False), width).boxes.values()
    assert min(box.width for box in boxes) >= 100
    assert min(box.height for box in boxes) >= 90


@given(
    st.integers(240, 1600),
    st.integers(1, 7),
    st.floats(0.25, 4.0),
)
def test_equal_axes_have_one_scale(width, count, ratio):
    first = Panel("first", (0, ratio), (0, 1), equal=True)
    box = layout.plan([first, *panels(count)[1:]], width).boxes["first"]
    assert box.width / ratio == pytest.approx(box.height)


@pytest.mark.parametrize(("width", "columns"), [(240, 1), (619, 1), (620, 2), (1600, 2)])
def test_panels_stand_in_one_column_where_the_page_is_narrow(width, columns):
    boxes = layout.plan(panels(3), width).boxes.values()
    assert len({box.left for box in boxes}) == columns


def with_heights(*tall):
    main = Panel("main", (0, 1), (0, 1), equal=True)
    return [main, *(Panel(f"p{n}", (0, 1), (0, 1), tall=share) for n, share in enumerate(tall))]


def heights(panels, width):
    return [box.height for box in layout.plan(panels, width).boxes.values()][1:]


@pytest.mark.parametrize("width", [700, 960, 1600])
@pytest.mark.parametrize("tall", [(1, 2), (2, 1), (1, 0.6, 1.4)])
def test_panels_beside_the_main_one_share_its_height(tall, width):
    drawn = heights(with_heights(*tall), width)
    assert np.divide(drawn, tall) == pytest.approx([drawn[0] / tall[0]] * len(tall))
    least = sum((120 if len(tall) < 3 else 90) * share for share in tall)
    main = layout.plan(with_heights(*tall), width).boxes["main"].height
    gaps = (len(tall) - 1) * (layout.TOP + layout.BOTTOM)
    assert sum(drawn) == pytest.approx(max(main - gaps, least))


@pytest.mark.parametrize("width", [700, 960, 1600])
@pytest.mark.parametrize("tall", [(1, 0.1), (0.01, 1, 0.01), (1, 1, 0.01, 0.1), (1, 1, 1, 1, 0.1)])
def test_no_panel_beside_the_main_one_is_too_low(tall, width):
    drawn = heights(with_heights(*tall), width)
    assert min(drawn) == pytest.approx(46)
    assert all(high >= 90 for high, share in zip(drawn, tall, strict=True) if share == 1)


def test_a_small_panel_beside_the_main_one_shares_its_row_with_the_next():
    main, *others = with_heights(1, 1, 1)
    boxes = layout.plan([main, replace(others[0], most=150), *others[1:]], 960).boxes
    small, beside, last = (boxes[panel.name] for panel in others)
    assert small.width == 150
    assert small.top == beside.top < last.top
    assert small.left == last.left < small.left + small.width < beside.left
    assert beside.left + beside.width == pytest.approx(last.left + last.width)


@pytest.mark.parametrize("width", [240, 360, 619])
def test_in_one_column_a_panel_has_a_share_of_its_usual_height(width):
    usual = heights(with_heights(1), width)[0]
    assert heights(with_heights(1, 1.5, 0.5, 0.01), width) == pytest.approx(
        [usual, 1.5 * usual, max(0.5 * usual, 46), 46]
    )


def stacked(*tall):
    main, *others = with_heights(1, 1)
    shared = (
        Panel(f"s{n}", (0, 1), (0, 1), tall=high, stacked=True) for n, high in enumerate(tall)
    )
    return [replace(main, equal=False, tall=0.7), *shared, *others]


@pytest.mark.parametrize("width", WIDTHS)
def test_stacked_panels_share_the_main_panel_s_axis(width):
    plan = layout.plan(stacked(0.5, 1), width)
    main, first, second, *others = plan.boxes.values()
    assert {(box.left, box.width) for box in (first, second)} == {(main.left, main.width)}
    assert first.top == main.top + main.height + layout.STACKED
    assert second.top == first.top + first.height + layout.STACKED
    assert second.height == pytest.approx(2 * first.height)
    bottom = second.top + second.height
    if width >= layout.WIDE:
        assert min(box.left for box in others) > main.left + main.width
        assert others[0].top == main.top
        assert others[1].top + others[1].height == pytest.approx(bottom)
    else:
        assert others[0].top == bottom + layout.BOTTOM + layout.TOP


def test_numbers_stand_below_the_last_of_a_stack_alone():
    figure = paint.figure(Scene(tuple(stacked(1, 1)), Layer(), (), {}))
    shown = [axes.xaxis.get_tick_params()["labelbottom"] for axes in figure.axes]
    assert shown == [False, False, True, True, True]


@pytest.mark.parametrize("above", [1, 2, 3])
@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("width", WIDTHS)
def test_panels_under_the_others_stand_in_a_row_or_in_the_one_column(width, count, above):
    first = panels(above)
    under = [Panel(f"u{n}", (-1, 1), (-1, 1), equal=n == 0, under=True) for n in range(count)]
    boxes = list(layout.plan([*first, *under], width).boxes.values())
    assert list(layout.plan([*first, *under], width).boxes) == [p.name for p in [*first, *under]]
    lowest = max(box.top + box.height for box in boxes[:above])
    row = boxes[above:]
    assert all(box.top > lowest for box in row)
    assert row[0].width == pytest.approx(row[0].height)  # of equal scales
    in_a_row = width >= (layout.NARROW if above + count <= 4 else layout.WIDE)
    tops = {box.top for box in row}
    assert len(tops) == (1 if in_a_row else count)
    for box, other in pairwise(row):
        assert not in_a_row or box.left + box.width + 44 <= other.left


def test_places_become_pixels_with_y_downwards():
    panel, box = Panel("p", (-1, 3), (10, 20)), layout.Box(100, 50, 400, 200)
    places = np.array([[-1, 10], [3, 20], [1, 15]])
    assert layout.to_pixels(panel, box, places).tolist() == [[100, 250], [500, 50], [300, 150]]
