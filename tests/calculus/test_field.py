"""A field's values and derivatives, held against differences, hand-made formulas and geometry."""

import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd.tracer import trace_stack
from contourpy import contour_generator
from hypothesis import given, settings

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.formula import FormulaError
from gradwidgets.calculus.grid import FINEST, GRID_WORK
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
    """The largest difference between H and Hᵀ, as a share of the largest entry over 1."""
    H = hessian[:, :, np.isfinite(hessian).all(axis=(0, 1))]
    scale = np.maximum(1, np.abs(H).max(axis=(0, 1), initial=0))
    return (np.abs(H - np.swapaxes(H, 0, 1)) / scale).max(initial=0)


@pytest.mark.parametrize("smooth", [True, False], ids=["smooth", "kinked"])
def test_derivatives_of_random_trees_are_their_central_differences(smooth):
    shares = []

    @given(formulas(smooth=smooth))
    @settings(max_examples=100)
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


# ── what a gradient is ───────────────────────────────────────────────────────────────────────────

SCENES = [("bowl", (1, 2)), ("rosenbrock", (-1, -1)), ("peaks", (0.5, 1)), ("saddle", (1, 0.5))]


@pytest.mark.parametrize(("name", "point"), SCENES)
def test_the_gradient_is_the_direction_and_the_rate_of_steepest_increase(name, point):
    f = catalog[name].field
    gradient = f.gradient(point)
    angles = np.radians(np.arange(360))
    directions = np.column_stack([np.cos(angles), np.sin(angles)])
    h = 6e-6
    rates = [(f.value(point + h * u) - f.value(point - h * u)) / (2 * h) for u in directions]
    length, angle = np.linalg.norm(gradient), np.arctan2(*gradient[::-1])
    assert np.max(rates) == pytest.approx(length, rel=2e-4)
    assert np.cos(angles[np.argmax(rates)] - angle) > np.cos(np.radians(0.51))
    assert error(rates, length * np.cos(angles - angle)) < CLOSE


@pytest.mark.parametrize(("name", "point"), SCENES)
def test_the_gradient_is_perpendicular_to_the_level_curve(name, point):
    """The curve is traced by contourpy through values of f alone."""
    f = catalog[name].field
    x, y = (np.linspace(centre - 0.05, centre + 0.05, 201) for centre in point)
    lines = contour_generator(x, y, f.on_grid(x, y).values.T).lines(f.value(point))
    curve = max(lines, key=len)
    tangents = curve[24:] - curve[:-24]  # long, so that the grid's interpolation hardly matters
    middle = curve[12:-12]
    cosines = [
        np.dot(f.gradient(p), t) / np.linalg.norm(f.gradient(p)) / np.linalg.norm(t)
        for p, t in zip(middle, tangents, strict=True)
    ]
    assert len(cosines) > 100
    assert np.max(np.abs(cosines)) < 1e-3


@pytest.mark.parametrize(
    ("point", "degrees"),
    [((25, 1), 42.709), ((1, 1), 42.709), ((5, -0.5), 62.488), ((3, 0), 0), ((0, -2), 0)],
)
def test_the_gradient_points_at_the_minimum_on_the_axes_only(point, degrees):
    downhill = -ScalarField("(x**2 + 25*y**2)/2").gradient(point)
    home = -np.array(point, dtype=float)
    cosine = np.dot(downhill, home) / np.linalg.norm(downhill) / np.linalg.norm(home)
    assert np.degrees(np.arccos(min(1, cosine))) == pytest.approx(degrees, abs=1e-3)


@pytest.mark.parametrize("name", ["wave", "bowl", "ellipsoid"])
def test_the_gradient_has_one_component_for_each_input(name):
    f, start = catalog[name].field, catalog[name].start
    assert f.gradient(start).shape == (len(f.variables),)
    assert f.hessian(start).shape == (len(f.variables),) * 2


def test_the_length_of_a_direction_does_not_matter():
    f = ScalarField("x**2 + 10*y**2")
    assert f.directional((1, 2), (3, 4)) == pytest.approx(33.2, rel=1e-14)
    for length in (1e-200, 1e-3, 1e3, 1e200):
        direction = np.multiply(length, (3, 4))
        assert f.directional((1, 2), direction) == pytest.approx(33.2, rel=1e-14)


