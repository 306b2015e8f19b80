"""What a callable is called, or how it was written, in a line that makes it again."""

import functools

import autograd.numpy as anp
import pytest

from gradwidgets.calculus.written import spelled, written

SLOPE = 2.0


def square(x):
    return x * x


class Model:
    slope = 2.0

    def loss(self, x):
        return self.slope * x


def scaled(slope):
    return lambda x: slope * x


two = (lambda x: x**2, lambda x: x**3)
same = [lambda x: 7 * x, lambda x: 7 * x]
LAMBDAS = [
    (lambda x, y: x * y, "lambda x, y: x * y"),
    (lambda x: SLOPE * anp.exp(x), "lambda x: SLOPE * anp.exp(x)"),
    (two[0], "lambda x: x**2"),
    (two[1], "lambda x: x**3"),
    (same[1], "lambda x: 7 * x"),
    (lambda x, k=2.0, *, m=-1: k * m * x, "lambda x, k=2.0, *, m=-1: k * m * x"),
    (
        lambda x: sum([x**n for n in range(3)]),
        "lambda x: sum([x**n for n in range(3)])",
    ),
    (
        lambda x: (
            x
            + 1
        ),
        "lambda x: x + 1",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("function", "text"), LAMBDAS)
def test_a_lambda_is_spelled_as_it_was_written(function, text):
    assert spelled(function) == text
    again = eval(text, {"anp": anp, "SLOPE": SLOPE})
    count = function.__code__.co_argcount - len(function.__defaults__ or ())
    assert again(*[1.5] * count) == function(*[1.5] * count)


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (scaled(2.0), "f"),
        (lambda x, k=SLOPE: k * x, "f"),
        (eval("lambda x: x"), "f"),
        (functools.partial(square), "f"),
        (Model().loss, "loss"),
    ],
    ids=["closure", "default from a name", "without source", "partial", "method"],
)
def test_what_can_t_be_spelled_is_to_be_defined(function, name):
    assert spelled(function) is None
    assert written(function, ("x",)) == (name, f"{name} = ...  # your own function of x")


def test_a_def_goes_by_its_name():
    assert written(square, ("x",)) == ("square", "")


def test_a_changed_lambda_is_not_spelled_as_before():
    function = scaled(2.0)
    plain = eval("lambda x: 3 * x")
    plain.__defaults__ = (1.0,)
    assert spelled(plain) is None
    assert spelled(function) is None
