"""The partials' picture, held against f itself: slices are f's values, tangents its differences."""

import autograd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.tracing import calm
from gradwidgets.pictures.marks import Marker
from gradwidgets.pictures.palette import HANDLE, hue, words_in
from gradwidgets.pictures.partials import partials_picture as traced_picture
from tests.pictures.computed import untraced
from tests.pictures.windowed import MEASURED, computed, window_differences

partials_picture = untraced(traced_picture)
SMOOTH = [name for name in catalog if name != "corner"]
FOUR = ScalarField("w*x + sin(y)*z", {"z": (0, 10)})


def places(field, count=3):
    low, high = np.array(list(field.domain.values())).T
    return np.random.default_rng(7).uniform(low, high, (count, len(low)))


def slope(field, point, axis):
    """The central difference of f along one axis."""
    h = np.zeros(len(point))
    h[axis] = 6e-6 * max(1, abs(point[axis]))
    return (field.value(point + h) - field.value(point - h)) / (2 * h[axis])


def moved(point, axis, number):
    return [*point[:axis], number, *point[axis + 1 :]]


# ── slices and tangents ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", catalog)
def test_a_slice_is_f_along_one_axis(name):
    field = catalog[name].field
    picture = partials_picture(field)
    for point in places(field):
        scene = picture.scene(point)
        for axis, variable in enumerate(field.variables):
            curve = next(m for m in scene.marks if m.name == f"curve {variable}")
            assert (curve.along[0], curve.along[-1]) == field.domain[variable]
            found = scene[curve.name]
            for k in (0, 17, 60, 120):
                value = field.value(moved(point, axis, curve.along[k]))
                assert found[k] == pytest.approx(value, rel=1e-9, abs=1e-9)
            assert scene[f"point {variable}"] == pytest.approx((point[axis], field.value(point)))


@pytest.mark.parametrize("name", SMOOTH)
def test_a_tangent_passes_through_the_point_with_the_partial_as_slope(name):
    field = catalog[name].field
    picture = partials_picture(field)
    for point in places(field):
        scene = picture.scene(point)
        for axis, variable in enumerate(field.variables):
            wanted = slope(field, point, axis)
            left, right = scene[f"tangent {variable}"]
            assert (left + right) / 2 == pytest.approx((point[axis], field.value(point)))
            run, rise = right - left
            assert run > 0
            assert rise / run == pytest.approx(wanted, abs=1e-6 * max(1, abs(wanted)))
            label = scene[f"slope {variable}"]
            assert label[5] == pytest.approx(wanted, abs=1e-6 * max(1, abs(wanted)))


@pytest.mark.parametrize("name", catalog)
def test_tangents_all_look_equally_long(name):
    field = catalog[name].field
    picture = partials_picture(field)
    for point in places(field):
        scene = picture.scene(point)
        for variable in field.variables:
            panel = scene.panel(f"slice {variable}")
            size = [panel.x[1] - panel.x[0], panel.y[1] - panel.y[0]]
            run = np.diff(scene[f"tangent {variable}"], axis=0)[0] / size
            assert np.linalg.norm(run) == pytest.approx(2 * 0.16)


@pytest.mark.parametrize("name", ["bowl", "peaks", "ellipsoid", "wave"])
def test_the_triangle_shows_the_slope_as_rise_over_run(name):
    field = catalog[name].field
    scene = partials_picture(field).scene(catalog[name].start)
    for variable in field.variables:
        corner, foot, top = scene[f"triangle {variable}"]
        assert corner == pytest.approx(scene[f"point {variable}"])
        assert foot[1] == corner[1]
        assert top == pytest.approx(scene[f"tangent {variable}"][1])
        assert foot[0] == top[0]


@pytest.mark.parametrize("name", catalog)
def test_every_slice_fills_a_panel_of_its_own_that_holds_the_point(name):
    example = catalog[name]
    at = dict(zip(example.variables, example.start, strict=True))
    picture = partials_picture(example.field, at=at, heights="own")
    scene = picture.scene(example.start)
    for variable in example.variables:
        panel, curve = scene.panel(f"slice {variable}"), scene[f"curve {variable}"]
        low, high = panel.y
        assert low < example.field.value(example.start) < high
        if len(example.variables) > 1:
            assert panel.ylabel == "$f$, own scale"
        if not np.ptp(curve):
            continue  # f does not depend on this variable
        seen = np.clip(curve, low, high)
        assert np.ptp(seen) > 0.55 * (high - low)
        assert np.mean((curve >= low) & (curve <= high)) > 0.4


