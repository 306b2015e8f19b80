"""Taylor's models on a slice: what they are, and that their errors shrink as h² and h³."""

from itertools import product

import numpy as np
import pytest

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.pictures.curvature import curvature_picture as traced_picture
from tests.pictures.computed import untraced
from tests.pictures.curved import TWO, places, scene_of

curvature_picture = untraced(traced_picture)
QUADRATIC = ("bowl", "valley", "saddle", "trough", "booth", "matyas")
OTHERS = [name for name in TWO if name not in QUADRATIC]
DEGREE = np.pi / 180
ANGLE = 40.0
U = np.array([np.cos(ANGLE * DEGREE), np.sin(ANGLE * DEGREE)])


def along(scene, name):
    return np.array(next(mark.along for mark in scene.marks if mark.name == name))


# ── the slice ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", TWO)
def test_the_slice_shows_f_and_its_models(name):
    field = catalog[name].field
    for point in places(name):
        scene = scene_of(name, point, ANGLE)
        t, unit = along(scene, "true"), scene["height"][5]
        f, slope = field.value(point), field.gradient(point) @ U
        bend = U @ field.hessian(point) @ U
        wanted = [field.value(point + s * U) - f for s in t]
        size = 1e-12 * max(1, abs(f), np.nanmax(np.abs(wanted)))
        assert scene["true"] * unit == pytest.approx(wanted, abs=size, nan_ok=True)
        assert scene["first"] * unit == pytest.approx(slope * t, abs=size)
        assert scene["second"] * unit == pytest.approx(slope * t + bend * t * t / 2, abs=size)


def test_the_slice_fills_its_panel():
    for name in TWO:
        for point in places(name):
            scene = scene_of(name, point, ANGLE)
            middle = len(scene["true"]) // 2
            assert scene["true"][middle] == pytest.approx(0, abs=1e-12)
            assert np.nanmax(np.abs(scene["true"])) > 0.2


# ── the errors ───────────────────────────────────────────────────────────────────────────────────


def generic(name):
    """Places where along u no derivative from the second to the fourth dwarfs the one before."""
    field, found = catalog[name].field, []
    width = min(high - low for low, high in field.domain.values())

    def bend(point):
        return U @ field.hessian(point) @ U

    for point in places(name, 12):
        h = 1e-4 * width
        before, here, after = (bend(point + side * h * U) for side in (-1, 0, 1))
        third, fourth = abs(after - before) / (2 * h), abs(after - 2 * here + before) / h**2
        steady = third * width < 80 * abs(here) and fourth * width < 80 * third
        if steady and third * width**3 > abs(field.value(point)):
            found.append(point)
    return found


def measured(scene, name):
    """The slope of an error on its axes, over the smallest half of a decade."""
    exponents, error = along(scene, name), scene[name]
    first = exponents < exponents[0] + 0.5
    return np.polyfit(exponents[first], error[first], 1)[0]


@pytest.mark.parametrize("name", OTHERS)
def test_the_errors_have_the_slopes_two_and_three(name):
    points = generic(name)
    assert points
    for point in points:
        scene = scene_of(name, point, ANGLE)
        assert measured(scene, "error 1") == pytest.approx(2, abs=0.05)
        assert measured(scene, "error 2") == pytest.approx(3, abs=0.05)


@pytest.mark.parametrize("name", QUADRATIC)
def test_of_a_quadratic_only_the_tangent_errs(name):
    for point in places(name):
        scene = scene_of(name, point, ANGLE)
        assert measured(scene, "error 1") == pytest.approx(2, abs=1e-3)
        assert any("T₂ has no error: along u, f is a quadratic." in c for c in scene.captions)
        assert scene.text("error 2 label") == ""


def test_the_reference_lines_have_exactly_these_slopes():
    scene = scene_of("himmelblau", (1.0, 2.0), ANGLE)
    for order in (2, 3):
        steps = np.diff(scene[f"slope {order}"]) / np.diff(along(scene, f"slope {order}"))
        assert steps == pytest.approx(np.full(len(steps), order))


