"""What a student may type, what it means, and what is refused with which words."""

import dis
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.formula import (
    FUNCTIONS,
    LARGEST_PRODUCT,
    Formula,
    FormulaError,
    parse,
)
from gradwidgets.calculus.functions import divide
from gradwidgets.calculus.powers import fixed_base, fixed_power, free_power, integer_power
from gradwidgets.calculus.saturating import HIDDEN
from gradwidgets.calculus.tracing import calm, value_and_partials, value_partials_and_seconds
from tests.calculus.trees import formulas

TIGHT = 1e-14

ATTACKS = (
    "__import__('os').system('id')",
    "().__class__.__bases__[0].__subclasses__()",
    "x.__class__",
    "x.T",
    "x.tofile('f')",
    "sin.__globals__",
    "np.sin(x)",
    'f"{x.__class__}"',
    "eval('1')",
    "open('/etc/passwd')",
    "getattr(x,'T')",
    "import os;",
    "lambda x:x",
    "[c for c in x]",
    "x[0]",
    "x if x>0 else y",
    "(y:=3)",
    "sin(*x)",
    "sin(**x)",
    "sin(x=1)",
    "x<y",
    "x@y",
    "1j",
    "True",
    "zeros(10**9)",
    "integer_power(x, 2)",
    "x\0",
    "x\ud800",
    "x\u200b",
    "x\u03a2",  # not assigned, in the middle of the Greek capitals
    "x\nimport os",
    "print(x)",
    "yield",
    "await x",
    "x; y",
    "x := 1",
    "{x}",
    "x ? y : 1",
    "…",
)
TOWERS = (
    "9**9**9",
    "9^9^9",
    "10**10**10",
    "x**1e308",
    "1e999",
    "9" * 400,
    "1<<1000000",
    "1000**200",
    "1e308*10",
    "x**(1000*1000)",
    "exp(1000)",
    "(" * 2500,
    "(" * 400,
    ")" * 400,
    "-" * 399 + "x",
    "-" * 400,
    "sin(" * 60 + "x" + ")" * 60,
    "sin " * 60 + "x",
    "x**" * 60 + "x",
    "+".join("x" * 100),
    "x" * 400,
    "_" * 400,
    "q" * 399 + "(",
    "where(x<" * 40 + "1" + ",1,2)" * 40,
)
UNFINISHED = (
    "",
    " \t\n",
    "sin",
    "sin()",
    "sin(x",
    "sin x)",
    "foo(x)",
    "foo(",
    "()",
    "x +",
    "* x",
    "x y",
    "1 2",
    "1.2.3",
    "max(x)",
    "max(x, y, 1)",
    "max(x,)",
    "x, y",
    "x ** ",
    "²",
    "where(x > 0, 1)",
    "where(x, 1, 2)",
    "where(0 < x < 1, 1, 2)",
    "sin(x < y)",
    "x > 0",
    "_x",
    "x__y",
)
UNDEFINED = (
    "1/0",
    "x/0",
    "x/(1 - 1)",
    "x % 0",
    "0**-1",
    "0/0",
    "log(0)",
    "sqrt(-1)",
    "(-8)**(1/3)",
    "arcsin(2)",
    "inf",
    "nan",
    "∞",
    "where(x > 0, log(-1), 1)",
)
REFUSED = (*ATTACKS, *TOWERS, *UNFINISHED, *UNDEFINED)