@pytest.mark.parametrize("text", ["x + 100*y + z/100", "x**2 + 1000*y**2 + exp(z)*w", "x*y + z"])
def test_a_flat_slice_among_steep_ones_is_not_drawn_flat(text):
    field = ScalarField(text)
    point = [0.5] * len(field.variables)
    picture = partials_picture(field, at=dict.fromkeys(field.variables, 0.5))
    scene = picture.scene(point)
    for variable in field.variables:
        low, high = scene.panel(f"slice {variable}").y
        assert np.ptp(scene[f"curve {variable}"]) > 0.5 * (high - low)
    assert any(line.startswith("Every slice has a scale of its own") for line in scene.captions)


@pytest.mark.parametrize("name", [name for name in catalog if len(catalog[name].variables) > 1])
def test_slices_share_one_scale_by_choice(name):
    example = catalog[name]
    at = dict(zip(example.variables, example.start, strict=True))
    picture = partials_picture(example.field, at=at, heights="shared")
    panels = [panel for panel in picture.panels if panel.name != "map"]
    assert len({panel.y for panel in panels}) == 1
    assert {panel.ylabel for panel in panels} == {"$f$"}
    scene = picture.scene(example.start)
    assert "All slices share one scale: what looks steeper is steeper." in scene.captions
    low, high = panels[0].y
    assert low < example.field.value(example.start) < high
    seen = [np.ptp(np.clip(scene[f"curve {v}"], low, high)) for v in example.variables]
    assert max(seen) > 0.2 * (high - low)


@pytest.mark.parametrize(
    ("text", "label"), [("x**2", "$f$"), ("x + y", "$f$"), ("x + y + z", "$f$, own scale")]
)
def test_by_itself_each_slice_has_its_own_scale_where_there_are_more_than_two(text, label):
    panels = [p for p in partials_picture(ScalarField(text)).panels if p.name != "map"]
    assert {panel.ylabel for panel in panels} == {label}


def test_where_most_heights_are_one_number_the_panel_shows_the_others_too():
    low, high = partials_picture(ScalarField("max(x, 0)")).panels[0].y
    assert low < 0
    assert high > 3


# ── how many variables ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "panels", "spoken"),
    [
        ("x**2", ["slice x"], "At x = 1.00: f = 1.00, f′ = 2.00."),
        (
            "x**2 + y",
            ["map", "slice x", "slice y"],
            "At (1.00, 1.00): f = 2.00, ∂f/∂x = 2.00, ∂f/∂y = 1.00.",
        ),
        (
            "x*y*z",
            ["map", "slice x", "slice y", "slice z"],
            "At (1.00, 1.00, 1.00): f = 1.00, ∂f/∂x = 1.00, ∂f/∂y = 1.00, ∂f/∂z = 1.00.",
        ),
        (
            "w + x + y + z",
            ["map", "slice w", "slice x", "slice y", "slice z"],
            "At (1.00, 1.00, 1.00, 1.00): f = 4.00, "
            "∂f/∂w = 1.00, ∂f/∂x = 1.00, ∂f/∂y = 1.00, ∂f/∂z = 1.00.",
        ),
    ],
)
def test_there_is_a_slice_for_every_variable(text, panels, spoken):
    field = ScalarField(text)
    picture = partials_picture(field)
    assert [panel.name for panel in picture.panels] == panels
    assert [control.name for control in picture.controls] == list(field.variables)
    assert picture.scene([1] * len(field.variables)).captions[0] == spoken


def test_the_slices_name_what_is_held():
    scene = partials_picture(ScalarField("x*y*z", {"z": (0, 10)})).scene((1, 2, 3))
    assert scene.text("held y") == "x = 1.00, z = 3.00"
    assert partials_picture(ScalarField("x**2")).scene([1]).text("held x") == ""
    assert partials_picture(FOUR).scene((1, 2, 3, 4)).text("held x") == ""  # there is no room


def test_the_title_of_a_single_variable_s_picture_is_its_definition():
    assert partials_picture(ScalarField("x**2")).panels[0].title == "$f(x) = x^{2}$"


def test_more_variables_than_can_be_shown_are_refused():
    names = [f"x{n}" for n in range(7)]
    assert len(partials_picture(ScalarField("+".join(names[:6]))).panels) == 7
    with pytest.raises(ValueError, match=r"up to 6 variables, and here are 7"):
        partials_picture(ScalarField("+".join(names)))


