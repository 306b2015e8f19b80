"""In the fog: nothing of f but where one has stepped; afterwards the map with a method's way."""

import numpy as np
import pytest

from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.fog import AFTER, MOST, Lifted, fog_picture, walk_names

SQUARE = {"x": (-3, 3), "y": (-3, 3)}
BOWL = ScalarField("x**2 + 10*y**2", SQUARE)
LIFTED = Lifted(0.05, 0.0)


def way_of(*places):
    """What the controls keep of a way; what is still to come is the start."""
    way = np.array([*places, *[places[0]] * (MOST + 1 - len(places))], float)
    return (len(places) - 1.0, *way.ravel())


def scene(*places, at=(0.0, 0.0), field=BOWL, lifted=None):
    return fog_picture(field, lifted).scene((*at, *way_of(*places)))


def test_f_and_its_gradient_are_told_where_one_has_stepped():
    told = scene((2, 1), (2, 0.5), (1, 0.5))
    assert told["course"][:4, 1].tolist()[:3] == [14.0, 6.5, 3.5]
    assert np.isnan(told["course"][3:, 1]).all()
    assert told["walked"][:3].tolist() == [[2, 1], [2, 0.5], [1, 0.5]]
    assert np.isnan(told["walked"][3:]).all()
    tails, tips = told["slopes"][:3, :2], told["slopes"][:3, 2:]
    slopes = np.array([BOWL.gradient(place) for place in tails])
    lengths, steep = (np.hypot(*rows.T) for rows in (tips - tails, slopes))
    assert (tips - tails) / lengths[:, None] == pytest.approx(slopes / steep[:, None])
    assert np.array_equal(np.argsort(lengths), np.argsort(steep))
    assert lengths.max() < 0.25 * 6
    assert told.captions[0] == (
        "Step 2 of 40: f = 3.50 here, and rises most toward 79°, by ‖∇f‖ = 10.2. "
        "The lowest so far is f = 3.50, of step 2."
    )


def test_the_lowest_is_the_first_of_the_least():
    told = scene((2, 1), (1, 0), (2, 1), (-1, 0))
    assert told["lowest"].tolist() == [1, 0]
    assert told["lowest step"].tolist() == [1, 1]
    assert told.captions[0].endswith("The lowest so far is f = 1.00, of step 1.")


def test_another_place_for_the_next_step_changes_nothing_that_is_told():
    one, two = (scene((2, 1), (2, 0.5), at=at) for at in ((0, 0), (-1.3, 2.7)))
    moved = {
        name
        for name in one.numbers
        if not np.array_equal(one.numbers[name], two.numbers[name], equal_nan=True)
    }
    assert moved == {"point", "next", AFTER}


def test_another_landscape_that_agrees_where_one_was_looks_the_same():
    other = ScalarField("x**2 + 10*y**2 + (x - 2)**2*(y - 1)**2*(y - 0.5)**2", SQUARE)
    one, two = (scene((2, 1), (2, 0.5), field=field) for field in (BOWL, other))
    assert one.captions == two.captions
    assert [panel.title for panel in one.panels] == [panel.title for panel in two.panels]
    for name in one.numbers:
        assert np.array_equal(one.numbers[name], two.numbers[name], equal_nan=True), name


def test_the_fog_has_neither_terrain_nor_level_curves():
    panel = scene((2, 1)).panel("map")
    assert (panel.terrain, panel.contours, panel.title) == (None, None, "In the fog")
    assert fog_picture(BOWL).terrain is None


def test_a_step_is_kept_until_there_are_no_more():
    after = scene((2, 1), (1, 1), at=(0.5, -1))[AFTER]
    assert after.tolist() == list(way_of((2, 1), (1, 1), (0.5, -1)))
    assert len(after) == len(walk_names())
    full = [(2, 1), *[(0, 1)] * MOST]
    told = scene(*full, at=(0.5, -1))
    assert told[AFTER].tolist() == list(way_of(*full))
    assert told.captions[1] == "That was step 40, and the last one: now lift the fog."


def test_a_place_where_f_is_undefined_is_told():
    root = ScalarField("sqrt(x) + y", SQUARE)
    told = scene((1, 1), (-1, 0), field=root)
    assert told.captions[0] == "Step 1 of 40: f is undefined here, or has no slope."
    assert told.text("here label") == "undefined"
    assert told["lowest"].tolist() == [1, 1]
    nowhere = scene((-1, 1), field=root)
    assert np.isnan(nowhere["lowest"]).any()
    assert np.isfinite(nowhere["course range"]).all()


def test_a_flat_place_has_no_direction():
    told = scene((0, 0)).captions[0]
    assert told == "Step 0 of 40: f = 0 here, and ∇f = 0. The lowest so far is f = 0, of step 0."


def test_lifted_shows_a_method_s_way_from_the_same_start():
    told = scene((2, 1), (2, 0.5), (1, 0.5), lifted=LIFTED)
    run = descend(BOWL, (2, 1), 0.05, 2)
    assert told["method"][:3] == pytest.approx(run.points, rel=1e-12)
    assert np.isnan(told["method"][3:]).all()
    assert told["method course"][:3, 1] == pytest.approx(run.values, rel=1e-12)
    assert told.captions[1] == (
        "You came down to f = 3.50. With as many steps from the same start, gradient descent with "
        "α = 0.0500 comes down to 2.62; the least on this map is about 0."
    )
    assert told.panel("map").terrain is not None


def test_a_method_that_leaves_the_plane_is_told_as_far_as_it_came():
    told = scene((2, 1), *[(1, 1)] * 20, lifted=Lifted(1e200, 0.0))
    assert "comes down to 14.0;" in told.captions[1]


@pytest.mark.parametrize("lifted", [None, LIFTED])
def test_there_is_a_program(lifted):
    picture = fog_picture(BOWL, lifted)
    values = (0.5, 0.5, *way_of((2, 1), (1, 1)))
    program = picture.replayed.program(*picture.inputs(values))
    found = dict(zip(picture.told, program(*map(np.float64, values)), strict=True))
    for name, numbers in picture.scene(values).numbers.items():
        assert np.allclose(found[name], numbers, rtol=1e-12, equal_nan=True), name


def test_three_variables_have_no_map():
    with pytest.raises(ValueError, match="needs two variables"):
        fog_picture(ScalarField("x*y*z"))