# text, what it takes, what it gives
ACCEPTED = (
    ("-x**2", {"x": 3}, -9),
    ("x**-2", {"x": 4}, 1 / 16),
    ("x**0.5", {"x": 9}, 3),
    ("e**x", {"x": 2}, np.e**2),
    ("abs(x)", {"x": -2}, 2),
    ("max(x,y)", {"x": 2, "y": 5}, 5),
    ("min(x,y)", {"x": 2, "y": 5}, 2),
    ("where(x>0,x,-x)", {"x": -3}, 3),
    ("where(x>0,x,-x)", {"x": 4}, 4),
    ("x^2", {"x": -3}, 9),
    ("5", {}, 5),
    ("log(x)", {"x": np.e}, 1),
    ("log(x)", {"x": -1}, np.nan),
    ("log(x)", {"x": 0}, -np.inf),
    ("1/x", {"x": 0}, np.inf),
    ("2x", {"x": 3}, 6),
    ("2 x", {"x": 3}, 6),
    ("2x²", {"x": 3}, 18),
    ("2(x + 1)", {"x": 3}, 8),
    ("(x + 1)(x - 1)", {"x": 3}, 8),
    ("2sin(x)cos(x)", {"x": 0.3}, np.sin(0.6)),
    ("2π", {}, 2 * np.pi),
    ("x²y", {"x": 3, "y": 2}, 18),
    ("x⁻²", {"x": 2}, 0.25),
    ("x¹⁰", {"x": 2}, 1024),
    ("sin(x)²", {"x": 1}, np.sin(1) ** 2),
    ("−x – 1 — 1", {"x": 3}, -5),
    ("x × y · 2 ÷ 4", {"x": 3, "y": 2}, 3),
    ("where(x ≤ 1, 1, 2)", {"x": 1}, 1),
    ("where(x ≥ 1, 1, 2)", {"x": 0}, 2),
    ("where(x ≠ 1, 1, 2)", {"x": 1}, 2),
    ("where(x == 1, 1, 2)", {"x": 1}, 1),
    ("where(x < where(y < 0, 1, 2), 3, 4)", {"x": 1.5, "y": 0}, 3),
    ("2**3**2", {}, 512),
    ("x^y^2", {"x": 2, "y": 3}, 512),
    ("2**-x", {"x": 1}, 0.5),
    ("-2**2", {}, -4),
    ("--x", {"x": 2}, 2),
    ("-+-x", {"x": 2}, 2),
    ("+x", {"x": 2}, 2),
    ("x - y - 1", {"x": 5, "y": 2}, 2),
    ("x / y / 2", {"x": 12, "y": 3}, 2),
    ("x % 3", {"x": -1}, 2),
    ("x + y * 2", {"x": 1, "y": 3}, 7),
    (".5x + 3.", {"x": 2}, 4),
    ("1e-3 x", {"x": 1000}, 1),
    ("x**0", {"x": 0}, 1),
    ("x**1000", {"x": 1}, 1),
    ("α + β_1 + w2", {"α": 1, "β_1": 2, "w2": 3}, 6),
    ("  x\t+\n1 ", {"x": 1}, 2),
    ("𝑥² + ｘ", {"x": 2}, 6),
    ("ϕ + ϵ", {"φ": 1, "ε": 2}, 3),
    ("µ*ϑ*ϱ*ϰ*ς", {"μ": 2, "θ": 3, "ρ": 5, "κ": 7, "σ": 1}, 210),
    ("2ϖ", {}, 2 * np.pi),
    ("x₁ ∗ x₁₂", {"x1": 2, "x12": 3}, 6),
    ("xᵢ + x_i", {"x_i": 2}, 4),
    ("x＊y ⁄ ２ ‐ ‑1", {"x": 2, "y": 3}, 4),
    ("log₂(x) + log₁₀(x)", {"x": 1}, 0),
    ("½x² + x^½", {"x": 4}, 10),
    ("max（x，１）", {"x": 4}, 4),
    ("where(x ⩾ 1, 1, 2)", {"x": 1}, 1),
    ("csc(x) + sec(x) + cot(x)", {"x": 1}, 1 / np.sin(1) + 1 / np.cos(1) + 1 / np.tan(1)),
    ("asinh(x) + atanh(y) + acosh(z)", {"x": 0, "y": 0, "z": 1}, 0),
)

