"""The gradient's picture, held against f itself: differences, level sets, 360 directions."""

import re
import warnings
from fractions import Fraction

import autograd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.tracing import calm
from gradwidgets.pictures.gradient import MAX_DENSITY, MIN_DENSITY
from gradwidgets.pictures.gradient import gradient_picture as traced_picture
from gradwidgets.pictures.marks import Arrow, Label
from tests.pictures.computed import untraced
from tests.pictures.windowed import MEASURED, computed, window_differences

TWO = [name for name, example in catalog.items() if len(example.variables) == 2]
DEGREE = np.pi / 180
gradient_picture = untraced(traced_picture)


def places(field, count=4):
    """Some points of a field's domain, the same ones in every run."""
    low, high = np.array(list(field.domain.values())).T
    return np.random.default_rng(7).uniform(low, high, (count, 2))


def rate(field, point, direction):
    """The central difference of f along a unit vector."""
    h = 6e-6 * max(1, *np.abs(point)) * np.asarray(direction)
    return (field.value(point + h) - field.value(point - h)) / (2 * np.linalg.norm(h))


def slopes(field, point):
    return np.array([rate(field, point, axis) for axis in np.eye(2)])


def stated_scale(scene):
    """The scale of the arrows at the point as a reader finds it in the caption."""
    (text,) = [line for line in scene.captions if "The arrows at the point" in line]
    return float(Fraction(re.search(r"at the point are drawn at ([\d./]+)", text)[1]))


def turn(arrow):
    return arrow[2:] - arrow[:2]


# ── the arrows at the point ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", TWO)
def test_the_arrow_is_the_gradient_at_the_stated_scale(name):
    field = catalog[name].field
    picture = gradient_picture(field)
    for point in places(field):
        scene = picture.scene((*point, 30))
        wanted = slopes(field, point) * stated_scale(scene)
        size = max(1, np.abs(slopes(field, point)).max()) * stated_scale(scene)
        assert turn(scene["gradient"]) == pytest.approx(wanted, abs=1e-6 * size)
        assert scene["gradient"][:2].tolist() == list(point)


@pytest.mark.parametrize("name", TWO)
def test_the_components_lie_along_the_axes_and_add_up_to_the_gradient(name):
    field = catalog[name].field
    picture = gradient_picture(field)
    for point in places(field):
        scene = picture.scene((*point, 30))
        by_x, by_y, gradient = (turn(scene[arrow]) for arrow in ("by x", "by y", "gradient"))
        assert (by_x[1], by_y[0]) == (0, 0)
        assert by_x + by_y == pytest.approx(gradient)
        tips = [scene[arrow][2:] for arrow in ("by x", "gradient", "by y")]
        assert scene["rectangle"] == pytest.approx(np.array(tips))


def test_the_numbers_beside_the_arrows_are_the_partials_and_the_length():
    picture = gradient_picture(ScalarField("x**2 + 2*y**2"))
    scene = picture.scene((2, 1, 30))
    assert scene.text("by x label") == "∂f/∂x = 4.00"
    assert scene.text("by y label") == "∂f/∂y = 4.00"
    assert scene.text("gradient label") == "‖∇f‖ = 5.66"
    assert picture.scene((2, 0.1, 30)).text("by y label") == ""  # too short to name


def test_the_variables_keep_their_own_names():
    scene = gradient_picture(ScalarField("w**2 + b")).scene((1, 1, 30))
    assert scene.text("by y label").startswith("∂f/∂w")
    assert scene.panel("map").xlabel == "$b$"
    handle = next(mark for mark in scene.marks if mark.name == "point")
    assert handle.moves == ("b", "w")


# ── the level curve ──────────────────────────────────────────────────────────────────────────────


def width(field):
    return min(high - low for low, high in field.domain.values())


def misses(field, level, points):
    """How far points lie from a level set, to first order, as a share of the map's width."""
    found = [abs(field.value(p) - level) / np.linalg.norm(field.gradient(p)) for p in points]
    return np.array(found) / width(field)


