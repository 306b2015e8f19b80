"""Whether f has a tangent plane, where its partials alone do not tell."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.program import trace
from gradwidgets.calculus.tangent import is_torn

TORN = [
    "where(x**2 + y**2 == 0, 0, x**2*y/(x**2 + y**2))",
    "where(x**2 + y**2 == 0, 0, x*y/(x**2 + y**2))",
    "sqrt(abs(x*y))",
    "where(x > 0, where(y > 0, min(x, y), 0), 0)",
]
SMOOTH = [
    "x**2 + 10*y**2",
    "x*y",
    "abs(x*y)",
    "(x**2 + y**2)**0.6",
    "sin(300*x*y)",
    "where(x**2 + y**2 == 0, 1, sin(x**2 + y**2)/(x**2 + y**2))",
]


def found(text, plane=(0, 0), height=0.0, at=(0, 0)):
    """For text with a plane beneath it, moved from 0 to another place."""
    inner = ScalarField(text, variables=("x", "y")).function

    def function(x, y):
        return inner(x - at[0], y - at[1]) + height + plane[0] * x + plane[1] * y

    field = ScalarField(function)
    with np.errstate(all="ignore"):
        f = function(*map(np.float64, at))
        return bool(is_torn(function, tuple(map(np.float64, at)), f, plane, (6, 6), field.height))


@pytest.mark.parametrize("text", TORN)
def test_partials_without_a_tangent_plane(text):
    assert found(text)
    assert found(text, plane=(2, -3), height=5.0)
    assert found(text, at=(1, -2))


@pytest.mark.parametrize("text", SMOOTH)
def test_a_tangent_plane_is_no_less_one_where_f_bends(text):
    assert not found(text)
    assert not found(text, plane=(2, -3), height=5.0)
    assert not found(text, at=(1, -2))


@given(st.floats(-2.5, 2.5), st.floats(-2.5, 2.5), st.sampled_from(["exp(3*x)*cos(y)", *TORN[:2]]))
def test_away_from_such_a_place_there_is_a_plane(x, y, text):
    field = ScalarField(text)
    if abs(x) + abs(y) > 0.01:
        f, partials, height = field.value((x, y)), tuple(field.gradient((x, y))), field.height
        assert not is_torn(field.function, (x, y), f, partials, (6, 6), height)


def test_it_can_be_traced_at_another_place():
    function = ScalarField(TORN[0]).function
    program = trace(
        lambda x, y: (is_torn(function, (x, y), 0.0, (0.0, 0.0), (6.0, 6.0), 1.0),), 0.7, 1.0
    )
    assert program(0.0, 0.0) == (1.0,)
    smooth = trace(
        lambda x, y: (is_torn(lambda x, y: x * y, (x, y), x * y, (y, x), (6.0, 6.0), 1.0),),
        0.0,
        0.0,
    )
    assert smooth(0.5, 2.0) == (0.0,)