# text, words that the message must hold, position
HINTS = (
    ("", "x**2 + 10*y**2", 0),
    ("sin x", "sin(x)", 0),
    ("1 + sin 2", "sin(2)", 4),
    ("max", "max(x, y)", 0),
    ("where", "where(x > 0, a, b)", 0),
    ("sin^2(x)", "sin(x)**2", 3),
    ("sin²(x)", "sin(x)**2", 3),
    ("xy", "x*y", 0),
    ("1 + xyz", "x*y*z", 4),
    ("x y", "x*y", 2),
    ("x 2", "x*2", 2),
    ("(x)2", ")*2", 3),
    ("πx", "pi*x", 1),
    ("xπ", "x*pi", 1),
    ("x sin(x)", "x*sin(", 2),
    ("x(x + 1)", "x*(", 0),
    ("pi(x + 1)", "pi*(", 0),
    ("1 2", "Two numbers", 2),
    ("2j", "Complex", 1),
    ("|x|", "abs(x)", 0),
    ("√x", "sqrt(x)", 0),
    ("x!", "factorial", 1),
    ("y = x^2", "right of the equals sign", 2),
    ("where(x = 0, 1, 2)", "==", 8),
    ("1 + sine(x)", "Did you mean sin?", 4),
    ("squrt(x)", "Did you mean sqrt?", 0),
    ("zeros(x)", "sin, cos, tan", 0),
    ("1,5", "0.5", None),
    ("max(x)", "2 arguments, and here it has 1", 0),
    ("sin(x, y)", "one argument, and here it has 2", 0),
    ("x // 2", "floor(x/y)", 2),
    ("x* *2", "** without a space", 3),
    ("x if y", "where(x > 0, a, b)", 2),
    ("x and y", "Nest where", 2),
    ("lambda x: x", "without “lambda x:”", 0),
    ("x < y", "where(x > 0, a, b)", None),
    ("1 + where(x, 1, 2)", "where(x > 0, a, b)", 10),
    ("[x]", "( and )", 0),
    ("(x", "“)” is missing", 0),
    ("(x + (y)", "“)” is missing", 0),
    ("x)", "no “(”", 1),
    ("x + ()", "between “(” and “)”", 5),
    ("x +", "missing after “+”", 3),
    ("x + * y", "missing before “*”", 4),
    ("*x", "start with “*”", 0),
    ("x.T", "inside a number", 1),
    ("  1 + 1/(2 - 2)", "divides by zero", 9),
    ("−1 + log(0)", "log(0) is infinite", 5),
    ("2π + √4", "sqrt(x)", 5),
    ("π + sqrt(−4)", "sqrt(−4) is not a real number", 4),
    ("x**(10**4)", "at most 1000", 4),
    ("2 + 1e999", "1e999 is too large", 4),
    ("x + a_very_long_name_of_mine", "at most 20", 4),
    ("x\0", "invisible", 1),
    ("sin^-1(x)", "inverse function is arcsin(x)", 3),
    ("2 + tan⁻¹(x)", "inverse function is arctan(x)", 7),
    ("sinh^-1(x)", "arcsinh(x)", 4),
    ("arccos^-1(x)", "cos(x)", 6),
    ("ln^-1(x)", "exp(x)", 2),
    ("abs^-1(x)", "abs(x)**-1", 3),
    ("sin^3(x)", "sin(x)**3", 3),
    ("exp^x", "exp(x), or e**x", 3),
    ("log(x, 2)", "ln(x)/ln(2)", 0),
    ("log_2(x)", "log2(x)", 0),
    ("lambda*w^2", "λ or lam", 0),
    ("(x + 1)2", "(x + 1)*2", 7),
    ("1 + sin(x)2", "sin(x)*2", 10),
    ("(x + (y - 1)*(2*x + y + 3*x*y))2", "(…)*2", 31),
    ("2½", "+ 1/2", 1),
    ("xⁿ", "x**n", 1),
    ("x\u0302", "x_hat", 1),
    ("ŷ + 1", "x_hat", 0),
    ("\\phi", "without the backslash", 0),
    ("𝑥 + ｘy", "x*y", 4),
    ("½ + ½xϕ", "x*φ", 5),
    ("x′", "no primes", 1),
    ("∛x", "abs(x)**(1/3)", 0),
)


def shortened(value):
    return f"{value[:27]}..." if isinstance(value, str) and len(value) > 30 else None


def refusal(text):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    return caught.value