LEVEL_PLACES = {"beale": [(-0.258213, 2.459493)]}  # where Newton's steps go astray


@pytest.mark.parametrize("name", TWO)
def test_the_level_curve_passes_through_the_point_and_lies_on_its_level(name):
    field = catalog[name].field
    picture = gradient_picture(field)
    for point in [*places(field, 8), *LEVEL_PLACES.get(name, ())]:
        curve = picture.scene((*point, 30))["level curve"]
        assert curve[len(curve) // 2] == pytest.approx(point)
        found = curve[np.isfinite(curve).all(axis=1)]
        assert misses(field, field.value(point), found).max() < 0.004


@pytest.mark.parametrize("name", TWO)
def test_what_is_drawn_between_two_points_of_the_level_curve_lies_on_the_level_too(name):
    field = catalog[name].field
    picture = gradient_picture(field)
    for point in [*places(field, 8), catalog[name].start]:
        curve = picture.scene((*point, 30))["level curve"]
        middles = (curve[1:] + curve[:-1]) / 2
        drawn = middles[np.isfinite(middles).all(axis=1)]
        assert misses(field, field.value(point), drawn).max(initial=0) < 0.01  # 4 pixels of 400


@pytest.mark.parametrize("name", ["bowl", "hill", "rosenbrock", "himmelblau", "booth"])
def test_the_level_curve_reaches_far_enough_to_be_seen(name):
    field = catalog[name].field
    curve = gradient_picture(field).scene((*catalog[name].start, 30))["level curve"]
    found = curve[np.isfinite(curve).all(axis=1)]
    assert np.linalg.norm(np.diff(found, axis=0), axis=1).sum() > 0.25 * width(field)


@pytest.mark.parametrize("name", ["bowl", "saddle", "hill", "rosenbrock", "peaks", "booth"])
def test_the_gradient_stands_upright_on_the_level_set_of_f(name):
    field = catalog[name].field
    point, h = np.array(catalog[name].start), 1e-4 * width(field)
    scene = gradient_picture(field).scene((*point, 30))
    # Two places of the level set itself, found by bisection beside the dashed tangent's direction.
    along = np.diff(scene["level tangent"], axis=0)[0]
    along /= np.linalg.norm(along)
    across = turn(scene["gradient"]) / np.linalg.norm(turn(scene["gradient"]))
    found = []
    for side in (-h, h):
        low, high = -h, h
        for _ in range(50):
            middle = (low + high) / 2
            above = field.value(point + side * along + middle * across) > field.value(point)
            low, high = (low, middle) if above else (middle, high)
        found.append(point + side * along + low * across)
    chord = (found[1] - found[0]) / np.linalg.norm(found[1] - found[0])
    assert abs(chord @ across) < 1e-3


@pytest.mark.parametrize("name", TWO)
def test_the_mark_of_the_right_angle_is_a_square_between_tangent_and_gradient(name):
    field = catalog[name].field
    picture = gradient_picture(field)
    for point in places(field):
        scene = picture.scene((*point, 30))
        corners = np.array([point, *scene["right angle"]])
        sides = np.diff(corners, axis=0, append=corners[:1])
        assert np.linalg.norm(sides, axis=1) == pytest.approx(0.035 * width(field))
        diagonals = corners[2] - corners[0], corners[3] - corners[1]
        assert np.linalg.norm(diagonals[0]) == pytest.approx(np.linalg.norm(diagonals[1]))
        tangent = np.diff(scene["level tangent"], axis=0)[0]
        for side, along in [(sides[0], tangent), (sides[3], turn(scene["gradient"]))]:
            assert np.cross([*side, 0], [*along, 0]) == pytest.approx(0, abs=1e-9 * width(field))


# ── every direction ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", TWO)
def test_the_steepest_of_all_directions_is_the_gradient_s(name):
    field = catalog[name].field
    picture = gradient_picture(field)
    for point in places(field):
        scene = picture.scene((*point, 30))
        angles = np.arange(360.0)
        rates = [rate(field, point, (np.cos(a), np.sin(a))) for a in angles * DEGREE]
        marked, height = scene["steepest"]
        off = (angles[np.argmax(rates)] - marked + 180) % 360 - 180
        assert abs(off) <= 0.51
        assert height == 1
        length = scene["gradient label"][5]
        assert np.cos(0.5 * DEGREE) * length <= max(rates) * (1 + 1e-6)
        assert max(rates) <= length * (1 + 1e-6) + 1e-6
        assert scene["cosine"] * length == pytest.approx(
            np.interp(np.arange(49) * 7.5 % 360, angles, rates, period=360), abs=1e-3 * length
        )


@pytest.mark.parametrize("angle", [0, 30, 90, 135.5, 180, 270, 359, 360])
@pytest.mark.parametrize("name", ["bowl", "peaks", "rosenbrock"])
def test_the_direction_s_marker_stands_at_cos_phi(name, angle):
    field = catalog[name].field
    point = np.array(catalog[name].start)
    scene = gradient_picture(field).scene((*point, angle))
    u = np.array([np.cos(angle * DEGREE), np.sin(angle * DEGREE)])
    slope, length = rate(field, point, u), np.linalg.norm(slopes(field, point))
    assert scene["direction"] == pytest.approx((angle, slope / length), abs=1e-5)
    assert scene["drop"] == pytest.approx(np.array([[angle, 0], [angle, slope / length]]), abs=1e-5)
    assert turn(scene["u"]) == pytest.approx(0.16 * width(field) * u)
    assert scene["direction label"][5] == pytest.approx(slope / length, abs=1e-5)
    assert scene["along u"][5] == pytest.approx(slope, abs=1e-5 * length)


def test_the_direction_is_dragged_along_its_own_axis_only():
    scene = gradient_picture(catalog["bowl"].field).scene((2, 1, 30))
    handle = next(mark for mark in scene.marks if mark.name == "direction")
    assert handle.moves == ("angle", None)
    assert scene.panel("directions").x == (0, 360)


# ── captions ─────────────────────────────────────────────────────────────────────────────────────

BOWL = "x**2 + 10*y**2"


@pytest.mark.parametrize(
    ("text", "domain", "at", "first"),
    [
        (BOWL, {}, (1, 2, 30), "At (1.00, 2.00): f = 41.0, slope 40.0 toward 87°."),
        (BOWL, {}, (-1, 0, 30), "At (−1.00, 0.00): f = 1.0, slope 2.0 toward 180°."),
        (BOWL, {}, (0, -2, 30), "At (0.00, −2.00): f = 40.0, slope 40.0 toward 270°."),
        (BOWL, {}, (0, 0, 30), "∇f = 0: at first order no direction leads uphill."),
        ("5", {}, (1, 2, 30), "= 5.00 and ∇f = 0"),
        ("log(x)*y", {}, (-1, 1, 30), "At (−1.00, 1.00): f is undefined."),
        ("log(x)*y", {}, (0, 0, 30), "At (0.00, 0.00): f is undefined."),
        ("1/x + y", {}, (0, 1, 30), "At (0.00, 1.00): f is undefined."),
        ("sqrt(x) + y", {"x": (0, 4)}, (0, 1, 30), "= 1.00, and there is no finite gradient."),
    ],
)
def test_the_first_caption_says_what_is_at_the_point(text, domain, at, first):
    scene = gradient_picture(ScalarField(text, domain, ("x", "y"))).scene(at)
    assert first in scene.captions[0]


@pytest.mark.parametrize(
    ("angle", "line"),
    [
        (30, "u stands at φ = 57° to ∇f: Dᵤf = 40.0 · cos φ = 21.7. It is greatest at φ = 0°."),
        (267.13759477, "φ = 180° to ∇f: Dᵤf = 40.0 · cos φ = −40.0."),
        (360, "φ = 87° to ∇f: Dᵤf = 40.0 · cos φ = 2.0."),
    ],
)
def test_the_caption_names_the_angle_between_u_and_the_gradient(angle, line):
    scene = gradient_picture(ScalarField(BOWL)).scene((1, 2, angle))
    assert any(line in caption for caption in scene.captions)


@pytest.mark.parametrize(
    ("text", "point", "line"),
    [
        ("abs(x) + y", (0, 1), "Corner along x: slope −1.00 on the left, 1.00 on the right."),
        ("max(x, y)", (1, 1), "Corner along y: slope 0 on the left, 1.00 on the right."),
        ("floor(x) + y", (1, 0), "f jumps along x here: it has no slope."),
    ],
)
def test_a_kink_is_in_the_captions(text, point, line):
    scene = gradient_picture(ScalarField(text)).scene((*point, 30))
    assert any(caption.startswith(line) for caption in scene.captions)


@pytest.mark.parametrize(
    ("text", "point", "lacks"),
    [
        ("abs(x) + y", (0, 1), "x"),
        ("sqrt(x**2) + y", (0, 1), "x"),
        ("floor(x) + y", (1, 0), "x"),
        ("where(y > 0, y, 2*y)*x", (1, 0), "y"),
        ("max(x, y)", (1, 1), "xy"),
        ("sqrt(x**2 + y**2)", (0, 0), "xy"),
    ],
)
def test_where_a_partial_is_missing_there_is_no_gradient(text, point, lacks):
    scene = gradient_picture(ScalarField(text)).scene((*point, 30))
    for name in ("gradient", "level tangent", "level curve", "right angle", "cosine", "steepest"):
        assert not np.isfinite(scene[name]).all(), name
    for name in ("gradient label", "steepest label", "direction label", "angle note"):
        assert scene.text(name) == "", name
    for axis in "xy":
        assert np.isfinite(scene[f"by {axis}"]).all() == (axis not in lacks)
        told = f"∂f/∂{axis} does not exist (slope "
        assert (told in scene.captions[0]) == (axis in lacks)
    assert "and there is no gradient: " in scene.captions[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sqrt(abs(x*y))", "= 0.00. Both partials are 0, but f has no tangent plane here"),
        ("where(x**2 + y**2 == 0, 0, x*y/(x**2 + y**2))", "f has no tangent plane here"),
        ("2*x + sqrt(abs(x*y))", "∂f/∂x = 2.00 and ∂f/∂y = 0.00, but f has no tangent plane here"),
    ],
)
def test_where_there_is_no_tangent_plane_there_is_no_gradient(text, says):
    scene = gradient_picture(ScalarField(text)).scene((0, 0, 30))
    assert says in scene.captions[0]
    for name in ("gradient label", "steepest label", "along u", "angle note"):
        assert scene.text(name) == "", name


