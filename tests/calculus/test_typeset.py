r"""A formula as LaTeX: it reads as it computes, and matplotlib's own parser accepts all of it."""

import pytest
from hypothesis import given, settings
from matplotlib.mathtext import MathTextParser

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.formula import FUNCTIONS, parse
from gradwidgets.calculus.typeset import definition, latex, symbol
from tests.calculus.trees import formulas

PARSER = MathTextParser("path")


def is_typeset(text):
    width, height, *_ = PARSER.parse(f"${text}$")
    return width > 0 and height > 0


TABLE = [
    # sums and products
    ("x + y - 2", "x + y - 2"),
    ("x - (y - 1)", r"x - \left(y - 1\right)"),
    ("(x - y) - 1", "x - y - 1"),
    ("x + (y + 1)", r"x + \left(y + 1\right)"),
    ("2x", r"2 \, x"),
    ("2*3x", r"2 \cdot 3 \, x"),
    ("x*2", r"x \cdot 2"),
    ("x*(y + 1)", r"x \, \left(y + 1\right)"),
    ("(x + y)*(x - y)", r"\left(x + y\right) \, \left(x - y\right)"),
    ("x*y*z", r"x \, y \, z"),
    ("x*(y*z)", r"x \, \left(y \, z\right)"),
    ("x % 2", r"x \; \mathrm{mod} \; 2"),
    # signs
    ("-x", "-x"),
    ("-(-x)", r"-\left(-x\right)"),
    ("x - -y", r"x - \left(-y\right)"),
    ("x*-y", r"x \, \left(-y\right)"),
    ("-x**2", "-x^{2}"),
    ("(-x)**2", r"\left(-x\right)^{2}"),
    ("-(x + y)", r"-\left(x + y\right)"),
    ("-x*y", r"-x \, y"),
    ("-x*(y % 2)", r"-x \, \left(y \; \mathrm{mod} \; 2\right)"),
    ("x - -2*y", r"x - \left(-2 \, y\right)"),
    ("-20*x + y", r"-20 \, x + y"),
    ("x - 2*y", r"x - 2 \, y"),
    ("+x", "x"),
    # fractions and powers
    ("x/y", r"\frac{x}{y}"),
    ("(x/y)**2", r"\left(\frac{x}{y}\right)^{2}"),
    ("x/y/2", r"\frac{\frac{x}{y}}{2}"),
    ("(x + 1)/(y - 1)", r"\frac{x + 1}{y - 1}"),
    ("x^2", "x^{2}"),
    ("x²", "x^{2}"),
    ("(x**2)**3", r"\left(x^{2}\right)^{3}"),
    ("x**y**2", "x^{y^{2}}"),
    ("x**-2", "x^{-2}"),
    ("x**(y + 1)", "x^{y + 1}"),
    ("(x + y)**2", r"\left(x + y\right)^{2}"),
    ("(2*x)**2", r"\left(2 \, x\right)^{2}"),
    ("e**x", "e^{x}"),
    ("exp(x)", "e^{x}"),
    ("exp(x)**2", r"\left(e^{x}\right)^{2}"),
    ("exp(-x**2 - y**2)", "e^{-x^{2} - y^{2}}"),
    # numbers
    ("0.5x", r"0.5 \, x"),
    ("1e-7*x", r"1 \cdot 10^{-7} \, x"),
    ("2.5e10 + x", r"2.5 \cdot 10^{10} + x"),
    ("1e10**x", r"\left(1 \cdot 10^{10}\right)^{x}"),
    ("x**1e-7", r"x^{1 \cdot 10^{-7}}"),
    # functions
    ("sin(x)", r"\sin\left(x\right)"),
    ("sin(x)**2", r"\sin\left(x\right)^{2}"),
    ("sqrt(x + 1)", r"\sqrt{x + 1}"),
    ("sqrt(x)**2", r"\sqrt{x}^{2}"),
    ("abs(x - y)", r"\left|x - y\right|"),
    ("max(x, y)", r"\max\left(x, y\right)"),
    ("atan2(y, x)", r"\mathrm{atan2}\left(y, x\right)"),
    ("where(x >= 0, x, -x)", r"\mathrm{where}\left(x \geq 0, x, -x\right)"),
    ("softplus(x)", r"\mathrm{softplus}\left(x\right)"),
    # names
    ("pi*x", r"\pi \, x"),
    ("π*x", r"\pi \, x"),
    ("theta**2", r"\theta^{2}"),
    ("w_1*x2", r"w_{1} \, x_{2}"),
    ("rate*x", r"\mathrm{rate} \, x"),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_a_formula_in_latex(text, expected):
    assert latex(parse(text)) == expected
    assert is_typeset(expected)


@pytest.mark.parametrize("name", catalog)
def test_the_catalogue_can_be_typeset(name):
    field = catalog[name].field
    assert is_typeset(definition("f", field.variables, field.formula))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_can_be_typeset_and_raised_to_a_power(name):
    arguments = {1: "x", 2: "x, y", 3: "x < y, x, y"}[FUNCTIONS[name].arity]
    for text in (f"{name}({arguments})", f"{name}({arguments})**2", f"1/{name}({arguments})"):
        assert is_typeset(latex(parse(text)))


@pytest.mark.parametrize("comparison", ["<", "<=", ">", ">=", "==", "!="])
def test_every_comparison_can_be_typeset(comparison):
    assert is_typeset(latex(parse(f"where(x {comparison} 0, x, y)")))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x", "x"),
        ("x1", "x_{1}"),
        ("x_12", "x_{12}"),
        ("theta", r"\theta"),
        ("theta_0", r"\theta_{0}"),
        ("rate", r"\mathrm{rate}"),
        ("α", "α"),
        ("αβ2", r"\mathrm{αβ}_{2}"),
    ],
)
def test_a_name_in_latex(name, expected):
    assert symbol(name) == expected
    assert is_typeset(expected)


def test_a_definition_names_every_variable():
    assert definition("f", ("x", "theta_1"), parse("x**2")) == r"f(x, \theta_{1}) = x^{2}"


@given(formulas(("x", "theta_1", "rate"), leaves=5))
@settings(max_examples=50)
def test_any_formula_can_be_typeset(text):
    formula = parse(text)
    assert is_typeset(definition("f", formula.variables, formula))