def test_at_h_stand_the_errors_themselves():
    field, point, h = catalog["himmelblau"].field, np.array([1.0, 2.0]), 0.25
    scene = scene_of("himmelblau", point, ANGLE, h=h)
    slope, bend = field.gradient(point) @ U, U @ field.hessian(point) @ U
    change = field.value(point + h * U) - field.value(point)
    first, second = abs(change - slope * h), abs(change - slope * h - bend * h * h / 2)
    unit = scene["height"][5]
    assert scene["error 1 label"][5] == pytest.approx(first / unit)
    assert scene["error 2 label"][5] == pytest.approx(second / unit)
    assert scene["error at h"] == pytest.approx((np.log10(h), np.log10(first / unit)))
    assert scene["error 2 at h"] == pytest.approx((np.log10(h), np.log10(second / unit)))
    handle = next(mark for mark in scene.marks if mark.name == "error at h")
    assert handle.moves == ("h", None)


def test_the_caption_names_the_orders_that_it_measures():
    scene = scene_of("hill", (0.8, 0.4), ANGLE, h=0.01)
    (line,) = [line for line in scene.captions if line.startswith("From h =")]
    assert "(order 2.0" in line
    assert ", in the limit h²)" in line
    assert ", in the limit h³)" in line
    orders = scene["order note"][[7, 9]]
    assert orders == pytest.approx((2, 3), abs=0.05)


def test_a_linear_function_has_no_errors():
    scene = curvature_picture(ScalarField("3*x + 4*y")).scene((1, 1, ANGLE, 0.1, 0.01))
    assert "T₁ and T₂ have no error: along u, f is linear." in scene.captions
    low, high = scene.panel("errors").y
    assert low < scene["error at h"][1] < high  # the handle stays within reach


def test_the_handle_of_h_stays_in_its_panel_for_every_h():
    picture = curvature_picture(catalog["himmelblau"].field)
    control = next(control for control in picture.controls if control.name == "h")
    for h in (control.low, control.high):
        scene = picture.scene((1, 2, ANGLE, h, 0.01))
        (left, right), (low, high) = scene.panel("errors").x, scene.panel("errors").y
        x, y = scene["error at h"]
        assert left - 1e-9 <= x <= right + 1e-9
        assert low < y < high


# ── what is no power of h, and what is out of sight ──────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "point", "h"),
    [
        ("max(x - 0.4, 0)**2 + max(y, 0)", (0.2, 1.0), 0.25),
        ("abs(x - 0.3) + y**2", (0.0, 1.0), 0.4),
        ("max(x - 0.3, 0)**3 + y", (0.0, 0.0), 0.5),
    ],
)
def test_no_order_is_told_where_a_kink_lies_between_both_distances(text, point, h):
    scene = curvature_picture(ScalarField(text)).scene((*point, 0.0, h, 0.01))
    assert "order" not in scene.text("order note")
    assert "no power of h" in scene.text("order note")


def test_high_orders_are_orders():
    scene = curvature_picture(ScalarField("x**6 + y**2")).scene((0, 0, 0.0, 0.2, 0.01))
    assert scene.text("order note").count("(order 6.00") == 2


def test_a_dot_is_in_its_frame_or_not_there():
    for name, h in product(("himmelblau", "rosenbrock", "hill"), (0.01, 0.5, 1.0)):
        for point in places(name):
            scene = scene_of(name, point, ANGLE, h=h)
            for dot in ("error 2 at h", "u in image", "error at h"):
                mark = next(mark for mark in scene.marks if mark.name == dot)
                panel, (x, y) = scene.panel(mark.panel), scene[dot]
                inside = panel.y[0] <= y <= panel.y[1]
                assert np.isnan([x, y]).any() or (inside and panel.x[0] <= x <= panel.x[1])
