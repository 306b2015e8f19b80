"""Every function of the formula language beside mpmath, in value, slope and second slope."""

import mpmath
import numpy as np
import pytest

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.formula import FUNCTIONS, parse
from gradwidgets.calculus.tracing import calm, value_partials_and_seconds
from tests.calculus.exact import COMPOSED, POWERS, SIGMA, SOFTPLUS, power, sech

ULPS = 6
ULPS_COMPOSED = 16  # 1/cosh has an inflection near 0.9
DIGITS = 340  # 1 + 1e-300 keeps its 1e-300
SIZES = (1e-300, 1e-160, 1e-100, 1e-30, 1e-8, 1e-3, 0.3, 0.4999, 0.5, 0.9, 1.0, 1.0001, 1.3)
SIZES += (2.0, 5.0, 9.3, 17.7, 20.0, 33.0, 36.5, 40.0, 100.0, 200.0, 355.0, 400.0, 700.0, 709.0)
SIZES += (1e6, 1e8, 1e77, 1e80, 1e120, 1e155, 1e200, 1e300)
NEAR_ONE = (1e-15, 1e-12, 1e-8, 1e-4)
LINE = [sign * size for size in SIZES for sign in (1.0, -1.0)]
LINE += [sign * (1 - gap) for gap in NEAR_ONE for sign in (1.0, -1.0)]
LINE += [1 + gap for gap in NEAR_ONE]


def logarithm(base):
    scale = mpmath.log(base)
    return lambda x: mpmath.log(x) / scale, lambda x: 1 / x / scale, lambda x: -1 / x**2 / scale


def step(x):
    return mpmath.mpf(x > 0)


def zero(x):
    return mpmath.mpf(0)


mp = mpmath
ARCSIN = (mp.asin, lambda x: (1 - x * x) ** -0.5, lambda x: x * (1 - x * x) ** -1.5)
ARCCOS = (mp.acos, lambda x: -ARCSIN[1](x), lambda x: -ARCSIN[2](x))
ARCTAN = (mp.atan, lambda x: 1 / (1 + x * x), lambda x: -2 * x / (1 + x * x) ** 2)
ARCSINH = (mp.asinh, lambda x: (1 + x * x) ** -0.5, lambda x: -x * (1 + x * x) ** -1.5)
ARCCOSH = (mp.acosh, lambda x: (x * x - 1) ** -0.5, lambda x: -x * (x * x - 1) ** -1.5)
ARCTANH = (mp.atanh, lambda x: 1 / (1 - x * x), lambda x: 2 * x / (1 - x * x) ** 2)
LOGARITHM = (mp.log, lambda x: 1 / x, lambda x: -1 / x**2)


