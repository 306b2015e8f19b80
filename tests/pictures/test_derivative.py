"""The derivative's picture, held against f itself: secants, tangents, marks."""

import re
from itertools import product

import numpy as np
import pytest

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.differences import ENDS
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.wording import three_digits
from gradwidgets.pictures.derivative import derivative_picture as traced_picture
from gradwidgets.pictures.marks import Marker
from gradwidgets.pictures.palette import HANDLE, words_in
from tests.pictures.derived import derivative_picture, field, scene, slope_of
from tests.pictures.windowed import MEASURED, window_differences

ONE = [name for name, example in catalog.items() if len(example.variables) == 1]
KINDS = pytest.mark.parametrize("kind", ENDS)


def height_at(line, x):
    return line[0][1] + slope_of(line) * (x - line[0][0])


# ── secant, tangent, triangle ────────────────────────────────────────────────────────────────────


@KINDS
@pytest.mark.parametrize("x", [-2.2, -0.4, 0.9, 1.7])
@pytest.mark.parametrize("h", [1.0, 0.1, 1e-3])
def test_the_secant_goes_through_both_places_of_the_curve(kind, x, h):
    shown = scene("sin(2*x)", x, h, kind)
    start, end = (x + by * h for by in ENDS[kind])
    for at in (start, end):
        assert height_at(shown["secant"], at) == pytest.approx(np.sin(2 * at), abs=1e-9)
    corner, foot, top = shown["triangle"]
    assert corner == pytest.approx((start, np.sin(2 * start)))
    assert foot == pytest.approx((end, np.sin(2 * start)))
    assert top == pytest.approx((end, np.sin(2 * end)))
    if h == 1.0:
        assert shown.text("run").startswith(
            "run 2h = 2.00" if kind == "central" else "run h = 1.00"
        )
        assert shown["rise"][5] == pytest.approx(np.sin(2 * end) - np.sin(2 * start))
    else:
        assert shown.text("run") == shown.text("rise") == ""


@pytest.mark.parametrize("text", ["sin(2*x)", "x**3 - 3*x", "exp(-x**2)", "x*abs(x)"])
@pytest.mark.parametrize("x", [-2.2, -0.4, 0.0, 1.7])
def test_the_tangent_has_the_slope_of_a_central_difference(text, x):
    f, h = field(text), 6e-6
    wanted = (f.value(x + h) - f.value(x - h)) / (2 * h)
    shown = scene(text, x)
    assert slope_of(shown["tangent"]) == pytest.approx(wanted, abs=1e-5)
    assert height_at(shown["tangent"], x) == pytest.approx(f.value(x), abs=1e-9)
    assert shown["slope"] == pytest.approx((x, wanted), abs=1e-5)
    assert shown["slope label"][5] == pytest.approx(wanted, abs=1e-5)
    assert shown["slopes"][6] == shown["slope label"][5]


@pytest.mark.parametrize("x", [-2.0, 0.5, 1.0])
def test_the_second_derivative_stands_in_its_panel(x):
    shown = scene("x**4 - x", x)
    assert shown["bend"] == pytest.approx((x, 12 * x**2))
    assert shown.text("bend label").startswith("f″ = ")


def test_the_cursor_is_one_line_through_three_panels():
    shown = scene("sin(x)", 1.2)
    for panel in ("curve", "slope", "bend"):
        assert shown[f"cursor {panel}"].tolist() == [[1.2, end] for end in shown.panel(panel).y]
        assert shown.panel(panel).x == (-3, 3)
    assert [panel.stacked for panel in shown.panels] == [False, True, True, False, False]


@KINDS
@pytest.mark.parametrize(("h", "agreeing"), [(1.0, 0.6), (1e-2, 6e-3), (1e-4, 6e-5)])
def test_the_zoom_becomes_straight(kind, h, agreeing):
    shown = scene("sin(2*x)", 0.3, h, kind)
    along = np.array(next(m.along for m in shown.marks if m.name == "zoomed"))
    assert shown["zoomed"] == pytest.approx((np.sin(0.6 + 2 * along * h) - np.sin(0.6)) / h)
    straight = shown["zoomed"] - 2 * np.cos(0.6) * along
    assert np.max(np.abs(straight)) < 7 * agreeing
    assert slope_of(shown["zoomed secant"]) == pytest.approx(shown["slopes"][5])
    assert slope_of(shown["zoomed tangent"]) == pytest.approx(2 * np.cos(0.6))
    assert shown["scale"][5] == pytest.approx(6 / 3.2 / h)
    for by, (u, v) in zip(ENDS[kind], shown["zoomed ends"], strict=True):
        assert u == by
        assert v == pytest.approx((np.sin(0.6 + 2 * by * h) - np.sin(0.6)) / h, nan_ok=True)


