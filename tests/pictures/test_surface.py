"""The surface held against f: where the arrows lie, what is tangent, what turning does."""

import re
from fractions import Fraction

import autograd.numpy as anp
import numpy as np
import pytest

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.box import FLOOR, HIGH, LOW
from gradwidgets.pictures.gradient import gradient_picture as traced_picture
from gradwidgets.pictures.marks import Marker, Polyline, Surface
from gradwidgets.pictures.partials import partials_picture
from gradwidgets.pictures.surface import AZIMUTH, ELEVATION, with_surface
from gradwidgets.pictures.tangent_plane import MODEL_X, MODEL_Y, UPHILL
from tests.pictures.computed import untraced

gradient_picture = untraced(traced_picture)
BOWL = ScalarField("x**2 + 10*y**2")
CURVED = ScalarField("x**2 - x*y + sin(y)", domain={"x": (-1, 5), "y": (0, 4)})
TURN = (-30.0, 30.0)


def scene_of(field, point, turn=TURN):
    picture = gradient_picture(field, view="surface")
    return picture.scene((*point, 30, *turn))


def space_of(scene):
    return scene.panel("surface").space


def boxed(scene, x, y, z):
    """A place over the field, in the box: heights as the mesh has them."""
    space, values = space_of(scene), grid_values(scene)
    height = LOW + (HIGH - LOW) * (z - values[0]) / (values[1] - values[0])
    return (x - space.centre[0]) / space.half[0], (y - space.centre[1]) / space.half[1], height


def grid_values(scene):
    """The least and the greatest value of the mesh, for fields without outliers."""
    space = space_of(scene)
    sides = zip(space.centre, space.half, (space.x, space.y), strict=True)
    field = BOWL if space.centre == (0.0, 0.0) else CURVED
    values = field.on_grid(*(centre + half * side for centre, half, side in sides)).values
    return values.min(), values.max()


# ── what the picture holds ───────────────────────────────────────────────────────────────────────


def test_the_map_s_picture_stays_what_it_is():
    picture = gradient_picture(BOWL)
    assert with_surface(picture, "map") is picture
    assert [panel.name for panel in picture.panels] == ["map", "directions"]


@pytest.mark.parametrize(
    ("view", "panels"),
    [("surface", ["surface", "directions"]), ("both", ["map", "surface", "directions"])],
)
def test_the_surface_stands_in_the_map_s_place_or_beside_it(view, panels):
    picture = gradient_picture(BOWL, view=view)
    assert [panel.name for panel in picture.panels] == panels
    assert {mark.panel for mark in picture.marks} == {"", *panels}
    assert {mark.panel for mark in picture.backdrop.marks} <= set(panels)
    assert picture.backdrop.numbers.keys() == {mark.name for mark in picture.backdrop.marks}
    assert picture.controls[-2:] == (AZIMUTH, ELEVATION)


def test_the_first_handle_moves_the_point():
    for view in ("surface", "both"):
        for make in (gradient_picture, partials_picture):
            handles = [m for m in make(BOWL, view=view).marks if isinstance(m, Marker) and m.handle]
            assert handles[0].moves == ("x", "y")
            assert ("azimuth", "elevation") in {mark.moves for mark in handles}


def test_another_number_of_variables_has_no_surface():
    with pytest.raises(ValueError, match="needs two variables"):
        partials_picture(ScalarField("x*y*z"), view="both")


def test_marks_of_a_picture_and_of_the_surface_have_different_names():
    for make in (gradient_picture, partials_picture):
        names = [mark.name for mark in make(BOWL, view="both").marks]
        assert len(names) == len(set(names))


def test_the_floor_lies_below_the_mesh_and_the_mesh_below_what_is_on_it():
    names = [mark.name for mark in gradient_picture(BOWL, view="surface").marks]
    order = ["floor", "floor levels", "floor gradient", "surface mesh", "surface plane"]
    places = [names.index(name) for name in order]
    assert places == sorted(places)


# ── the mesh ─────────────────────────────────────────────────────────────────────────────────────


def test_the_mesh_is_the_field_over_its_domain():
    space = space_of(scene_of(BOWL, (1, 1)))
    x, y = np.meshgrid(3 * space.x, 3 * space.y, indexing="ij")
    expected = LOW + (HIGH - LOW) * (x**2 + 10 * y**2) / 99
    assert space.heights == pytest.approx(expected)
    assert (space.x[0], space.x[-1], space.y[0], space.y[-1]) == pytest.approx((-1, 1, -1, 1))
    assert (space.centre, space.half) == ((0, 0), (3, 3))


