"""The loss of a few rows as lines: what they compute is the loss."""

import numpy as np
import pytest

from gradwidgets.calculus.assignments import parse_lines
from gradwidgets.calculus.fitting import Objective, as_lines
from gradwidgets.calculus.losses import LOSSES
from gradwidgets.calculus.models import model

X = np.array([1.0, -1.5, 0.25, 3e-7, 12.0])
MODELS = [
    *("w*x + b", "w + b", "w*x^2 - b", "a*exp(-k*x) + c", "where(x > 0, a, b)*x", "-x*w", "2w*x"),
    *("w^x", "sigmoid(w*(x - b))", "max(w*x, b)", "a*x² + b", "p1*x + r1", "loss*x + p", "θ₁*x+θ₂"),
    *("a/(x + 5) - -b", "w*x % 3"),
]


def value(text, parameters, theta):
    program = parse_lines(text, parameters)
    known = dict(zip(parameters, theta, strict=True))
    return program(*(known[name] for name in program.inputs))


@pytest.mark.parametrize("key", LOSSES)
@pytest.mark.parametrize("text", MODELS)
def test_the_lines_compute_the_loss(text, key):
    made = Objective(model(text), LOSSES[key])
    y = np.array([1.0, 0.0, 1.0, 0.0, 1.0]) if made.loss.labels else np.array([2, -4, 0, 0.1, 3e8])
    theta = 0.7 + 0.4 * np.arange(len(made.model.parameters))
    for count in range(1, 6):
        x, y_now = X[:count], y[:count]
        lines = as_lines(made, x, y_now, delta=0.5, l2=0.1, l1=0.02)
        expected = made(theta, x, y_now, np.ones(count), 0.5, 0.1, 0.02)
        with np.errstate(invalid="ignore"):
            found = value(lines, made.model.parameters, theta)
        np.testing.assert_allclose(found, expected, 1e-12)


def test_lines_are_short_and_speak_of_the_data():
    line = Objective(model("w*x+b"), LOSSES["squared"])
    assert as_lines(line, [1, 2, -3], [2, 3.5, -1]).split("\n") == [
        *("p1 = w*1 + b", "p2 = w*2 + b", "p3 = w*(-3) + b"),
        *("r1 = (p1 - 2)^2", "r2 = (p2 - 3.5)^2", "r3 = (p3 - (-1))^2"),
        "loss = (r1 + r2 + r3)/3",
    ]
    assert as_lines(line, [1], [2]) == "p1 = w*1 + b\nr1 = (p1 - 2)^2\nloss = r1"
    logistic = Objective(model("w*x"), LOSSES["logistic"])
    assert as_lines(logistic, [1, 2], [0, 1]).split("\n")[2:] == [
        *("r1 = softplus(p1)", "r2 = softplus(p2) - p2", "loss = (r1 + r2)/2"),
    ]
    huber = Objective(model("w*x"), LOSSES["huber"])
    assert as_lines(huber, [1], [2], delta=3).split("\n")[1:] == [
        *("d1 = p1 - 2", "r1 = where(abs(d1) <= 3, d1^2/2, 3*(abs(d1) - 1.5))", "loss = r1"),
    ]


def test_no_line_has_the_name_of_a_parameter():
    made = model("p1*x + r1*x^2 + loss")
    text = as_lines(Objective(made, LOSSES["absolute"]), [1], [2])
    assert set(parse_lines(text, made.parameters).names).isdisjoint(made.parameters)


def test_only_the_first_rows_are_written_and_as_many_as_there_is_room_for():
    text = as_lines(Objective(model("w*x"), LOSSES["squared"]), np.arange(50.0), np.arange(50.0))
    assert text.endswith("loss = (r1 + r2 + r3 + r4 + r5)/5")
    long = " + ".join(f"sin({k}*w*x)" for k in range(2, 11))
    text = as_lines(Objective(model(long), LOSSES["squared"]), np.arange(50.0), np.arange(50.0))
    assert text.endswith("loss = (r1 + r2 + r3)/3")


def test_a_callable_has_no_lines():
    made = Objective(model(lambda x, w: w * x), LOSSES["squared"])
    with pytest.raises(ValueError, match="only one that is typed as a formula, such as"):
        as_lines(made, [1], [2])
