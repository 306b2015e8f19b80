"""Descent on data: a loop of a few lines, the descent on a field, and the same by its program."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

import gradwidgets as gw
from gradwidgets.calculus.losses import LOSSES
from gradwidgets.calculus.models import model
from gradwidgets.calculus.objective import Objective
from gradwidgets.calculus.observations import observations, slotted
from gradwidgets.calculus.program import trace
from gradwidgets.calculus.rules import complete, methods, schedules
from gradwidgets.calculus.training import Data, run_of, trained

DRAW = np.random.default_rng(7)
X = DRAW.uniform(-1.0, 2.0, 17)
Y = 1.5 * X - 0.5 + 0.3 * DRAW.standard_normal(17)
LABELS = (Y > 0).astype(float)
STEPS = 25
RATES = {"newton": 1.0, "exact line search": 1.0, "backtracking": 1.0, "adagrad": 0.3}


def data_for(loss, **more):
    return Data(*slotted(observations(X, LABELS if loss.labels else Y), seed=5), **more)


def ran(method, key, size, *, text="w*x + b", schedule="constant", start=(0.4, -0.3), **more):
    """A search, with its objective and data."""
    objective = Objective(model(text), LOSSES[key])
    data, rate = data_for(objective.loss, **more), RATES.get(method, 0.1)
    own = complete(method, {})
    run = run_of(objective, data, method, own, start, rate, STEPS, size, schedule)
    return run, objective, data, rate


@pytest.mark.parametrize("key", LOSSES)
@pytest.mark.parametrize("method", methods)
def test_with_all_rows_at_every_step_it_is_the_descent_on_the_loss(method, key):
    run, objective, data, rate = ran(method, key, len(X), delta=0.7, l2=0.05, l1=0.01)
    field = gw.ScalarField(objective.field(*data), variables=objective.model.parameters)
    other = gw.descend(field, (0.4, -0.3), rate, STEPS, method)
    np.testing.assert_allclose(run.points, other.points, 1e-9, 1e-11)
    np.testing.assert_allclose(run.values, other.values, 1e-9, 1e-11)


@pytest.mark.parametrize("schedule", schedules)
def test_the_learning_rate_follows_its_schedule(schedule):
    run, objective, data, rate = ran("momentum", "squared", len(X), schedule=schedule)
    field = gw.ScalarField(objective.field(*data), variables=("b", "w"))
    other = gw.descend(field, (0.4, -0.3), rate, STEPS, "momentum", schedule=schedule)
    np.testing.assert_allclose(run.points, other.points, 1e-9, 1e-11)


@pytest.mark.parametrize("size", [1, 4, 16, 17, 40])
def test_mini_batches_are_a_loop_of_ten_lines(size):
    run, _, data, rate = ran("gradient descent", "squared", size)
    there = data.weights > 0
    x, y, (b, w) = data.x[there], data.y[there], (0.4, -0.3)
    points = [(b, w)]
    for t in range(STEPS):
        rows = (t * size + np.arange(min(size, len(x)))) % len(x)
        r = w * x[rows] + b - y[rows]
        b, w = b - rate * 2 * r.mean(), w - rate * 2 * (r * x[rows]).mean()
        points.append((b, w))
    np.testing.assert_allclose(run.points, points, 1e-10, 1e-12)
    losses = [np.mean((w * x + b - y) ** 2) for b, w in points]
    np.testing.assert_allclose(run.values, losses, 1e-10)  # over all rows, whatever the batch


@pytest.mark.parametrize("key", ["logistic", "huber", "absolute"])
def test_each_step_goes_down_the_slope_of_its_batch_by_plain_autograd(key):
    size = 5
    run, _, data, rate = ran("gradient descent", key, size, delta=0.7, l2=0.1)
    x, y = data.x[data.weights > 0], data.y[data.weights > 0]
    costs = {
        "logistic": lambda z, y: anp.log(1 + anp.exp(z)) - y * z,
        "absolute": lambda z, y: anp.abs(z - y),
        "huber": lambda z, y: anp.where(
            anp.abs(z - y) < 0.7, (z - y) ** 2 / 2, 0.7 * anp.abs(z - y) - 0.7**2 / 2
        ),
    }
    theta = np.array([0.4, -0.3])
    for t in range(STEPS):
        rows = (t * size + np.arange(size)) % len(x)

        def cost(own, rows=rows):
            mean = anp.mean(costs[key](own[1] * x[rows] + own[0], y[rows]))
            return mean + 0.1 * own[1] ** 2  # the intercept is left out

        theta = theta - rate * grad(cost)(theta)
        np.testing.assert_allclose(run.points[t + 1], theta, 1e-9, 1e-12)


@pytest.mark.parametrize("method", methods)
def test_the_program_has_theta_data_penalties_and_the_size_of_batches_as_inputs(method):
    objective = Objective(model("w*x + b"), LOSSES["squared"])
    own, capacity = complete(method, {}), len(data_for(objective.loss).x)

    def told(b, w, rate, size, l2, x, y, weights):
        data = Data(x, y, weights, l2=l2)
        found = trained(objective, data, method, own, (b, w), rate * np.ones(9), 9.0, size)
        return found.points, found.values, found.gradients

    program = trace(told, 0.0, 0.0, 0.1, 3.0, 0.0, *np.ones((3, capacity)))
    x, y, weights = data_for(objective.loss)[:3]
    for size, l2, gone in ((3.0, 0.0, 2), (100.0, 0.4, 11), (7.0, 0.1, 0)):
        present = np.where(np.arange(capacity) == gone, 0.0, weights)
        given = (0.4, -0.3, RATES.get(method, 0.1), size, l2, x + gone, y, present)
        for one, two in zip(program(*given), told(*given), strict=True):
            np.testing.assert_allclose(one, two, 1e-9, 1e-11)


def test_a_search_that_leaves_the_numbers_ends_there():
    objective = Objective(model("w*x"), LOSSES["squared"])
    data = data_for(objective.loss)
    run = run_of(objective, data, "gradient descent", {}, (1.0,), 1e40, STEPS, 17)
    assert 2 < len(run.points) < STEPS
    assert np.isfinite(run.points).all()
    assert np.isfinite(run.values[:-1]).all()


def test_without_any_row_there_is_the_start_and_no_step():
    objective = Objective(model("w*x"), LOSSES["squared"])
    x, y, weights = data_for(objective.loss)[:3]
    data = Data(x, y, 0.0 * weights)
    run = run_of(objective, data, "gradient descent", {}, (1.0,), 0.1, STEPS, 17)
    assert run.points.tolist() == [[1.0]]
    assert np.isnan(run.values).all()


def branching(x, w, b):
    return w * x + b if w > 0 else 2 * w * x - b


@pytest.mark.parametrize("size", [4, 17])
@pytest.mark.parametrize("method", methods)
def test_a_model_that_branches_is_searched_round_by_round(method, size):
    objective = Objective(model(branching), LOSSES["squared"])
    data, own, rate = data_for(objective.loss), complete(method, {}), RATES.get(method, 0.1)
    run = run_of(objective, data, method, own, (-0.3, 0.4), rate, STEPS, size)
    assert len(run.points) == STEPS + 1
    if size == len(X):
        field = gw.ScalarField(lambda w, b: objective((w, b), *data))
        other = gw.descend(field, (-0.3, 0.4), rate, STEPS, method)
        np.testing.assert_allclose(run.points, other.points, 1e-7, 1e-9)
