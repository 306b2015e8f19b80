"""The curvature picture over the map: model, eigenvectors, steps, critical points, captions."""

import re

import numpy as np
import pytest

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.newton import critical_points
from gradwidgets.calculus.tracing import calm
from gradwidgets.pictures.critical import SHAPES
from gradwidgets.pictures.curvature import PARTS, USUAL, usual_rate
from gradwidgets.pictures.curvature import curvature_picture as traced_picture
from gradwidgets.pictures.palette import SECOND
from gradwidgets.pictures.quadratic import LEVELS
from tests.pictures.computed import untraced
from tests.pictures.curved import MANY, TWO, hessian_of, picture_of, places, scene_of
from tests.pictures.windowed import MEASURED, computed, window_differences

curvature_picture = untraced(traced_picture)
BOWL = "x**2 + 10*y**2"
SQUARE = {"x": (-3, 3), "y": (-3, 3)}


def at(text, point, angle=30.0, h=0.1, rate=0.01, domain=None, **options):
    names = ("x", "y") if set(domain or ()) == {"x", "y"} else None
    field = ScalarField(text, domain, names)
    critical = critical_points(field) if options.pop("critical", False) else ()
    picture = curvature_picture(field, critical, **options)
    return picture.scene((*point, angle, h, rate))


def turn(arrow):
    return arrow[2:] - arrow[:2]


def has(scene, words):
    return any(words in line for line in scene.captions)


# ── eigenvectors ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", TWO)
def test_eigenvectors_stand_at_the_point_and_h_only_stretches_them(name):
    field = catalog[name].field
    for point in places(name):
        scene, hessian = scene_of(name, point), hessian_of(field, point)
        size = max(1.0, np.abs(hessian).max())
        values = []
        for axis in ("axis greatest", "axis least"):
            ends = scene[axis]
            assert ends.mean(axis=0) == pytest.approx(point)
            v = (ends[1] - ends[0]) / np.linalg.norm(ends[1] - ends[0])
            value = scene[f"{axis} label"][5]
            assert hessian @ v == pytest.approx(value * v, abs=2e-5 * size)
            values.append(value)
        assert values[0] >= values[1]
        first, second = (np.diff(scene[f"axis {end}"], axis=0)[0] for end in ("greatest", "least"))
        assert first @ second == pytest.approx(0, abs=1e-12 * (first @ first))


def test_the_greatest_is_solid_the_least_dashed_and_both_of_second_order():
    marks = {mark.name: mark for mark in picture_of("bowl").marks}
    assert (marks["axis greatest"].dash, marks["axis greatest"].color) == ((), SECOND)
    assert marks["axis least"].dash
    assert marks["axis least"].color == SECOND


def test_equal_eigenvalues_are_told():
    scene = at("x**2 + y**2", (1, 1))
    assert has(scene, "λmax = λmin: any two perpendicular directions are eigenvectors.")
    assert not has(at(BOWL, (1, 1)), "λmax = λmin")


# ── the model ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", TWO)
def test_the_model_s_curves_lie_on_the_levels_of_the_map(name):
    field, levels = catalog[name].field, picture_of(name).panels[0].contours.levels
    for point in places(name):
        gradient, hessian, f = field.gradient(point), field.hessian(point), field.value(point)
        pieces = scene_of(name, point)["model"].reshape(len(LEVELS), 2, -1, 2)
        assert not np.isfinite(pieces[len(levels) :]).any()
        pieces = pieces[: len(levels)]
        d = pieces - point
        q = f + d @ gradient + 0.5 * np.einsum("...i,ij,...j", d, hessian, d)
        reach = np.hypot(*np.diff(list(field.domain.values())).ravel())
        off = np.abs(q - np.array(levels)[:, None, None])[np.linalg.norm(d, axis=-1) < reach]
        size = abs(f) + np.linalg.norm(gradient) * reach + np.abs(hessian).max() * reach**2
        assert np.nanmax(off, initial=0) < 1e-7 * size