# formula in x → value, slope, second slope
EXACT = {
    "sin(x)": (mp.sin, mp.cos, lambda x: -mp.sin(x)),
    "cos(x)": (mp.cos, lambda x: -mp.sin(x), lambda x: -mp.cos(x)),
    "tan(x)": (mp.tan, lambda x: mp.sec(x) ** 2, lambda x: 2 * mp.tan(x) * mp.sec(x) ** 2),
    "csc(x)": (
        mp.csc,
        lambda x: -mp.csc(x) * mp.cot(x),
        lambda x: mp.csc(x) * (mp.cot(x) ** 2 + mp.csc(x) ** 2),
    ),
    "sec(x)": (
        mp.sec,
        lambda x: mp.sec(x) * mp.tan(x),
        lambda x: mp.sec(x) * (mp.tan(x) ** 2 + mp.sec(x) ** 2),
    ),
    "cot(x)": (mp.cot, lambda x: -(mp.csc(x) ** 2), lambda x: 2 * mp.cot(x) * mp.csc(x) ** 2),
    "sinh(x)": (mp.sinh, mp.cosh, mp.sinh),
    "cosh(x)": (mp.cosh, mp.sinh, mp.cosh),
    "tanh(x)": (mp.tanh, lambda x: sech(x) ** 2, lambda x: -2 * mp.tanh(x) * sech(x) ** 2),
    "exp(x)": (mp.exp, mp.exp, mp.exp),
    "e^x": (lambda x: mp.exp(x), mp.exp, mp.exp),
    "expm1(x)": (mp.expm1, mp.exp, mp.exp),
    "log1p(x)": (lambda x: mp.log(1 + x), lambda x: 1 / (1 + x), lambda x: -1 / (1 + x) ** 2),
    "log(x)": LOGARITHM,
    "ln(x)": LOGARITHM,
    "log2(x)": logarithm(2),
    "log10(x)": logarithm(10),
    "sqrt(x)": (mp.sqrt, lambda x: 1 / (2 * mp.sqrt(x)), lambda x: -1 / (4 * x * mp.sqrt(x))),
    "abs(x)": (abs, mp.sign, zero),
    "sign(x)": (mp.sign, zero, zero),
    "floor(x)": (mp.floor, zero, zero),
    "ceil(x)": (mp.ceil, zero, zero),
    **dict.fromkeys(("arcsin(x)", "asin(x)"), ARCSIN),
    **dict.fromkeys(("arccos(x)", "acos(x)"), ARCCOS),
    **dict.fromkeys(("arctan(x)", "atan(x)", "atan2(x, 1)", "arctan2(x, 1)"), ARCTAN),
    **dict.fromkeys(("arcsinh(x)", "asinh(x)"), ARCSINH),
    **dict.fromkeys(("arccosh(x)", "acosh(x)"), ARCCOSH),
    **dict.fromkeys(("arctanh(x)", "atanh(x)"), ARCTANH),
    "sigmoid(x)": SIGMA,
    "softplus(x)": SOFTPLUS,
    "relu(x)": (lambda x: max(x, mp.mpf(0)), step, zero),
    "max(x, 0)": (lambda x: max(x, mp.mpf(0)), step, zero),
    "min(x, 0)": (lambda x: min(x, mp.mpf(0)), lambda x: 1 - step(x), zero),
    "where(x > 0, x, x*x)": (
        lambda x: x if x > 0 else x * x,
        lambda x: mp.mpf(1) if x > 0 else 2 * x,
        lambda x: mp.mpf(0) if x > 0 else mp.mpf(2),
    ),
    "1/x": power(-1),
    **COMPOSED,
    **POWERS,
}
WHERE = {
    **dict.fromkeys(("arcsin", "asin", "arccos", "acos", "arctanh", "atanh"), lambda x: abs(x) < 1),
    **dict.fromkeys(("arccosh", "acosh"), lambda x: x > 1),
    **dict.fromkeys(("log", "ln", "log2", "log10", "sqrt"), lambda x: x > 0),
    **dict.fromkeys(("sin", "cos", "tan", "csc", "sec", "cot"), lambda x: abs(x) < 1e9),
    "log1p": lambda x: x > -1,
}
WHERE = {f"{name}(x)": where for name, where in WHERE.items()}
WHERE |= dict.fromkeys(("ln(sinh(x))", "log2(tanh(x))"), lambda x: x > 0)
WHERE |= {text: lambda x: x > 0 for text in POWERS if "(" in text}
WHERE |= {
    "x^x": lambda x: 0 < x < 140,
    "2^x": lambda x: abs(x) < 1e6,
    "0.3^x": lambda x: abs(x) < 1e6,
}


def domain(text):
    line = LINE[::3] if text in COMPOSED or text in POWERS else LINE
    return [x for x in line if WHERE.get(text, lambda x: True)(x)]


def assert_close(computed, exact, ulps=ULPS):
    """Within a few ulps; beyond the largest number infinite, below the smallest about 0."""
    wanted = float(exact)
    if np.isinf(wanted):
        assert abs(computed) > 1e308
        assert np.sign(computed) == np.sign(wanted)
    elif abs(wanted) < 1e-305:
        assert abs(computed - wanted) < 1e-305
    else:
        assert abs(computed - wanted) <= ulps * np.spacing(abs(wanted))


def test_every_function_is_compared():
    called = {text.partition("(")[0] for text in EXACT}
    assert set(FUNCTIONS) <= called


@pytest.mark.parametrize("text", EXACT)
def test_a_function_has_its_digits_at_every_size(text):
    function, ulps = parse(text).function, ULPS_COMPOSED if text in COMPOSED else ULPS
    with mpmath.workdps(DIGITS):
        for x in domain(text):
            with calm():
                value, [slope], [[second]] = value_partials_and_seconds(function, [np.float64(x)])
            for computed, exact in zip((value, slope, second), EXACT[text], strict=True):
                assert_close(float(computed), exact(mpmath.mpf(x)), ulps)


