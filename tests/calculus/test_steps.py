"""Newton's steps and line searches, for one run and for a batch."""

import math

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.steps import advance_by, look_at

ROSENBROCK = "(1 - x)**2 + 100*(y - x**2)**2"
VALLEY = "(x**2 + 25*y**2)/2"


def slopes(run):
    with np.errstate(over="ignore"):
        return np.linalg.norm(run.gradients, axis=1)


# ── Newton ───────────────────────────────────────────────────────────────────────────────────────


def test_newton_on_rosenbrock_is_there_after_seven_steps():
    run = descend(ROSENBROCK, (-1.2, 1.0), method="newton", steps=12)
    assert int(np.flatnonzero(slopes(run) < 1e-10)[0]) == 7
    assert run.points[7] == pytest.approx([1, 1], abs=1e-12)


def test_near_the_end_the_error_is_squared_at_every_step():
    run = descend("exp(x) - 2*x + cosh(y)", (1.5, 1.0), method="newton", steps=5)
    errors = np.linalg.norm(run.points - (math.log(2), 0), axis=1)
    assert (errors[2:5] <= 2 * errors[1:4] ** 2).all()


@st.composite
def quadratics(draw):
    """Text, a minimum and a start; the eigenvalues lie between 0.1 and 1000."""
    count = draw(st.integers(1, 3))
    numbers = st.integers(-12, 12).map(lambda quarters: quarters / 4)
    values = [10.0 ** draw(st.integers(-1, 3)) for _ in range(count)]
    basis = np.linalg.qr(np.array([[draw(numbers) for _ in range(count)] for _ in range(count)]))[0]
    matrix = (basis * values) @ basis.T
    minimum, start = ([draw(numbers) for _ in range(count)] for _ in range(2))
    offsets = [f"({name} - ({c}))" for name, c in zip("xyz", minimum, strict=False)]
    terms = [
        f"({matrix[i, j] / (1 + (i == j)):.12g})*{offsets[i]}*{offsets[j]}"
        for i in range(count)
        for j in range(i, count)
    ]
    return " + ".join(terms), minimum, start


@settings(max_examples=40)
@given(quadratics())
def test_newton_needs_one_step_for_a_bowl_of_any_shape(quadratic):
    text, minimum, start = quadratic
    run = descend(ScalarField(text, variables="xyz"[: len(start)]), start, None, 1, "newton")
    assert run.points[1] == pytest.approx(minimum, abs=1e-9)


@pytest.mark.parametrize("rate", [0.25, 0.5, 1.5])
def test_a_damped_newton_step_goes_part_of_the_way(rate):
    run = descend("x**2 + x*y + 2*y**2", (2, 1), rate, 10, "newton")
    expected = np.multiply.outer((1 - rate) ** np.arange(11), [2, 1])
    assert np.max(np.abs(run.points - expected)) < 1e-12


@pytest.mark.parametrize(
    ("text", "start", "place", "word"),
    [
        ("x**2 - y**2", (1.2, 0.7), (0, 0), "at a saddle"),
        ("x**2 + 4*x*y + y**2", (1.0, 2.0), (0, 0), "at a saddle"),
        ("exp(-x**2 - y**2)", (0.2, 0.1), (0, 0), "flat"),
        ("x**3 - 3*x + y**2", (-0.8, 1.0), (-1, 0), "at a saddle"),
    ],
)
def test_newton_seeks_any_point_without_slope(text, start, place, word):
    run = descend(text, start, method="newton", steps=30)
    assert run.points[-1] == pytest.approx(place, abs=1e-9)
    assert run.verdict == word


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("x + 2*y", (1.0, 1.0)),
        ("(x - y)**2", (1.0, 2.0)),
        ("x**2 + y", (1.0, 1.0)),
        ("x**2 + 1e-15*y**2", (1.0, 1.0)),
        ("abs(x)", 1.0),
    ],
)
def test_a_singular_hessian_ends_newton_s_run(text, start):
    run = descend(text, start, method="newton", steps=10)
    assert len(run) == 0
    assert run.ended
    assert run.verdict == "stuck"