def evaluate(text, **values):
    formula = parse(text)
    assert formula.variables == tuple(sorted(values))
    with calm():
        return formula.function(*(np.float64(values[name]) for name in formula.variables))


def constants(formula):
    return [value for value in formula.function.__code__.co_consts if value is not None]


def nested(levels):
    return "(" * levels + "x" + ")" * levels


def balanced(leaves):
    """A sum of x's, as flat as parentheses can make it."""
    if leaves == 1:
        return "x"
    return f"({balanced(leaves // 2)}+{balanced(leaves - leaves // 2)})"


# ── refused ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", REFUSED, ids=shortened)
def test_what_is_no_formula_is_refused_with_a_sentence(text):
    error = refusal(text)
    assert re.search(r"[.?]$", str(error))
    assert 15 < len(str(error)) < 150
    assert error.position is None or 0 <= error.position <= len(text)


@pytest.mark.parametrize(("text", "words", "position"), HINTS, ids=shortened)
def test_the_message_shows_what_to_write_and_where(text, words, position):
    error = refusal(text)
    assert words in str(error)
    assert position is None or error.position == position


@pytest.mark.parametrize("text", [None, 3, b"x", ["x"]])
def test_what_is_no_text_is_a_type_error(text):
    with pytest.raises(TypeError, match="a formula is text"):
        parse(text)


@pytest.mark.parametrize(
    ("accepted", "refused", "position"),
    [
        pytest.param("x" + " " * 399, "x" + " " * 400, 400, id="length"),
        pytest.param(nested(40), nested(41), 40, id="parentheses"),
        pytest.param("+".join("x" * 40), "+".join("x" * 41), None, id="sum"),
        pytest.param("-" * 39 + "x", "-" * 40 + "x", None, id="signs"),
        pytest.param("-" + balanced(100), balanced(101)[1:-1], None, id="nodes"),
        pytest.param("x**1000", "x**1000.5", 3, id="power"),
        pytest.param("x**-1000", "x**-1000.5", 3, id="root"),
        pytest.param("a" * 20, "a" * 21, 0, id="name"),
    ],
)
def test_the_limits_are_where_they_are_said_to_be(accepted, refused, position):
    assert isinstance(parse(accepted), Formula)
    error = refusal(refused)
    assert re.search(r"at most \d+", str(error))
    assert error.position == position


# ── accepted ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("text", "values", "expected"), ACCEPTED, ids=shortened)
def test_what_is_a_formula_has_the_right_value(text, values, expected):
    assert evaluate(text, **values) == pytest.approx(expected, rel=TIGHT, nan_ok=True)


@pytest.mark.parametrize(("text", "values", "expected"), ACCEPTED, ids=shortened)
def test_arrays_are_taken_element_by_element(text, values, expected):
    formula = parse(text)
    with calm():
        column = formula.function(*(np.full((2, 3), float(v)) for _, v in sorted(values.items())))
    assert np.broadcast_to(column, (2, 3)) == pytest.approx(expected, rel=TIGHT, nan_ok=True)


def test_variables_are_the_free_names_in_alphabetical_order():
    assert parse("z*pi + sin(b) - e**a2 + λ + b").variables == ("a2", "b", "z", "λ")
    assert parse("pi + e").variables == ()


def test_the_text_is_kept_as_typed_without_the_spaces_around_it():
    assert parse("  2 x^2 ").text == "2 x^2"


def test_a_longer_formula_has_a_larger_size():
    assert parse("x").size < parse("x + y").size < parse("sin(x + y)*x").size


@pytest.mark.parametrize("name", ["integer_power", "print", "match", "rate", "where_1", "Ω"])
def test_any_other_name_is_a_variable(name):
    assert evaluate(f"{name}**2 + {name}", **{name: 3}) == 12


# ── what is compiled ─────────────────────────────────────────────────────────────────────────────

FOREIGN = re.compile("IMPORT|ATTR|METHOD|SUBSCR|STORE|DELETE|MAKE_FUNCTION")


