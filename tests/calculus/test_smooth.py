"""Formulas that are known to be smooth: nobody looks for kinks there, or tells of any."""

import ast

import numpy as np
import pytest

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.slopes import SMOOTH, slope_along
from gradwidgets.calculus.smooth import is_smooth_everywhere
from gradwidgets.calculus.tracing import calm

SMOOTH_TEXTS = [
    "x**2 + 10*y**2",
    "(1 - x)**2 + 100*(y - x**2)**2",
    "-x + 3",
    "x*y/(2*pi)",
    "sin(x)*cos(y) - exp(-x**2)",
]
OTHERS = [
    "1/x",
    "x/y",
    "x**0.5",
    "x**(-1)",
    "x**y",
    "2**x",
    "abs(x)",
    "sqrt(x)",
    "log(x)",
    "tan(x)",
    "x % 2",
    "where(x > 0, x, 0)",
    "max(x, y)",
    "exp(-exp(x))",
    "sin(exp(x))",
    "exp(-(x**200))",
    "sin(abs(x))",
]


def tree(text):
    return ScalarField(text).formula.tree


@pytest.mark.parametrize("text", SMOOTH_TEXTS)
def test_polynomials_sin_cos_and_exp_are_smooth(text):
    assert is_smooth_everywhere(tree(text))


@pytest.mark.parametrize("text", OTHERS)
def test_nothing_else_is_taken_to_be_smooth(text):
    assert not is_smooth_everywhere(tree(text))


def test_what_is_not_a_formula_is_not_taken_to_be_smooth():
    assert not ScalarField(lambda x, y: x * y).is_smooth
    assert not is_smooth_everywhere(ast.parse("[x]", mode="eval").body)


@pytest.mark.parametrize("name", [n for n in catalog if ScalarField(catalog[n]).is_smooth])
def test_a_search_finds_nothing_else(name):
    """What is told without a search is what both sides of every place in the domain show."""
    field = ScalarField(catalog[name])
    rng, widths = np.random.default_rng(0), [b - a for a, b in field.domain.values()]
    for _ in range(20):
        point = tuple(np.float64(rng.uniform(*ends)) for ends in field.domain.values())
        answers = tuple(field.gradient(point))
        told = field.slopes(point, answers)
        for axis, (width, answer) in enumerate(zip(widths, answers, strict=True)):
            found = slope_along(field.function, point, axis, answer, width, field.height)
            assert told[axis].kind == found.kind == SMOOTH
            assert told[axis].told == found.told == answer


def test_no_value_beside_the_point_is_asked_for(monkeypatch):
    field = ScalarField("x**2 + y")
    monkeypatch.setattr("gradwidgets.calculus.field.slope_along", lambda *_: 1 / 0)
    assert [slope.told for slope in field.slopes((1.0, 2.0), (2.0, 1.0))] == [2.0, 1.0]


def test_where_autograd_has_no_answer_a_slope_is_found_all_the_same():
    field = ScalarField("exp(-x**200)", domain=(-60, 60))
    with calm():
        (answer,) = field.gradient(50.0)
        (found,) = field.slopes((np.float64(50.0),), (answer,))
    assert np.isnan(answer)  # 0 times infinity
    assert found.told == 0.0