@pytest.mark.parametrize(("text", "start"), [("x**3", 0.0), ("floor(x)", 0.5)])
def test_where_the_slope_is_zero_as_well_it_is_flat(text, start):
    run = descend(text, start, method="newton", steps=10)
    assert (len(run), run.ended, run.verdict) == (0, True, "flat")


def test_a_singular_run_leaves_the_others_of_its_batch_alone():
    starts = [[1.0, 1.0], [0.0, 1.0], [-1.0, 0.5]]
    batch = descend("x**3 + y**2", starts, method="newton", steps=4)
    assert [len(batch[place]) for place in range(3)] == [4, 0, 4]
    for place in (0, 2):
        alone = descend("x**3 + y**2", starts[place], method="newton", steps=4)
        assert np.array_equal(batch[place].points, alone.points)


# ── exact line search ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (VALLEY, (25, 1)),
        ("x**2 + x*y + 2*y**2", (2, -1)),
        (ROSENBROCK, (-1.2, 1)),
        (catalog["peaks"].text, (0.3, -0.5)),
        (catalog["ellipsoid"].text, (1, -1, 0.5)),
        ("log(1 + exp(3*x)) + log(1 + exp(-x)) + y**4 + y**2", (2, 1)),
    ],
)
def test_after_an_exact_search_the_next_gradient_is_orthogonal(text, start):
    run = descend(text, start, 0.01, 10, "exact line search")
    before, after = run.gradients[:-1], run.gradients[1:]
    products = np.abs(np.sum(before * after, axis=1))
    assert (products < 1e-10 * np.sum(before * before, axis=1) + 1e-13).all()


def test_from_the_worst_start_f_falls_by_the_famous_factor():
    """From (κ, 1) by ((κ − 1)/(κ + 1))² a step, and the path zig-zags."""
    run = descend(VALLEY, (25, 1), 1.0, 40, "exact line search")
    falls = run.values[1:] / run.values[:-1]
    assert falls == pytest.approx(np.full(40, (24 / 26) ** 2), rel=1e-9)
    assert falls[0] == pytest.approx(0.85207, abs=5e-6)
    assert run.step_sizes == pytest.approx(np.full(40, 2 / 26), rel=1e-9)


@pytest.mark.parametrize("rate", [1e-8, 0.3, 1.0, 7.0, 1e6])
def test_on_a_quadratic_the_first_trial_does_not_matter(rate):
    run = descend("x**2 + 10*y**2", (2, 1), rate, 8, "exact line search")
    usual = descend("x**2 + 10*y**2", (2, 1), 1.0, 8, "exact line search")
    assert run.points == pytest.approx(usual.points, abs=1e-11)


BOUNDED = [name for name in catalog if name not in ("corner", "saddle", "monkey saddle")]


@pytest.mark.parametrize("name", BOUNDED)
def test_a_step_found_is_a_minimum_along_its_line(name):
    example = catalog[name]
    run = descend(example.field, example.start, 0.05, 6, "exact line search")
    for point, gradient, size in zip(run.points[:-1], run.gradients, run.step_sizes, strict=False):
        here = example.field.value(point - size * gradient)
        for share in (0.999, 1.001):
            beside = example.field.value(point - share * size * gradient)
            assert not beside < here - 1e-9 * max(1.0, abs(here))


@pytest.mark.parametrize(
    ("text", "start", "rate", "place"),
    [
        ("x - log(x)", 2.9, 5.0, 1.0),  # the first trial lies beyond the domain of definition
        ("x*log(x)", 1.0, 100.0, math.exp(-1)),
        ("exp(x**2)", 2.0, 1.0, 0.0),  # the slope at the first trial is enormous
        ("exp(x**2)", 10.0, 1.0, 0.0),
        ("exp(x**4)", 3.0, 1.0, 0.0),
        ("cosh(x)", 5.0, 10.0, 0.0),
    ],
)
def test_an_exact_search_comes_back_from_too_far(text, start, rate, place):
    run = descend(text, start, rate, 3, "exact line search")
    assert run.points[-1, 0] == pytest.approx(place, abs=1e-3)


