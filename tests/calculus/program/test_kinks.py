"""A program traced on one side of a kink is right on the other, and without bounds."""

import math
from functools import partial
from itertools import product

import autograd.numpy as anp
import numpy as np
import pytest

from gradwidgets.calculus.program import trace
from gradwidgets.calculus.tracing import derivatives
from tests.calculus.program.checks import (
    EXTREMES,
    SIDES,
    check,
)

ONE_SIDED = {
    "abs": anp.abs,
    "sign": lambda x: anp.sign(x) * x**2,
    "floor": lambda x: anp.floor(x) * x,
    "ceil": lambda x: anp.ceil(x) * x,
    "fix and rint": lambda x: anp.fix(x) * x + anp.rint(x),
    "relu": lambda x: anp.maximum(x, 0.0),
    "softplus": lambda x: anp.logaddexp(x, 0.0),
    "where": lambda x: anp.where(x > 0, x**2, -x),
    "where, nested": lambda x: anp.where(x <= 1, anp.where(x == 0, 7.0, 1 / x), anp.sqrt(x - 1)),
    "where, both": lambda x: anp.where(anp.logical_and(x > 0, x < 1), x, x**3),
    "where, either": lambda x: anp.where(anp.logical_or(x < -1, anp.logical_not(x < 1)), x, x**3),
    "finite": lambda x: anp.where(anp.isfinite(1 / x), 1 / x, 0.0) + anp.isnan(anp.log(x)),
    "clip": lambda x: anp.clip(x, -1.0, 1.0) * x,
    "remainder": lambda x: (x % 1.0) * x,
    "remainder, negative": lambda x: (x % -0.75) * x,
    "x to the x": lambda x: x**x,
    "root": anp.sqrt,
    "cusp": lambda x: anp.abs(x) ** (2 / 3),
    "logarithm": anp.log,
    "pole": lambda x: 1 / x,
    "hinge": lambda x: anp.maximum(anp.minimum(x, 1.0), -1.0) ** 2,
    "counted": lambda x: x * ((x > 0) * 1.0 + (x >= 0) + (x > 1)),
    "truths added": lambda x: x * ((x >= 0) + (x > 0.25)),
    "truths multiplied": lambda x: x * ((x >= 0) * (x > 0.25)),
    "numbers as truths": lambda x: x * anp.logical_and(x, x - 1) + x * anp.logical_or(x, 0.0),
}
TWO_SIDED = {
    "maximum": anp.maximum,
    "minimum": lambda x, y: anp.minimum(x, y) * x,
    "fmax": lambda x, y: anp.fmax(x, y) * anp.fmin(x, 2 * y),
    "remainder": lambda x, y: x % y,
    "power": lambda x, y: x**y,
    "atan2": anp.arctan2,
    "where": lambda x, y: anp.where(x < y, x * y, x + y),
    "equal": lambda x, y: anp.where(x == y, x**2, anp.where(x != -y, y, x)),
    "quotient": lambda x, y: x / y,
    "cone": lambda x, y: anp.sqrt(x**2 + y**2),
    "logaddexp": anp.logaddexp,
    "both": lambda x, y: x * (anp.logical_and(x > 0, y > 0) + 1.0 * anp.logical_or(x > y, y > 1)),
}


@pytest.mark.parametrize("start", [-1.5, 0.0, 0.5])
@pytest.mark.parametrize("name", ONE_SIDED)
def test_a_kink_traced_on_one_side_is_right_on_the_other(name, start):
    second = partial(derivatives, ONE_SIDED[name], 2)
    check(second, [start], *([x] for x in SIDES))
    check(second, [[start]], *([[x]] for x in SIDES))


@pytest.mark.parametrize("start", [(-1.5, 0.5), (0.5, 1.0), (1.0, 1.0), (0.0, 0.0)])
@pytest.mark.parametrize("name", TWO_SIDED)
def test_a_kink_of_two_variables_is_right_on_every_side(name, start):
    second = partial(derivatives, TWO_SIDED[name], 2)
    check(second, start, *product(SIDES, repeat=2))


@pytest.mark.parametrize("name", TWO_SIDED)
def test_kinks_are_right_on_arrays(name):
    x, y = map(np.ravel, np.meshgrid(SIDES, SIDES))
    check(partial(derivatives, TWO_SIDED[name], 2), [0 * x + 1.5, 0 * y + 0.5], [x, y], [y, x])


# The sign of a zero tells on which side of the cut along the negative axis a point lies.
@pytest.mark.parametrize("name", ["floor", "ceil", "sign", "negative", "sqrt", "sin", "rint"])
def test_the_sign_of_a_zero_stays(name):
    points = [[x] for x in (0.5, -0.5, 0.0, -0.0, 3.0, -3.0)]
    check(lambda x: (anp.arctan2(getattr(anp, name)(x), -1.0),), *points)
    check(lambda x: (anp.arctan2(getattr(anp, name)(x % 3.0), -1.0),), *points)


