"""The loss over θ: its value and slopes, its terms, mini-batches, its minimum, other units of x."""

from itertools import pairwise

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, huber, log_expit

import gradwidgets as gw
from gradwidgets.calculus.fitting import (
    Objective,
    batch,
    carried_over,
    exact_minimum,
    slopes,
    standardised,
)
from gradwidgets.calculus.losses import LOSSES
from gradwidgets.calculus.models import model
from gradwidgets.calculus.observations import observations, slotted
from gradwidgets.calculus.program import trace
from gradwidgets.calculus.tracing import derivatives

DELTA, L2, L1 = 0.4, 0.3, 0.2
DRAW = np.random.default_rng(16)
X = DRAW.uniform(-2.0, 3.0, 30)
NUMBERS = 1.5 * X - 0.7 + DRAW.standard_normal(30)
LABELS = (X + 0.8 * DRAW.standard_normal(30) > 0.5).astype(float)
MODELS = ["w*x + b", "a*exp(-k*x^2) + c", "w", lambda x, w, b: anp.tanh(w * x + b)]
HELD = {"w*x + b": [0.0, 1.0], "a*exp(-k*x^2) + c": [1.0, 0.0, 1.0], "w": [0.0]}  # by penalties
CASES = [(source, key) for source in MODELS for key in LOSSES]


def made(source, key):
    """An objective, θ, and data in slots."""
    objective = Objective(model(source), LOSSES[key])
    y = LABELS if objective.loss.labels else NUMBERS
    theta = 0.6 - 0.35 * np.arange(len(objective.model.parameters))
    return objective, theta, slotted(observations(X, y), seed=3)


def by_hand(source, key, theta, x, y):
    """The loss in plain words, without slots and weights."""
    mu = model(source)(x, *theta) if callable(source) else eval_formula(source, x, theta)
    cost = {
        "squared": (mu - y) ** 2,
        "absolute": anp.abs(mu - y),
        "huber": anp.where(
            anp.abs(mu - y) <= DELTA, (mu - y) ** 2 / 2, DELTA * (anp.abs(mu - y) - DELTA / 2)
        ),
        "logistic": anp.log(1 + anp.exp(mu)) - y * mu,
    }[key]
    held = theta if callable(source) else np.array(HELD[source]) * theta
    return anp.mean(cost) + L2 * anp.sum(held**2) + L1 * anp.sum(anp.abs(held))


def eval_formula(source, x, theta):
    if source == "w*x + b":
        return theta[1] * x + theta[0]
    return theta[0] + 0.0 * x if source == "w" else theta[0] * anp.exp(-theta[2] * x**2) + theta[1]


# ── value and gradient ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("source", "key"), CASES)
def test_value_and_gradient_are_plain_autograd_s_on_the_loss(source, key):
    objective, theta, data = made(source, key)
    y = LABELS if objective.loss.labels else NUMBERS
    assert abs(objective(theta, *data, DELTA, L2, L1) - by_hand(source, key, theta, X, y)) < 1e-12

    expected = grad(lambda own: by_hand(source, key, own, X, y))(theta)
    found = grad(lambda own: objective(own, *data, DELTA, L2, L1))(theta)
    np.testing.assert_allclose(found, expected, 1e-9, 1e-12)
    _, *partials = derivatives(objective.field(*data, DELTA, L2, L1), 1, *theta)
    np.testing.assert_allclose(partials, expected, 1e-9, 1e-12)


@pytest.mark.parametrize(("source", "key"), CASES)
def test_the_gradient_is_what_small_differences_show(source, key):
    objective, theta, data = made(source, key)
    _, *partials = derivatives(objective.field(*data, DELTA, L2, L1), 1, *theta)
    for place, partial in enumerate(partials):
        h = np.zeros(len(theta))
        h[place] = 6e-6 * max(1.0, abs(theta[place]))
        up, down = (objective(t, *data, DELTA, L2, L1) for t in (theta + h, theta - h))
        assert abs(partial - (up - down) / (2 * h[place])) < 1e-6