def test_each_variable_has_one_hue_on_the_map_and_on_its_slice():
    marks = {mark.name: mark for mark in partials_picture(FOUR, axes=("y", "w")).marks}
    for index, variable in enumerate("wxyz"):
        assert marks[f"tangent {variable}"].color == hue(index)
        assert marks[f"slope {variable}"].color == words_in(hue(index))
    assert marks["line across"].color == hue(2)
    assert marks["line up"].color == hue(0)


def test_the_handles_move_what_they_stand_on_and_nothing_else_is_orange():
    marks = partials_picture(FOUR).marks
    handles = {mark.name: mark.moves for mark in marks if isinstance(mark, Marker)}
    assert handles == {"point": ("w", "x")} | {f"point {v}": (v, None) for v in "wxyz"}
    assert {mark.name for mark in marks if mark.color == HANDLE} == set(handles)


# ── the map ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("axes", [("w", "x"), ("z", "w"), ("y", "z")])
def test_the_map_shows_the_axes_that_were_chosen(axes):
    at = dict(zip("wxyz", (1.0, 2.0, 0.5, 4.0), strict=True))
    picture = partials_picture(FOUR, axes=axes, at=at)
    scene = picture.scene(list(at.values()))
    panel = scene.panel("map")
    across, up = axes
    assert (panel.x, panel.y) == (FOUR.domain[across], FOUR.domain[up])
    assert scene["point"].tolist() == [at[across], at[up]]
    assert scene["line across"].tolist() == [[x, at[up]] for x in FOUR.domain[across]]
    assert scene["line up"].tolist() == [[at[across], y] for y in FOUR.domain[up]]
    handle = next(mark for mark in scene.marks if mark.name == "point")
    assert handle.moves == axes


def test_the_level_curves_are_those_of_the_hidden_coordinates():
    field = ScalarField("x + y + 100*z")
    low, high = (
        partials_picture(field, at={"z": z}).panels[0].contours.sheet.values.mean() for z in (0, 2)
    )
    assert high - low == pytest.approx(200)


def test_the_name_of_the_map_s_axis_tells_the_hidden_coordinates():
    field = ScalarField("g1 + y + 10*z", variables=("g1", "y", "z"))
    scene = partials_picture(field).scene((1.0, 0.5, 2.0))
    assert scene.panel("map").xlabel == "$g_{1}$  (map at $z$ = 2.00)"


def test_one_program_serves_all_cuts():
    """Else every move of a hidden coordinate's slider would trace f anew."""
    low, high = (traced_picture(FOUR, at={"y": y, "z": 2.0}) for y in (-1.0, 2.0))
    assert low.replayed is high.replayed
    assert low.terrain is high.terrain
    point = {"w": 1.0, "x": 0.5, "y": 2.0, "z": 2.0}
    inputs = [high.inputs(point.values()), low.inputs(point.values())]
    assert inputs[0] != inputs[1]  # the heights that are shown at first
    found, wanted = high.replayed.numbers(*inputs[0]), computed(high, **point)
    for name, own in zip(high.told, found, strict=True):
        assert own == pytest.approx(np.asarray(wanted[name], float), nan_ok=True)


# ── kinks and gaps ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "point", "line"),
    [
        (
            "abs(x)",
            [0],
            "Corner along x: slope −1.00 on the left, 1.00 on the right. "
            "autograd's answer 0 is a convention.",
        ),
        ("floor(x)", [1], "f jumps along x here: it has no slope."),
        (
            "x + sqrt(abs(y))",
            [1, 0],
            "The slope along y has no bound here: −∞ on the left, ∞ on the right.",
        ),
    ],
)
def test_a_kink_is_named_below_the_picture(text, point, line):
    picture = partials_picture(ScalarField(text))
    assert picture.scene(point).captions[1] == line
    beside = picture.scene([x + 0.5 for x in point]).captions
    assert not any(said in caption for caption in beside for said in ("Corner", "jumps", "bound"))


NO_SLOPE = [  # along x at 0: its slopes on both sides
    ("abs(x)", -1, 1),
    ("max(x, -2*x)", -2, 1),
    ("sqrt(x**2)", -1, 1),
    ("where(x > 0, 3*x, -x)", -1, 3),
    ("min(x, 0)", 1, 0),
    ("exp(abs(x))", -1, 1),
    ("sqrt(abs(x))", -np.inf, np.inf),
    ("sign(x)*sqrt(abs(x))", np.inf, np.inf),
    ("sqrt(max(x, 0))", 0, np.inf),
    ("sqrt(max(x, 0)) - 20*x", -20, np.inf),
    ("floor(x) + 3*x", np.inf, 3),
    ("sign(x)", np.inf, np.inf),
]


def ends_of(tangent):
    return [end[0] for end in tangent if np.isfinite(end).all()]