def test_of_a_quadratic_the_model_is_the_map_itself():
    scene = scene_of("booth", (2.0, -1.0))
    field, levels = catalog["booth"].field, scene.panel("map").contours.levels
    drawn = scene["model"].reshape(len(LEVELS), -1, 2)
    for level, curve in zip(levels, drawn, strict=False):
        known = curve[np.isfinite(curve).all(axis=1)]
        near = known[np.abs(known).max(axis=1) < 10]
        assert [field.value(p) for p in near] == pytest.approx([level] * len(near), abs=1e-7)
    assert has(scene, "All over the map it is off by less than a tenth")
    assert np.isnan(scene["agreement"]).all()


def test_where_model_and_function_part_there_is_an_outline():
    scene = scene_of("hill", (0.8, 0.4))
    assert np.isfinite(scene["agreement"]).all(axis=1).sum() > 20
    assert has(scene, "Inside the dotted outline")


# ── steps ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", MANY)
def test_newton_s_arrow_ends_at_the_model_s_critical_point(name):
    field = catalog[name].field
    for point in places(name):
        scene = scene_of(name, point)
        gradient, hessian = field.gradient(point), field.hessian(point)
        if np.linalg.cond(hessian) > 1e12:
            assert np.isnan(scene["newton step"]).any()
            continue
        step = np.linalg.solve(hessian, -gradient)
        assert turn(scene["newton step"]) == pytest.approx(step[:2], rel=1e-9, abs=1e-12)
        note = scene["newton note"][5:]
        after = field.value(point + step)
        assert note[:2] == pytest.approx((field.value(point), after), rel=1e-9, abs=1e-9)
        assert note[2] == pytest.approx(gradient @ step, rel=1e-9, abs=1e-12)
        assert note[3:] == pytest.approx(point + step, rel=1e-9, abs=1e-9)
        assert scene["newton step label"][5] == pytest.approx(after, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", MANY)
def test_the_gradient_s_arrow_is_minus_alpha_times_the_gradient(name):
    field = catalog[name].field
    for point in places(name):
        scene, gradient = scene_of(name, point, rate=0.02), field.gradient(point)
        assert turn(scene["gradient step"]) == pytest.approx(-0.02 * gradient[:2], abs=1e-12)
        after = field.value(point - 0.02 * gradient)
        assert scene["gradient step label"][5] == pytest.approx(after, rel=1e-9, abs=1e-9)
        assert scene["gradient note"][8:] == pytest.approx(point - 0.02 * gradient)


@pytest.mark.parametrize(("text", "point"), [(BOWL, (1, 2)), ("x**2 + x*y + 3*y**2", (1, -1))])
def test_the_exact_step_is_the_best_for_the_model(text, point):
    scene = at(text, point, exact=True)
    field, tip = ScalarField(text), scene["gradient step"][2:]
    assert field.gradient(tip) @ field.gradient(point) == pytest.approx(0, abs=1e-9)


def test_where_the_model_falls_forever_the_slider_s_alpha_counts():
    scene = at("x**2 - y**2", (0, 1), rate=0.25, exact=True)
    assert scene["gradient note"][5] == 0.25
    assert turn(scene["gradient step"]).tolist() == [0, 0.5]


def test_a_step_after_which_f_is_higher_is_told():
    assert has(at(BOWL, (1, 2), rate=0.2), "f rises from 41.0 to 360: α is too large here.")
    assert has(at(BOWL, (1, 2), rate=0.02), "f goes from 41.0 to 15.3.")


@pytest.mark.parametrize(
    ("text", "point", "words"),
    [
        (BOWL, (1, 2), "leads to the model's minimum at (0, 0): f goes from 41.0 to 0."),
        (
            "-x**2 - 2*y**2",
            (1, 1),
            "H is negative definite: Newton's step leads to the model's max",
        ),
        ("x**2 - y**2", (1, 0), "H is indefinite: Newton's step leads to the model's saddle at"),
        ("x**2 - y**2", (0, 1), "(g·s = 2.00 > 0, so at first it is uphill)."),
        ("x**2", (1, 1), "H is singular: the model has no single critical point"),
        ("x**2 + y", (0, 1), "H is singular: the model has no single critical point"),
        ("3*x + 4*y", (1, 1), "H = 0: the model is a plane, and Newton has no step."),
        (BOWL, (0, 0), "∇f = 0: a critical point. Newton's step is 0."),
        (
            "x**3 - 3*x*y**2",
            (0, 0),
            "∇f = 0 and H is singular: the second-order test does not decide",
        ),
        ("x**4 + y**4", (0, 0), "∇f = 0 and H is singular: the second-order test does not decide"),
    ],
)
def test_every_case_of_newton_s_step_is_named(text, point, words):
    assert has(at(text, point, domain=SQUARE), words)


def test_downhill_is_not_called_uphill():
    assert not has(at("x**2 - y**2", (1, 0)), "uphill")


@pytest.mark.parametrize("point", [(0.8, 1.0), (0.4, 0.5), (1.6, 2.0)])
def test_a_step_along_a_level_curve_is_not_called_uphill(point):
    scene = at("x*y/(x^2 + y^2)", point)
    assert has(scene, "the model's saddle")
    assert not has(scene, "uphill")


def test_a_step_that_is_uphill_by_little_is_still_told():
    assert has(at("x^2 - y^2", (1.0, 1.001)), "uphill")


def test_an_entry_of_h_that_is_rounding_is_0_and_a_small_one_stays():
    tip = at("sqrt(x^2 + y^2)", (0.01, 0.0))
    assert [tip[f"entry {place}"][-1] for place in ("0 0", "0 1", "1 0")] == [0.0, 0.0, 0.0]
    assert tip["entry 1 1"][-1] == pytest.approx(100.0)
    flat = at("1e-9*x^2 + y^2", (1.0, 0.0))
    assert flat["entry 0 0"][-1] == pytest.approx(2e-9, rel=1e-12)


def test_labels_of_steps_that_end_close_to_each_other_stand_apart():
    scene = at("x**2 + y**2", (1, 1), rate=0.45)
    assert scene["gradient step label"][3] == -scene["newton step label"][3] != 0


# ── critical points ──────────────────────────────────────────────────────────────────────────────


def test_what_a_search_all_over_the_domain_finds_is_python_s():
    field = catalog["himmelblau"].field
    picture = curvature_picture(field, critical_points(field))
    marks = {mark.name for mark in (*picture.marks, *picture.backdrop.marks)}
    found = {name for name in marks if name.startswith("critical ")}
    assert found == {"critical minimum", "critical maximum", "critical saddle", "critical note"}
    assert found <= set(picture.by_python)
    assert curvature_picture(field, critical_points(field), show=("model",)).by_python == ()


def critical_scene(name):
    example = catalog[name]
    picture = curvature_picture(example.field, critical_points(example.field))
    return picture.scene((*example.start, 30, 0.1, 0.01))


@pytest.mark.parametrize(
    ("name", "caption", "kinds"),
    [
        ("himmelblau", "● 4 minima, ▲ 1 maximum, ◆ 4 saddles.", ("minimum", "maximum", "saddle")),
        ("saddle", "◆ 1 saddle.", ("saddle",)),
        ("hill", "▲ 1 maximum.", ("maximum",)),
        (
            "monkey saddle",
            "■ 1 degenerate. The second-order test does not decide at ■.",
            ("degenerate",),
        ),
        (
            "trough",
            "the values of f around them show a trough. They seem to fill a line.",
            ("degenerate",),
        ),
    ],
)
def test_each_kind_has_its_shape_and_a_line_counts_them(name, caption, kinds):
    scene = critical_scene(name)
    assert scene.captions[-1].endswith(caption)
    marks = {m.name: m for m in scene.backdrop.marks if m.name.startswith("critical")}
    assert set(marks) == {f"critical {kind}" for kind in kinds}
    for kind in kinds:
        assert marks[f"critical {kind}"].shape == SHAPES[kind]
        for place in scene.backdrop.numbers[f"critical {kind}"]:
            gradient = catalog[name].field.gradient(tuple(map(float, place)))
            assert np.linalg.norm(gradient) < 1e-6
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_f_itself_may_say_more():
    scene = at("x**4 + y**4", (1, 1), critical=True)
    assert has(scene, "does not decide at ■; the values of f around it show a minimum.")


def test_where_there_is_none_a_line_says_so():
    scene = at("3*x + 4*y", (1, 1), critical=True)
    assert scene.captions[-1] == "Newton's method finds no critical point in the domain."


# ── more variables ───────────────────────────────────────────────────────────────────────────────


def test_the_cut_has_its_own_block_of_the_whole_hessian():
    scene = at("x**2 + 2*y**2 + 3*z**2 + x*y + y*z", (1, -1, 0.5), axes=("z", "x"))
    assert [scene[f"axis {end} label"][5] for end in ("greatest", "least")] == [6.0, 2.0]
    assert has(scene, "H = [[2.00, 1.00, 0], [1.00, 4.00, 1.00], [0, 1.00, 6.00]]")
    values = ", ".join(f"{v:.3g}" for v in np.linalg.eigvalsh([[2, 1, 0], [1, 4, 1], [0, 1, 6]]))
    assert has(scene, f"(λ = {values})") or has(scene, f"(λ = {values.replace('4,', '4.00,')})")
    assert scene["point"].tolist() == [0.5, 1.0]
    assert scene["newton step"][2:] == pytest.approx(
        [0, 0], abs=1e-12
    )  # all variables go, seen from above
    assert has(scene, "The map is a cut")


def test_the_eigenvalues_of_a_block_are_told_as_such():
    """Those of the whole Hessian, in the line above, are others."""
    scene = at("x*y*z", (1, 1, 1))
    assert has(scene, "(λ = −1.00, −1.00, 2.00)")
    assert scene.text("axis greatest label") == "block λ = 1.00"
    assert scene.text("axis least label") == "block λ = −1.00"
    assert scene.panel("directions").title.endswith(", block $(x, y)$")
    assert has(scene, "belongs to the block (x, y) of H alone")
    assert "block" not in at("x*y", (1, 1)).panel("directions").title


def test_critical_points_of_more_variables_are_told_with_their_places():
    scene = at("x**2 + y**2 + z**2", (1, 1, 1), critical=True)
    assert scene.captions[-1].endswith("● 1 minimum. (0, 0, 0) is a minimum.")
    assert not [m for m in scene.backdrop.marks if m.name.startswith("critical")]


def test_one_program_serves_all_cuts():
    """Else every move of a hidden coordinate's slider would trace f anew."""
    field = ScalarField("x**2*z + 2*y**2 + 3*z**2 + cos(x*y)")
    critical = critical_points(field)
    low, high = (traced_picture(field, critical, at={"z": z}) for z in (-1.0, 2.0))
    assert low.replayed is high.replayed
    assert low.terrain is high.terrain
    values = {control.name: control.start for control in high.controls} | {"z": 2.0}
    found = high.replayed.numbers(*high.inputs(values.values()))
    wanted = computed(high, **values)
    for name, own in zip(high.told, found, strict=True):
        assert own == pytest.approx(np.asarray(wanted[name], float), nan_ok=True)


def test_a_matrix_without_room_is_told_in_a_line():
    scene = at("w**2 + x*y + z**2", (1, 1, 1, 1))
    assert "matrix" not in {panel.name for panel in scene.panels}
    assert has(scene, "H = [[2.00, 0, 0, 0], [0, 0, 1.00, 0], [0, 1.00, 0, 0], [0, 0, 0, 2.00]]")


@pytest.mark.parametrize("text", ["x**2", "a + b + c + d + x + y + z"])
def test_one_variable_or_seven_are_refused(text):
    with pytest.raises(ValueError, match="shows two to 6 variables"):
        curvature_picture(ScalarField(text))


# ── captions ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "point", "words"),
    [
        (BOWL, (1, 2), "f = 41.0. H is positive definite (λ = 2.00, 20.0): f bends upwards in ev"),
        ("-x**2 - 10*y**2", (1, 2), "H is negative definite (λ = −20.0, −2.00)"),
        ("x**2 - y**2", (1, 0), "H is indefinite (λ = −2.00, 2.00)"),
        ("x**2", (1, 0), "H is singular (λ = 0, 2.00): there is a direction in which f does not"),
        ("3*x + 4*y", (1, 0), "H is 0 (λ = 0, 0): f does not bend at all."),
        ("log(x)*y", (-1, 1), "f has no Hessian."),
    ],
)
def test_the_first_line_names_the_hessian(text, point, words):
    scene = at(text, point, domain=SQUARE)
    assert words in scene.captions[0]