@pytest.mark.parametrize("direction", [(0, 0), (1,), (1, 2, 3), (math.nan, 1), (math.inf, 1), 1])
def test_a_direction_has_as_many_components_as_there_are_variables(direction):
    with pytest.raises(ValueError, match="a direction has 2 components and is not zero"):
        ScalarField("x + y").directional((1, 2), direction)


# ── on a grid ────────────────────────────────────────────────────────────────────────────────────


def assert_grid_is_the_points(f, axes):
    """Values, gradient and Hessian on the grid are those at each of its points."""
    plain, first, second = (f.on_grid(*axes, order=order) for order in (0, 1, 2))
    assert (plain.gradient, plain.hessian, first.hessian) == (None, None, None)
    lines = [np.atleast_1d(axis) for axis in axes]
    shape, n = tuple(map(len, lines)), len(f.variables)
    assert [list(axis) for axis in second.axes] == [list(line) for line in lines]
    assert (second.values.shape, first.gradient.shape) == (shape, (n, *shape))
    assert (second.gradient.shape, second.hessian.shape) == ((n, *shape), (n, n, *shape))
    for grid in (plain, first):
        np.testing.assert_array_equal(grid.values, second.values)
    np.testing.assert_allclose(first.gradient, second.gradient, rtol=1e-12)
    for index in np.ndindex(shape):
        point = [line[i] for line, i in zip(lines, index, strict=True)]
        value = f.value(point)
        expected = value if np.isfinite(value) else math.nan
        close = {"rtol": 1e-12, "atol": 1e-12}
        np.testing.assert_allclose(second.values[index], expected, **close)
        np.testing.assert_allclose(second.gradient[(..., *index)], f.gradient(point), **close)
        np.testing.assert_allclose(second.hessian[(..., *index)], f.hessian(point), **close)


LINE = [-1.5, -0.25, 0, 0.5, 2]
ON_GRIDS = [
    ("sin(x)*x", None, [LINE]),
    ("exp(x)*y**2 + x*y", None, [LINE, [-1, 0.5, 3]]),
    ("x*y*z + cos(z)*x**2", None, [LINE, [-1, 3], [0.5, 1, 2]]),
    ("w*x**2 + exp(y)*sin(z) + w*z", None, [[1, 2], [-1, 0.5], [0.1, 2, 3], [4, 5]]),
    ("log(x)*y", None, [LINE, [-1, 2]]),
    ("sqrt(x) + y", None, [LINE, [-1, 2]]),
    ("1/x + 1/y", None, [LINE, LINE]),
    ("abs(x)*max(x, y) + where(x > y, x**2, y)", None, [LINE, LINE]),
    ("x**y", None, [LINE, [-1, 0.5, 2]]),
    ("5", None, [LINE, [1, 2]]),
    ("5", ("t",), [LINE]),
    ("x**2", ("x", "y"), [LINE, [1, 2]]),
    ("y**2", ("x", "y", "z"), [[1, 2], LINE, [3]]),
    ("floor(x) + sign(y)", None, [[-1.5, 0.5], [-1, 2]]),
    ("x*y**2*z", None, [LINE, 2, [1, 3]]),
    ("x*y**2", None, [1.5, LINE]),
    ("x*y**2", None, [1.5, -2]),
]


@pytest.mark.parametrize(("text", "variables", "axes"), ON_GRIDS)
def test_a_grid_is_its_points(text, variables, axes):
    assert_grid_is_the_points(ScalarField(text, variables=variables), axes)


@pytest.mark.parametrize("name", catalog)
def test_a_grid_of_a_known_function_is_its_points(name):
    f = catalog[name].field
    assert_grid_is_the_points(f, [f.axis(variable, 4) for variable in f.variables])


@given(formulas(("x", "y", "z")))
@settings(max_examples=40)
def test_a_grid_of_a_random_tree_is_its_points(text):
    """Where the value is moderate: beyond, the last digits of sums that cancel are arbitrary."""
    f = ScalarField(text, variables=("x", "y", "z"))
    grid = f.on_grid([-1.27, 0.87], [0.31, 2.1], 0.7, order=2)
    for index in np.ndindex(grid.values.shape):
        point = [axis[i] for axis, i in zip(grid.axes, index, strict=True)]
        if np.abs(grid.hessian[(..., *index)]).max() < 1e4:
            at_point = f.gradient(point), f.hessian(point)
            np.testing.assert_allclose(
                grid.gradient[(..., *index)], at_point[0], rtol=1e-9, atol=1e-9
            )
            np.testing.assert_allclose(
                grid.hessian[(..., *index)], at_point[1], rtol=1e-7, atol=1e-7
            )