def test_one_scale_for_both_axes_where_the_map_has_it():
    space = space_of(scene_of(CURVED, (1, 1)))
    assert space.centre == (2, 2)
    assert space.half == (3, 3)
    assert (space.y[0], space.y[-1]) == pytest.approx((-2 / 3, 2 / 3))
    wide = ScalarField("x + y", domain={"x": (0, 100), "y": (0, 1)})
    assert space_of(scene_of(wide, (1, 0.5))).half == (50, 0.5)


def test_what_is_undefined_is_a_hole_and_what_is_huge_ends_at_the_top():
    space = space_of(scene_of(ScalarField("log(x)*y"), (1, 1)))
    assert np.isnan(space.heights[space.x <= 0]).all()
    assert np.isfinite(space.heights[space.x > 0]).all()
    space = space_of(scene_of(ScalarField("1/(x**2 + y**2 + 1e-9)"), (1, 1)))
    assert np.nanmax(space.heights) == HIGH
    assert np.nanmin(space.heights) >= LOW


def test_a_constant_has_a_flat_surface_and_no_level_curves():
    scene = scene_of(ScalarField("5", variables=("x", "y")), (1, 1))
    assert len(set(space_of(scene).heights.ravel())) == 1
    assert space_of(scene).levels == ()
    assert scene["floor gradient"][:3] == pytest.approx(scene["floor gradient"][3:])


def test_level_curves_are_those_of_the_map():
    picture = gradient_picture(BOWL, view="both")
    scene = picture.scene((1, 1, 30, *TURN))
    levels = np.array(scene.panel("map").contours.levels)
    heights = LOW + (HIGH - LOW) * levels / 99
    inside = heights[(levels > 0) & (levels < 99)]
    assert space_of(scene).levels == pytest.approx(tuple(inside))


def test_places_are_three_numbers_but_for_what_is_pinned_to_the_panel():
    scene = scene_of(BOWL, (1.5, 1.0))
    marks = [mark for mark in scene.marks if mark.panel == "surface"]
    assert [mark.name for mark in marks if mark.pinned] == ["turn label", "turn"]
    for mark in (mark for mark in marks if not mark.pinned):
        axes, size = scene.axes(mark), scene[mark.name].size
        assert axes == 3
        assert size == 0 if isinstance(mark, Surface) else size >= 3
        if isinstance(mark, Polyline):
            assert scene[mark.name].shape[1:] == (3,)
    assert scene["turn"].shape == (2,)


def test_no_number_depends_on_the_turn():
    """Both painters turn the box by themselves."""
    picture = with_surface(gradient_picture(BOWL), "both", second=True)
    for point in ((1, 1), (2, -1)):
        one, other = (picture.scene((*point, 30, *turn)) for turn in (TURN, (140, 75)))
        assert list(one.values.items())[-2:] == [("azimuth", -30), ("elevation", 30)]
        for mark in picture.marks:
            np.testing.assert_array_equal(one[mark.name], other[mark.name])


# ── arrows, planes, slices ───────────────────────────────────────────────────────────────────────


PLACES = pytest.mark.parametrize(("field", "point"), [(BOWL, (1.5, 1.0)), (CURVED, (0.5, 3.0))])


@PLACES
def test_the_gradient_lies_in_the_plane_of_its_inputs(field, point):
    scene = scene_of(field, point)
    space, (tail, tip) = space_of(scene), scene["floor gradient"].reshape(2, 3)
    assert (tail[2], tip[2]) == (FLOOR, FLOOR)
    assert tail[:2] * space.half + space.centre == pytest.approx(point)
    gradient, along = field.gradient(point), (tip - tail)[:2] * space.half
    scale = along[0] / gradient[0]
    assert along == pytest.approx(scale * gradient)
    for name, axis in (("by x", 0), ("by y", 1)):
        tail, tip = scene[f"floor {name}"].reshape(2, 3)
        assert (tip - tail)[:2] * space.half == pytest.approx(scale * gradient * np.eye(2)[axis])
        assert tip[2] == FLOOR