@pytest.mark.parametrize("x", [-2.0, -1.0, 1.0, 2.0])
def test_the_zoom_s_scale_stands_where_no_curve_is(x):
    """In a third of the panel's width and a sixth of its height, in the corner."""
    shown = scene("sin(x)", x, 1.0)
    along = np.array(next(m.along for m in shown.marks if m.name == "zoomed"))
    across, up = shown["scale"][:2]
    lines = [shown[f"zoomed {line}"] for line in ("secant", "tangent")]
    near = [np.abs(points[:, 0] - across) < along[-1] * 2 / 3 for points in lines]
    heights = [points[own, 1] for points, own in zip(lines, near, strict=True)]
    heights.append(shown["zoomed"][np.abs(along - across) < along[-1] * 2 / 3])
    assert min(np.min(np.abs(own - up)) for own in heights if own.size) > abs(up) / 3


def test_what_names_a_line_of_the_zoom_has_its_colour_and_its_dash():
    shown = scene("sin(x)", 1.0)
    marks = {mark.name: mark for mark in shown.marks}
    for line, label, sign in (("secant", "slopes", "╌╌"), ("tangent", "zoomed slope", "━━")):
        assert marks[label].color == words_in(marks[f"zoomed {line}"].color)
        assert shown.text(label).startswith(f"{sign} {line} ")
        assert bool(marks[f"zoomed {line}"].dash) == (sign == "╌╌")
    assert shown["zoomed slope"][5] == shown["slopes"][6]
    corner = scene("abs(x)", 0.0)
    assert (corner.text("slopes"), corner.text("zoomed slope")) == ("╌╌ secant 1.00", "")


@pytest.mark.parametrize("h", [1e-12, 1e-8])
@pytest.mark.parametrize("text", ["exp(-x**2)", "sin(2*x)", "exp(x) + 1000"])
def test_the_zoom_shows_no_rounding(text, h):
    shown = scene(text, 0.7, h)
    assert np.ptp(np.diff(shown["zoomed"])) < 1e-7
    assert shown["zoomed"][::40] == pytest.approx(np.array([-1.6, 0, 1.6]) * shown["slope"][1])


@pytest.mark.parametrize("h", [1e-9, 1e-3])
def test_the_zoom_shows_a_corner_where_it_is(h):
    shown = scene("exp(abs(x))", -0.7 * h, h)
    along = np.array(next(m.along for m in shown.marks if m.name == "zoomed"))
    assert shown["zoomed"] == pytest.approx(np.abs(along - 0.7) - 0.7, abs=4 * h + 1e-15 / h)


# ── what the captions say ────────────────────────────────────────────────────────────────────────


def test_point_and_slope_are_spoken():
    assert scene("sin(x)", 1.2).captions[0] == "At x = 1.20: f = 0.932, slope 0.362."


@pytest.mark.parametrize(
    ("text", "kind", "x", "said"),
    [
        ("x**2", "forward", 1.0, "/h = 2.500000, the tangent 2.000000: too large by 0.500."),
        ("x**2", "backward", 1.0, "/h = 1.500000, the tangent 2.000000: too small by 0.500."),
        ("x**2", "central", 1.0, "= 2.000000, the tangent 2.000000: they agree to the last digit."),
        ("x**3", "central", 1.0, "/2h = 3.250000, the tangent 3.000000: too large by 0.250."),
        ("abs(x)", "central", 0.0, "= 0.000000; there is no tangent to compare it with."),
        ("log(x)", "backward", 0.25, "the secant would end where f is undefined."),
    ],
)  # fmt: skip
def test_secant_and_tangent_are_compared(text, kind, x, said):
    told = scene(text, x, 0.5, kind).text("compared")
    assert told.startswith("With h = 0.500")
    assert told.endswith(said)


