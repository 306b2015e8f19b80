"""The loss over θ as a field: its numbers, its domain, a model that has no value, or branches."""

from itertools import product

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, hessian

from gradwidgets.calculus.formula import FormulaError
from gradwidgets.calculus.landscape import Landscape, strongest
from gradwidgets.calculus.losses import LOSSES
from gradwidgets.calculus.models import model
from gradwidgets.calculus.objective import Objective
from gradwidgets.calculus.observations import observations, slotted
from gradwidgets.calculus.training import Data

X = np.linspace(-1.0, 2.0, 9)
Y = 1.5 * X - 0.5 + np.sin(9 * X)
LABELS = (Y > 0).astype(float)


def branching(x, w, b):
    return w * x + b if w > 0 else 2 * w * x - b


SOURCES = {
    "one parameter": "w*x",
    "a line": "w*x + b",
    "three parameters": "a*x^2 + b*x + c",
    "four parameters": "a*tanh(b*x + c) + d",
    "a callable": lambda x, w, b: anp.tanh(w * x + b),
    "one that branches": branching,
}
EVERY = list(product(SOURCES, LOSSES))


def landscape(source, key="squared", domain=None, **more):
    loss = LOSSES[key]
    rows = slotted(observations(X, LABELS if loss.labels else Y), seed=2)
    return Landscape(Objective(model(source), loss), Data(*rows, **more), domain)


def by_hand(field, key):
    """The loss in plain autograd, without slots and weights."""
    function, y = field.objective.model, LABELS if key == "logistic" else Y
    costs = {
        "squared": lambda z: (z - y) ** 2,
        "absolute": lambda z: anp.abs(z - y),
        "huber": lambda z: anp.where(anp.abs(z - y) < 1, (z - y) ** 2 / 2, anp.abs(z - y) - 0.5),
        "logistic": lambda z: anp.log(1 + anp.exp(z)) - y * z,
    }
    return lambda theta: anp.mean(costs[key](function(X, *theta)))


@pytest.mark.parametrize(("case", "key"), EVERY)
def test_value_gradient_and_hessian_are_plain_autograd_s(case, key):
    field = landscape(SOURCES[case], key)
    loss, theta = by_hand(field, key), np.array([0.3, -0.7, 1.1, 0.4][: len(field.variables)])
    assert field.value(theta) == pytest.approx(loss(theta), rel=1e-12)
    np.testing.assert_allclose(field.gradient(theta), grad(loss)(theta), 1e-9, 1e-12)
    np.testing.assert_allclose(field.hessian(theta), hessian(loss)(theta), 1e-9, 1e-12)


@pytest.mark.parametrize("text", ["a*b^x", "a^x + b", "(x + a)^b", "a^b*x"])
def test_powers_of_parameters_and_of_x_bend_as_small_differences_show(text):
    rows = slotted(observations([1.0, 2.0, 3.5], [2.0, 3.5, 3.0]), seed=2)
    field = Landscape(Objective(model(text), LOSSES["squared"]), Data(*rows))
    theta, h = np.array([1.3, 0.7]), 1e-5 * np.eye(2)
    found = field.hessian(theta)
    pairs = [(field.gradient(theta + k), field.gradient(theta - k)) for k in h]
    np.testing.assert_allclose(found, [(up - down) / 2e-5 for up, down in pairs], 1e-6)
    assert field.traced


@pytest.mark.parametrize(("case", "key"), EVERY)
def test_a_map_of_it_is_made_place_by_place(case, key):
    field = landscape(SOURCES[case], key)
    axes = [field.axis(name, 3) for name in field.variables]
    grid = field.on_grid(*axes, order=1)
    for place in product(range(3), repeat=len(axes)):
        theta = [axis[k] for axis, k in zip(axes, place, strict=True)]
        assert grid.values[place] == pytest.approx(field.value(theta), rel=1e-12, nan_ok=True)
        slopes = grid.gradient[(slice(None), *place)]
        np.testing.assert_allclose(slopes, field.gradient(theta), 1e-12, 1e-12)


@pytest.mark.parametrize("case", SOURCES)
def test_it_is_traced_unless_its_model_branches(case):
    field = landscape(SOURCES[case])
    assert bool(field.traced) == (case != "one that branches")
    assert field.traced or "decides by values" in field.traced.why


def test_penalties_are_a_part_of_it_but_for_the_intercept():
    field, more = landscape("w*x + b"), landscape("w*x + b", l2=0.5, l1=0.25)
    theta = (0.6, -1.2)  # b and w
    expected = field.value(theta) + 0.5 * 1.44 + 0.25 * 1.2
    assert more.value(theta) == pytest.approx(expected, rel=1e-12)


def test_another_domain_changes_nothing_else():
    field = landscape("w*x + b", domain={"w": (-7, 7), "b": (0, 1)})
    narrow = field.with_domain({"w": (1, 2)})
    assert isinstance(narrow, Landscape)
    assert field.domain == {"b": (0.0, 1.0), "w": (-7.0, 7.0)}
    assert narrow.domain == {"b": (0.0, 1.0), "w": (1.0, 2.0)}
    assert narrow.value((0.5, 1.5)) == field.value((0.5, 1.5))


def test_alone_it_is_a_function_of_theta_and_nothing_else():
    field = landscape("w*x + b", "huber", delta=0.4, l2=0.1)
    alone = field.alone
    assert (alone.variables, alone.domain, alone.text) == (("b", "w"), field.domain, "loss")
    for place in ((0.5, 1.5), (-1.0, 0.2)):
        assert alone.value(place) == pytest.approx(field.value(place), rel=1e-14)
        np.testing.assert_allclose(alone.gradient(place), field.gradient(place), 1e-12)


@pytest.mark.parametrize("text", ["log(-1 - w^2 - x^2)", "sqrt(-1 - exp(w*x))"])
def test_a_model_without_a_value_on_the_data_is_refused_in_words(text):
    field = landscape(text)
    with pytest.raises(FormulaError, match="has no finite value on these data"):
        field.check()


def test_where_a_value_was_looked_for_is_told_and_elsewhere_there_is_one():
    field = landscape("sqrt(w - x)", domain={"w": (-2.5, 0)})
    with pytest.raises(FormulaError, match=r"on these data where −2\.5 ≤ w ≤ 0\.$"):
        field.check()
    field.with_domain({"w": (0, 50)}).check()


def test_a_model_with_a_value_somewhere_is_taken():
    landscape("log(w)*x").check()


@pytest.mark.parametrize("key", LOSSES)
def test_the_strongest_penalty_bends_about_as_much_as_the_data(key):
    field = landscape("w*x + b", key)
    greatest = np.linalg.eigvalsh(field.hessian(field.middle)).max()
    found = strongest(field)
    assert found == 1.0 if greatest == 0 else 0.4 * greatest < found <= greatest


@pytest.mark.parametrize("scale", [1e-150, 1e-8, 1e8, 1e100])
def test_the_strongest_penalty_is_a_number_whatever_the_data(scale):
    rows = slotted(observations(scale * X, Y), seed=2)
    field = Landscape(Objective(model("w*x"), LOSSES["squared"]), Data(*rows))
    assert 0 < strongest(field) < np.inf