# ── values without bounds ─────────────────────────────────────────────────────────────────────────

OVERFLOWING = {
    "exp(1000)": (lambda x: anp.exp(x), 1000.0, math.inf),
    "expm1(1000)": (lambda x: anp.expm1(x), 1000.0, math.inf),
    "cosh(1000)": (lambda x: anp.cosh(x), 1000.0, math.inf),
    "sinh(-1000)": (lambda x: anp.sinh(x), -1000.0, -math.inf),
    "1/0": (lambda x: 1 / x, 0.0, math.inf),
    "1/-0": (lambda x: 1 / x, -0.0, -math.inf),
    "0/0": (lambda x: x / x, 0.0, math.nan),
    "log(0)": (lambda x: anp.log(x), 0.0, -math.inf),
    "log(-1)": (lambda x: anp.log(x), -1.0, math.nan),
    "log1p(-1)": (lambda x: anp.log1p(x), -1.0, -math.inf),
    "log2(0)": (lambda x: anp.log2(x), 0.0, -math.inf),
    "0**-1": (lambda x: x**-1, 0.0, math.inf),
    "0**-x": (lambda x: x ** (x - 1), 0.0, math.inf),
    "(-8)**(1/3)": (lambda x: x ** (1 / 3), -8.0, math.nan),
    "1e200**2": (lambda x: x**2, 1e200, math.inf),
    "1e200*1e200": (lambda x: x * x, 1e200, math.inf),
    "(-1e200)**3": (lambda x: x**3, -1e200, -math.inf),
    "sqrt(-1)": (lambda x: anp.sqrt(x), -1.0, math.nan),
    "sin(inf)": (lambda x: anp.sin(x), math.inf, math.nan),
    "cos(-inf)": (lambda x: anp.cos(x), -math.inf, math.nan),
    "tan(inf)": (lambda x: anp.tan(x), math.inf, math.nan),
    "floor(inf)": (lambda x: anp.floor(x), math.inf, math.inf),
    "ceil(-inf)": (lambda x: anp.ceil(x), -math.inf, -math.inf),
    "floor(nan)": (lambda x: anp.floor(x), math.nan, math.nan),
    "sign(nan)": (lambda x: anp.sign(x), math.nan, math.nan),
    "max(nan, 1)": (lambda x: anp.maximum(x, 1.0), math.nan, math.nan),
    "max(1, nan)": (lambda x: anp.maximum(1.0, x), math.nan, math.nan),
    "min(nan, 1)": (lambda x: anp.minimum(x, 1.0), math.nan, math.nan),
    "x % 0": (lambda x: x % (0 * x), 2.0, math.nan),
    "inf % 2": (lambda x: x % 2.0, math.inf, math.nan),
    "-1 % inf": (lambda x: x % math.inf, -1.0, math.inf),
    "asin(2)": (lambda x: anp.arcsin(x), 2.0, math.nan),
    "acos(-2)": (lambda x: anp.arccos(x), -2.0, math.nan),
    "atanh(1)": (lambda x: anp.arctanh(x), 1.0, math.inf),
    "acosh(0)": (lambda x: anp.arccosh(x), 0.0, math.nan),
    "inf - inf": (lambda x: x - x, math.inf, math.nan),
    "0*inf": (lambda x: 0.0 * x, math.inf, math.nan),
    "1**nan": (lambda x: 1.0**x, math.nan, 1.0),
    "nan**0": (lambda x: x**0.0, math.nan, 1.0),
}


@pytest.mark.parametrize("name", OVERFLOWING)
def test_arithmetic_that_raises_gives_numpy_s_value(name):
    function, value, expected = OVERFLOWING[name]
    program = trace(lambda x: (function(x),), 1.25)
    for replay in (program, program.careful):
        (found,) = replay(value)
        assert type(found) is float
        assert found == expected or math.isnan(found) is math.isnan(expected) is True
    check(partial(derivatives, function, 2), [1.25], [value], [-value])


@pytest.mark.parametrize("name", OVERFLOWING)
def test_arrays_overflow_as_numpy_s_do(name):
    function, value, _ = OVERFLOWING[name]
    check(partial(derivatives, function, 2), [[0.5, 1.25]], [[value, 0.5]], [[-value, value]])


@pytest.mark.parametrize("name", ONE_SIDED)
def test_extreme_values_of_one_variable(name):
    points = [[x] for x in EXTREMES]
    check(partial(derivatives, ONE_SIDED[name], 2), [0.5], *points)
    check(partial(derivatives, ONE_SIDED[name], 2), [[0.5] * len(EXTREMES)], [EXTREMES])


@pytest.mark.parametrize("name", TWO_SIDED)
def test_extreme_values_of_two_variables(name):
    check(partial(derivatives, TWO_SIDED[name], 2), (0.5, 1.5), *product(EXTREMES, repeat=2))
