"""The Hessian as a matrix, as curvature by direction, and as the Jacobian of ∇f."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.wording import three_digits
from gradwidgets.pictures.curvature import curvature_picture
from gradwidgets.pictures.hessian import ANGLES
from gradwidgets.pictures.palette import SECOND
from gradwidgets.pictures.placing import half_size
from tests.pictures.curved import MANY, TWO, picture_of, places, scene_of

DEGREE = np.pi / 180


def second_rate(field, point, u):
    """The second difference of f along a unit vector."""
    h = 1e-4 * max(1.0, *np.abs(point))
    ends = field.value(point + h * u) + field.value(point - h * u)
    return (ends - 2 * field.value(point)) / h**2


# ── the matrix ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", MANY)
def test_every_entry_is_autograd_s(name):
    example = catalog[name]
    whole = autograd.hessian(lambda p: example.field.function(*[p[k] for k in range(len(p))]))
    for point in places(name, 2):
        scene, wanted = scene_of(name, point), whole(point)
        for i, line in enumerate(wanted):
            for j, entry in enumerate(line):
                size = max(1.0, np.abs(wanted).max())
                assert scene[f"entry {i} {j}"][5] == pytest.approx(entry, abs=1e-11 * size)


def test_both_mixed_entries_have_one_colour_and_the_diagonal_another():
    marks = {mark.name: mark for mark in picture_of("bowl").marks}
    assert marks["entry 0 1"].color == marks["entry 1 0"].color == SECOND
    assert marks["entry 0 0"].color == marks["entry 1 1"].color != SECOND


def test_the_entries_stand_as_in_a_matrix():
    scene = scene_of("himmelblau", (3, 2))
    across, down = scene["entry 0 1"][:2] - scene["entry 0 0"][:2]
    assert (across > 0, down) == (True, 0)
    assert scene["entry 1 0"][0] == scene["entry 0 0"][0]
    assert scene["entry 1 0"][1] < scene["entry 0 0"][1]
    texts = [scene.text(f"entry {i} {j}") for i in (0, 1) for j in (0, 1)]
    assert texts == ["74.0", "20.0", "20.0", "34.0"]


@pytest.mark.parametrize("x", [-0.15, 0.03, 0.3, 2.9])
def test_the_entries_have_room_between_the_brackets(x):
    """Near a pole they are far greater than all over the map, and than what decimals suit."""
    picture = curvature_picture(ScalarField("1/x + y"))
    scene = picture.scene([{"x": x, "y": 1.0}.get(c.name, c.start) for c in picture.controls])
    texts = [scene.text(f"entry {i} {j}") for i in (0, 1) for j in (0, 1)]
    assert texts == [three_digits(2 / x**3), "0", "0", "0"]
    assert max(map(len, texts)) <= 6


@pytest.mark.parametrize("name", ["bowl", "ellipsoid"])
def test_a_column_has_room_for_a_power_of_ten(name):
    picture = picture_of(name)
    (panel,) = (one for one in picture.panels if one.name == "matrix")
    label = next(mark for mark in picture.marks if mark.name == "entry 0 0")
    assert 2 * half_size(label, 9.64e-7)[0] < 0.94 * panel.most / len(picture.field.variables)


def test_their_names_stand_above_them():
    backdrop = picture_of("ellipsoid").backdrop
    texts = {mark.name: mark.texts[0] for mark in backdrop.marks if mark.name.startswith("name")}
    assert texts["name of entry 0 0"] == "∂²f/∂x²"
    assert texts["name of entry 2 1"] == "∂²f/∂z∂y"
    scene = scene_of("ellipsoid", (1, 1, 1))
    assert backdrop.numbers["name of entry 2 1"][1] > scene["entry 2 1"][1]


# ── every direction ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["himmelblau", "rosenbrock", "hill", "saddle", "booth", "peaks"])
def test_the_curve_is_the_second_derivative_along_every_direction(name):
    field = catalog[name].field
    for point in places(name):
        scene = scene_of(name, point)
        values = np.linalg.eigvalsh(field.hessian(point))
        unit = np.abs(values).max()
        for angle, bend in list(zip(ANGLES, scene["bend"], strict=True))[::4]:
            u = np.array([np.cos(angle * DEGREE), np.sin(angle * DEGREE)])
            rate = second_rate(field, point, u)
            assert bend == pytest.approx(rate, abs=1e-4 * max(unit, abs(field.value(point))))


@pytest.mark.parametrize("name", TWO)
def test_it_lies_between_both_eigenvalues_and_touches_them(name):
    for point in places(name):
        scene = scene_of(name, point)
        high, low = scene["greatest"][0, 1], scene["least"][0, 1]
        rounding = 1e-12 * max(1.0, abs(high), abs(low))
        assert scene["bend"].max() <= high + rounding
        assert scene["bend"].min() >= low - rounding
        if np.isfinite(high) and high != low:
            share = (scene["bend"] - low) / (high - low)
            assert share.max() > 0.99
            assert share.min() < 0.01


@pytest.mark.parametrize("angle", [0, 30, 135.5, 200, 360])
def test_the_handle_stands_on_the_curve(angle):
    point = (1.0, -0.5)
    scene = scene_of("himmelblau", point, angle)
    u = np.array([np.cos(angle * DEGREE), np.sin(angle * DEGREE)])
    bend = u @ catalog["himmelblau"].field.hessian(point) @ u
    assert scene["direction"] == pytest.approx((angle, bend))
    assert scene["direction label"][5] == pytest.approx(bend)
    handle = next(mark for mark in scene.marks if mark.name == "direction")
    assert handle.moves == ("angle", None)


def test_without_curvature_the_curve_is_flat():
    scene = curvature_picture(ScalarField("3*x + 4*y")).scene((1, 1, 30, 0.1, 0.01))
    assert not scene["bend"].any()
    assert scene["direction"].tolist() == [30, 0]


# ── the image of a circle ────────────────────────────────────────────────────────────────────────


def unit_of(name, point):
    return np.abs(np.linalg.eigvalsh(catalog[name].field.hessian(point))).max()


@pytest.mark.parametrize("name", ["himmelblau", "rosenbrock", "hill", "saddle", "peaks", "beale"])
def test_the_image_is_what_the_gradient_makes_of_the_circle(name):
    field, h = catalog[name].field, 0.07
    for point in places(name):
        scene, unit = scene_of(name, point, h=h), unit_of(name, point)
        for angle, (x, y) in zip(ANGLES, scene["image"], strict=True):
            u = np.array([np.cos(angle * DEGREE), np.sin(angle * DEGREE)])
            change = field.gradient(point + h * u) - field.gradient(point)
            assert (x, y) == pytest.approx(tuple(change / (h * unit)), abs=1e-9)


@pytest.mark.parametrize("name", ["himmelblau", "rosenbrock", "hill", "saddle", "booth"])
def test_the_ellipse_is_what_the_hessian_makes_of_it(name):
    for point in places(name):
        hessian, unit = catalog[name].field.hessian(point), unit_of(name, point)
        scene = scene_of(name, point, angle=50)
        assert scene["ellipse"] == pytest.approx(scene["circle"] @ hessian / unit, abs=1e-12)
        lengths = np.linalg.norm(scene["ellipse"], axis=1)
        assert lengths.max() <= 1 + 1e-12
        u = np.array([np.cos(50 * DEGREE), np.sin(50 * DEGREE)])
        assert scene["Hu"][2:] == pytest.approx(hessian @ u / unit, abs=1e-12)
        assert scene["u turned"][2:] == pytest.approx(u)


def test_a_smaller_circle_s_image_is_nearer_to_the_ellipse():
    def gap(h):
        scene = scene_of("hill", (0.8, 0.4), h=h)
        return np.abs(scene["image"] - scene["ellipse"]).max()

    assert gap(0.02) == pytest.approx(gap(0.2) / 10, rel=0.2)
    assert gap(0.2) > 0.05


def test_the_marks_of_u_match():
    point, h = np.array([0.8, 0.4]), 0.1
    scene = scene_of("hill", point, angle=70, h=h)
    u = np.array([np.cos(70 * DEGREE), np.sin(70 * DEGREE)])
    field = catalog["hill"].field
    assert scene["u on map"] == pytest.approx(point + h * u)
    assert scene["u on circle"] == pytest.approx(u)
    change = field.gradient(point + h * u) - field.gradient(point)
    assert scene["u in image"] == pytest.approx(change / (h * unit_of("hill", point)))
    on_map = scene["circle on map"] - point
    assert on_map / h == pytest.approx(scene["circle"], abs=1e-12)


def test_where_the_hessian_vanishes_the_image_shows_what_is_left():
    scene = scene_of("monkey saddle", (0.0, 0.0))
    assert np.linalg.norm(scene["image"], axis=1) == pytest.approx(np.ones(len(ANGLES)))
    assert not scene["ellipse"].any()  # twice around, while H sees nothing
    assert anp.isfinite(scene["image"]).all()


@pytest.mark.parametrize("name", TWO)
def test_the_axis_of_curvature_holds_both_eigenvalues_and_0_and_is_not_much_longer(name):
    for point in places(name):
        scene = scene_of(name, point)
        low, high = scene.panel("directions").y
        least, greatest = scene["least"][0, 1], scene["greatest"][0, 1]
        assert low < min(least, 0) <= max(greatest, 0) < high
        size = max(abs(least), abs(greatest))
        assert high - low <= 5 * size or size < 1e-250


def test_bounds_are_told_as_eigenvalues():
    scene = scene_of("himmelblau", (-0.15, 0.67))
    assert scene.text("greatest label") == "λmax = −21.0"
    assert scene.text("least label") == "λmin = −39.3"
    assert scene.text("axis greatest label") == "λ = −21.0"
