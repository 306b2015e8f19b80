"""What can be said of a slope, in any unit: corners, ends, infinite slopes, missing answers."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.program import trace
from gradwidgets.calculus.slopes import KINDS

INF, NAN = math.inf, math.nan

# formula, point, kind, slope from the left, from the right, what may be told
SLOPES = [
    ("x**2", 0, "smooth", 0, 0, 0),
    ("x**3 - x", 0.5773502691896257, "smooth", 0, 0, 0),
    ("tanh(1000*x)", 0, "smooth", 1000, 1000, 1000),
    ("x*abs(x)", 0, "smooth", 0, 0, 0),
    ("abs(x)**1.1", 0, "smooth", 0, 0, 0),
    ("(1 - cos(x))/x**2", 1e-3, "smooth", -1 / 12000, -1 / 12000, -1 / 12000),
    ("abs(x)", 0, "corner", -1, 1, 0),
    ("1e-6*abs(x)", 0, "corner", -1e-6, 1e-6, 0),
    ("1e6 + abs(x)", 0, "corner", -1, 1, 0),
    ("max(x, 0) + 50*x**2", 0, "corner", 0, 1, 0.5),
    ("sqrt(x**2)", 0, "corner", -1, 1, NAN),
    ("sqrt(abs(x))", 0, "cusp", -INF, INF, NAN),
    ("abs(x)**0.9 + 3*x", 0, "cusp", -INF, INF, NAN),
    ("where(x > 0, sqrt(x), -x)", 0, "cusp", -1, INF, NAN),
    ("where(x > 0, x*log(x), 0)", 0, "cusp", 0, -INF, NAN),
    ("sign(x)*abs(x)**(1/3)", 0, "vertical", INF, INF, NAN),
    ("floor(x)", 2, "jump", INF, 0, 0),
    ("where(x > 1, x, 2*x)", 1, "jump", 2, -INF, 2),
    ("1e6 + floor(x)", 1, "jump", INF, 0, 0),
    ("x**x", 0, "edge", NAN, -INF, NAN),
    ("sqrt(x)", 0, "edge", NAN, INF, NAN),
    ("arcsin(x)", 1, "edge", INF, NAN, NAN),
    ("x*sqrt(x)", 0, "edge", NAN, 0, 0),
    ("x**2.5", 0, "edge", NAN, 0, 0),
    ("where(x > 0, sqrt(x), -x)", -2, "unanswered", -1, -1, -1),
    ("where(x == 0, 1, sin(x)/x)", 0, "unanswered", 0, 0, 0),
    ("where(x == 0, 0.5, (1 - cos(x))/x**2)", 0, "unanswered", 0, 0, 0),
    ("abs(x)*sqrt(abs(x))", 0, "unanswered", 0, 0, 0),
    ("abs(x)*sign(x)", 0, "contradicted", 1, 1, 1),
    ("where(x == 0, 3*x, x)", 0, "contradicted", 1, 1, 1),
    ("where(x == 2, 4, x**2)", 2, "contradicted", 4, 4, 4),
    ("where(x == 1, 1, x)", 1, "contradicted", 1, 1, 1),
    ("where(x == -1, 1, x**2) + 0.5*x", -1, "contradicted", -1.5, -1.5, -1.5),
    ("where(x == 0, 0, x**2*sin(1/x))", 0, "unanswered", 0, 0, 0),
    ("where(x == 0, 0, x**2*cos(1/x))", 0, "unanswered", 0, 0, 0),
    ("where(x <= 0, 0, x**2*sin(1/x))", 0, "unanswered", 0, 0, 0),
    ("where(x == 0, 3, x**2*sin(1/x))", 0, "jump", INF, -INF, NAN),
    ("where(x > 0, 1, sqrt(x))", 0, "jump", NAN, INF, INF),
    ("where(x > 0, x*log(x), where(x == 0, 2, sqrt(x)))", 0, "jump", NAN, -INF, NAN),
    ("where(x <= 0, 0, log(x))", 0, "jump", 0, -INF, NAN),
    ("abs(x)**0.05", 0, "cusp", -INF, INF, NAN),
    ("x**0.05", 0, "edge", NAN, INF, NAN),
    ("x + 1e-3*abs(x)", 0, "corner", 0.999, 1.001, 1),
    ("max(x, 1.001*x)", 0, "corner", 1, 1.001, 1.0005),
    ("2*x - 1e-4*abs(x) + x**2", 0, "corner", 2.0001, 1.9999, 2),
    ("abs(x) + 1e6*x**2", 0, "corner", -1, 1, 0),
    ("sin(x) + 1e-4*x**2", 0, "smooth", 1, 1, 1),
    ("1e6*x**2 + x", 0, "smooth", 1, 1, 1),
    ("abs(x)**1.01", 0, "smooth", 0, 0, 0),
    ("3*x - abs(x)**1.005", 0, "smooth", 3, 3, 3),
    ("abs(x)**0.99", 0, "cusp", -INF, INF, NAN),
    ("where(x == 0, 0, x*sin(1/x))", 0, "unsettled", None, None, NAN),
]


def slope(field, x):
    point = (np.float64(x),)
    with np.errstate(all="ignore"):
        (found,) = field.slopes(point, tuple(field.gradient(x)))
    return found


def one_variable(text):
    return ScalarField(text, variables=("x",))


@pytest.mark.parametrize(("text", "x", "kind", "left", "right", "told"), SLOPES)
def test_a_slope_is_told_for_what_it_is(text, x, kind, left, right, told):
    found = slope(one_variable(text), x)
    assert KINDS[int(found.kind)] == kind
    assert found.told == pytest.approx(told, rel=1e-6, abs=1e-7, nan_ok=True)
    if kind != "smooth" and left is not None:
        assert found.left == pytest.approx(left, rel=1e-6, abs=1e-12, nan_ok=True)
        assert found.right == pytest.approx(right, rel=1e-6, abs=1e-12, nan_ok=True)
    assert bool(found.smooth) is (kind not in ("corner", "jump") and math.isfinite(told))


@pytest.mark.parametrize("text", ["abs(x)", "sqrt(x)", "log(x)", "sqrt(abs(x))", "1/x", "x**x"])
@pytest.mark.parametrize("x", [1e-6, 1e-5, 3e-5, 2e-4])
def test_beside_such_a_place_the_slope_is_autograd_s(text, x):
    field = one_variable(text)
    found = slope(field, x)
    assert (KINDS[int(found.kind)], found.told) == ("smooth", field.gradient(x)[0])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SLOPES), st.integers(-200, 200), st.integers(-60, 60))
def test_the_unit_does_not_matter(row, power, zoom):
    text, x, kind, *_ = row
    high, wide = 10.0**power, 10.0**zoom
    inner = one_variable(text).function
    field = ScalarField(lambda x: high * inner(x / wide), {"x": (-3 * wide, 3 * wide)})
    found, plain = slope(field, x * wide), slope(one_variable(text), x)
    assert KINDS[int(found.kind)] == kind
    for scaled, one in zip(found[1:], plain[1:], strict=True):
        tolerance = {"rel": 1e-5, "abs": 1e-8, "nan_ok": True}
        if kind not in ("smooth", "unsettled") or scaled is found.told:
            assert scaled * (wide / high) == pytest.approx(one, **tolerance)


@given(st.floats(-1e3, 1e3), st.floats(0.1, 10.0))
def test_an_offset_domain_tells_the_same_corner(middle, width):
    field = ScalarField(lambda x: 3 + 2 * abs(x - middle), {"x": (middle - width, middle + width)})
    found = slope(field, middle)
    assert KINDS[int(found.kind)] == "corner"
    assert (found.left, found.right) == pytest.approx((-2, 2), rel=1e-6)


@pytest.mark.parametrize("domain", [(1e6, 1e6 + 1), (-1e9, 1e9), (-1e-6, 1e-6), (0, 1e-7)])
@pytest.mark.parametrize("text", ["x**2", "x**3", "1/(x + 7e9)", "x"])
def test_a_smooth_function_is_smooth_on_every_domain(text, domain):
    field = ScalarField(text, {"x": domain})
    for x in np.linspace(*domain, 7)[1:-1]:
        found = slope(field, x)
        assert (KINDS[int(found.kind)], found.told) == ("smooth", field.gradient(x)[0])


@pytest.mark.parametrize(("text", "x"), [row[:2] for row in SLOPES[::3]])
def test_it_can_be_traced_at_another_place(text, x):
    field = one_variable(text)
    program = trace(lambda x, answer: tuple(field.slopes((x,), (answer,))[0]), 0.7, 1.0)
    answer = field.gradient(x)[0]
    assert program(float(x), float(answer)) == pytest.approx(
        [float(part) for part in slope(field, x)], nan_ok=True
    )


def test_a_callable_that_fails_elsewhere_has_slopes_where_it_does_not():
    def patchy(x):
        if x > 1:
            raise ArithmeticError("nothing beyond 1")
        return abs(x)

    (kink,) = ScalarField(patchy).kinks(0)
    assert (kink.kind, kink.left, kink.right) == ("corner", -1, 1)


# formula, kind, slopes: beside the point f has far fewer digits than its size tells
CANCELLING = [
    ("where(x == a, 2*a, (x**2 - a**2)/(x - a))", "unanswered", (1, 1)),
    ("where(x == a, a, (x**3 - a**3)/(3*a*(x - a)))", "unanswered", (1, 1)),
    ("where(x == a, 1, (exp(x - a) - 1)/(x - a))", "unanswered", (0.5, 0.5)),
    ("sqrt(x**2 - 2*a*x + a**2)", "corner", (-1, 1)),
    ("arccos(cos(x - a))", "corner", (-1, 1)),
    ("sqrt(2 - 2*cos(x - a))", "corner", (-1, 1)),
]


@pytest.mark.parametrize("a", [0.5, 1, 2, 3, 4, -6, 7, 37.75])
@pytest.mark.parametrize(("text", "kind", "slopes"), CANCELLING)
def test_rounding_beside_the_point_is_no_infinite_slope(text, kind, slopes, a):
    found = slope(one_variable(re.sub(r"\ba\b", f"({a})", text)), a)
    assert KINDS[int(found.kind)] == kind
    assert (found.left, found.right) == pytest.approx(slopes, rel=1e-5)


@pytest.mark.parametrize("place", [-math.pi, math.pi / 2, math.pi, 2 * math.pi])
def test_an_angle_folded_back_has_a_corner(place):
    found = slope(one_variable("arccos(cos(x)) + arcsin(sin(x))"), place)
    assert KINDS[int(found.kind)] == "corner"
    assert abs(found.right - found.left) == pytest.approx(2, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "x", "slopes"),
    [
        ("abs(x) + 1e9", 0, (-1, 1)),
        ("3*abs(x) + 1e8", 0, (-3, 3)),
        ("abs(1e-9*x - 1)", 1e9, (-1e-9, 1e-9)),
        ("max(x, 2*x) - 1e7", 0, (1, 2)),
        ("sqrt(x**2 - 2*x + 1)", 1, (-1, 1)),
        ("where(x == 1, 2, (x**2 - 1)/(x - 1))", 1, (1, 1)),
    ],
)
def test_no_more_digits_are_told_than_there_are(text, x, slopes):
    found = slope(one_variable(text), x)
    assert (found.left, found.right) == slopes


@given(st.integers(-9, 9), st.floats(1e-4, 1), st.sampled_from([-1, 1]))
def test_a_weak_corner_is_one(steep, weak, sign):
    found = slope(one_variable(f"{steep}*x + {sign * weak}*abs(x)"), 0)
    assert KINDS[int(found.kind)] == "corner"
    assert found.right - found.left == pytest.approx(2 * sign * weak, rel=1e-6)


def test_a_weak_corner_is_told_by_how_much_the_slope_changes():
    (weak,) = ScalarField("x + 2e-3*abs(x)").kinks(0)
    assert "slope 0.998 on the left, and it changes by 0.00400 here" in str(weak)
    (clear,) = ScalarField("x + 0.1*abs(x)").kinks(0)
    assert "slope 0.900 on the left, 1.10 on the right" in str(clear)