def test_the_scale_of_the_arrow_is_told():
    scene = scene_of(BOWL, (1.5, 1.0))
    (line,) = [line for line in scene.captions if line.startswith("∇f =")]
    assert "(3.0, 20.0) has one component for each variable" in line
    scale = float(Fraction(re.search(r"drawn at ([\d./]+) (of|times) its length", line)[1]))
    assert "(3.0, 20.0, 409)" in line
    tail, tip = scene["floor gradient"].reshape(2, 3)[:, :2] * 3
    assert tip - tail == pytest.approx(np.array([3.0, 20.0]) * scale)
    assert 0.4 < np.hypot(*(tip - tail)) / 3 < 1.3


@PLACES
def test_the_uphill_tangent_is_the_gradient_with_its_square_as_third(field, point):
    scene = scene_of(field, point)
    arrow, (fx, fy) = scene["surface uphill"], field.gradient(point)
    origin = np.array(boxed(scene, *point, field.value(point)))
    vector = np.array(
        boxed(scene, point[0] + fx, point[1] + fy, field.value(point) + fx**2 + fy**2)
    )
    vector = vector - origin
    assert arrow[:3] == pytest.approx(origin)
    along = arrow[3:] - arrow[:3]
    scale = np.dot(along, vector) / np.dot(vector, vector)
    assert scale > 0
    assert along == pytest.approx(scale * vector)
    assert scale * np.linalg.norm(vector) <= UPHILL * (1 + 1e-9)


def test_the_uphill_tangent_and_the_plane_touch_the_surface():
    """Along both of them the central difference of f is what they rise by."""
    point, h = np.array([0.5, 3.0]), 1e-5
    gradient = CURVED.gradient(point)
    rise = (CURVED.value(point + h * gradient) - CURVED.value(point - h * gradient)) / (2 * h)
    assert rise == pytest.approx(gradient @ gradient, rel=1e-6)
    scene = scene_of(CURVED, point)
    for axis, name in enumerate("xy"):
        low, high = scene[f"surface tangent {name}"]
        step = np.eye(2)[axis] * h
        slope = (CURVED.value(point + step) - CURVED.value(point - step)) / (2 * h)
        rate = slope * 3 * (HIGH - LOW) / np.subtract(*grid_values(scene)[::-1])
        assert (high - low)[2] / (high - low)[axis] == pytest.approx(rate, rel=1e-6)
        assert (high - low)[1 - axis] == 0


def test_the_plane_is_spanned_by_the_slices_tangents():
    scene = scene_of(CURVED, (0.5, 3.0))
    corners, middle = scene["surface plane"], scene["surface point"]
    by_x, by_y = scene["surface tangent x"], scene["surface tangent y"]
    assert corners[0] == pytest.approx(corners[4])
    assert (corners[0] + corners[2]) / 2 == pytest.approx(middle)
    assert (corners[1] + corners[2]) / 2 == pytest.approx(by_x[1])
    assert (corners[2] + corners[3]) / 2 == pytest.approx(by_y[1])
    assert np.mean(by_x, axis=0) == pytest.approx(middle)


@pytest.mark.parametrize(
    ("text", "point", "lacks"),
    [("abs(x) + y", (0, 1), "x"), ("x + floor(y)", (1, 0), "y"), ("max(x, y)", (1, 1), "xy")],
)
def test_at_a_kink_there_is_no_tangent_plane(text, point, lacks):
    scene = scene_of(ScalarField(text), point)
    for name in ("surface plane", "surface uphill", "floor gradient"):
        assert not np.isfinite(scene[name]).all(), name
    for axis in "xy":
        assert np.isfinite(scene[f"surface tangent {axis}"]).all() == (axis not in lacks)
    assert scene.text("surface note") == scene.text("floor gradient label") == ""


def test_the_slices_run_over_the_surface_through_the_point():
    scene = scene_of(CURVED, (0.5, 3.0))
    x, y = np.linspace(-1, 5, 61), np.linspace(0, 4, 61)
    for name, across, up in (("x", x, 3.0 + 0 * x), ("y", 0.5 + 0 * y, y)):
        values = np.array([CURVED.value(place) for place in zip(across, up, strict=True)])
        expected = np.stack(boxed(scene, across, up, values), axis=1)
        assert scene[f"surface slice {name}"] == pytest.approx(expected)


def test_the_point_stands_above_its_shadow_on_the_floor():
    scene = scene_of(BOWL, (1.5, 1.0))
    assert scene["floor drop"] == pytest.approx(
        np.array([scene["surface point"], scene["floor point"]])
    )
    assert scene["surface point"][:2] == pytest.approx(scene["floor point"][:2])
    assert scene["surface point"][2] > scene["floor point"][2] == FLOOR
    assert scene["floor point"][:2] * 3 == pytest.approx((1.5, 1.0))