@pytest.mark.parametrize("text", ["sqrt(x)", "x**1.5", "log(x)"])
def test_an_exact_search_stays_where_f_is_defined(text):
    run = descend(text, 1.0, 0.3, 30, "exact line search")
    assert (run.points >= 0).all()
    assert run.values[1] < run.values[0]


WILD = {
    "sqrt(abs(x))": 1.0,
    "sqrt(abs(x - 1))": 2.7,
    "abs(x)^0.3": 2.0,
    "ln(abs(x))": 1.0,
    "ln(x^2 + y^2)": (1.0, 0.5),
    "1/x": -1.0,
    "1/x^3 + x": -0.4,
    "tan(x)": 0.5,
    "sqrt(abs(x)) + y^2": (1.0, 1.0),
    "1/(x - 2) + x^2 + y^2": (2.5, 1.0),
    "x*sin(1/x)": 0.6,
    "10*2 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)": (2.2, -1.7),
}


@pytest.mark.parametrize("text", WILD)
def test_an_exact_search_never_raises_f(text):
    """Tips, poles and waves: where f falls again far away, it may still be higher there."""
    for rate in (0.1, 30.0):
        run = descend(text, WILD[text], rate, 6, "exact line search")
        assert (run.values[1:] <= run.values[:-1]).all()
        batch = descend(text, run.points[:1], rate, 6, "exact line search")
        assert (batch.values[0, 1:] <= batch.values[0, :-1]).all()


@given(
    st.lists(st.floats(-3, 3), min_size=5, max_size=5),
    st.floats(-2, 2),
    st.floats(-6, 2).map(lambda power: 10.0**power),
)
@settings(max_examples=40)
def test_no_mixture_of_waves_and_tips_is_climbed(weights, start, rate):
    a, b, c, d, e = weights
    field = ScalarField(
        lambda x: a * anp.sin(3 * x) + b * x**2 + c * anp.abs(x - d) ** 0.5 + e * anp.cos(x * x)
    )
    values = descend(field, start, rate, 8, "exact line search").values
    assert (values[1:] <= values[:-1]).all()


def test_where_there_is_no_slope_no_step_is_taken():
    for method in ("exact line search", "backtracking"):
        run = descend("x**2 - y**2", (0, 0), method=method, steps=5)
        assert not run.points.any()
    assert not descend("x**2", 0.0, method="exact line search", steps=3).step_sizes.any()


# ── backtracking ─────────────────────────────────────────────────────────────────────────────────

SETTINGS = [
    {},
    {"sufficient_decrease": 0.5, "contraction": 0.8},
    {"sufficient_decrease": 0.9, "contraction": 0.3},
    {"sufficient_decrease": 0.1, "contraction": 0.99},
    {"sufficient_decrease": 0.0, "contraction": 0.01},
]


def armijo(run):
    """What f may be after every step."""
    decrease = run.parameters["sufficient_decrease"]
    with np.errstate(all="ignore"):
        return run.values[:-1] - decrease * run.step_sizes * slopes(run)[:-1] ** 2


RATED = list(zip([1.0, 1e-3, 100.0, 1.0, 100.0], SETTINGS, strict=True))
# each function with two settings, each setting with eight functions or nine
SEARCHES = [
    (name, *RATED[(2 * place + k) % len(RATED)])
    for place, name in enumerate(catalog)
    for k in (0, 1)
]


@pytest.mark.parametrize(("name", "rate", "settings"), SEARCHES)
def test_backtracking_satisfies_armijo_at_every_step(name, rate, settings):
    example = catalog[name]
    run = descend(example.field, example.start, rate, 30, "backtracking", **settings)
    known = np.abs(run.values[1:]) < 1e100  # f has no least value on the monkey saddle
    assert (run.values[1:] <= armijo(run))[known].all()


@pytest.mark.parametrize("settings", SETTINGS)
def test_backtracking_takes_the_first_step_that_is_good_enough(settings):
    field = ScalarField(ROSENBROCK)
    run = descend(field, (-1.2, 1.0), 1.0, 30, "backtracking", **settings)
    contraction, decrease = run.parameters["contraction"], run.parameters["sufficient_decrease"]
    counts = np.log(run.step_sizes) / math.log(contraction)
    assert counts == pytest.approx(np.round(counts), abs=1e-9)
    assert np.max(counts) > 1
    for t in np.flatnonzero(counts > 0.5):
        size, slope = run.step_sizes[t] / contraction, run.gradients[t]
        longer = field.value(run.points[t] - size * slope)
        assert longer > run.values[t] - decrease * size * slope @ slope