@pytest.mark.parametrize("x", [1e-300, 1e-160, 1e-8, 0.3, 1.0, 1.7, 40.0, 1e8, 1e100])
def test_a_free_power_has_its_digits(x):
    function = parse("x^y").function
    with mpmath.workdps(60):
        for y in (1e-300, 1e-8, 0.1, 1 / 3, 0.5, 0.7, 1.0, 1.5, 2.0, 2.5, 3.0, -1e-8, -0.1, -2.5):
            if not 1e-305 < abs(float(mpmath.mpf(x) ** y)) < 1e300:
                continue
            with calm():
                value, slopes, seconds = value_partials_and_seconds(function, np.array([x, y]))
            base, c = mpmath.mpf(x), mpmath.mpf(y)
            log = mpmath.log(base)
            assert_close(value, base**c)
            assert_close(slopes[0], c * base ** (c - 1))
            assert_close(slopes[1], base**c * log)
            if base ** (c - 2) < 1e300:
                assert_close(seconds[0][0], c * (c - 1) * base ** (c - 2))
                assert_close(seconds[0][1], base ** (c - 1) * (1 + c * log), 12)
                assert_close(seconds[1][0], base ** (c - 1) * (1 + c * log), 12)
            assert_close(seconds[1][1], base**c * log**2)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("log_(sigmoid(a*x + b))", "-log_(1 + exp(-(a*x + b)))"),
        ("ln(1 + e^(x*y))", "softplus(x*y)"),
        ("1 - 1/(1 + exp(x*y))", "sigmoid(x*y)"),
        ("ln(1/cosh(x - y)^2)", "-2*ln(cosh(x - y))"),
        ("tanh(x + y) - 1", "-2*sigmoid(-2*(x + y))"),
    ],
)
def test_the_same_is_read_in_every_spelling(text, other):
    names = ("x", "y") if "y" in text else ("a", "b", "x")
    for log in ("log", "ln", "log2", "log10"):
        one, two = (ScalarField(t.replace("log_", log), variables=names) for t in (text, other))
        for size in (0.3, 9.0, -9.0, 30.0, -30.0):
            point = (size, 2.0, -0.7)[: len(names)]
            assert one.value(point) == pytest.approx(two.value(point), rel=1e-13)
            np.testing.assert_allclose(one.gradient(point), two.gradient(point), rtol=1e-12)


@pytest.mark.parametrize("text", ["1 + exp(x)", "1 - cos(x)", "exp(x) - 1", "2 - tanh(x)"])
def test_what_keeps_its_digits_far_out_is_computed_as_it_is_written(text):
    assert ScalarField(text).value(1e-3) == eval(text, {**vars(np), "x": 1e-3})


@pytest.mark.parametrize("text", ["-ln(sigmoid(x))", "ln(softplus(x))", "log2(cosh(x))", "tanh(x)"])
def test_a_replayed_program_has_them_too(text):
    field = ScalarField(text)
    function = field.formula.function
    for x in (-750.0, -700.0, -40.0, -0.7, 1e-8, 0.7, 40.0, 700.0):
        with calm():
            value, [slope], [[second]] = value_partials_and_seconds(function, [np.float64(x)])
        assert field.value(x) == pytest.approx(float(value), rel=1e-15, abs=1e-305)
        assert field.gradient(x)[0] == pytest.approx(float(slope), rel=1e-15, abs=1e-305)
        assert field.hessian(x)[0, 0] == pytest.approx(float(second), rel=1e-14, abs=1e-305)


def test_the_loss_of_a_confident_mistake_is_finite():
    loss = ScalarField("-ln(sigmoid(x))")
    assert (loss.value(-40), loss.gradient(-40)[0]) == (40.0, -1.0)
    assert (loss.value(-1e6), loss.gradient(-1e6)[0]) == (1e6, -1.0)
    both = ScalarField("-y*ln(sigmoid(x)) - (1 - y)*ln(1 - sigmoid(x))")
    assert both.value((700, 0)) == 700.0
    assert both.gradient((700, 0))[0] == 1.0


@pytest.mark.parametrize("size", [1e-300, 1e-160, 1e-8, 1.0, 1e6, 1e160, 1e300])
@pytest.mark.parametrize(("y", "x"), [(1, 3), (-2, 1), (0.5, -1.7), (-1e-8, -1), (0, 1), (1, 0)])
def test_an_angle_has_its_slopes_at_every_size(y, x, size):
    y, x = y * size, x * size
    function = parse("atan2(a, b)").function
    with calm():
        angle, slopes, seconds = value_partials_and_seconds(function, np.array([y, x]))
    with mpmath.workdps(60):
        b, a = mpmath.mpf(y), mpmath.mpf(x)
        square = a * a + b * b
        assert_close(float(angle), mpmath.atan2(b, a))
        assert_close(float(slopes[0]), a / square)
        assert_close(float(slopes[1]), -b / square)
        assert_close(float(seconds[0][0]), -2 * a * b / square**2)
        assert_close(float(seconds[1][1]), 2 * a * b / square**2)
        assert_close(float(seconds[0][1]), (b * b - a * a) / square**2)


@pytest.mark.parametrize("zero", [0.0, -0.0])
@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - {"where"}))
def test_at_zero_a_function_is_numpy_s_and_its_slope_is_a_number_or_infinite(name, zero):
    arguments = ["x", "x, 1"][FUNCTIONS[name].arity - 1]
    with calm():
        value, [slope], _ = value_partials_and_seconds(
            parse(f"{name}({arguments})").function, [np.float64(zero)]
        )
    if np.isfinite(value):
        assert not np.isnan(slope)
    plain = {"log1p", "expm1", "sinh", "tanh", "arcsinh", "arctan", "arcsin", "sqrt", "arctanh"}
    if name in plain:
        assert np.signbit(value) == np.signbit(zero)