def test_both_mixed_derivatives_are_told():
    scene = at("x**2*y**2", (1, 2))
    assert has(
        scene, "autograd computes ∂²f/∂x∂y = 8.0 and ∂²f/∂y∂x = 8.0 separately, and they agree."
    )


def test_a_kink_is_in_the_captions():
    scene = at("abs(x) + y**2", (0, 1))
    assert has(scene, "Corner along x: slope −1.00 on the left, 1.00 on the right.")


@pytest.mark.parametrize(
    ("text", "point", "says"),
    [
        ("abs(x) + y**2", (0, 1), "f has no gradient here."),
        ("max(x, y)", (1, 1), "f has no gradient here."),
        ("x*abs(x) + y**2", (0, 1), "f is not twice differentiable here."),
        ("x**2 + max(y, 0)**2", (1, 0), "f is not twice differentiable here."),
        ("abs(x)**1.5 + y", (0, 1), "f is not twice differentiable here."),
    ],
)
def test_where_there_is_no_hessian_there_is_no_model(text, point, says):
    scene = at(text, point)
    assert scene.captions[0].endswith(f"and there is no Hessian: {says}")
    for name in ("axis greatest", "axis least", "model", "agreement", "newton step", "second"):
        assert not np.isfinite(scene[name]).all(axis=-1).any(), name
    for name in ("model note", "symmetry note", "newton note"):
        assert scene.text(name) == "", name
    assert not any("undefined" in line for line in scene.captions)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x*abs(x) + y**2", "The slope along x has a corner here: f bends by −2.00 on the left, "),
        ("max(x, 0)**2 + y", "The slope along x has a corner here: f bends by 0.00 on the left, "),
        ("abs(x)**1.5 + y", "The curvature along x has no bound here."),
        ("abs(x) + y", ""),
        ("abs(x)**3 + y**2", ""),
        ("x**3 + y**2", ""),
    ],
)
def test_a_corner_of_the_slope_is_told(text, line):
    assert at(text, (0, 1)).text("bend along x").startswith(line)
    assert bool(at(text, (0, 1)).text("bend along x")) == bool(line)
    assert at(text, (0, 1)).text("bend along y") == ""