@pytest.mark.parametrize(
    ("text", "point"), [("log(x)*y", (-1, 1)), ("log(x)*y", (-1, -1)), ("sqrt(x)*y", (-1, 2))]
)
def test_where_f_is_undefined_there_is_no_slope_to_see(text, point):
    scene = gradient_picture(ScalarField(text)).scene((*point, 30))
    for mark in scene.marks:
        if isinstance(mark, Arrow) and mark.name != "u":
            assert not np.isfinite(scene[mark.name]).all(), mark.name
        if isinstance(mark, Label) and mark.panel and mark.name != "u label":
            assert scene.text(mark.name) == "", mark.name
    assert np.isnan(scene["right angle"]).all()
    assert np.isnan(scene["level curve"]).all()
    assert len(scene.captions) == 3  # undefined, the level curves, and the scale


def test_a_critical_point_has_no_direction_and_no_level_curve():
    scene = gradient_picture(ScalarField(BOWL)).scene((0, 0, 30))
    assert turn(scene["gradient"]).tolist() == [0, 0]
    assert (scene["cosine"] == 0).all()
    for name in ("level curve", "level tangent", "right angle"):
        assert np.isnan(scene[name]).all()
    for name in ("gradient label", "by x label", "steepest label"):
        assert scene.text(name) == ""
    assert not any("φ" in line for line in scene.captions)