@pytest.mark.parametrize("h", [1e-8, 1e-12])
def test_at_tiny_steps_the_lines_coincide_and_the_numbers_tell_the_difference(h):
    shown = scene("exp(x)", 1.0, h)
    assert slope_of(shown["secant"]) == pytest.approx(slope_of(shown["tangent"]), rel=1e-3)
    off = abs((np.exp(1 + h) - np.exp(1)) / h - np.e)
    assert shown["compared"][8] == pytest.approx(off)
    assert "too" in shown.text("compared")


# ── telling places ───────────────────────────────────────────────────────────────────────────────


def places(shown):
    return {
        mark.name: np.round(shown.backdrop.numbers[mark.name], 6).tolist()
        for mark in shown.backdrop.marks
        if isinstance(mark, Marker)
    }


def test_extrema_and_inflections_stand_on_the_curve_and_on_the_zeros():
    assert places(scene("x**3 - 3*x", 0.4)) == {
        "maximum curve": [[-1, 2]],
        "maximum slope": [[-1, 0]],
        "minimum curve": [[1, -2]],
        "minimum slope": [[1, 0]],
        "inflection curve": [[0, 0]],
        "inflection bend": [[0, 0]],
    }


def test_a_flat_point_is_a_zero_of_both():
    assert places(scene("x**3", 1)) == {
        "flat curve": [[0, 0]],
        "flat slope": [[0, 0]],
        "flat bend": [[0, 0]],
    }


def test_a_double_zero_of_the_second_derivative_is_not_marked():
    assert places(scene("x**4", 1)) == {"minimum curve": [[0, 0]], "minimum slope": [[0, 0]]}


def test_few_places_are_named_and_many_have_their_shapes_alone():
    def words(text):
        backdrop = scene(text, 1.0).backdrop
        return [m.texts[0] for m in backdrop.marks if hasattr(m, "texts")]

    assert sorted(words("sin(x)")) == ["inflection", "max", "min"]
    assert words("sin(20*x)") == []
    shapes = {m.name: m.shape for m in scene("sin(x)", 1.0).backdrop.marks if isinstance(m, Marker)}
    assert len({shapes["maximum curve"], shapes["minimum curve"], shapes["inflection curve"]}) == 3


# ── kinks and undefined places ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "left", "right", "answer"),
    [("abs(x)", -1, 1, "0.00"), ("max(x, 0)", 0, 1, "0.50"), ("max(x, -2*x)", -2, 1, "−0.50")],
)
def test_a_corner_has_two_half_tangents_and_a_convention(text, left, right, answer):
    shown, three = scene(text, 0.0, 0.25), three_digits(float(answer.replace("−", "-")))
    assert np.isnan(shown["tangent"]).all()
    for name, slope, side in (("left", left, -1), ("right", right, 1)):
        (x0, y0), (x1, y1) = shown[f"{name} tangent"]
        assert (x0, y0) == (0, 0)
        assert np.sign(x1) == side
        assert y1 / x1 == pytest.approx(slope)
        assert shown[f"{name} slope"][5] == pytest.approx(slope)
    assert shown.captions[0] == "At x = 0.00: f = 0.00, and there is no slope."
    assert f"autograd's answer {three} is a convention." in shown.captions[1]
    assert shown.text("slope label") == f"no slope; autograd answers {answer}"
    assert np.isnan(shown["error"]).all()
    assert shown.text("best") == ""
    assert shown.text("now label") == "no f′ by autograd to compare with"


@pytest.mark.parametrize(("kind", "slope"), [("forward", 1), ("backward", -1), ("central", 0)])
def test_at_a_corner_every_difference_has_its_own_answer(kind, slope):
    assert slope_of(scene("abs(x)", 0.0, 0.25, kind)["secant"]) == slope


def test_at_a_cusp_the_slopes_have_no_bound():
    shown = scene("sqrt(abs(x))", 0.0)
    told = "The slope along x has no bound here: −∞ on the left, ∞ on the right."
    assert told in shown.captions
    assert shown["left tangent"][1] == pytest.approx(
        (0, 0.2 * np.diff(shown.panel("curve").y)[0]), abs=0.01
    )
    assert shown.text("left slope") == ""
    assert np.isnan(shown["tangent"]).all()


