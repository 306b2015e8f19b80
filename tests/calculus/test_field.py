"""A field's values and derivatives, held against differences, hand-made formulas and geometry."""

import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd.tracer import trace_stack
from contourpy import contour_generator
from hypothesis import given, settings

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import FINEST, GRID_WORK, Grid, ScalarField
from gradwidgets.calculus.formula import FormulaError
from gradwidgets.calculus.tracing import calm
from tests.calculus.trees import formulas

CLOSE = 1e-6  # to central differences
EXACT = 1e-11


def steps(x):
    return 6e-6 * np.maximum(1, np.abs(x))


def error(found, expected):
    """The largest difference, as a share of the value where that is over 1."""
    return np.max(np.abs(found - expected) / np.maximum(1, np.abs(expected)))


def differences(function, point):
    """Central differences of a function of a point along every axis, one row for each."""
    rows = []
    for axis, h in enumerate(np.diag(steps(point))):
        high, low = point + h, point - h
        rows.append((function(high) - function(low)) / (high - low)[axis])
    return np.array(rows)


def points_in(field, count=5):
    low, high = np.array([field.domain[name] for name in field.variables]).T
    return np.random.default_rng(11).uniform(low, high, (count, len(low)))


# ── derivatives at a point ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", catalog)
def test_derivatives_are_the_central_differences(name):
    f = catalog[name].field
    for point in points_in(f):
        gradient = f.gradient(point)
        assert error(gradient, differences(f.value, point)) < CLOSE
        assert error(f.hessian(point), differences(f.gradient, point)) < CLOSE
        assert [f.partial(point, name) for name in f.variables] == list(gradient)
        assert [f.partial(point, index) for index in range(len(point))] == list(gradient)


@pytest.mark.parametrize("name", catalog)
def test_the_rate_along_a_direction_is_the_slope_of_that_slice(name):
    f = catalog[name].field
    rng = np.random.default_rng(5)
    for point in points_in(f):
        direction = rng.normal(size=len(point))
        unit = direction / np.linalg.norm(direction)
        h = steps(np.max(np.abs(point)))
        slope = (f.value(point + h * unit) - f.value(point - h * unit)) / (2 * h)
        assert error(f.directional(point, direction), slope) < CLOSE


@pytest.mark.parametrize("name", catalog)
def test_the_hessian_is_symmetric(name):
    f = catalog[name].field
    for point in points_in(f):
        H = f.hessian(point)
        assert np.max(np.abs(H - H.T)) <= 1e-13 * np.max(np.abs(H))


def by_hand(text, gradient, hessian, *points):
    return [
        pytest.param(text, point, gradient, hessian, id=f"{text} at {point}") for point in points
    ]


EXACTLY = [
    *by_hand(
        "x**2 + 10*y**2",
        lambda x, y: (2 * x, 20 * y),
        lambda x, y: ((2, 0), (0, 20)),
        (1, 2),
        (-300.5, 0.25),
    ),
    *by_hand(
        "exp(x)*sin(y)",
        lambda x, y: (np.exp(x) * np.sin(y), np.exp(x) * np.cos(y)),
        lambda x, y: np.exp(x) * np.array(((np.sin(y), np.cos(y)), (np.cos(y), -np.sin(y)))),
        (0.5, 2.0),
        (-4.0, 11.0),
    ),
    *by_hand(
        "x**y",
        lambda x, y: (y * x ** (y - 1), x**y * np.log(x)),
        lambda x, y: (
            (y * (y - 1) * x ** (y - 2), x ** (y - 1) * (1 + y * np.log(x))),
            (x ** (y - 1) * (1 + y * np.log(x)), x**y * np.log(x) ** 2),
        ),
        (1.7, 2.3),
        (0.2, -1.5),
    ),
    *by_hand(
        "x/y",
        lambda x, y: (1 / y, -x / y**2),
        lambda x, y: ((0, -1 / y**2), (-1 / y**2, 2 * x / y**3)),
        (3.0, -0.7),
    ),
    *by_hand(
        "atan2(y, x)",
        lambda x, y: (-y / (x * x + y * y), x / (x * x + y * y)),
        lambda x, y: (
            np.array(((2 * x * y, y * y - x * x), (y * y - x * x, -2 * x * y)))
            / (x * x + y * y) ** 2
        ),
        (-1.3, 0.4),
    ),
    *by_hand(
        "(1 - x)**2 + 100*(y - x**2)**2",
        lambda x, y: (-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)),
        lambda x, y: ((2 - 400 * (y - 3 * x * x), -400 * x), (-400 * x, 200)),
        (-1.2, 1.0),
        (1.0, 1.0),
    ),
    *by_hand(
        "sqrt(x**2 + y**2 + z**2)",
        lambda *p: np.array(p) / np.linalg.norm(p),
        lambda *p: np.eye(3) / np.linalg.norm(p) - np.outer(p, p) / np.linalg.norm(p) ** 3,
        (1.0, -2.0, 2.0),
    ),
    *by_hand(
        "sigmoid(x)",
        lambda x: (np.exp(-x) / (1 + np.exp(-x)) ** 2,),
        lambda x: ((-np.exp(-x) * (1 - np.exp(-x)) / (1 + np.exp(-x)) ** 3,),),
        (0.8,),
        (-5.0,),
    ),
]