def test_without_axes_the_domain_is_covered():
    f = ScalarField("x + y", domain={"x": (-1, 2), "y": (5, 7)})
    x, y = f.on_grid().axes
    assert (x[0], x[-1], y[0], y[-1]) == (-1, 2, 5, 7)
    assert len(x) == len(y) == f.resolution


def test_an_axis_runs_evenly_over_its_interval():
    f = ScalarField("x + y", domain={"y": (0, 1)})
    np.testing.assert_array_equal(f.axis("y", 5), [0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_array_equal(f.axis(0, 3), [-3, 0, 3])


@pytest.mark.parametrize("terms", [1, 5, 10, 20, 39])
def test_a_longer_formula_has_a_coarser_grid_and_no_more_work(terms):
    f = ScalarField(" + ".join(["x*y"] * terms))
    assert f.resolution**2 * f.formula.size <= GRID_WORK
    assert f.resolution <= ScalarField("x*y").resolution == FINEST


def test_the_finest_grid_is_only_for_short_formulas():
    assert ScalarField(" + ".join(["x*y"] * 39)).resolution < FINEST


@pytest.mark.parametrize(
    ("axes", "order", "message"),
    [
        ([[1, 2]], 0, "an axis for each"),
        ([[1], [2], [3]], 1, "an axis for each"),
        ([[1], [2]], 3, "order is 0, 1 or 2"),
        ([[1], [2]], -1, "order is 0, 1 or 2"),
        ([[1], [2]], "1", "order is 0, 1 or 2"),
    ],
)
def test_a_grid_that_does_not_fit_is_refused(axes, order, message):
    with pytest.raises(ValueError, match=message):
        ScalarField("x + y").on_grid(*axes, order=order)


# ── callables ────────────────────────────────────────────────────────────────────────────────────


def with_branch(x, y):
    if x > y:
        return x**2
    return y**3 * x


def with_python_max(x, y):
    return max(x, y) * y


def undefined_on_the_left(x):
    if x < 0:
        raise ValueError("no root of a negative number")
    return anp.sqrt(x + 1)


def nowhere(x):
    raise KeyError("never defined")


CALLABLES = [
    pytest.param(lambda x, y: x**2 * anp.sin(y), "x**2*sin(y)", id="vectorised"),
    pytest.param(lambda x, y: x**3.7 * anp.exp(y) ** 2.5, "x**3.7*exp(y)**2.5", id="powers"),
    pytest.param(lambda x, y: np.tanh(x) * np.cos(y), "tanh(x)*cos(y)", id="plain numpy"),
    pytest.param(with_branch, "where(x > y, x**2, y**3*x)", id="if"),
    pytest.param(with_python_max, "where(y > x, y, x)*y", id="python's max"),
    pytest.param(lambda x, y: 3, "3", id="constant"),
    pytest.param(lambda x, y: y, "y", id="y itself"),
    pytest.param(lambda x, y, scale=2.0: scale * x * y, "2*x*y", id="default"),
    pytest.param(lambda x, y: anp.sum(anp.array([x, y]) ** 2), "x**2 + y**2", id="sum"),
    pytest.param(lambda x, y: anp.array([x, y]) @ anp.array([y, x]), "2*x*y", id="dot"),
]


@pytest.mark.parametrize(("function", "text"), CALLABLES)
def test_a_callable_is_the_formula_that_says_the_same(function, text):
    by_call, by_text = ScalarField(function), ScalarField(text, variables=("x", "y"))
    assert by_call.variables == ("x", "y")
    assert by_call.formula is None
    axes = [0.3, 1.1, 2.4], [0.7, 1.9]
    found, expected = by_call.on_grid(*axes, order=2), by_text.on_grid(*axes, order=2)
    for name in ("values", "gradient", "hessian"):
        close = {"rtol": 1e-12, "atol": 1e-12}
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), **close)
    assert_grid_is_the_points(by_call, axes)