def test_a_constant_has_a_picture():
    picture = gradient_picture(ScalarField("5"))
    assert picture.panels[0].contours.levels == ()
    scene = picture.scene((1, 2, 30))
    assert turn(scene["gradient"]).tolist() == [0, 0]
    assert set(scene.backdrop.numbers) == {"zero"}


# ── one list of marks for every setting ──────────────────────────────────────────────────────────

NUMBER = st.floats(-3, 3) | st.sampled_from((0.0, 1.0, -1.0))
USUAL = gradient_picture(ScalarField(BOWL)).scene((1, 1, 30))
SHAPES = {name: numbers.shape for name, numbers in USUAL.numbers.items()}
ODD = {
    text: traced_picture(ScalarField(text), density=5)
    for text in ["x**y*log(x)", "abs(x)*floor(y)", "1/(x*y)", "max(x, y)"]
}


@given(NUMBER, NUMBER, st.floats(0, 360))
@settings(max_examples=40)
@pytest.mark.parametrize("text", ODD)
def test_the_replayed_picture_is_the_computed_one(text, x, y, angle):
    picture = ODD[text]
    scene = picture.scene((x, y, angle))
    assert picture.present.why == ""
    for name, numbers in zip(SHAPES, picture.present.plain(x, y, angle), strict=True):
        np.testing.assert_allclose(scene[name], numbers, rtol=1e-12, atol=1e-12)