@pytest.mark.parametrize(("source", "key"), CASES)
def test_terms_of_all_rows_are_the_gradient_of_the_data_s_part(source, key):
    objective, theta, (x, y, weights) = made(source, key)
    weights = weights * np.linspace(0.5, 2.0, len(weights))
    found = objective.terms(theta, x, y, weights, DELTA)
    assert found.shape == (len(x), len(theta))
    assert not found[weights == 0].any()
    _, *partials = derivatives(objective.field(x, y, weights, DELTA), 1, *theta)
    np.testing.assert_allclose(found.sum(axis=0), partials, 1e-9, 1e-12)

    row = 7  # alone, with the same share
    alone = np.where(np.arange(len(x)) == row, weights, 0.0)
    _, *partials = derivatives(objective.field(x, y, alone, DELTA), 1, *theta)
    share = weights[row] / weights.sum()
    np.testing.assert_allclose(found[row], share * np.array(partials), 1e-9, 1e-14)


@pytest.mark.parametrize(("source", "key"), CASES)
def test_all_is_traced_with_theta_and_data_as_inputs(source, key):
    objective, theta, (x, y, weights) = made(source, key)
    count = len(theta)

    def everything(delta, l2, l1, time, size, *values):
        own, (x, y, w) = values[:count], values[count:]
        field = objective.field(x, y, batch(w, time, size), delta, l2, l1)
        return (*derivatives(field, 2, *own), objective.terms(own, x, y, w, delta))

    program = trace(everything, 1.0, 0.0, 0.0, 0.0, 9.0, *np.ones(count), *np.ones((3, len(x))))
    changed = np.where(np.arange(len(x)) == 2, 0.0, weights)
    for now, at in ((weights, theta), (changed, theta + 0.25), (weights, 0.0 * theta)):
        values = (DELTA, L2, L1, 3.0, 5.0, *map(float, at), x, y, now)
        with np.errstate(all="ignore"):
            plain = everything(*values)
        for one, other in zip(program(*values), plain, strict=True):
            np.testing.assert_allclose(one, other, 1e-12, 1e-13)


@pytest.mark.parametrize(("source", "key"), CASES)
def test_a_field_of_it_is_traced(source, key):
    objective, theta, data = made(source, key)
    names = objective.model.parameters
    field = gw.ScalarField(objective.field(*data, DELTA, L2, L1), variables=names)
    assert field.traced
    assert field.value(theta) == pytest.approx(objective(theta, *data, DELTA, L2, L1), rel=1e-13)
    rows = [np.array([value, value + 0.5]) for value in theta]
    grid = field.on_grid(*rows)
    for place in np.ndindex(grid.values.shape):
        there = [row[k] for row, k in zip(rows, place, strict=True)]
        expected = objective(there, *data, DELTA, L2, L1)
        assert grid.values[place] == pytest.approx(expected, rel=1e-12)


def test_every_prediction_s_slope_is_its_own():
    found = slopes(model("a*exp(-k*x)"), X, (2.0, 0.5))
    decay = np.exp(-0.5 * X)
    np.testing.assert_allclose(found, [decay, -2.0 * X * decay], 1e-14)
    assert [part.tolist() for part in slopes(model("w + 0*b"), X[:2], (1, 2))] == [[0, 0], [1, 1]]


def test_corners_have_autograd_s_slope_0():
    objective = Objective(model("w*x"), LOSSES["absolute"])
    x, y, weights = np.array([1.0, 2.0]), np.array([3.0, 2.0]), np.ones(2)
    assert objective.terms((3.0,), x, y, weights).tolist() == [[0.0], [1.0]]
    assert grad(lambda w: objective((w,), x, y, weights, l1=0.5))(3.0) == 1.5
    assert grad(lambda w: objective((w,), 0 * x, 0 * y, weights, l1=0.5))(0.0) == 0.0