@pytest.mark.parametrize("sign", [1, -1])
def test_a_vertical_tangent_is_no_slope(sign):
    shown = scene(f"{sign}*sign(x)*abs(x)**(1/3)", 0.0)
    assert shown.captions[0] == "At x = 0.00: f = 0.00, and there is no slope."
    assert not np.isfinite(shown["tangent"]).all()
    assert np.isnan(shown["error"]).all()
    for name, side in (("left", -1), ("right", 1)):
        (_, _), (x1, y1) = shown[f"{name} tangent"]
        assert x1 == pytest.approx(0, abs=1e-4)
        assert np.sign(y1) == sign * side


@pytest.mark.parametrize("text", ["x*abs(x)", "max(x, 0)**2", "where(x > 0, 2*x**2, x**2)"])
def test_where_the_slope_has_a_corner_there_is_no_second_derivative(text):
    shown = scene(text, 0.0)
    assert np.isfinite(shown["tangent"]).all()
    assert shown.text("bend label") == "f″ is undefined"
    assert np.isnan(shown["bend"][1])
    assert scene(text, 0.5).text("bend label").startswith("f″ = ")


def test_at_a_jump_there_is_no_slope():
    shown = scene("floor(x)", 1.0)
    assert "f jumps along x here: it has no slope." in shown.captions
    for name in ("tangent", "left tangent", "right tangent"):
        assert not np.isfinite(shown[name]).all()


@pytest.mark.parametrize(("text", "x"), [("log(x)", -1.0), ("1/x", 0.0), ("sqrt(x)", -0.5)])
@KINDS
def test_nothing_is_drawn_where_f_is_undefined(text, x, kind):
    shown = scene(text, x, 0.25, kind)
    assert shown.captions == [f"At x = {x:.2f}: f is undefined.".replace("-", "−")]
    for mark in shown.marks:
        numbers = shown[mark.name]
        if mark.panel in ("curve", "zoom", "error") and not hasattr(mark, "texts"):
            across = mark.name in ("cursor curve", "zoomed ends")
            assert across or not np.isfinite(numbers).all()
    assert shown.text("slope label") == "f′ is undefined"
    assert np.isnan(shown["error"]).all()


# ── what stays, and what can be touched ──────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ONE)
def test_panels_stay_while_the_point_moves_within_them(name):
    example = catalog[name]
    picture = derivative_picture(example.field)
    panels = [picture.scene((x, 0.5)).panels for x in example.field.axis("x", 7)[1:-1]]
    assert all(one == panels[0] for one in panels[1:])


def test_the_curve_s_panel_has_room_for_a_point_beyond_what_it_usually_shows():
    picture = traced_picture(ScalarField("exp(2*x)"))
    usual, all_of_f = (picture.scene((x, 0.5)).panel("curve").y for x in (0.0, 2.5))
    assert usual[1] < np.exp(5) < np.exp(6) < all_of_f[1]
    assert picture.scene((-3.0, 0.5)).panel("curve").y == usual  # at the end of both
    for x in (-3.0, 0.0, 2.0, 2.5, 3.0):
        values = picture.inputs((x, 0.5))
        found = zip(picture.replayed.numbers(*values), picture.replayed.plain(*values), strict=True)
        for replayed, plain in found:
            np.testing.assert_allclose(replayed, plain, rtol=1e-12, atol=1e-12)


def test_a_point_where_f_is_undefined_asks_for_no_room():
    picture = derivative_picture(ScalarField("log(x)"))
    assert picture.scene((-1.0, 0.5)).panel("curve") == picture.scene((1.0, 0.5)).panel("curve")


@pytest.mark.parametrize("x", [-1e-3, 1e-3])
def test_a_handle_stays_in_its_panel(x):
    shown = scene("1/x", x)
    for name, panel in (("point", "curve"), ("slope", "slope"), ("bend", "bend")):
        low, high = shown.panel(panel).y
        assert shown[name].tolist() in ([x, low], [x, high])


