"""Models: which names are parameters, what they predict, which are linear, what is refused."""

import math
import re

import autograd.numpy as anp
import numpy
import numpy as np
import pytest
from autograd import jacobian

from gradwidgets.calculus.formula import FormulaError
from gradwidgets.calculus.models import Model, model
from gradwidgets.calculus.program import trace
from gradwidgets.calculus.tracing import value_and_partials

X = np.array([1.0, 2.0, 4.0])


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("w*x + b", ("b", "w")),
        ("w*x", ("w",)),
        ("w + b", ("b", "w")),
        ("a*e^(-k*x) + c", ("a", "c", "k")),
        ("w1*x + w2*x^2", ("w1", "w2")),
        ("θ*x + rate", ("rate", "θ")),
    ],
)
def test_a_formula_s_parameters_are_its_other_names_in_alphabetical_order(text, parameters):
    made = model(text)
    assert (made.source, made.text, made.input, made.parameters) == (text, text, "x", parameters)


def test_the_input_may_have_another_name():
    made = model("a*exp(-k*t)", input="t")
    assert (made.input, made.parameters) == ("t", ("a", "k"))
    assert made(np.array([0.0]), 3.0, 1.0).tolist() == [3.0]
    assert model("rate*hour + x", input="hour").parameters == ("rate", "x")


def test_a_callable_s_parameters_stand_behind_its_first_and_have_no_default():
    def parabola(t, w, b, power=2):
        return w * t**power + b

    made = model(parabola)
    assert (made.source, made.text, made.input, made.parameters) == (
        *(parabola, "parabola", "t", ("w", "b")),
    )
    assert made(X, 1.0, 0.5).tolist() == [1.5, 4.5, 16.5]


def test_a_model_stays_what_it_is():
    made = model("w*x + b")
    assert model(made) is made
    assert made == model("w*x + b")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("w*x + b", [3.5, 6.5, 12.5]),
        ("w + b", [3.5, 3.5, 3.5]),
        ("w*x^2 - b", [2.5, 11.5, 47.5]),
        (lambda x, b, w: b, [0.5, 0.5, 0.5]),
        (lambda x, b, w: anp.where(x > 1, w, b), [0.5, 3.0, 3.0]),
    ],
)
def test_predictions_have_the_shape_of_x(source, expected):
    assert model(source)(X, 0.5, 3.0).tolist() == expected
    assert model(source)(X[:1], 0.5, 3.0).tolist() == expected[:1]
    assert model(source)(X.astype(int), 0.5, 3.0).tolist() == expected


def test_predictions_are_differentiated_and_traced():
    made = model("a*exp(-k*x)")
    found = jacobian(lambda theta: made(X, theta[0], theta[1]))(np.array([2.0, 0.5]))
    decay = np.exp(-0.5 * X)
    np.testing.assert_allclose(found, np.stack([decay, -2 * X * decay], axis=1), 1e-14)
    program = trace(lambda a, k, x: (made(x, a, k),), 1.0, 1.0, X)
    np.testing.assert_allclose(program(2.0, 0.5, X)[0], 2 * decay, 1e-15)


def test_a_model_without_x_is_traced_to_an_array():
    program = trace(lambda w, x: (model("w")(x, w),), 1.0, X)
    assert program(3.0, X)[0].tolist() == [3.0, 3.0, 3.0]


LINEAR = [
    *(
        "w*x + b",
        "w + b",
        "w",
        "a*log(x) + b",
        "a/x",
        "a*sin(3x) + b*cos(3x)",
        "where(x > 0, a, b)",
    ),
    *("w*x + 1", "(w + 1)^2 - w^2 - 1", "a*10^200*x", "c0 + c1*x + c2*x^2 + c3*x^3", "w*1e-200*x"),
]
BENT = [
    *("w^2*x", "a*x^b", "sigmoid(w*x + b)", "a*b*x", "exp(w)*x", "a/(x + b)", "sqrt(w)*x"),
    *("abs(w)*x", "max(w*x, 0)", "max(w - 1000, 0)*x", "floor(w)*x", "where(w > 0, w, 2w)"),
    "log(w) + x",
]


@pytest.mark.parametrize("text", LINEAR)
def test_a_model_is_linear_in_its_parameters(text):
    assert model(text).is_linear


@pytest.mark.parametrize("text", BENT)
def test_a_model_is_not_linear_in_its_parameters(text):
    assert not model(text).is_linear


def test_callables_are_linear_or_not_and_unsure_is_not():
    assert model(lambda x, w, b: w * x + b).is_linear
    assert not model(lambda x, w: anp.tanh(w * x)).is_linear

    def choosy(x, w):
        if abs(w) > 100:
            raise RuntimeError("too large")
        return w * x

    assert not model(choosy).is_linear


# ── what is refused ──────────────────────────────────────────────────────────────────────────────


def returns_nothing(x, w):
    w * x


def one_by_one(x, w):
    return [w * value for value in x]


def scalar(x, w):
    return w * math.exp(x)