@pytest.mark.parametrize(("text", "point", "gradient", "hessian"), EXACTLY)
def test_derivatives_are_those_found_by_hand(text, point, gradient, hessian):
    f = ScalarField(text)
    assert error(f.gradient(point), np.array(gradient(*point))) < EXACT
    assert error(f.hessian(point), np.array(hessian(*point))) < EXACT


def test_a_whole_number_is_as_good_as_a_float():
    f = ScalarField("x**2*y")
    assert (f.value((3, 2)), f.partial((3, 2), "x"), type(f.value((3, 2)))) == (18.0, 12.0, float)


@pytest.mark.parametrize(
    ("text", "point", "value", "gradient"),
    [
        ("log(x)", -1, math.nan, [math.nan]),  # autograd alone says -1
        ("sqrt(x)", -1, math.nan, [math.nan]),
        ("sqrt(x)", 0, 0, [math.inf]),
        ("abs(x)", 0, 0, [0]),
        ("max(x, 0)", 0, 0, [0.5]),
        ("floor(x)", 0.5, 0, [0]),
        ("x**y", (-2, 2), 4, [-4, math.nan]),
        ("x**y", (-2, 0.5), math.nan, [math.nan, math.nan]),
    ],
)
def test_undefined_points_and_conventions(text, point, value, gradient):
    f = ScalarField(text)
    assert f.value(point) == pytest.approx(value, nan_ok=True)
    assert f.gradient(point) == pytest.approx(gradient, nan_ok=True)


@pytest.mark.parametrize(("text", "point"), [("1/x", 0), ("log(x)", 0), ("exp(x)", 1e4)])
def test_where_f_is_infinite_there_is_no_derivative(text, point):
    f = ScalarField(text)
    assert np.isinf(f.value(point))
    assert np.isnan(f.gradient(point)).all()
    assert np.isnan(f.hessian(point)).all()


# ── random trees ─────────────────────────────────────────────────────────────────────────────────

ACROSS = np.array([-2.613, -1.271, -0.337, 0.213, 0.871, 1.439, 2.293])
UP = np.array([-2.117, -0.913, 0.139, 1.177, 2.711])


def quantity_differences(quantity, factor):
    """∂/∂x and ∂/∂y of a quantity on the grid of ACROSS and UP, by central differences."""
    h, k = factor * steps(ACROSS), factor * steps(UP)
    along = (quantity(ACROSS + h, UP) - quantity(ACROSS - h, UP)) / (2 * h[:, None])
    up = (quantity(ACROSS, UP + k) - quantity(ACROSS, UP - k)) / (2 * k)
    return np.array([along, up])


def compare(quantity, derivatives):
    """The error where differences can be trusted, and the share of finite points where they can.

    Near a kink or a pole the differences for h/2, h and 2h disagree; in huge values they drown.
    """
    with np.errstate(all="ignore"):
        half, once, twice = (quantity_differences(quantity, factor) for factor in (0.5, 1, 2))
        finite = np.isfinite(once) & np.isfinite(half) & np.isfinite(twice)
        scale = np.maximum(1, np.abs(once))
        spread = np.maximum(np.abs(twice - once), np.abs(half - once)) / scale
    trusted = finite & (spread < 1e-7) & (np.abs(quantity(ACROSS, UP)) < 1e3)
    trusted &= np.isfinite(derivatives)
    errors = np.abs(derivatives[trusted] - once[trusted]) / scale[trusted]
    return errors.max(initial=0), trusted.sum() / max(1, finite.sum())


def asymmetry(hessian):
    """The largest difference between H and its transpose, as a share of H's largest entry over 1."""
    H = hessian[:, :, np.isfinite(hessian).all(axis=(0, 1))]
    scale = np.maximum(1, np.abs(H).max(axis=(0, 1), initial=0))
    return (np.abs(H - np.swapaxes(H, 0, 1)) / scale).max(initial=0)


@pytest.mark.parametrize("smooth", [True, False], ids=["smooth", "kinked"])
def test_derivatives_of_random_trees_are_their_central_differences(smooth):
    shares = []

    @given(formulas(smooth=smooth))
    @settings(max_examples=250)
    def check(text):
        f = ScalarField(text, variables=("x", "y"))
        grid = f.on_grid(ACROSS, UP, order=2)
        first, share = compare(lambda x, y: f.on_grid(x, y).values, grid.gradient)
        second, second_share = compare(lambda x, y: f.on_grid(x, y, order=1).gradient, grid.hessian)
        assert first < CLOSE
        assert second < CLOSE
        assert asymmetry(grid.hessian) < CLOSE
        shares.append((share, second_share))

    check()
    assert np.min(np.mean(shares, axis=0)) > 0.7
