"""Convergence rates: what the formulas promise is measured in trajectories."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.critical import eigenvalues
from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.rates import (
    HEAVY_BALL,
    NESTEROV,
    PLAIN,
    Landmarks,
    best_heavy_ball,
    error_factor,
    landmarks,
)

VALLEY = "(x**2 + 25*y**2)/2"  # eigenvalues 1 and 25
EXACT = 1e-12


def errors(run, minimum=0.0):
    return np.linalg.norm(run.points - minimum, axis=1)


def long_run(sizes):
    """The factor per step over the second half, from peak to peak of what may oscillate."""
    sizes = np.asarray(sizes)
    window, half = max(1, len(sizes) // 20), len(sizes) // 2
    first, last = np.max(sizes[half : half + window]), np.max(sizes[-window:])
    return (last / first) ** (1 / (len(sizes) - window - half))


# ── gradient descent on quadratics ───────────────────────────────────────────────────────────────

QUADRATICS = [  # text, minimum
    ("x**2 + 10*y**2", (0, 0)),
    ("x**2 + x*y + 2*y**2", (0, 0)),
    ("(x + 2*y - 7)**2 + (2*x + y - 5)**2", (1, 3)),
    ("x**2 + 2*y**2 + 3*z**2 + x*y - y*z", (0, 0, 0)),
    ("3*(x - 2)**2", (2,)),
]


@pytest.mark.parametrize(("text", "minimum"), QUADRATICS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 1.05])
def test_along_every_eigenvector_the_error_shrinks_by_its_own_factor(text, minimum, share):
    """eₜ₊₁ = (1 − αλᵢ) eₜ, also where the eigenvectors are no axes."""
    field = ScalarField(text)
    values, vectors = np.linalg.eigh(field.hessian(minimum))
    rate = share * 2 / values[-1]
    start = np.add(minimum, vectors @ np.linspace(1.0, 0.5, len(values)))
    run = descend(field, start, rate, 12)
    components = (run.points - minimum) @ vectors
    expected = components[0] * (1 - rate * values) ** np.arange(13)[:, None]
    assert np.max(np.abs(components - expected)) < EXACT * np.max(np.abs(expected))


def test_just_over_the_bound_the_error_grows():
    """αλmax = 2.1: the factor 1 − 2.1 = −1.1."""
    run = descend("x**2 + 10*y**2", (2, 1), 2.1 / 20, 50)
    y = run.points[:, 1]
    assert y[1:] / y[:-1] == pytest.approx(np.full(50, -1.1), rel=1e-12)
    assert (run.verdict, error_factor(2.1)) == ("diverged", pytest.approx(1.1))
    assert descend("x**2 + 10*y**2", (2, 1), 1.99 / 20, 5000).verdict == "converged"


def test_the_best_rate_balances_the_extreme_eigenvalues():
    found = landmarks([1.0, 25.0])
    assert found == (1 / 25, 2 / 26, 2 / 25)

    def rate_of(alpha):
        return long_run(errors(descend(VALLEY, (25, 1), alpha, 300)))

    best = rate_of(found.best)
    assert best == pytest.approx((25 - 1) / (25 + 1), rel=1e-9)
    assert best == pytest.approx(0.9231, abs=5e-5)
    for neighbour in (0.9, 0.97, 0.99, 1.01, 1.03):
        assert rate_of(neighbour * found.best) > best
    assert rate_of(1.05 * found.best) > 1


def test_up_to_the_first_landmark_no_component_changes_its_sign():
    monotone = landmarks([1.0, 25.0]).monotone
    assert (descend(VALLEY, (25, 1), monotone, 50).points >= 0).all()
    assert (descend(VALLEY, (25, 1), 1.01 * monotone, 50).points < 0).any()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([2.0, 20.0], (0.05, 2 / 22, 0.1)),
        ([20.0, 2.0, 7.0], (0.05, 2 / 22, 0.1)),
        ([4.0], (0.25, 0.25, 0.5)),
        ([0.0, 2.0], (0.5, 0.5, 1.0)),
        ([-1e-12, 2.0], (0.5, 0.5, 1.0)),
        ([-2.0, 2.0], (math.nan,) * 3),
        ([-2.0, -1.0], (math.nan,) * 3),
        ([0.0, 0.0], (math.nan,) * 3),
        ([math.nan, math.nan], (math.nan,) * 3),
    ],
)
def test_landmarks_belong_to_minima(values, expected):
    found = landmarks(values)
    assert np.array_equal(found, Landmarks(*expected), equal_nan=True)


# ── heavy ball and Nesterov ──────────────────────────────────────────────────────────────────────


def measured(method, product, momentum, steps=1000):
    """The long-run factor on x²/2, where αλ = α; of the error and the velocity together.

    The error alone passes through 0 while it oscillates.
    """
    run = descend("x**2/2", 1.0, product, steps, method, momentum=momentum)
    velocity = np.concatenate([[0.0], run.state["velocity"][:, 0]])
    sizes = np.hypot(run.points[:, 0], velocity)
    return long_run(sizes[sizes > 0])


def roots(method, product, momentum):
    if method == "momentum":
        return np.roots([1, -(1 + momentum - product), momentum])
    shrunk = 1 - product
    return np.roots([1, -(1 + momentum) * shrunk, momentum * shrunk])


products, momenta = st.floats(1e-3, 4.5), st.floats(0.0, 0.999)
FACTORS = {"momentum": HEAVY_BALL, "nesterov": NESTEROV}
both = st.sampled_from(list(FACTORS))


@given(both, products, momenta)
def test_the_factor_is_the_greatest_root(method, product, momentum):
    expected = np.max(np.abs(roots(method, product, momentum)))
    found = error_factor(product, momentum, FACTORS[method])
    assert found == pytest.approx(expected, rel=1e-6)  # roots are soft where they coincide
    assert found == pytest.approx(error_factor(np.array([product]), momentum, FACTORS[method])[0])


@settings(max_examples=300)
@given(both, st.floats(0.05, 4.0), st.floats(0.0, 0.95))
def test_the_factor_is_what_a_long_run_shows(method, product, momentum):
    expected = float(error_factor(product, momentum, FACTORS[method]))
    assume(0.55 < expected < 1.7)  # within 1000 steps neither 0 nor ∞
    # Where both roots coincide t·zᵗ takes the place of zᵗ, and the factor is slow to show.
    slow = abs(np.subtract(*roots(method, product, momentum))) < 0.05
    near = 0.006 if slow else 0.004
    assert measured(method, product, momentum) == pytest.approx(expected, abs=near)


@pytest.mark.parametrize(("product", "expected"), [(2.99, 0.980), (3.01, 1.020)])
def test_the_heavy_ball_is_stable_up_to_two_and_twice_its_momentum(product, expected):
    assert HEAVY_BALL.bound(0.5) == 3.0
    assert measured("momentum", product, 0.5) == pytest.approx(expected, abs=5e-4)
    assert float(error_factor(product, 0.5)) == pytest.approx(expected, abs=5e-4)


@given(both, momenta)
def test_at_the_bound_the_factor_passes_one(method, momentum):
    bound = FACTORS[method].bound(momentum)
    assert float(error_factor(bound, momentum, FACTORS[method])) == pytest.approx(1.0, abs=1e-6)
    assert float(error_factor(1.001 * bound, momentum, FACTORS[method])) > 1
    assert float(error_factor(0.999 * bound, momentum, FACTORS[method])) < 1


@pytest.mark.parametrize("method", ["momentum", "nesterov"])
def test_without_momentum_the_factor_is_that_of_gradient_descent(method):
    products = np.linspace(0, 3, 31)
    assert error_factor(products, 0.0, FACTORS[method]) == pytest.approx(np.abs(1 - products))
    assert error_factor(products, 0.0, PLAIN) == pytest.approx(np.abs(1 - products))
    assert FACTORS[method].bound(0.0) == PLAIN.bound(0.0) == 2.0


@given(st.floats(0.01, 3.9), st.floats(0.0, 0.99))
def test_where_the_heavy_ball_oscillates_its_factor_is_the_root_of_its_momentum(product, momentum):
    factor, border = float(error_factor(product, momentum)), HEAVY_BALL.critical(product)
    if momentum > border:
        assert factor == pytest.approx(math.sqrt(momentum), rel=1e-7)
    else:
        assert factor >= math.sqrt(momentum) * (1 - 1e-7)
    assert float(error_factor(product, border)) == pytest.approx(math.sqrt(border), abs=1e-6)


def test_more_than_the_critical_momentum_swings_to_the_other_side():
    border = HEAVY_BALL.critical(0.25)
    assert border == 0.25
    below, above = (
        descend("x**2/2", 1.0, 0.25, 200, "momentum", momentum=momentum)
        for momentum in (border, border + 0.05)
    )
    assert (below.points > 0).all()
    assert (above.points < 0).any()


def test_the_best_heavy_ball_has_the_rate_of_the_root_of_kappa():
    alpha, beta = best_heavy_ball(1.0, 25.0)
    assert (alpha, beta) == pytest.approx(((2 / 6) ** 2, (4 / 6) ** 2))
    assert float(max(error_factor(alpha * np.array([1, 25]), beta))) == pytest.approx(2 / 3)
    run = descend(VALLEY, (25, 1), alpha, 80, "momentum", momentum=beta)
    # Both roots coincide, so the error is (a + bt)·(2/3)ᵗ: quotients of it come near from above.
    sizes = errors(run)
    assert sizes[80] / sizes[60] == pytest.approx((2 / 3) ** 20 * 80 / 60, rel=0.05)
    for rate, momentum in ((0.97 * alpha, beta), (1.03 * alpha, beta), (alpha, beta - 0.02)):
        assert np.max(error_factor(rate * np.array([1, 25]), momentum)) > 2 / 3 + 1e-3


def test_the_factor_follows_an_array_of_momenta():
    grid = error_factor(np.array([[0.5], [2.5]]), np.array([0.0, 0.5, 0.9]))
    assert grid.shape == (2, 3)
    assert grid[1, 2] == error_factor(2.5, 0.9)


# ── a saddle ─────────────────────────────────────────────────────────────────────────────────────


def test_beside_the_ridge_of_a_saddle_the_error_grows():
    run = descend("x**2 - y**2", (1.2, 1e-6), 0.1, 100)
    assert run.points[:, 1] == pytest.approx(1e-6 * 1.2 ** np.arange(101), rel=1e-12)
    assert run.points[:, 0] == pytest.approx(1.2 * 0.8 ** np.arange(101), rel=1e-12)


def test_on_the_ridge_the_run_ends_at_the_saddle():
    run = descend("x**2 - y**2", (1.2, 0), 0.1, 100)
    assert not run.points[:, 1].any()
    assert run.verdict == "at a saddle"
    assert list(eigenvalues(run.field, run.points[-1])) == [-2.0, 2.0]


# ── near a minimum every function is a quadratic ─────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "start", "minimum"),
    [
        ("(1 - x)**2 + 100*(y - x**2)**2", (1.001, 1.001), (1, 1)),
        ("(x**2 + y - 11)**2 + (x + y**2 - 7)**2", (3.01, 2.01), (3, 2)),
        ("x*log(x)", 0.4, (math.exp(-1),)),
        ("cos(x) + cosh(y)", (3.0, 0.1), (math.pi, 0)),
    ],
)
@pytest.mark.parametrize("share", [0.3, 0.95])
def test_the_long_run_factor_is_that_of_the_hessian_at_the_minimum(text, start, minimum, share):
    field = ScalarField(text)
    values = eigenvalues(field, minimum)
    rate = share * landmarks(values).bound
    expected = float(np.max(error_factor(rate * values)))
    steps = min(4000, int(math.log(1e-6) / math.log(expected)))
    run = descend(field, start, rate, steps)
    assert long_run(errors(run, np.array(minimum))) == pytest.approx(expected, abs=2e-4)
