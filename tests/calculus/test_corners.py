"""Minima at tips and corners and on flat floors: where they are, whatever the size of f."""

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.corners import is_corner
from gradwidgets.calculus.critical import curvatures, is_lowest
from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.downhill import minimum_below
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.reference import reference
from gradwidgets.calculus.usual import usual_rate

DATA = np.array([1.0, 2.0, 3.0])


def exact_fit(w):
    return anp.sqrt(anp.mean((w * DATA - 2 * DATA) ** 2))


SHARP = [
    (exact_fit, (0.3,), (2.0,)),
    ("sqrt((x-2)^2)", (0.5,), (2.0,)),
    ("abs(2*x-1)", (2.0,), (0.5,)),
    ("max(x^2, 1-x)", (2.0,), ((5**0.5 - 1) / 2,)),
    ("abs(x - 1/3) + x^2/4", (-2.0,), (1 / 3,)),
    ("sqrt(abs(x+1))", (2.0,), (-1.0,)),
    ("sqrt((x-1)^2+(y+0.5)^2)", (2.0, 1.0), (1.0, -0.5)),
    ("sqrt(x^2+y^2)", (0.0, 0.0), (0.0, 0.0)),
    ("(x^2+y^2)^0.25", (2.0, 1.0), (0.0, 0.0)),
    ("max(abs(x),abs(y))", (2.0, 1.0), (0.0, 0.0)),
    ("abs(x-0.31)+abs(y+0.77)", (2.0, 1.0), (0.31, -0.77)),
    ("abs(x+2*y-1)*10+abs(2*x-y)", (-2.0, 1.0), (0.2, 0.4)),
    ("abs(x) + abs(y-z) + (z-1)^2", (2.0, 1.0, 0.5), (0.0, 1.0, 1.0)),
]
FLAT = [
    ("x^4", (2.0,), (0.0,), (0.0,)),
    ("1 + (x-0.3)^8", (1.0,), (0.3,), (0.0,)),
    ("x^4 - 4*x^3 + 6*x^2 - 4*x + 1", (2.0,), (1.0,), (0.0,)),
    ("exp(-1/x^2)", (1.0,), (0.0,), (0.0,)),
    ("max(0, x^2-1)", (2.0,), (0.0,), (0.0,)),
    ("x^2+y^4", (2.0, 1.0), (0.0, 0.0), (0.0, 2.0)),
    ("(x-1)^4+y^2", (2.0, 1.0), (1.0, 0.0), (0.0, 2.0)),
    ("x^4+y^6", (2.0, 1.0), (0.0, 0.0), (0.0, 0.0)),
]


@pytest.mark.parametrize(("source", "start", "place"), SHARP)
def test_a_minimum_at_a_corner_is_found_and_has_no_hessian(source, start, place):
    found = reference(ScalarField(source), start)
    assert found.minimum
    assert found.corner
    assert found.place == pytest.approx(place, abs=1e-6)
    assert np.isnan(found.values).all()


@pytest.mark.parametrize(("source", "start", "place", "values"), FLAT)
def test_a_flat_minimum_is_found_and_its_flat_directions_have_the_eigenvalue_0(
    source, start, place, values
):
    found = reference(ScalarField(source), start)
    assert (found.minimum, found.corner) == (True, False)
    assert found.place == pytest.approx(place, abs=1e-4)
    assert found.values == pytest.approx(values, rel=1e-9, abs=0.0)


@pytest.mark.parametrize(
    ("source", "start"),
    [
        ("log(x^2+y^2)", (2.0, 1.0)),
        ("-1/abs(x)", (1.0,)),
        ("-abs(x)", (1.0,)),
        ("abs(x)-y", (1, 1)),
    ],
)
def test_a_pole_a_ridge_and_a_slope_without_end_are_no_minimum(source, start):
    assert minimum_below(ScalarField(source), start) is None


@given(
    middle=st.tuples(st.floats(-2, 2), st.floats(-2, 2)),
    slopes=st.tuples(st.floats(0.1, 10), st.floats(0.1, 10)),
    height=st.integers(-12, 12),
    power=st.sampled_from([0.5, 1.0, 4.0]),
)
@settings(max_examples=25, deadline=None)
def test_wherever_it_is_and_however_high(middle, slopes, height, power):
    (a, b), (one, other) = middle, slopes
    source = f"1e{height}*({one:.6f}*abs(x-({a:.6f}))^{power} + {other:.6f}*abs(y-({b:.6f})))"
    place = minimum_below(ScalarField(source), (2.5, -2.5))
    assert place == pytest.approx((round(a, 6), round(b, 6)), abs=1e-9)


@given(st.floats(-2.9, 2.9), st.integers(-9, 9))
@settings(max_examples=20, deadline=None)
def test_the_first_step_to_a_corner_is_a_twenty_fifth_of_the_domain(start, height):
    field = ScalarField(f"1e{height}*abs(x - 0.31)")
    if abs(start - 0.31) > 0.5:
        step = usual_rate(field, (start,), "gradient descent") * 10.0**height
        assert 0.1 <= step <= 0.3


def test_only_a_gradient_that_leaps_makes_a_corner():
    for power, leaps in ((0.5, True), (1.0, True), (1.2, False), (1.5, False), (2.0, False)):
        assert is_corner(ScalarField(f"1e-9*abs(x)^{power}"), 0.0) == leaps
    assert is_corner(ScalarField("abs(x) + 1000*x^2"), 0.0)
    assert not is_corner(ScalarField("1000*x^2"), 0.0)


def test_an_edge_that_only_a_diagonal_shows_is_seen():
    field = ScalarField("abs(x-1)*abs(y)")
    assert is_lowest(field, np.array([1.0, 0.0]))
    assert np.isnan(curvatures(field, (1.0, 0.0))).all()


@pytest.mark.parametrize("height", [1e-9, 1.0, 1e9])
def test_what_rounding_leaves_of_a_straight_line_is_no_curvature(height):
    def fit(w):
        return height * exact_fit(w)

    assert curvatures(ScalarField(fit), 0.3).tolist() == [0.0]


@pytest.mark.parametrize("text", ["abs(x)", "abs(x) + abs(y)", "abs(x) + 10*abs(y)", "2*abs(x)"])
@pytest.mark.parametrize("rate", [0.03, 0.07, 0.3])
def test_to_and_fro_without_getting_lower_is_oscillating(text, rate):
    field = ScalarField(text)
    run = descend(field, (2.0, 1.0)[: len(field.variables)], rate, 120)
    assert np.mean(run.values[-8:-4]) == pytest.approx(np.mean(run.values[-4:]))
    assert run.verdict == "oscillating"


def test_to_and_fro_while_f_falls_is_alternating():
    run = descend("abs(x) + 10*abs(y)", (2.0, 1.0), 0.01, 100)
    assert np.mean(run.values[-8:-4]) > np.mean(run.values[-4:])
    assert run.verdict == "alternating"