def assert_harmless(formula):
    """No name but a whitelisted function's, no attribute, no import, no large integer."""
    function = formula.function
    namespace = dict(function.__globals__)
    assert namespace.pop("__builtins__") == {}
    [power] = [name for name, value in namespace.items() if value is integer_power]
    own = {"_divide": divide, "_fixed_power": fixed_power, "_free_power": free_power}
    own |= {"_fixed_base": fixed_base, power: integer_power, **HIDDEN}
    assert {name: namespace[name] for name in own} == own
    assert set(namespace) == {*FUNCTIONS, *own}
    assert set(function.__code__.co_names) <= set(namespace)
    assert not [i.opname for i in dis.get_instructions(function) if FOREIGN.search(i.opname)]
    whole = [value for value in constants(formula) if type(value) is int]
    others = [value for value in constants(formula) if type(value) is not int]
    assert {type(value) for value in others} <= {float, bool}
    assert np.isfinite(others).all()
    assert all(abs(value) <= LARGEST_PRODUCT for value in whole)
    assert not whole or power in function.__code__.co_names


@pytest.mark.parametrize("text", [row[0] for row in ACCEPTED], ids=shortened)
def test_only_floats_and_whitelisted_names_are_compiled(text):
    assert_harmless(parse(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2*3 + 4", 10),
        ("-(-3)", 3),
        ("sin(pi/2)", 1),
        ("max(2, min(3, 4))", 3),
        ("2² - 4", 0),
        ("-7 % 4", 1),
        ("e**0", 1),
        ("0.1 + 0.2", 0.1 + 0.2),
        ("where(1 < 2, 3, 4)", 3),
        ("where(pi ≤ 2, 3, 4)**2", 16),
    ],
)
def test_a_constant_is_one_number(text, value):
    formula = parse(text)
    assert (formula.size, constants(formula)) == (1, [value])
    assert formula.function() == value


@pytest.mark.parametrize(
    ("text", "folded"),
    [("x*(2*3)", 6), ("x + sin(pi/2)", 1), ("(1/2 + 1)x", 1.5), ("x*max(2, 3)", 3)],
)
def test_constants_inside_a_formula_are_folded(text, folded):
    assert constants(parse(text)) == [folded]


@pytest.mark.parametrize(
    "text", ["1/where(1 < 2, 0, 1)", "x + 1/where(1 < 2, 0, 1)", "x % where(1 < 2, 0, 1)"]
)
def test_a_zero_behind_a_constant_condition_divides_like_any_other_zero(text):
    assert "divides by zero" in str(refusal(text))


# ── powers ───────────────────────────────────────────────────────────────────────────────────────

WHOLE = [n for n in range(-LARGEST_PRODUCT - 1, LARGEST_PRODUCT + 2) if n]
BASES = np.concatenate([-np.geomspace(1e-3, 1e3, 31), np.geomspace(1e-3, 1e3, 31)])


@pytest.mark.parametrize("n", WHOLE)
def test_a_whole_power_is_numpy_s_with_its_derivatives(n):
    power = parse(f"x**{n}").function
    assert power(BASES) == pytest.approx(BASES**n, rel=TIGHT)
    _, [slope], [[second]] = value_partials_and_seconds(power, [BASES])
    assert slope == pytest.approx(n * BASES ** (n - 1.0), rel=TIGHT)
    assert second == pytest.approx(n * (n - 1) * BASES ** (n - 2.0), rel=TIGHT)


@pytest.mark.parametrize("n", WHOLE)
def test_a_whole_power_of_zero_is_numpy_s(n):
    with calm():
        assert parse(f"x**{n}").function(np.float64(0)) == np.float64(0) ** n


# ── functions ────────────────────────────────────────────────────────────────────────────────────

LINE = (-2.3, -1.1, -0.4, 0.2, 0.7, 1.3, 2.6)
UNIT = (-0.9, -0.5, -0.1, 0.3, 0.8)
POSITIVE = (0.05, 0.4, 1.0, 2.7, 30.0)
PAIRS = ((0.3, 1.2), (-1.4, 0.6), (2.1, -0.8), (-0.7, -2.2))