@pytest.mark.parametrize(("text", "left", "right"), NO_SLOPE)
@pytest.mark.parametrize("more", ["", " + y**2", " + x*y*z"])
def test_where_a_slice_has_no_slope_there_is_no_tangent_and_the_headline_says_so(
    text, left, right, more
):
    field = ScalarField(text + more)
    point = [0.0, 1.0, 0.0][: len(field.variables)]  # where what is added has no slope along x
    scene = partials_picture(field).scene(point)
    for name in ("tangent x", "triangle x"):
        assert not np.isfinite(scene[name][-1]).all()
    told = scene["slope x"]
    assert told[4] == 1
    assert told[5:] == pytest.approx((left, right), abs=1e-3)
    name = "∂f/∂x" if more else "f′"
    assert scene.text("slope x").startswith(f"no {name}: ")
    headline = scene.captions[0]
    assert f"{name} does not exist (slope " in headline
    assert f"{name} = " not in headline
    for other in field.variables[1:]:
        assert f"∂f/∂{other} = " in headline
        assert len(ends_of(scene[f"tangent {other}"])) == 2


def test_the_headline_tells_the_slopes_on_both_sides():
    scene = partials_picture(ScalarField("abs(x) + y**2")).scene((0, 1))
    assert scene.captions[0] == (
        "At (0.00, 1.00): f = 1.00, ∂f/∂x does not exist "
        "(slope −1.00 from the left, 1.00 from the right), ∂f/∂y = 2.00."
    )
    assert scene.text("slope x") == "no ∂f/∂x: −1.00 left, 1.00 right"
    both = partials_picture(ScalarField("max(x, y)")).scene((1, 1)).captions[0]
    assert both.count("does not exist (slope 0.00 from the left, 1.00 from the right)") == 2


@pytest.mark.parametrize(("text", "left", "right"), NO_SLOPE)
def test_half_tangents_have_the_slopes_of_both_sides(text, left, right):
    scene = partials_picture(ScalarField(f"{text} + y")).scene((0, 1))
    jumps = "jumps" in " ".join(scene.captions)
    for name, slope, side in (("left", left, -1), ("right", right, 1)):
        (x0, y0), (x1, y1) = scene[f"{name} tangent x"]
        assert [x0, y0] == scene["point x"].tolist()
        if jumps:
            assert not np.isfinite(y1)
        elif np.isinf(slope):
            assert x1 == pytest.approx(x0, abs=1e-4)
            assert np.sign(y1 - y0) == side * np.sign(slope)
        else:
            assert np.sign(x1 - x0) == side
            assert (y1 - y0) / (x1 - x0) == pytest.approx(slope, abs=1e-3)


BENT = {
    text: partials_picture(ScalarField(text))
    for text in ["abs(x)*y", "x*abs(x) + y", "sqrt(abs(x)) + y", "max(x, 0)**2*y"]
}


@given(st.floats(-2.9, 2.9).filter(lambda x: abs(x) > 0.01))
@settings(max_examples=30)
@pytest.mark.parametrize("text", BENT)
def test_beside_a_kink_there_is_a_tangent_and_no_half_of_one(text, x):
    scene = BENT[text].scene((x, 1))
    assert len(ends_of(scene["tangent x"])) == 2
    assert len(ends_of(scene["left tangent x"])) == len(ends_of(scene["right tangent x"])) == 1
    assert "does not exist" not in scene.captions[0]


@pytest.mark.parametrize("text", ["x*abs(x)", "max(x, 0)**2", "abs(x)**3", "x**3", "abs(x*y)"])
def test_where_both_sides_agree_there_is_a_tangent(text):
    scene = partials_picture(ScalarField(text, variables=("x", "y"))).scene((0, 0))
    assert len(ends_of(scene["tangent x"])) == 2
    assert "∂f/∂x = 0" in scene.captions[0]


@pytest.mark.parametrize(("text", "point"), [("log(x)", [-1]), ("log(x)*y", [-1, 2])])
def test_where_f_is_undefined_there_is_no_tangent_and_no_number(text, point):
    field = ScalarField(text)
    scene = partials_picture(field).scene(point)
    assert not any("∂f" in line or "f′" in line for line in scene.captions)
    assert scene.captions[0].endswith("f is undefined.")
    for name in field.variables:
        assert np.isnan(scene[f"tangent {name}"]).all()
        assert scene.text(f"slope {name}") == ""
        assert not np.isfinite(scene[f"point {name}"]).all()
    curve = scene["curve x"]
    assert np.isnan(curve[:60]).all()
    assert np.isfinite(curve[61:]).all()


