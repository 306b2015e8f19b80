"""Where θ is looked for and where it begins: what is sought is in sight, and some way off."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

import gradwidgets as gw
from gradwidgets.calculus.losses import LOSSES
from gradwidgets.calculus.models import model
from gradwidgets.calculus.objective import Objective
from gradwidgets.calculus.observations import observations, slotted
from gradwidgets.calculus.outset import around, least_squares, nearest_minimum, outset
from gradwidgets.calculus.training import Data

X = np.array([0.0, 1.0, 2.0, 3.0, 5.0, 8.0])
Y = np.array([1.0, 3.5, 4.0, 8.0, 11.0, 16.5])
MIXED = np.array([0.0, 1.0, 0.0, 1.0, 0.0, 1.0])
LINEAR = {
    "w*x + b": [X**0, X],
    "a*x^2 + b*x + c": [X**2, X, X**0],
    "w*x": [X],
    "b + 0*x": [X**0],
}


def data_of(y, x=X):
    return Data(*slotted(observations(x, y), seed=0))


def inside(place, ends):
    return all(low < x < high for x, (low, high) in zip(place, ends, strict=True))


@pytest.mark.parametrize("key", ["squared", "absolute", "huber"])
@pytest.mark.parametrize("text", LINEAR)
def test_the_least_squares_are_in_sight_and_the_start_is_not_there(text, key):
    found = outset(Objective(model(text), LOSSES[key]), data_of(Y))
    best = np.linalg.lstsq(np.stack(LINEAR[text], axis=1), Y, rcond=None)[0]
    np.testing.assert_allclose(least_squares(model(text), data_of(Y)), best, 1e-9)
    ends, start = found.domain.values(), found.start.values()
    assert inside(best, ends)
    assert inside(start, ends)
    ways = zip(best, start, ends, strict=True)
    assert max(abs(a - b) / (high - low) for a, b, (low, high) in ways) > 0.1


@given(st.integers(-12, 12), st.integers(-12, 12), st.integers(0, 99))
def test_whatever_the_units_of_the_data_the_minimum_is_in_sight(x_power, y_power, seed):
    draw = np.random.default_rng(seed)
    x, y = 10.0**x_power * draw.normal(size=12), 10.0**y_power * draw.normal(size=12)
    found = outset(Objective(model("w*x + b"), LOSSES["squared"]), data_of(y, x))
    slope, height = np.polyfit(x, y, 1)
    assert inside((height, slope), found.domain.values())
    assert inside(found.start.values(), found.domain.values())


def test_a_start_of_labels_is_0_and_the_minimum_of_their_loss_is_in_sight():
    objective = Objective(model("w*x + b"), LOSSES["logistic"])
    found, data = outset(objective, data_of(MIXED)), data_of(MIXED)
    best = minimize(lambda theta: objective(theta, *data), (0.0, 0.0), tol=1e-10).x
    np.testing.assert_allclose(nearest_minimum(objective, data), best, 1e-3)
    assert inside(best, found.domain.values())
    assert inside(found.start.values(), found.domain.values())


@pytest.mark.parametrize(
    ("text", "key", "x", "y"),
    [
        ("w*x + b", "squared", X, Y),
        ("a*exp(k*x)", "squared", X, Y),
        ("w*x + b", "squared", np.full(6, 2.0), Y),
        ("w*x + b", "logistic", X, (X > 2.5).astype(float)),
        ("w*x + b", "squared", np.full(6, 1e300), Y),
    ],
    ids=["known", "not linear", "all x equal", "separable labels", "overflow"],
)
def test_where_no_minimum_is_known_the_intervals_are_the_usual_ones(text, key, x, y):
    found = outset(Objective(model(text), LOSSES[key]), data_of(y, x))
    usual = set(found.domain.values()) == {(-3.0, 3.0)}
    assert usual is (x is not X or text != "w*x + b" or key == "logistic")
    assert inside(found.start.values(), found.domain.values())
    if key == "logistic":
        assert set(found.start.values()) == {0.0}


def test_a_search_that_knows_no_minimum_begins_where_the_loss_is_tolerable():
    objective, data = Objective(model("a*exp(k*x)"), LOSSES["squared"]), data_of(Y)
    (start,) = [tuple(outset(objective, data).start.values())]
    places = np.random.default_rng(0).uniform(-3, 3, (200, 2))
    others = [float(objective(place, *data)) for place in places]
    assert objective(start, *data) < np.median(others)


def test_a_model_without_any_value_has_no_start():
    objective = Objective(model("log(-1 - w^2)*x"), LOSSES["squared"])
    assert outset(objective, data_of(Y)).start == {}


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=3))
def test_round_numbers_lie_around_0_and_all_ends(ends):
    low, high = around(*ends)
    assert low < min(0.0, *ends)
    assert max(0.0, *ends) < high
    assert len(f"{low:g}{high:g}") < 18
    assert high - low < 5 * max(1.0, max(0.0, *ends) - min(0.0, *ends))


def test_data_of_the_package_have_their_line_in_sight():
    co2 = gw.datasets["co2"]
    x, y = co2["year"], co2["co2"]
    found = outset(Objective(model("w*x + b"), LOSSES["squared"]), data_of(y, x))
    slope, height = np.polyfit(x, y, 1)
    assert inside((height, slope), found.domain.values())