# name, the same in plain numpy, where
REFERENCE = {
    **{name: (getattr(np, name), LINE) for name in ("sin", "cos", "tan", "arctan")},
    **{name: (getattr(np, name), LINE) for name in ("sinh", "cosh", "tanh", "arcsinh")},
    **{name: (getattr(np, name), LINE) for name in ("exp", "expm1", "abs", "sign")},
    **{name: (getattr(np, name), LINE) for name in ("floor", "ceil")},
    **{name: (getattr(np, name), UNIT) for name in ("arcsin", "arccos", "arctanh")},
    **{name: (getattr(np, name), POSITIVE) for name in ("log", "log2", "log10", "sqrt", "log1p")},
    "arccosh": (np.arccosh, (1.1, 1.9, 7.0)),
    "asin": (np.arcsin, UNIT),
    "acos": (np.arccos, UNIT),
    "atan": (np.arctan, LINE),
    "asinh": (np.arcsinh, LINE),
    "acosh": (np.arccosh, (1.1, 1.9, 7.0)),
    "atanh": (np.arctanh, UNIT),
    "csc": (lambda x: 1 / np.sin(x), LINE),
    "sec": (lambda x: 1 / np.cos(x), LINE),
    "cot": (lambda x: 1 / np.tan(x), LINE),
    "ln": (np.log, POSITIVE),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), LINE),
    "relu": (lambda x: x * (x > 0), LINE),
    "softplus": (lambda x: np.log(1 + np.exp(x)), LINE),
    "atan2": (np.arctan2, PAIRS),
    "arctan2": (np.arctan2, PAIRS),
    "max": (np.maximum, PAIRS),
    "min": (np.minimum, PAIRS),
    "where": (lambda x, y: np.where(x > y, x * x, 3 * y), PAIRS),
}
ARGUMENTS = {"where": "x > y, x*x, 3*y"}


def test_every_function_has_a_reference():
    assert set(REFERENCE) == set(FUNCTIONS)


@pytest.mark.parametrize("name", REFERENCE)
def test_a_function_is_numpy_s_with_the_slope_of_its_central_differences(name):
    reference, points = REFERENCE[name]
    points = np.reshape(points, (len(points), -1)).T
    arguments = ARGUMENTS.get(name, ", ".join("xy"[: len(points)]))
    function = parse(f"{name}({arguments})").function
    value, partials = value_and_partials(function, points)
    assert value == pytest.approx(reference(*points), rel=1e-13)
    for axis, partial in enumerate(partials):
        h = np.zeros_like(points)
        h[axis] = 6e-6 * np.maximum(1, np.abs(points[axis]))
        slope = (reference(*(points + h)) - reference(*(points - h))) / (2 * h[axis])
        assert np.all(np.abs(partial - slope) < 1e-6 * np.maximum(1, np.abs(partial)))


@pytest.mark.parametrize(
    ("text", "x", "value", "slope"),
    [
        ("sigmoid(x)", -800, 0, 0),
        ("sigmoid(x)", 800, 1, 0),
        ("tanh(x)", -800, -1, 0),
        ("tanh(x)", 800, 1, 0),
        ("softplus(x)", -800, 0, 0),
        ("softplus(x)", 800, 800, 1),
        ("relu(x)", -800, 0, 0),
        ("relu(x)", 800, 800, 1),
    ],
)
def test_far_out_a_function_keeps_its_limit_and_its_slope(text, x, value, slope):
    with calm():
        computed, [partial] = value_and_partials(parse(text).function, [np.float64(x)])
    assert (computed, partial) == (value, slope)


# ── anything at all ──────────────────────────────────────────────────────────────────────────────