def test_at_a_critical_point_the_arrows_vanish_and_the_plane_is_level():
    scene = scene_of(BOWL, (0.0, 0.0))
    assert scene["floor gradient"][:3] == pytest.approx(scene["floor gradient"][3:])
    assert scene["surface uphill"][:3] == pytest.approx(scene["surface uphill"][3:])
    assert np.ptp(scene["surface plane"][:, 2]) == pytest.approx(0, abs=1e-12)
    assert scene.text("surface uphill label") == scene.text("floor gradient label") == ""


def test_where_f_is_undefined_the_floor_stays():
    scene = scene_of(ScalarField("log(x) + y"), (-1.0, 1.0))
    for name in ("surface point", "surface plane", "surface uphill"):
        assert np.isnan(scene[name]).any()
    assert np.isfinite(scene["floor point"]).all()
    assert np.isfinite(scene["floor"]).all()
    assert scene.text("surface note") == ""


# ── the second-order model ───────────────────────────────────────────────────────────────────────


def modelled(source, point):
    field = ScalarField(source)
    picture = with_surface(gradient_picture(field), "both", second=True)
    return field, picture.scene((*point, 30, *TURN))


def test_the_model_of_a_quadratic_is_the_surface_itself():
    field, scene = modelled("x**2 + 3*y**2 - x*y", (0.5, -0.5))
    x, y = 0.5 + 3 * MODEL_X, -0.5 + 3 * MODEL_Y
    values = x**2 + 3 * y**2 - x * y
    grid = field.on_grid().values
    height = LOW + (HIGH - LOW) * (values - grid.min()) / np.ptp(grid)
    expected = np.stack([x / 3, y / 3, height], axis=1)
    shown = np.isfinite(scene["surface model"]).all(axis=1)
    assert shown.sum() > 60
    assert scene["surface model"][shown] == pytest.approx(expected[shown], abs=1e-9)


def test_the_model_touches_the_surface_to_second_order_and_then_parts():
    field, scene = modelled("exp(x/2)*cos(y)", (0.5, 0.5))
    middle = scene["surface model"][2 * 10 + 4]  # the middle of the middle line along x
    assert middle == pytest.approx(scene["surface point"])
    first = scene["surface model"][2 * 10]
    x, f, fx = 0.5 - 3 * 0.55, field.value((0.5, 0.5)), field.gradient((0.5, 0.5))[0]
    model = f + fx * (x - 0.5) + field.hessian((0.5, 0.5))[0, 0] * (x - 0.5) ** 2 / 2
    grid = field.on_grid().values
    height = LOW + (HIGH - LOW) * (model - grid.min()) / np.ptp(grid)
    assert first == pytest.approx((x / 3, 0.5 / 3, height))
    assert abs(model - field.value((x, 0.5))) > 0.01


def test_the_model_stays_over_the_domain_and_near_the_surface():
    _, scene = modelled("x**4 + y**4", (2.9, 2.9))
    places = scene["surface model"]
    known = places[np.isfinite(places).all(axis=1)]
    assert 0 < len(known) < 90
    assert np.abs(known[:, :2]).max() <= 1
    assert known[:, 2].max() < HIGH + 0.3


# ── traced ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "second"), [("bowl", True), ("peaks", False), ("rosenbrock", True)]
)
def test_a_point_is_replayed_with_the_numbers_of_plain_autograd(name, second):
    picture = with_surface(traced_picture(catalog[name].field), "both", second=second)
    picture.scene((0.3, 0.4, 30, *TURN))
    assert picture.present.why == ""
    for point in ((0.7, -0.2), (-1.0, 1.0), (0.0, 0.0)):
        values = (*point, 30, *TURN)
        replayed, plain = picture.present.numbers(*values), picture.present.plain(*values)
        for mark, found, expected in zip(picture.marks, replayed, plain, strict=False):
            if mark.panel == "surface":  # a kink's slopes are differences, with rounding
                np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_a_callable_that_can_not_be_traced_has_a_surface_too():
    def steep(x, y):
        return x * y if x > 0 else anp.sin(x * y)

    scene = gradient_picture(ScalarField(steep), view="surface").scene((1, 1, 30, *TURN))
    assert np.isfinite(scene["floor gradient"]).all()