@pytest.mark.parametrize(
    ("text", "x", "shown"),
    [
        ("exp(x)", 0.0, (np.exp(-3), np.exp(3))),
        ("x**2 + 1e6", 0.0, (1e6, 1e6 + 9)),
        ("max(x, 0)", 0.0, (0, 3)),
        ("max(x - 2.9, 0)", 0.0, (0, 0.1)),
        ("1/x", 1.0, (-8, 8)),  # and not the hundreds beside the pole
        ("1/x", 0.013, (-83, 83)),  # but where the point is among them
    ],
)
def test_the_curve_s_panel_shows_most_of_it(text, x, shown):
    low, high = scene(text, x).panel("curve").y
    (bottom, top), margin = shown, 0.16 / 1.32 * (high - low)
    assert high - margin == pytest.approx(top, rel=0.1, abs=0.02)
    if text != "1/x":
        assert low + margin == pytest.approx(bottom, rel=0.1, abs=0.2)


def test_f_and_its_derivatives_look_alike_where_they_are_alike():
    panels = scene("exp(x)", 0.0).panels[1:3]
    assert panels[0].y == pytest.approx(panels[1].y)
    assert panels[0].y[1] > np.exp(3)


def test_the_handles_move_the_point_and_the_step():
    shown = scene("sin(x)", 1.0, 0.5)
    handles = {m.name: (m.moves, m.origin) for m in shown.marks if getattr(m, "handle", False)}
    assert handles == {
        "point": (("x", None), ""),
        "end": (("h", None), "x"),
        "slope": (("x", None), ""),
        "bend": (("x", None), ""),
        "now": (("h", None), ""),
    }
    touched = {m.name for m in shown.marks if m.color == HANDLE}
    assert touched == set(handles)
    assert next(iter(handles)) == "point"


@pytest.mark.parametrize(
    ("x", "h", "kind", "place"),
    [
        (1.0, 0.5, "forward", 1.5),
        (1.0, 0.5, "backward", 0.5),
        (1.0, 0.5, "central", 1.5),
        (1.0, 1e-3, "forward", np.nan),  # on the point itself
        (2.8, 0.5, "forward", np.nan),  # out of the panel
    ],
)
def test_the_other_end_can_be_dragged_where_it_is_seen_apart(x, h, kind, place):
    assert scene("sin(x)", x, h, kind)["end"][0] == pytest.approx(place, nan_ok=True)


@KINDS
@pytest.mark.parametrize("name", ONE)
def test_the_picture_is_traced_and_its_replay_is_the_function(name, kind):
    example = catalog[name]
    picture = traced_picture(example.field, difference=kind)
    steps = np.array(next(m.along for m in picture.marks if m.name == "error"))
    for x in (*example.start, 0.0, -1.1):
        found, plain = picture.scene((x, 0.5)), picture.present.plain(x, 0.5)
        for mark, numbers in zip(picture.marks, plain, strict=False):
            if mark.name in ("best", "best step"):  # they hang on the last digit
                continue
            seen = steps > -4 if mark.name == "error" else ...
            wanted = pytest.approx(numbers[seen], rel=1e-6, abs=1e-9, nan_ok=True)
            assert found[mark.name][seen] == wanted
    assert picture.present.why == ""


def test_a_callable_that_branches_is_shown_untraced():
    def ramp(x):
        return x * x if x > 0 else 0.0

    picture = traced_picture(ScalarField(ramp))
    assert picture.scene((1.0, 0.5))["slope"] == pytest.approx((1, 2))
    assert picture.present.why


@pytest.mark.parametrize("width", [1e-3, 6.0, 5e4])
def test_the_step_fits_the_domain(width):
    control = derivative_picture(field("sin(x)", 0, width)).controls[1]
    assert width / 6 < control.high <= width / 3
    assert control.start <= control.high < 10 * control.start
    assert control.low == pytest.approx(1e-12 * control.start)


def test_fields_that_it_cannot_show_are_refused():
    with pytest.raises(ValueError, match="needs one variable, and here are 2: x, y"):
        derivative_picture(ScalarField("x*y"))
    with pytest.raises(ValueError, match="h is the step of the difference"):
        derivative_picture(ScalarField("h**2"))