REFUSED = [
    ("x^2", "The model x.2 has no parameter to learn"),
    ("3", "has no parameter to learn"),
    ("a + b + c + d + g + h + x*k", r"has 7 parameters \(a, b, c, d, g, h, k\): at most 6"),
    (lambda x: x, "The model f has no parameter to learn: write one, as in"),
    (lambda: 1.0, r"takes x first and then its parameters"),
    (lambda x, *theta: x, "has no parameter to learn"),
    (max, "takes x first"),
    (
        lambda x, w=2, b=1: w * x + b,
        r"no parameter to learn: what has a default is none\. .* def f\(x, w, b\), and tell by po",
    ),
    (
        lambda w, b, x: w * x + b,
        r"first parameter of the model f is the data, .* x comes later: write def f\(x, w, b\)\.",
    ),
    (returns_nothing, "The model returns_nothing returns None: it needs a line with “return”"),
    (one_by_one, "returns a list: it is to return an array of numbers"),
    (lambda x, w: "text", "returns a str"),
    (lambda x, w: 1j * w * x, "returns values of the type complex128"),
    (scalar, "The model scalar could not be computed: .* handed all x at once, as an array"),
    (lambda x, w: w * x if x > 0 else 0, "could not be computed: The truth value"),
    (lambda x, w: (w * x)[:, None], r"it gives the shape \(4, 1\) for an x of the shape \(4,\)"),
    (lambda x, w: w * (x - anp.mean(x)), "every prediction depends on its own x alone"),
    (lambda x, w: anp.sum(w * x), "every prediction depends on its own x alone"),
    (lambda x, w: math.exp(w) * x, "autograd can't follow f"),
    (lambda x, w: float(w) * x, r"float\(\) takes the number away from autograd"),
    (lambda x, theta: theta[0] * x, "'float' object is not subscriptable"),
]


@pytest.mark.parametrize(("source", "words"), REFUSED)
def test_what_is_no_model_is_refused_in_words(source, words):
    with pytest.raises(ValueError, match=words):
        model(source)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("w*x + b", ""),
        ("b", "x does not occur in the model: it predicts the same for every row."),
        ("w*X + b", "x does not occur .* every row. X is a parameter."),
        ("w*x + X", "X is a parameter."),
        (
            "a + b*x + c*x^2 + d*x^3 + e*x^4",
            "In the model e is the number 2.718…, and no parameter.",
        ),
        ("a*x + e", "In the model e is the number 2.718…, and no parameter."),
        ("a*e^(-k*x)", ""),
        ("a*e ** (k*x) + 1e3 + exp(x)", ""),
        (lambda x, w: w + 0.0 * x, ""),
    ],
)
def test_what_may_not_have_been_meant_is_told(text, words):
    assert re.fullmatch(words, model(text).hint)


@pytest.mark.parametrize("text", ["w*x +", "wx + b", "y = w*x", ""])
def test_a_text_that_is_no_formula_is_told_as_everywhere(text):
    with pytest.raises(FormulaError):
        model(text)


def test_a_callable_whose_shape_changes_later_is_told():
    made = model(lambda x, w: w * x if len(x) < 5 else w * x[:5])
    with pytest.raises(ValueError, match=r"it gives the shape \(5,\) for an x of the shape \(8,\)"):
        made(numpy.ones(8), 1.0)


def test_a_model_is_a_value():
    assert isinstance(model("w*x"), Model)
    with pytest.raises(AttributeError):
        model("w*x").text = "b"


@pytest.mark.parametrize(
    ("text", "theta"),
    [("w^x", (1.5,)), ("where(x > c, w, b)", (0.5, 1.0, 2.0)), ("max(w*x, b)", (0.3, 0.7))],
)
def test_derivatives_are_sums_over_x_whatever_rule_autograd_has(text, theta):
    made, x = model(text), np.array([0.2, 1.1, 2.3])
    loss = lambda *own: anp.sum(made(x, *own) ** 2)  # noqa: E731
    _, slopes = value_and_partials(loss, theta)
    for k, slope in enumerate(slopes):
        step = 6e-6 * np.eye(len(theta))[k]
        central = (loss(*(theta + step)) - loss(*(theta - step))) / 1.2e-5
        assert np.shape(slope) == ()
        assert slope == pytest.approx(central, abs=1e-6)


# ── intercepts ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("w*x + b", ("b",)),
        ("a*x^2 + b*x + c", ("c",)),
        ("a*exp(k*x) + c", ("c",)),
        ("b + c + w*x", ("b", "c")),
        ("b", ("b",)),
        ("w*x + 2*b", ()),
        ("w*x - b", ()),
        ("w*(x + b)", ()),
        ("a*exp(k*x)", ()),
        ("tanh(w*x + b)", ()),
        ("w*x + abs(b)", ()),
        (lambda x, slope, height: slope * x + height, ("height",)),
        (lambda x, w, b: anp.where(x > 0, b, 0.0) + w * x, ()),
    ],
)
def test_an_intercept_lifts_all_predictions_alike(source, found):
    assert model(source).intercepts == found
