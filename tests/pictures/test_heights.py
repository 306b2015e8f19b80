"""The heights that slices show: chosen by percentiles, they stay as long as they fit."""

import numpy as np
import pytest

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.heights import Choice, choice_of, fresh_heights, kept_heights
from gradwidgets.pictures.partials import partials_picture
from tests.pictures.windowed import computed


def places(field, count):
    low, high = np.array(list(field.domain.values())).T
    return np.random.default_rng(7).uniform(low, high, (count, len(low)))


@pytest.mark.parametrize(
    ("percentiles", "crowd", "most"),
    [
        ((0.0, 1.0, 5.0, 9.0, 10.0), (0.0, 10.0), (0.0, 10.0)),
        ((0.0, 0.1, 0.5, 8.0, 10.0), (0.0, 3.0), (0.0, 10.0)),  # half of all in a twentieth
        ((-999.0, 0.0, 5.0, 10.0, 12.0), (0.0, 10.0), (0.0, 10.0)),  # a lonely pit
        ((2.0, 2.0, 2.0, 2.0, 2.0), (2.0, 2.0), (2.0, 2.0)),
    ],
)
def test_what_is_shown_is_chosen_by_percentiles(percentiles, crowd, most):
    found = choice_of(*percentiles)
    assert (found.crowd, found.most) == (pytest.approx(crowd), pytest.approx(most))
    assert found.every == (percentiles[0], percentiles[-1])


@pytest.mark.parametrize(
    ("value", "ends"),
    [(1.0, (0, 2)), (3.0, (0, 4)), (9.0, (0, 10)), (99.0, (0, 2)), (np.nan, (0, 2))],
)
def test_the_first_range_with_the_point_in_it_is_shown(value, ends):
    choice = Choice((0.0, 2.0), (0.0, 4.0), (0.0, 10.0))
    margin = 0.16 * (ends[1] - ends[0])
    assert fresh_heights(choice, value) == pytest.approx((ends[0] - margin, ends[1] + margin))


@pytest.mark.parametrize(("height", "margin"), [(0.0, 1.0), (-4.0, 4.0)])
def test_a_level_function_has_room_above_and_below(height, margin):
    level = Choice(*[(height, height)] * 3)
    assert fresh_heights(level, height) == (height - margin, height + margin)


SHOWN = (np.array([0.0, 0.0]), np.array([10.0, 10.0]))


@pytest.mark.parametrize(
    ("fresh", "value", "stay"),
    [
        (([1.0, 0.0], [11.0, 8.0]), 5.0, True),
        (SHOWN, float("nan"), True),
        (SHOWN, 10.1, False),  # the point is out of sight
        (([1.0, 4.0], [11.0, 6.0]), 5.0, False),  # flat
        (([6.0, 0.0], [16.0, 8.0]), 9.0, False),  # most is above
    ],
)
def test_panels_stay_while_a_slice_is_seen_well_enough(fresh, value, stay):
    found = kept_heights(SHOWN, tuple(map(np.array, fresh)), value)
    assert np.array_equal(found, SHOWN if stay else fresh)


def left(picture, *points):
    """The scenes of a drag, each with what the one before left."""
    scene, scenes = None, []
    for point in points:
        scene = picture.scene(point, scene and picture.left_by(scene))
        scenes.append(scene)
    return scenes


def seen(scene, field):
    return [scene.panel(f"slice {name}").y for name in field.variables]


@pytest.mark.parametrize("heights", ["own", "shared"])
@pytest.mark.parametrize("text", ["exp(x + y)", "exp(x + y + z)"])
def test_ranges_change_in_one_scene_and_stay_on_the_way_back(text, heights):
    field = ScalarField(text)
    start, near, far = (np.full(len(field.variables), x) for x in (0.0, 0.1, 2.5))
    picture = partials_picture(
        field, at=dict(zip(field.variables, start, strict=True)), heights=heights
    )
    first, second, away, back = left(picture, start, near, far, far - 0.1)
    assert (
        seen(second, field)
        == seen(first, field)
        == [picture.panels[1 + k].y for k in range(len(start))]
    )
    assert np.max(seen(away, field)) > np.exp(far.sum()) > 2 * np.max(seen(first, field))
    assert seen(back, field) == seen(away, field)


@pytest.mark.parametrize("heights", ["own", "shared"])
@pytest.mark.parametrize("name", ["peaks", "ellipsoid", "corner", "wave"])
def test_ranges_are_the_same_in_a_program_and_without_one(name, heights):
    field = catalog[name].field
    picture = partials_picture(field, heights=heights)
    assert picture.replayed.why == ""
    around = {}
    for point in places(field, 12):
        scene = picture.scene(point, around)
        plain = computed(picture, **dict(zip(field.variables, point, strict=True)) | around)
        for name in picture.outputs:
            np.testing.assert_allclose(scene[name], plain[name], rtol=1e-12, atol=1e-12)
        around = picture.left_by(scene)


def test_where_a_slice_is_undefined_its_panel_stays_readable():
    field = ScalarField("log(x) + log(y) + z")
    picture = partials_picture(field, at={"x": -1.0, "y": 1.0, "z": 1.0})
    scene = picture.scene((-1.0, 1.0, 1.0))
    assert scene.panel("slice y").y == pytest.approx((-1.0, 1.0))