def test_backtracking_contracts_as_often_as_it_must():
    """With 0.99 it takes hundreds of trials, and still f falls enough."""
    run = descend("x**2 + 1000*y**2", (2, 1), 1.0, 5, "backtracking", contraction=0.99)
    assert (run.values[1:] <= armijo(run)).all()
    assert run.evaluations > 5 * 500


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("x**3 - 3*x*y**2", (0.6, 0.6)),
        ("1/x", -1.0),
        ("log(x)", 1.0),
        ("exp(x**2)", 20.0),
        ("abs(x)", 0.3),
        ("floor(x) + x", 0.5),
    ],
)
@pytest.mark.parametrize("rate", [0.3, 1.0, 1e3])
def test_backtracking_rather_stays_than_goes_up(text, start, rate):
    run = descend(text, start, rate, 60, "backtracking")
    values = run.values[np.isfinite(run.values)]
    assert (np.diff(values) <= 0).all()


def test_where_no_step_is_good_enough_the_run_stays():
    """Uphill there is no way down, however short the steps."""
    run = descend("x**2", 1.0, -1.0, 3, "backtracking")
    assert (run.points == 1.0).all()
    assert (np.abs(run.step_sizes) < 1e-15).all()


# ── callables ────────────────────────────────────────────────────────────────────────────────────


def only_right_of_zero(x):
    if x <= 0:
        raise ValueError("there is nothing")
    return x - anp.log(x)


@pytest.mark.parametrize("method", ["exact line search", "backtracking"])
def test_a_search_that_looks_where_a_callable_raises_looks_nearer(method):
    run = descend(only_right_of_zero, 2.9, 5.0, 40, method)
    assert run.points == pytest.approx(descend("x - log(x)", 2.9, 5.0, 40, method).points)
    assert run.verdict == "converged"


def raises_for_arrays(x):
    if np.any(x > 5):
        raise ValueError("too far")
    return x * x


@pytest.mark.parametrize("function", [raises_for_arrays, only_right_of_zero])
@pytest.mark.parametrize("method", ["gradient descent", "newton", "adam", "backtracking"])
def test_one_run_s_exception_does_not_end_the_others(function, method):
    starts, rates = [[1.0], [0.5], [2.0]], [1.2, 0.1, 0.2]
    batch = descend(function, starts, rates, 40, method)
    for place in range(3):
        alone = descend(function, starts[place], rates[place], 40, method)
        assert batch[place].points == pytest.approx(alone.points)
        assert batch[place].why == alone.why


# ── one step ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", ["gradient descent", "newton", "exact line search"])
def test_a_step_is_a_row_of_what_is_handed_on_f_and_its_slopes(method):
    field = ScalarField("x**2 + 10*y**2")
    row = advance_by(method, field, {}, together=False)(0.05, 0.0, (0.0, 0.0), (2.0, 1.0))
    assert list(row[2:5]) == [14.0, 4.0, 20.0]
    rows = advance_by(method, field, {}, together=True)(
        np.full(3, 0.05), 0.0, (0.0, 0.0), (np.full(3, 2.0), np.full(3, 1.0))
    )
    for part, parts in zip(row[:5], rows[:5], strict=True):
        assert np.allclose(parts, part, rtol=1e-14)


@pytest.mark.parametrize("order", [0, 1, 2])
def test_a_look_is_f_and_its_derivatives(order):
    field = ScalarField("x**2*y")
    expected = [12.0, 12.0, 4.0, 6.0, 4.0, 4.0, 0.0][: (1, 3, 7)[order]]
    assert list(look_at(field, order, together=False)(2.0, 3.0)) == expected
    found = look_at(field, order, together=True)(np.full(2, 2.0), np.full(2, 3.0))
    assert [np.broadcast_to(part, 2).tolist() for part in found] == [[e, e] for e in expected]
