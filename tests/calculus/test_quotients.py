"""A number glued to a factor behind “/” is refused, with both of its readings."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwidgets.calculus.formula import FormulaError, parse


@pytest.mark.parametrize(
    ("text", "quotient", "product"),
    [
        ("1/2x", "/(2*x)", "/2*x"),
        ("exp(-x²/2σ²)", "/(2*σ²)", "/2*σ²"),
        ("x^2/2x^2 + 1", "/(2*x^2)", "/2*x^2"),
        ("1/2π", "/(2*π)", "/2*π"),
        ("3/4(x + 1)", "/(4*(x + 1))", "/4*(x + 1)"),
        ("1/2sin(x)^-2", "/(2*sin(x)^-2)", "/2*sin(x)^-2"),
        ("1 + x÷2.5(x + 1)y²", "/(2.5*(x + 1)*y²)", "/2.5*(x + 1)*y²"),
        ("x/2²y", "/(2²*y)", "/2²*y"),
    ],
)
def test_both_readings_are_told(text, quotient, product):
    with pytest.raises(FormulaError, match="can be read in two ways") as caught:
        parse(text)
    assert f"Write {quotient} or {product}." in str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2x/3", 2.0),
        ("1/(2x)", 1 / 6),
        ("x/2*x", 4.5),
        ("x/2²", 0.75),
        ("½x", 1.5),
        ("1/2e3", 1 / 2000),
        ("x/2 - 3x", -7.5),
        ("(x/2)(x + 1)", 6.0),
    ],
)
def test_what_has_one_reading_is_read(text, value):
    formula = parse(text)
    assert formula.function(*(3.0,) * len(formula.variables)) == pytest.approx(value)


@given(
    st.integers(2, 99),
    st.sampled_from(["x", "θ", "π", "sin(x)", "(x + 1)", "x²"]),
    st.sampled_from(["1", "x", "(x + 2)", "3x"]),
)
def test_the_readings_that_are_told_are_formulas(number, factor, above):
    with pytest.raises(FormulaError) as caught:
        parse(f"{above}/{number}{factor}")
    (readings,) = re.findall(r"Write (.*) or (.*)\.$", str(caught.value))
    values = []
    for reading in readings:
        formula = parse(above + reading)
        values.append(float(formula.function(*(1.3,) * len(formula.variables))))
    inner = parse(factor)
    inside = float(inner.function(*(1.3,) * len(inner.variables)))
    assert len(values) == 2
    assert values[1] / values[0] == pytest.approx(np.square(inside))