def test_a_gradient_is_enough_for_the_gradient_step_and_for_t1():
    scene = at("x*abs(x) + y**2", (0, 1))
    assert np.isfinite(scene["gradient step"]).all()
    assert np.isfinite(scene["first"]).all()
    assert scene.text("order note").endswith("There is no T₂ here.")


def test_where_f_is_undefined_nothing_is_claimed():
    scene = at("log(x)*y", (-1, 1), domain=SQUARE)
    assert scene.captions[0] == "At (−1.00, 1.00): f has no Hessian."
    assert len(scene.captions) == 3  # and what is to be found elsewhere
    for name in ("axis greatest", "axis least", "model", "newton step", "gradient step", "image"):
        assert not np.isfinite(scene[name]).all(axis=-1).any(), name


# ── one function for every number ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", MANY)
def test_the_replayed_picture_is_the_computed_one(name):
    picture = picture_of(name)
    for point in [*places(name), np.zeros(len(catalog[name].variables))]:
        values = (*point.tolist(), 77.0, 0.05, 0.1)
        found, plain = picture.present.numbers(*values), picture.present.plain(*values)
        assert picture.present.why == ""
        for mark, one, other in zip(picture.marks, found, plain, strict=False):
            blur = 1e-5 if mark.panel == "errors" else 1e-9  # logarithms of small differences
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=blur, err_msg=mark.name)