# ── rows that do not count ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["a*log(x) + b", "a/x + b", "a*x^b", "a + b*sqrt(x - 1)"])
def test_a_row_of_weight_0_is_as_good_as_absent_even_where_the_model_is_undefined(text):
    x, y = np.array([1.5, 2.0, 4.0, 5.0]), np.array([1.0, 0.5, 2.0, 1.0])
    objective, theta = Objective(model(text), LOSSES["squared"]), (0.5, 1.5)
    slots = slotted(observations(x, y), seed=0)
    field, other = (objective.field(*data) for data in (slots, (x, y, np.ones(4))))
    np.testing.assert_allclose(derivatives(field, 2, *theta), derivatives(other, 2, *theta), 1e-12)
    assert np.isfinite(objective.terms(theta, *slots)).all()


@pytest.mark.parametrize("key", LOSSES)
def test_without_any_row_the_loss_is_undefined_and_nothing_breaks(key):
    objective, theta, (x, y, weights) = made("w*x + b", key)
    nothing = 0.0 * weights
    assert np.isnan(objective(theta, x, y, nothing))
    assert np.isnan(derivatives(objective.field(x, y, nothing), 1, *theta)).all()
    assert np.isnan(objective.terms(theta, x, y, nothing)).all()
    assert not batch(nothing, 2, 3).any()
    least = Objective(objective.model, LOSSES["squared"])
    assert np.isnan(exact_minimum(least, x, y, nothing)).all()


@pytest.mark.parametrize("scale", [1e-150, 1e-8, 1e8, 1e150])
def test_data_of_any_size_are_fitted(scale):
    x, y = scale * np.array([1.0, 2.0, 4.0]), np.array([1.0, 3.0, 2.0])
    line = Objective(model("w*x + b"), LOSSES["squared"])
    b, w = exact_minimum(line, x, y, np.ones(3))
    expected = np.polyfit(x / scale, y, 1)
    np.testing.assert_allclose([w * scale, b], expected, 1e-9)


# ── mini-batches ─────────────────────────────────────────────────────────────────────────────────


@given(
    st.lists(st.sampled_from((0.0, 1.0, 1.0, 2.5)), min_size=1, max_size=12),
    st.integers(0, 300),
    st.integers(1, 15),
)
def test_batches_follow_one_another_round_the_rows_that_count(weights, time, size):
    weights = np.array(weights)
    present = np.flatnonzero(weights)
    chosen = {present[(time * size + j) % len(present)] for j in range(size) if len(present)}
    expected = [w if place in chosen else 0.0 for place, w in enumerate(weights)]
    assert batch(weights, time, size).tolist() == expected


def test_descent_by_batches_is_a_loop_of_ten_lines():
    objective, _, (x, y, weights) = made("w*x + b", "squared")
    weights[4] = 0.0  # a row that was removed
    theta = np.zeros(2)
    for time in range(100):
        part = objective.field(x, y, batch(weights, time, 4))
        theta = theta - 0.05 * np.array(derivatives(part, 1, *theta)[1:])

    rows = [(a, b) for a, b, w in zip(x, y, weights, strict=True) if w]
    b, w = 0.0, 0.0
    for time in range(100):
        db = dw = 0.0
        for j in range(4):
            x_j, y_j = rows[(4 * time + j) % len(rows)]
            db += 2 * (w * x_j + b - y_j) / 4
            dw += 2 * (w * x_j + b - y_j) * x_j / 4
        b, w = b - 0.05 * db, w - 0.05 * dw
    np.testing.assert_allclose(theta, [b, w], 1e-12)


def test_batches_as_large_as_the_data_are_all_rows():
    weights = np.array([1.0, 0.0, 2.0, 1.0, 0.0])
    for size in (3, 4, 100):
        assert all((batch(weights, time, size) == weights).all() for time in range(7))


# ── the minimum ──────────────────────────────────────────────────────────────────────────────────

COLUMNS = {
    "w*x": lambda x: [x],
    "w*x + b": lambda x: [1 + 0 * x, x],
    "c0 + c1*x + c2*x^2": lambda x: [1 + 0 * x, x, x**2],
    "a*sin(x) + b*cos(x) + c*x + d": lambda x: [np.sin(x), np.cos(x), x, 1 + 0 * x],
    "c0 + c1*x + c2*x^2 + c3*x^3 + c4*x^4": lambda x: [x**k for k in range(5)],
    "c0 + c1*x + c2*x^2 + c3*x^3 + c4*x^4 + c5*x^5": lambda x: [x**k for k in range(6)],
}