@given(NUMBER, NUMBER, st.floats(0, 360))
@settings(max_examples=40)
@pytest.mark.parametrize("text", ODD)
def test_the_marks_and_the_sizes_of_their_numbers_never_change(text, x, y, angle):
    with calm():
        found = computed(ODD[text], x=np.float64(x), y=np.float64(y), angle=np.float64(angle))
    assert {name: np.shape(found[name]) for name in found} == SHAPES


WAVES = ScalarField("sin(x)*exp(y/2) + x*y")
AT = np.array([0.7, -0.4, 77.0])


@pytest.mark.parametrize("name", SHAPES)
def test_autograd_goes_through_the_whole_picture(name):
    """No number is made by leaving autograd or by branching, so a trace of it can be replayed."""
    picture = gradient_picture(WAVES)

    def numbers(at):
        return autograd.numpy.ravel(computed(picture, x=at[0], y=at[1], angle=at[2])[name])

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Output seems independent of input")
        found = autograd.jacobian(numbers)(AT)
    steps = 1e-6 * np.diag(np.maximum(1, AT))
    wanted = [(numbers(AT + h) - numbers(AT - h)) / (2 * h.sum()) for h in steps]
    fixed = not np.nanmax(np.abs(numbers(AT + 1e-3) - numbers(AT)))
    assert fixed == (name in ("scale note", "levels note", "field note", "map range"))
    drawn = np.isfinite(numbers(AT))
    assert np.isfinite(found).all()
    size = max(1, np.abs(found).max())
    assert found[drawn] == pytest.approx(np.transpose(wanted)[drawn], abs=1e-4 * size)


# ── options ──────────────────────────────────────────────────────────────────────────────────────


def field_arrows(**options):
    picture = gradient_picture(catalog["bowl"].field, **options)
    arrows = picture.panels[0].contours.arrows
    return (arrows[:, :2] + arrows[:, 2:]) / 2, arrows[:, 2:] - arrows[:, :2]


@pytest.mark.parametrize("density", [MIN_DENSITY, 13, MAX_DENSITY])
def test_the_arrows_stand_evenly_inside_the_map(density):
    middles, _ = field_arrows(density=density)
    assert len(middles) == density**2
    spacing = 6 / density
    assert np.unique(middles[:, 0].round(9)) == pytest.approx(
        np.linspace(-3 + spacing / 2, 3 - spacing / 2, density)
    )