@pytest.mark.parametrize("text", ["x**y*log(x)", "abs(x)*floor(y)", "1/(x*y)", "max(x, y)", "5"])
def test_the_marks_and_the_sizes_of_their_numbers_never_change(text):
    picture = curvature_picture(ScalarField(text, variables=("x", "y")))
    usual = picture_of("bowl").scene((1, 1, 30, 0.1, 0.01))
    names = [control.name for control in picture.controls]
    for point in [(0, 0), (1, 1), (-1, 0.5), (2, -3)]:
        with calm():
            values = map(np.float64, (*point, 30, 0.1, 0.01))
            found = computed(picture, **dict(zip(names, values, strict=True)))
        for mark in picture.marks:
            assert np.shape(found[mark.name]) == usual[mark.name].shape, mark.name


def test_a_callable_that_is_not_traced_has_the_same_picture():
    def valley(x, y):
        return x * x + 10 * y * y if x > -100 else x

    plain = traced_picture(ScalarField(valley))
    values = (1.0, 2.0, 30.0, 0.1, 0.01)
    wanted, found = picture_of("bowl").scene(values), plain.scene(values)
    assert plain.present.why
    for mark in plain.marks:
        if mark.name != "model" and mark.panel:
            np.testing.assert_allclose(found[mark.name], wanted[mark.name], atol=1e-12)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_not_wanted_is_not_there(part):
    field = catalog["himmelblau"].field
    critical = critical_points(field)
    whole = curvature_picture(field, critical)
    less = curvature_picture(field, critical, show=[name for name in PARTS if name != part])

    def shown(picture):
        marks = (*picture.marks, *picture.backdrop.marks)
        return {m.name for m in marks} | {p.name for p in picture.panels}

    assert shown(less) < shown(whole)
    values = {"x": 1.0, "y": 1.0, "angle": 30.0, "h": 0.1, "rate": 0.01}
    found, wanted = (
        picture.scene([values[control.name] for control in picture.controls])
        for picture in (less, whole)
    )
    for name, numbers in found.numbers.items():
        if not name.startswith("axis"):  # their labels step aside from less
            np.testing.assert_array_equal(numbers, wanted[name])


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ((), []),
        (("model", "critical points"), []),
        (("steps",), ["rate"]),
        (("directions",), ["angle"]),
        (("errors",), ["angle", "h"]),
        (("steps", "image"), ["angle", "h", "rate"]),
    ],
)
def test_only_what_matters_has_a_control(show, names):
    picture = curvature_picture(catalog["bowl"].field, show=show)
    assert [control.name for control in picture.controls] == ["x", "y", *names]
    assert ("u" in {mark.name for mark in picture.marks}) == ("angle" in names)