@pytest.mark.parametrize("text", COLUMNS)
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_the_minimum_of_least_squares_is_numpy_s(text, l2):
    objective, _, data = made(text, "squared")
    matrix = np.stack(COLUMNS[text](X), axis=1)
    count = matrix.shape[1]
    ridge = np.sqrt(l2 * len(X)) * np.diag(np.ptp(matrix, axis=0) > 0)  # no intercept
    expected = np.linalg.lstsq(
        np.concatenate([matrix, ridge]), np.concatenate([NUMBERS, np.zeros(count)])
    )[0]
    found = exact_minimum(objective, *data, l2)
    np.testing.assert_allclose(found, expected, 1e-9)

    def minimum(*data):
        return (exact_minimum(objective, *data, l2),)

    program = trace(minimum, *np.ones((3, len(data[0]))))
    np.testing.assert_allclose(program(*data)[0], expected, 1e-9)


@pytest.mark.parametrize("l2", [0.01, 1.0, 1e3])
def test_a_ridge_leaves_the_intercept_out_and_shifted_data_have_the_same_slope(l2):
    """w = Σ(x − x̄)(y − ȳ) / (Σ(x − x̄)² + nλ) and b = ȳ − w x̄: Hastie et al. (2009), 3.4.1."""
    objective, _, (x, y, weights) = made("w*x + b", "squared")
    across, up = X - X.mean(), NUMBERS - NUMBERS.mean()
    slope = across @ up / (across @ across + len(X) * l2)
    for shift in (0.0, 70.0):
        found = exact_minimum(objective, x, y + shift, weights, l2)
        expected = [NUMBERS.mean() + shift - slope * X.mean(), slope]
        np.testing.assert_allclose(found, expected, 1e-9)


def test_a_constant_in_the_model_is_no_part_of_the_minimum():
    objective, _, data = made("w*x + 5", "squared")
    (found,) = exact_minimum(objective, *data)
    assert found == pytest.approx(np.sum(X * (NUMBERS - 5)) / np.sum(X**2), rel=1e-12)


@pytest.mark.parametrize("x", [[2.0], [0.1, 0.1, 0.1], [0.0, 0.0]])
def test_where_more_than_one_line_fits_best_there_is_no_minimum(x):
    line, data = Objective(model("w*x + b"), LOSSES["squared"]), np.array(x)
    weights = np.ones(len(x))
    assert np.isnan(exact_minimum(line, data, data + 1, weights)).all()
    assert np.isfinite(exact_minimum(line, data, data + 1, weights, 0.1)).all()


@pytest.mark.parametrize(("source", "key"), [("w*x", "absolute"), ("sigmoid(w*x)", "squared")])
def test_no_exact_minimum_is_claimed_where_none_is_known(source, key):
    objective, _, data = made(source, key)
    with pytest.raises(ValueError, match="only least squares of a linear model"):
        exact_minimum(objective, *data)


def newton(objective, data, start, **more):
    """Where Newton's method comes to on the loss."""
    field = gw.ScalarField(objective.field(*data, **more), variables=objective.model.parameters)
    return gw.descend(field, start, steps=40, method="newton").points[-1]


@pytest.mark.parametrize("l2", [0.0, 0.02])
def test_logistic_regression_is_scipy_s(l2):
    flights = gw.datasets["o-rings"]
    data = standardised(observations(flights["temperature"], flights["damage"]))
    objective = Objective(model("w*x + b"), LOSSES["logistic"])
    found = newton(objective, slotted(data, 0), (0.0, 0.0), l2=l2)
    matrix = np.stack([np.ones(23), data.x], axis=1)

    def cost(theta):
        z = matrix @ theta
        return -np.mean(np.where(data.y, log_expit(z), log_expit(-z))) + l2 * theta[1] ** 2

    def slope(theta):
        return matrix.T @ (expit(matrix @ theta) - data.y) / 23 + 2 * l2 * np.array([0, theta[1]])

    def bend(theta):
        p = expit(matrix @ theta)
        return matrix.T @ (matrix * (p * (1 - p))[:, None]) / 23 + 2 * l2 * np.diag([0, 1])

    best = minimize(cost, (0, 0), jac=slope, hess=bend, method="trust-exact", tol=1e-13)
    np.testing.assert_allclose(found, best.x, 1e-9)