@pytest.mark.parametrize("function", [parameter.values[0] for parameter in CALLABLES[:3]])
def test_a_vectorised_callable_runs_once_for_a_whole_grid(function):
    calls = []

    def counted(x, y):
        calls.append(None)
        return function(x, y)

    f = ScalarField(counted)
    calls.clear()
    f.on_grid(np.linspace(0, 1, 20), np.linspace(0, 1, 20), order=1)
    assert len(calls) == 1


def test_a_callable_is_undefined_where_it_raises():
    f = ScalarField(undefined_on_the_left)
    grid = f.on_grid([-1, 0, 3], order=2)
    np.testing.assert_allclose(grid.values, [math.nan, 1, 2])
    np.testing.assert_allclose(grid.gradient, [[math.nan, 1 / 2, 1 / 4]])
    np.testing.assert_allclose(grid.hessian, [[[math.nan, -1 / 4, -1 / 32]]])
    f.check()


def test_a_callable_s_own_exception_passes_where_it_is_undefined_everywhere():
    f = ScalarField(nowhere)
    level = trace_stack.top
    for use in (
        f.check,
        f.on_grid,
        lambda: f.value(1),
        lambda: f.gradient(1),
        lambda: f.hessian(1),
    ):
        with pytest.raises(KeyError, match="never defined"):
            use()
    assert trace_stack.top == level


@pytest.mark.parametrize(
    ("function", "words"),
    [
        pytest.param(lambda x: anp.cbrt(x), r"cbrt.*derivative|derivative.*cbrt", id="cbrt"),
        pytest.param(lambda x: anp.fmod(x, 2), r"fmod.*derivative|derivative.*fmod", id="fmod"),
        pytest.param(lambda x: math.sin(x), r"autograd\.numpy", id="math"),
        pytest.param(lambda x: np.where(x > 0, x**2, -x), r"autograd\.numpy", id="numpy's where"),
    ],
)
def test_a_callable_that_autograd_cannot_differentiate_has_a_clear_message(function, words):
    f = ScalarField(function)
    assert np.isfinite(f.value(0.7))
    for use in (f.check, lambda: f.gradient(0.7), lambda: f.hessian(0.7)):
        with pytest.raises(Exception, match=words):
            use()


def test_a_callable_with_any_number_of_arguments_needs_names():
    def product(*factors):
        return anp.prod(anp.array(factors))

    with pytest.raises(ValueError, match="name the variables"):
        ScalarField(product)
    f = ScalarField(product, variables=("a", "b", "c"))
    np.testing.assert_allclose(f.gradient((2, 3, 4)), [12, 8, 6])
    np.testing.assert_allclose(f.on_grid(2, [3, 5], 4, order=1).gradient[:, 0, 1, 0], [20, 8, 10])


@pytest.mark.parametrize("names", [("x", "y"), ("x", "y", "z")])
def test_names_that_do_not_fit_a_callable_are_refused_at_once(names):
    with pytest.raises(ValueError, match=r"argument|parameter|variable"):
        ScalarField(lambda x: x**2, variables=names)


# ── kinks ────────────────────────────────────────────────────────────────────────────────────────

INF = math.inf
KINKS = [
    # text, point, for each kink (variable, kind, left, right, what autograd returns)
    ("abs(x)", 0, [("x", "corner", -1, 1, 0)]),
    ("1000*abs(x - 2)", 2, [("x", "corner", -1000, 1000, 0)]),
    ("0.001*abs(x)", 0, [("x", "corner", -0.001, 0.001, 0)]),
    ("abs(x - 1000)", 1000, [("x", "corner", -1, 1, 0)]),
    ("relu(x)", 0, [("x", "corner", 0, 1, 0.5)]),
    ("where(x < 0, x, 3*x)", 0, [("x", "corner", 1, 3, 3)]),
    ("x**3 + abs(x - 1)", 1, [("x", "corner", 2, 4, 3)]),
    ("max(x, y)", (1, 1), [("x", "corner", 0, 1, 0.5), ("y", "corner", 0, 1, 0.5)]),
    ("max(x, y)", (1, 0.5), []),
    ("abs(x) + y**2", (0, 1), [("x", "corner", -1, 1, 0)]),
    ("sqrt(abs(x))", 0, [("x", "cusp", -INF, INF, math.nan)]),
    ("abs(x)**(1/3)", 0, [("x", "cusp", -INF, INF, math.nan)]),
    ("floor(x)", 2, [("x", "jump", INF, 0, 0)]),
    ("ceil(x)", 2, [("x", "jump", 0, INF, 0)]),
    ("x % 2", 4, [("x", "jump", -INF, 1, 1)]),
    ("where(x < 0, 0, 1)", 0, [("x", "jump", INF, 0, 0)]),
    ("sign(x)", 0, [("x", "jump", INF, INF, 0)]),
    (
        "sqrt(x**2 + y**2)",
        (0, 0),
        [("x", "corner", -1, 1, math.nan), ("y", "corner", -1, 1, math.nan)],
    ),
]