@pytest.mark.parametrize(
    ("show", "beside", "under"),
    [
        ((), ["matrix"], []),
        (("slice",), ["matrix", "slice"], []),
        (USUAL, ["matrix", "slice", "directions"], []),
        (("slice", "errors"), ["matrix", "slice", "errors"], []),
        (("directions", "slice", "errors"), ["matrix", "slice", "directions"], ["errors"]),
        (tuple(PARTS), ["matrix", "slice", "directions"], ["errors", "image"]),
    ],
)
def test_beside_the_map_stands_what_has_room_there(show, beside, under):
    _, *panels = curvature_picture(catalog["bowl"].field, show=show).panels
    assert [panel.name for panel in panels if not panel.under] == beside
    assert [panel.name for panel in panels if panel.under] == under


@pytest.mark.parametrize(
    ("text", "point", "rate"),
    [
        (BOWL, (1, 2), 0.05),
        ("x + y", (0, 0), 0.1),
        ("log(x)*y", (-1, 1), 0.1),
        ("1e9*x**2", (1, 1), 5e-10),
    ],
)
def test_the_usual_learning_rate_is_one_over_the_greatest_curvature(text, point, rate):
    assert usual_rate(ScalarField(text, variables=("x", "y")), point) == pytest.approx(rate)


@pytest.mark.parametrize("text", ["sqrt((x/W)^2 + (y/W)^2)", "abs(x/W) + abs(y/W)"])
@pytest.mark.parametrize(("height", "width"), [(-9, 0), (9, 0), (0, -7), (3, 4)])
def test_the_words_at_a_tip_and_beside_it_are_those_of_any_size(text, height, width):
    """Whatever the units, a number has the same digits, but for its power of ten."""

    def told(height, width):
        unit = 10.0**width
        domain = dict.fromkeys("xy", (-3 * unit, 3 * unit))
        field = ScalarField(f"1e{height}*({text.replace('W', f'1e{width}')})", domain=domain)
        picture = curvature_picture(field, show=())
        scenes = [picture.scene((x * unit, x * unit)) for x in (0.0, 1.0)]
        lines = [line for scene in scenes for line in scene.captions if "level curve" not in line]
        return re.sub(r"−?\d+(\.\d+)?(·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?", "#", " ".join(lines)), lines

    words, lines = told(height, width)
    assert words == told(0, 0)[0]
    assert not any("10.00·" in line for line in lines)
    assert any("λ = 0, " in line for line in lines)