def test_huber_s_minimum_is_scipy_s():
    objective, _, data = made("w*x + b", "huber")
    run = newton(objective, data, (0.0, 1.0), delta=1.0)

    matrix = np.stack([np.ones(30), X], axis=1)

    def residuals(theta):
        return matrix @ theta - NUMBERS

    def cost(theta):
        return np.mean(huber(1.0, residuals(theta)))

    def slope(theta):
        return matrix.T @ np.clip(residuals(theta), -1, 1) / 30

    def bend(theta):
        return matrix.T @ (matrix * (abs(residuals(theta)) < 1)[:, None]) / 30

    best = minimize(cost, (0, 1), jac=slope, hess=bend, method="trust-exact", tol=1e-13)
    np.testing.assert_allclose(run, best.x, 1e-9)


def test_the_minimum_of_absolute_errors_goes_through_two_points():
    objective, _, data = made("w*x + b", "absolute")
    lines = [np.polyfit(X[[i, j]], NUMBERS[[i, j]], 1)[::-1] for i in range(30) for j in range(i)]
    best = min(lines, key=lambda theta: objective(theta, *data))
    nearby = best + 1e-3 * DRAW.standard_normal((200, 2))
    assert all(objective(theta, *data) > objective(best, *data) for theta in nearby)


# ── other units of x ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", [text for text in COLUMNS if "sin" not in text and text != "w*x"])
def test_theta_is_carried_over_to_a_standardised_x_and_back(text):
    made_of = model(text)
    data = observations(1950 + 10 * X, NUMBERS)
    after = standardised(data)
    theta = 10.0 ** -np.arange(len(made_of.parameters), dtype=float)
    if text == "w*x + b":
        there = carried_over(made_of, theta, data, after)
        np.testing.assert_allclose(made_of(after.x, *there), made_of(data.x, *theta), 1e-9)
        np.testing.assert_allclose(carried_over(made_of, there, after, data), theta, 1e-8)
    back = observations(data.x / 1000, NUMBERS)
    there = carried_over(made_of, theta, after, back)
    np.testing.assert_allclose(made_of(back.x, *there), made_of(after.x, *theta), 1e-5)


def test_the_same_data_keep_theta_as_it_is():
    data = observations(X, NUMBERS)
    line = model("w*x + b")
    assert carried_over(line, (0.3, 0.1), data, data).tolist() == [0.3, 0.1]
    flat = observations([2.0, 2.0], [1.0, 2.0])
    assert carried_over(line, (0.3, 0.1), flat, flat).tolist() == [0.3, 0.1]


def test_a_line_through_0_is_carried_over_as_nearly_as_it_can_be():
    data = observations([1, 2, 6], [0, 0, 0])
    after = standardised(data)
    (found,) = carried_over(model("w*x"), (2.0,), data, after)
    assert found == pytest.approx(2.0 * after.spread, rel=1e-12)


def test_a_model_that_is_not_linear_keeps_its_theta():
    data = observations(X, NUMBERS)
    theta = (2.0, 0.5)
    found = carried_over(model("a*exp(-k*x)"), theta, data, standardised(data))
    assert found.tolist() == [2.0, 0.5]


def test_standardising_opens_the_ravine():
    data = observations(1950 + 10 * X, NUMBERS)
    line = Objective(model("w*x + b"), LOSSES["squared"])
    kappas = []
    for rows in (data, standardised(data)):
        field = gw.ScalarField(line.field(*slotted(rows, 0)), variables=("b", "w"))
        least, greatest = np.linalg.eigvalsh(field.hessian((0.0, 0.0)))
        kappas.append(greatest / least)
    assert all(one > 1e9 * other for one, other in pairwise(kappas))
    assert kappas[1] == pytest.approx(1.0, rel=1e-9)