@pytest.mark.parametrize(("text", "point", "expected"), KINKS)
def test_a_kink_is_found_with_its_slopes(text, point, expected):
    found = ScalarField(text).kinks(point)
    assert [(kink.variable, kink.kind) for kink in found] == [row[:2] for row in expected]
    for kink, (_, _, *slopes) in zip(found, expected, strict=True):
        for slope, wanted in zip((kink.left, kink.right, kink.autograd), slopes, strict=True):
            assert slope == pytest.approx(wanted, rel=1e-4, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize(
    ("text", "point", "words"),
    [
        (
            "abs(x)",
            0,
            "Corner along x: slope −1.00 on the left, 1.00 on the right. "
            "autograd's answer 0 is a convention.",
        ),
        ("sqrt(abs(x))", 0, "has no bound here: −∞ on the left, ∞ on the right."),
        ("sign(x)*sqrt(abs(x))", 0, "has no bound here: ∞ on both sides."),
        ("floor(x)", 1, "f jumps along x here: it has no slope."),
        ("x**x", 0, "f ends here along x: it is defined on the right alone, with the slope −∞."),
        ("arccos(x)", 1, "it is defined on the left alone, with the slope −∞."),
        ("sqrt(x**2)", 0, "1.00 on the right. autograd has no answer."),
        ("where(x > 0, sqrt(x), -x)", -2, "the slopes from left and right agree: −1.00."),
        ("where(x == 0, 1, sin(x)/x)", 0, "the slopes from left and right agree: 0."),
        (
            "x*sign(x)*sign(x)",
            0,
            "autograd answers 0 along x here; the slopes from left and right agree: 1.00.",
        ),
        ("where(x == 0, 0, x*sin(1/x))", 0, "the slopes from left and right show none."),
    ],
)
def test_a_kink_says_what_it_is(text, point, words):
    assert words in str(ScalarField(text, variables=("x",)).kinks(point)[0])


def test_f_stands_alone_where_it_is_defined_on_neither_side():
    (kink,) = ScalarField("x**y").kinks((-2, 3))  # along x it is a cubic
    assert str(kink) == "f stands alone here along y: it is undefined on both sides."


def test_a_kink_where_autograd_has_no_answer_does_not_call_nan_an_answer():
    assert "nan" not in str(ScalarField("sqrt(x**2 + y**2)").kinks((0, 0))[0])


@pytest.mark.parametrize("x", [-2.0, -0.01, -1e-3, 0.0, 1e-4, 2e-3, 0.5, 1.0, 3.0])
@pytest.mark.parametrize(
    "text",
    [
        *("x**2", "1e4*x**2", "x**9", "sin(500*x)", "tanh(1000*x)", "exp(10*x)", "1e8*sin(x)"),
        *("exp(-1e4*x**2)", "1/(1 + 1e4*x**2)", "sqrt(1e-4 + x**2)", "softplus(1000*x)"),
        *("x*abs(x)", "abs(x)**1.5", "1e12 + x**2", "floor(x + 0.3)", "5 + 0*x"),
    ],
)
def test_a_steep_smooth_function_has_no_kink(text, x):
    assert ScalarField(text).kinks(x) == ()


@pytest.mark.parametrize("name", sorted(set(catalog) - {"corner", "ramp"}))
def test_a_smooth_function_has_no_kink(name):
    f = catalog[name].field
    smooth_minima = [] if name == "ackley" else catalog[name].minima
    for point in [*points_in(f, 40), catalog[name].start, *smooth_minima]:
        assert f.kinks(point) == ()


def test_ackley_has_a_kink_at_its_minimum():
    assert {kink.kind for kink in catalog["ackley"].field.kinks((0, 0))} == {"corner"}


# ── making one ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("source", [3, None, ["x"], b"x"])
def test_a_field_is_made_from_text_or_a_callable(source):
    with pytest.raises(TypeError, match="text or a callable"):
        ScalarField(source)


def test_text_that_is_no_formula_is_refused():
    with pytest.raises(FormulaError, match="sin"):
        ScalarField("sin x")


@pytest.mark.parametrize(
    ("source", "given", "variables"),
    [
        ("y*x", None, ("x", "y")),
        ("b + a", None, ("a", "b")),
        ("5", None, ("x", "y")),
        ("x**2", ["x"], ("x",)),
        ("x**2", ("t", "x"), ("t", "x")),
        ("y*x", ("y", "x"), ("y", "x")),
        (lambda v, u: v - u, None, ("v", "u")),
        (lambda v, u: v - u, ("a", "b"), ("a", "b")),
        (lambda v, u=1: v - u, None, ("v",)),
    ],
)
def test_variables_have_an_order(source, given, variables):
    assert ScalarField(source, variables=given).variables == variables


def test_named_variables_set_the_order_of_everything():
    f = ScalarField("x**2 + y", variables=("y", "x"))
    assert f.value((1, 3)) == 10
    np.testing.assert_array_equal(f.gradient((1, 3)), [1, 6])
    np.testing.assert_array_equal(f.on_grid([0, 1], [2, 3, 4]).values, [[4, 9, 16], [5, 10, 17]])


@pytest.mark.parametrize("names", [("x",), ("x", "x", "y"), (), ("x", "z")])
def test_variables_that_do_not_fit_are_refused(names):
    with pytest.raises(ValueError, match=r"the formula also uses|different names"):
        ScalarField("x + y", variables=names)


@pytest.mark.parametrize(
    ("domain", "message"),
    [
        ({"x": (1, 1)}, "range of x must grow"),
        ({"x": (2, 1)}, "range of x must grow"),
        ({"x": (1, 1 + 1e-9)}, "too narrow for numbers of 16 digits"),
        ({"x": (0, 1e-101)}, "too narrow"),
        ({"x": (0, math.nan)}, "range of x"),
        ({"x": (-math.inf, 0)}, "range of x stays between"),
        ({"x": (0, 1e101)}, "range of x stays between"),
        ({"x": (0, 10**400)}, "range of x"),
        ({"x": 3}, "range of x is two numbers"),
        ({"x": None}, "range of x is two numbers"),
        ({"x": (0, 1, 2)}, "range of x is two numbers"),
        ({"x": "ab"}, "range of x is two numbers"),
        ({"x": (0, "b")}, "range of x is two numbers"),
        ({"x": (0, 1j)}, "range of x is two numbers"),
        ({"z": (0, 1)}, "the domain names z"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_domain_that_cannot_be_drawn_is_refused(domain, message):
    with pytest.raises(ValueError, match=message):
        ScalarField("x + y", domain=domain)
    with pytest.raises(ValueError, match=message):
        ScalarField("x + y").with_domain(domain)


def test_a_domain_may_name_some_variables():
    f = ScalarField("x + y", domain={"y": [0, 2]})
    assert f.domain == {"x": (-3.0, 3.0), "y": (0.0, 2.0)}


def test_another_domain_makes_another_field():
    f = ScalarField("x*y", domain={"x": (0, 1)}, variables=("y", "x"))
    g = f.with_domain({"y": (5, 6)})
    assert f.domain == {"y": (-3.0, 3.0), "x": (0.0, 1.0)}
    assert g.domain == {"y": (5.0, 6.0), "x": (0.0, 1.0)}
    assert (g.variables, g.text, g.value((2, 3))) == (f.variables, f.text, 6)


def test_a_field_names_itself():
    assert repr(ScalarField(" x*y ")) == "ScalarField('x*y', variables=('x', 'y'))"
    assert ScalarField(with_branch).text == "with_branch"


# ── points and variables ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "point", [(3, 5), [3, 5], np.array([3, 5]), {"x": 3, "y": 5}, {"y": 5.0, "x": 3}]
)
def test_a_point_is_a_sequence_or_a_mapping(point):
    f = ScalarField("x - 2*y")
    assert f.value(point) == -7
    np.testing.assert_array_equal(f.gradient(point), [1, -2])
    assert [float(c) for c in f.coordinates(point)] == [3, 5]


@pytest.mark.parametrize("point", [3, 3.0, np.float64(3), (3,), [3], np.array(3), {"x": 3}])
def test_for_one_variable_a_point_may_be_a_number(point):
    f = ScalarField("x**2")
    assert (f.value(point), f.partial(point, "x"), f.hessian(point).tolist()) == (9, 6, [[2]])


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ((1,), "2 coordinates"),
        ((1, 2, 3), "2 coordinates"),
        (1, "2 coordinates"),
        (None, "2 coordinates"),
        ([[1, 2]], "2 coordinates"),
        ({"x": 1}, "a point names each"),
        ({"x": 1, "z": 2}, "a point names each"),
        ({"x": 1, "y": 2, "z": 3}, "a point names each"),
    ],
)
def test_a_point_that_does_not_fit_is_refused(point, message):
    f = ScalarField("x + y")
    for use in (f.value, f.gradient, f.hessian, f.kinks):
        with pytest.raises(ValueError, match=message):
            use(point)


@pytest.mark.parametrize("variable", ["z", "", 2, -1, 1.0, None])
def test_a_variable_that_does_not_exist_is_refused(variable):
    f = ScalarField("x + y")
    for use in (f.index, f.axis, lambda name: f.partial((1, 2), name)):
        with pytest.raises(ValueError, match="none of the variables"):
            use(variable)


# ── checked before it is shown ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", catalog)
def test_a_known_function_can_be_shown(name):
    catalog[name].field.check()


@pytest.mark.parametrize(
    "text", ["5", "log(x)", "1/x", "w + x + y + z", "sqrt(0.2 - (x - 0.5)**2)"]
)
def test_what_is_finite_somewhere_can_be_shown(text):
    ScalarField(text).check()


@pytest.mark.parametrize(
    ("text", "domain", "message"),
    [
        ("log(-1 - x**2)", {}, "log(-1 - x**2) has no finite value where −3 ≤ x ≤ 3."),
        ("log(x)", {"x": (-2.5, -1)}, "log(x) has no finite value where −2.5 ≤ x ≤ −1."),
        ("sqrt(x + y)", {"x": (-2, -1), "y": (-1, 0)}, "where −2 ≤ x ≤ −1 and −1 ≤ y ≤ 0."),
        ("1/(x - x)", {}, "has no finite value"),
    ],
)
def test_what_is_finite_nowhere_is_refused_with_the_reason(text, domain, message):
    with pytest.raises(FormulaError) as caught:
        ScalarField(text, domain=domain).check()
    assert message in str(caught.value)


# ── what a callable reads ────────────────────────────────────────────────────────────────────────


def test_the_state_changes_with_what_a_callable_reads():
    scale = 2.0
    field = ScalarField(lambda x, y: scale * x * y)
    before = field.state
    assert field.state == before
    scale = 3.0
    assert field.state != before


def test_a_formula_and_what_reads_unseen_have_no_state():
    numbers = {1.0}
    assert ScalarField("x*y").state is None
    assert ScalarField(lambda x, y: max(numbers) * x * y).state is None


@pytest.mark.parametrize("source", ["t**2", lambda t: t * t])
def test_with_one_variable_a_domain_may_be_the_interval_alone(source):
    field = ScalarField(source, domain=(-1, 2))
    assert field.domain == {"t": (-1.0, 2.0)}
    assert field.with_domain([0, 5]).domain == {"t": (0.0, 5.0)}


def test_with_several_variables_the_message_shows_a_domain_by_names():
    with pytest.raises(ValueError, match=r'write domain=\{"x": \(-1, 1\), "y": \(-1, 1\)\}'):
        ScalarField("x*y", domain=(-3, 3))
    with pytest.raises(ValueError, match="name the variables"):
        ScalarField("x*y").with_domain((-3, 3))
    with pytest.raises(ValueError, match="two numbers"):
        ScalarField("x", domain=(1, 2, 3))