@pytest.mark.parametrize(
    ("text", "x", "slope"),
    [
        ("where(x == 1, 1, x)", 1.0, 1.0),
        ("where(x == -2, -6, 3*x)", -2.0, 3.0),
        ("where(x > 0, sqrt(x), -x)", -2.0, -1.0),
        ("where(x == 0, 1, sin(x)/x)", 0.0, 0.0),
        ("1e9*where(x == 1, 1, x)", 1.0, 1e9),
    ],
)
@pytest.mark.parametrize("h", [1e-8, 1e-4, 1.0])
def test_a_slope_told_without_autograd_claims_no_digits_that_it_lacks(text, x, slope, h):
    picture = derivative_picture(ScalarField(text))
    scene = picture.scene((x, h))
    said = scene.text("compared")
    case, _, secant, tangent, off = scene["compared"][4:9]
    assert tangent == pytest.approx(slope, rel=1e-9, abs=1e-9)
    assert ("they agree as far as f shows its own slope" in said) == (case == 5)
    if case != 5:
        assert off == pytest.approx(abs(secant - slope), rel=2e-3)
    assert scene.text("now label") == "no f′ by autograd to compare with"
    assert np.isnan(scene["error"]).all()
    assert not scene.text("best")


@pytest.mark.parametrize("start", [0.0, 1.0, 1e6])
@pytest.mark.parametrize("h", [1e-1, 1e-4, 1e-7])
@pytest.mark.parametrize("text", ["x^2", "1e-20*x^2", "sin(x) + 1e7*x^2"])
def test_slopes_that_differ_look_different(text, start, h):
    field = ScalarField(text, {"x": (start, start + 1)})
    (line,) = (
        c for c in derivative_picture(field).scene((start + 0.5, h)).captions if "With h" in c
    )
    secant, tangent = re.search(r" = (\S+), the tangent (\S+):", line).groups()
    assert (secant == tangent) == ("agree" in line)


def test_no_more_digits_are_shown_than_tell_two_slopes_apart():
    field = ScalarField("x^2", {"x": (1e6, 1e6 + 1)})
    said = " ".join(derivative_picture(field).scene((1e6 + 0.5, 0.1)).captions)
    secant, tangent = re.search(
        r" = (\S+)·10⁶, the tangent (\S+)·10⁶: too large by 0.0", said
    ).groups()
    assert float(secant) == pytest.approx(2.0000011, abs=1e-9)
    assert len(secant) == 11
    assert tangent == "2.000001000"


# ── another window ───────────────────────────────────────────────────────────────────────────────


# every function in every window, by one difference after the other
WINDOWED = [
    (name, size, list(ENDS)[(i + j) % len(ENDS)])
    for (i, name), (j, size) in product(enumerate(ONE), enumerate([0.1, 0.8, 1.5]))
]


@pytest.mark.parametrize(("name", "size", "kind"), WINDOWED)
def test_another_window_shows_what_a_picture_of_it_shows(name, kind, size):
    """Except over which h errors are shown, for that is the range of the control, and what is a
    difference over a share of the domain.
    """

    def made(field):
        return derivative_picture(field, difference=kind)

    found = window_differences(made, catalog[name].field, size=size)
    over_h = {"truncation", "rounding", "error", "error range", "best", "best step", "now label"}
    over_h |= {"truncation label", "rounding label"}
    measured = {"left slope", "right slope", "kink along x", "spoken"}
    assert found.keys() <= over_h | measured
    assert max((found[name] for name in measured & found.keys()), default=0.0) < MEASURED


def test_the_zoom_and_the_curves_show_what_is_asked_for():
    picture = derivative_picture(ScalarField("x**2"))
    around = {"x low": 0.0, "x high": 2.0, "f seen high": 9.0, "f′ seen low": -1.0}
    scene = picture.scene((1.0, 0.5), around | {"a steep slope": 10.0})
    assert (scene.panel("curve").x, scene.panel("curve").y[1]) == ((0.0, 2.0), 9.0)
    assert (scene.panel("slope").x, scene.panel("slope").y[0]) == ((0.0, 2.0), -1.0)
    assert scene.panel("zoom").y == pytest.approx((-17.6, 17.6))
    assert scene.panel("error").y == (-13.0, 2.0)
    assert scene["cursor slope"][0] == pytest.approx((1.0, -1.0))