def test_true_arrows_are_all_at_the_stated_scale():
    middles, turns = field_arrows()
    gradients = middles * (2, 20)
    note = gradient_picture(catalog["bowl"].field).scene((2, 1, 30)).text("field note")
    scale = float(Fraction(re.search(r"pale arrows are drawn at ([\d./]+)", note)[1]))
    assert turns == pytest.approx(gradients * scale)


def test_normalized_arrows_are_all_equally_long_and_keep_their_direction():
    middles, turns = field_arrows(normalized=True)
    gradients = middles * (2, 20)
    lengths = np.linalg.norm(gradients, axis=1)
    assert len(turns) == 13**2 - 1  # the centre has no direction
    assert np.linalg.norm(turns, axis=1) == pytest.approx(0.7 * 6 / 13)
    assert turns / (0.7 * 6 / 13) == pytest.approx(gradients / lengths[:, None])
    scene = gradient_picture(catalog["bowl"].field, normalized=True).scene((2, 1, 30))
    assert scene.text("field note") == ("The pale arrows show the direction alone.")


def test_without_arrows_neither_they_nor_their_note_are_there():
    picture = gradient_picture(catalog["bowl"].field, arrows=False)
    assert picture.panels[0].terrain.arrows is None
    assert picture.panels[0].contours.arrows is None
    assert "pale" not in " ".join(picture.scene((2, 1, 30)).captions)


def test_arrows_are_left_out_where_f_is_undefined():
    arrows = gradient_picture(ScalarField("log(x)*y")).panels[0].contours.arrows
    assert np.isfinite(arrows).all()
    assert ((arrows[:, 0] + arrows[:, 2]) / 2 > 0).all()
    assert len(arrows) == 6 * 13


@pytest.mark.parametrize(("high", "skewed"), [(3.0, False), (0.1, True)])
def test_a_note_says_where_right_angles_look_skewed(high, skewed):
    scene = gradient_picture(ScalarField(BOWL, {"y": (-high, high)})).scene((1, 0.05, 30))
    assert scene.panel("map").equal is not skewed
    assert ("right angles look skewed" in scene.captions[-1]) is skewed


@pytest.mark.parametrize("text", ["x**2", "x + y + z"])
def test_another_number_of_variables_is_refused_by_name(text):
    field = ScalarField(text)
    with pytest.raises(ValueError, match=r"needs two variables.*" + ", ".join(field.variables)):
        gradient_picture(field)


# ── numbers in words ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "point", "angle"),
    [("x**2 + 10*y**2", (0, 1.2), 360), ("sin(x)*y", (0, 0.8), 90), ("x + y", (1, 1), 135)],
)
def test_across_the_gradient_nothing_rises_not_even_by_rounding(text, point, angle):
    scene = gradient_picture(ScalarField(text)).scene((*point, angle))
    assert scene.text("direction label") == "cos φ = 0.00"
    assert re.search(r"Dᵤf = [\d.]+ · cos φ = 0\.0+\.", scene.text("angle note"))
    assert re.fullmatch(r"Dᵤf = \u2007*0\.0+", scene.text("along u"))  # its width is steady


@pytest.mark.parametrize(
    ("text", "half", "point"),
    [("exp(x*y)", 30, (1, 1)), ("exp(x*y)", 30, (10, 10)), ("exp(20*x) + y", 3, (-1, 1))],
)
def test_a_number_far_below_what_is_usual_is_told(text, half, point):
    field = ScalarField(text, {"x": (-half, half), "y": (-half, half)})
    scene = gradient_picture(field).scene((*point, 30))
    told = " ".join(scene.captions) + scene.text("gradient label") + scene.text("along u")
    assert not re.search(r"\b0\.0+·", told)
    assert not re.search(r"1/[\d.]+·", told)