@pytest.mark.parametrize(
    ("text", "point", "twice"),
    [
        ("abs(x*y)", (0.0, 0.0), False),
        ("abs(x)*y", (0.0, 0.0), False),
        ("x*max(y, 0)", (0.0, 0.0), False),
        ("abs(x*y)", (0.5, 0.3), True),
        ("abs(x)*y^3", (0.7, 0.0), True),
        ("abs(x*y)^3", (0.0, 0.0), True),
        ("sqrt(1 + x^2*y^2)", (0.0, 0.0), True),
        ("max(x, -5)*y + 1e6", (0.0, 0.0), True),
    ],
)
def test_f_is_asked_between_the_axes_too(text, point, twice):
    scene = at(text, point)
    assert has(scene, "there is no Hessian: f is not twice differentiable here") != twice
    assert has(scene, " H is ") == twice


# ── another window ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["bowl", "peaks", "rosenbrock", "ellipsoid"])
@pytest.mark.parametrize("size", [0.1, 0.8, 1.5])
def test_another_window_shows_what_a_picture_of_it_shows(name, size):
    """Except what is a difference over a share of the domain, and logarithms of small errors."""
    found = window_differences(curvature_picture, catalog[name].field, size=size)
    beside = {f"{told} along {x}" for told in ("kink", "bend") for x in "xyz"}
    errors = {mark.name for mark in picture_of(name).marks if mark.panel == "errors"}
    assert found.keys() <= {"order note", *errors, *beside}
    assert max(found.values(), default=0.0) < MEASURED


def test_the_model_has_the_levels_that_the_map_has():
    picture, values = picture_of("bowl"), (1.0, 2.0, 30.0, 0.1, 0.01)
    none = dict.fromkeys(LEVELS, np.nan)
    assert not np.isfinite(picture.scene(values, none)["model"]).any()
    curve = picture.scene(values, none | {"level 3": 50.0})["model"]
    x, y = curve[np.isfinite(curve).all(axis=1)].T
    assert x**2 + 10 * y**2 == pytest.approx(50)