FRAGMENTS = (
    *"xyztwabe0123456789.+-*/%^(),<>=²³⁻π−×·÷≤≥≠ ",
    *("**", "//", "<=", "==", "!=", "(x", "x)", "(x)", "(y - 1)", "1e3", "1e308", "e9", ".5", "1."),
    *("2x", " x ", "**x", "**2", "**-1", "**0.5", "/0", "/x", "%y", "x,", ",y", "1<2", "x>0"),
    *(f"{name}(" for name in FUNCTIONS),
    *("sin(x)", "log(x)", "max(x,y)", "where(x>0,x,y)", "where(1<2,0,1)", "integer_power"),
    *("__import__", "__", "_", ".__class__", ".T", "lambda ", ":=", "[", "]", "{", "}", "'", '"'),
    *(
        "\\",
        "\n",
        "\0",
        "#",
        ";",
        "@",
        "1j",
        "True",
        "None",
        "if ",
        "else ",
        " for ",
        " in ",
        "eval(",
    ),
    *(
        "f'",
        "*x",
        "~",
        "!",
        "|",
        "&",
        "$",
        "?",
        "é",
        "𝑥",
        "ſ",
        "\u03a2",
        "\u200b",
        "\ud800",
        "٣",
        "ª",
    ),
)
MATHEMATICAL = re.compile(r"[\w\s+\-*/%^(),.<>=²³⁻π−×·÷≤≥≠]+", re.ASCII)
MATHS = tuple(fragment for fragment in FRAGMENTS if MATHEMATICAL.fullmatch(fragment))
SPECIAL = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -3.7, 1e-300, 1e300, np.inf, -np.inf, np.nan)


def outcome(text):
    try:
        return parse(text)
    except FormulaError as error:
        return error


def assert_formula_or_refusal(text):
    """Whatever comes out is a refusal in words, or a harmless function that answers everywhere."""
    formula = outcome(text)
    if isinstance(formula, FormulaError):
        assert str(formula)
        assert formula.position is None or 0 <= formula.position <= len(text)
        return
    assert isinstance(formula, Formula)
    assert_harmless(formula)
    count = len(formula.variables)
    with calm():
        for shift in range(len(SPECIAL)):
            point = [np.float64(SPECIAL[(shift + 5 * i) % len(SPECIAL)]) for i in range(count)]
            assert np.isrealobj(formula.function(*point))
        axes = [np.roll(SPECIAL, 5 * i) for i in range(count)]
        value, *_ = value_partials_and_seconds(formula.function, axes)
    assert np.shape(value) in ((), (len(SPECIAL),))


@given(st.text(max_size=80))
@settings(max_examples=300)
def test_any_text_is_a_formula_or_refused(text):
    assert_formula_or_refusal(text)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=16).map("".join))
@settings(max_examples=500)
def test_any_heap_of_fragments_is_a_formula_or_refused(text):
    assert_formula_or_refusal(text)


@given(st.lists(st.sampled_from(MATHS), max_size=8).map("".join))
@settings(max_examples=500)
def test_any_short_heap_of_mathematics_is_a_formula_or_refused(text):
    assert_formula_or_refusal(text + ")" * (text.count("(") - text.count(")")))


@given(formulas(("x", "y", "z"), leaves=12))
@settings(max_examples=150)
def test_any_tree_is_a_formula_that_answers_everywhere(text):
    assert isinstance(parse(text), Formula)
    assert_formula_or_refusal(text)


@given(formulas(("x", "y")), st.data())
@settings(max_examples=150)
def test_a_broken_tree_is_a_formula_or_refused(text, data):
    """One fragment put into a good formula, or one character taken out of it."""
    place = data.draw(st.integers(0, len(text) - 1))
    fragment = data.draw(st.sampled_from(FRAGMENTS))
    assert_formula_or_refusal(text[:place] + fragment + text[place:])
    assert_formula_or_refusal(text[:place] + text[place + 1 :])


@given(formulas(("x", "y"), smooth=True))
@settings(max_examples=150)
def test_every_spelling_means_the_same(text):
    spelled = text.replace("**2", "²").replace("**-1", "⁻¹").replace("**", "^")
    spelled = (
        spelled.replace("*", " × ").replace("-", "−").replace("/", "÷").replace("arctan", "atan")
    )
    points = np.array([0.3, 1.7, -2.2]), np.array([0.9, -1.1, 0.4])
    plain, other = parse(text), parse(spelled)
    with calm():
        values = [f.function(*points[: len(f.variables)]) for f in (plain, other)]
    np.testing.assert_array_equal(*values)