def test_where_there_are_no_arrows_none_are_told():
    flat, top = ScalarField("x*0 + y*0 + 5"), ScalarField("x**2 + 10*y**2")
    assert not any("arrow" in line for line in gradient_picture(flat).scene((1, 1, 30)).captions)
    (line,) = [t for t in gradient_picture(top).scene((0, 0, 30)).captions if "arrows" in t]
    assert line.startswith("The pale arrows")


# ── another window ───────────────────────────────────────────────────────────────────────────────

# Slopes from both sides are differences over a share of the domain: that is a measure.
MEASURED_ON_THE_DOMAIN = {"spoken", "kink along x", "kink along y"}
# The ends of the box's axes are told in full where they are the domain's, else in three digits.
ENDS = {f"floor {end} {axis}" for end in ("low", "high") for axis in "xy"}


@pytest.mark.parametrize(
    ("name", "size"),
    [(name, size) for name in ("bowl", "peaks", "rosenbrock") for size in (0.3, 0.8)]
    + [("bowl", 1.5), ("rosenbrock", 1.5)],  # outside of its domain, peaks has no slope but dust
)
def test_another_window_shows_what_a_picture_of_it_shows(name, size):
    found = window_differences(gradient_picture, catalog[name].field, size=size)
    # Where steeper slopes come into sight, their texts would need more room than labels have now.
    named = {f"{arrow} label" for arrow in ("by x", "by y", "gradient", "u")} if size > 1 else set()
    assert found.keys() - named <= MEASURED_ON_THE_DOMAIN
    assert max((found[name] for name in found.keys() - named), default=0.0) < MEASURED


def test_the_surface_follows_the_window():
    def made(field):
        return gradient_picture(field, view="both")

    found = window_differences(made, catalog["peaks"].field)
    assert found.keys() <= MEASURED_ON_THE_DOMAIN | ENDS
    picture, around = made(catalog["peaks"].field), {"x low": -1.25, "values seen high": 2.0}
    scene = picture.scene((1, 2, 30, -30, 30), around)
    assert scene.text("floor low x") == "−1.25"
    assert scene.text("floor high x") == "3"
    middle, half = (3 - 1.25) / 2, (3 + 1.25) / 2
    assert scene["surface box"][:4] == pytest.approx((middle, 0, 3, 3))
    assert scene["floor"][0] == pytest.approx((-half / 3, -1, -1.05))


def test_the_whole_program_is_the_picture_where_nothing_else_has_moved():
    picture, values = traced_picture(catalog["peaks"].field), (1.0, 0.5, 40.0)
    whole = picture.replayed.numbers(*picture.inputs(values))
    for name, numbers in zip(SHAPES, whole, strict=True):
        np.testing.assert_allclose(picture.scene(values)[name], numbers, rtol=1e-12, atol=1e-12)


def test_arrows_grow_with_the_window():
    """On half of the map an arrow is as long a share of it as on the whole."""
    picture = gradient_picture(ScalarField("x + y"))
    half = {"x low": -1.5, "x high": 1.5, "y low": -1.5, "y high": 1.5}
    whole, near = picture.scene((0, 0, 30)), picture.scene((0, 0, 30), half)
    for name in ("gradient", "u", "level tangent", "right angle"):
        np.testing.assert_allclose(2 * near[name], whole[name], atol=1e-12)
    assert near.panel("map").x == (-1.5, 1.5)


def test_in_a_valley_no_arrow_is_very_short_traced_or_not():
    def bent(x, y):
        return x + y**3 if x > -100 else x

    for field in (ScalarField("x + y**3"), ScalarField(bent)):
        picture, valley = traced_picture(field), {"valley of levels": 1.0}
        plain, longer = (picture.scene((0, 0, 30), around) for around in (None, valley))
        length = np.ptp(plain["gradient"][[0, 2]])
        assert length < 0.2 * 6 <= np.ptp(longer["gradient"][[0, 2]]) * 1.01