def test_a_slope_without_bound_draws_nothing_and_names_no_number():
    scene = partials_picture(ScalarField("sqrt(x)", {"x": (0, 4)})).scene([0])
    assert scene.text("slope x") == ""
    assert not np.isfinite(scene["tangent x"]).all()
    assert scene["point x"].tolist() == [0, 0]


def test_a_constant_has_a_picture():
    picture = partials_picture(ScalarField("5"))
    low, high = picture.panels[1].y
    assert low < 5 < high
    scene = picture.scene((1, 2))
    assert np.ptp(scene["curve x"]) == 0
    assert scene["tangent x"][:, 1].tolist() == [5, 5]


# ── one list of marks for every setting ──────────────────────────────────────────────────────────

NUMBER = st.floats(-3, 3) | st.sampled_from((0.0, 1.0, -1.0))
USUAL = partials_picture(ScalarField("x + y")).scene((1, 1))
SHAPES = {name: numbers.shape for name, numbers in USUAL.numbers.items()}
ODD = {
    text: traced_picture(ScalarField(text))
    for text in ["x**y*log(x)", "abs(x)*floor(y)", "1/(x*y)", "max(x, y)"]
}


@given(NUMBER, NUMBER)
@settings(max_examples=40)
@pytest.mark.parametrize("text", ODD)
def test_the_replayed_picture_is_the_computed_one(text, x, y):
    picture = ODD[text]
    scene = picture.scene((x, y))
    assert picture.present.why == ""
    for name, numbers in zip(SHAPES, picture.present.plain(x, y), strict=True):
        np.testing.assert_allclose(scene[name], numbers, rtol=1e-12, atol=1e-12)


@given(NUMBER, NUMBER)
@settings(max_examples=40)
@pytest.mark.parametrize("text", ODD)
def test_the_marks_and_the_sizes_of_their_numbers_never_change(text, x, y):
    with calm():
        found = computed(ODD[text], x=np.float64(x), y=np.float64(y))
    assert {name: np.shape(found[name]) for name in found} == SHAPES


WAVES = ScalarField("sin(x)*exp(y/2) + x*y")
AT = np.array([0.7, -0.4])
STILL = ("heights note", "levels note", "map range", "slice x range", "slice y range")


@pytest.mark.parametrize("name", [name for name in SHAPES if name not in STILL])
def test_autograd_goes_through_the_whole_picture(name):
    """No number is made by leaving autograd or by branching, so a trace of it can be replayed."""
    picture = partials_picture(WAVES)
    known = np.isfinite(
        np.ravel(computed(picture, x=AT[0], y=AT[1])[name])
    )  # half tangents are but a place

    def numbers(at):
        return autograd.numpy.ravel(computed(picture, x=at[0], y=at[1])[name])[known]

    found = autograd.jacobian(numbers)(AT)
    wanted = [(numbers(AT + h) - numbers(AT - h)) / (2 * h.sum()) for h in 1e-6 * np.eye(2)]
    assert np.abs(numbers(AT + 0.01) - numbers(AT)).max() > 0
    assert found == pytest.approx(
        np.transpose(wanted), abs=1e-4 * max(1, np.abs(numbers(AT)).max())
    )


# ── another window ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["bowl", "peaks", "ellipsoid", "wave"])
@pytest.mark.parametrize("size", [0.02, 0.8, 3.0])
def test_another_window_shows_what_a_picture_of_it_shows(name, size):
    """Except the slopes from both sides: they are differences over a share of the domain."""
    found = window_differences(partials_picture, catalog[name].field, size=size)
    beside = {f"{told} {x}" for told in ("slope", "kink along") for x in "xyz"}
    assert found.keys() <= {"spoken", *beside}
    assert max(found.values(), default=0.0) < MEASURED


def test_slices_reach_over_the_window_and_the_heights_that_are_seen():
    picture = partials_picture(ScalarField("x**2 + y"))
    scene = picture.scene((1, 2), {"x low": 0.0, "x high": 2.0, "f seen high": 7.0})
    panel = scene.panel("slice x")
    assert (panel.x, panel.y[1]) == ((0.0, 2.0), 7.0)
    assert scene.panel("slice y").y == panel.y
    curve = next(mark for mark in scene.marks if mark.name == "curve x")
    assert scene["curve x"] == pytest.approx(np.square(curve.along) + 2)
    assert (curve.along[0], curve.along[-1]) == (0.0, 2.0)
    assert scene["line across"].tolist() == [[0.0, 2.0], [2.0, 2.0]]
