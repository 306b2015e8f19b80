"""No line in vain: nothing dead, nothing twice, nothing computed with constants alone."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.program import Instruction, Program, Slot, trace
from tests.calculus.program.checks import check, wasted


@pytest.mark.parametrize("name", catalog)
def test_no_line_is_dead_or_repeated(name):
    f = catalog[name].field
    assert len(f.hessian_program) >= len(f.gradient_program) > 0
    assert wasted(f.gradient_program) == wasted(f.hessian_program) == []


def test_wasted_lines_would_be_found():
    twice = [Instruction("sin", (Slot(0),), (), place, None) for place in (1, 2)]
    folded = Instruction("cos", (1.0,), (), 3, None)
    program = Program(("x",), (None,), (*twice, folded), (Slot(1), Slot(3)))
    assert wasted(program) == [twice[1], folded]


def lines(function, *values):
    text = str(trace(function, *values, names=("x", "y")[: len(values)]))
    return [line.strip() for line in text.splitlines()[1:]]


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: (anp.sin(x), x * x)[1:], ["a = x * x", "return a"]),  # dead
        (lambda x: ((x + 1.0) * (x + 1.0),), ["a = x + 1.0", "b = a * a", "return b"]),  # repeated
        (lambda x: (x * anp.exp(anp.sin(0.0) + 0.0),), ["return x"]),  # folded to x·1
        (lambda x: (x * (anp.cos(0.0) + 1.0),), ["a = x * 2.0", "return a"]),  # folded
        (lambda x: (1.0 * x, x * 1.0, 1.0 * (1.0 * x)), ["return x, x, x"]),
        (lambda x: (anp.conj(x), anp.conjugate(x * 1.0)), ["return x, x"]),
        (lambda x: (anp.sin(1.0 * x) - anp.sin(x),), ["a = sin(x)", "b = a - a", "return b"]),
        (lambda x: (2.0, anp.sign(x) * 0.0), ["a = sign(x)", "b = a * 0.0", "return 2.0, b"]),
        (lambda x: (grad(lambda x: x * x)(x),), ["a = x + x", "return a"]),
    ],
)
def test_programs_are_clean(function, expected):
    assert lines(function, 0.7) == expected


@pytest.mark.parametrize("one", [1.0, np.ones(3), np.float64(1), np.ones((1, 3))[0]])
def test_a_product_with_ones_vanishes_on_arrays(one):
    assert lines(lambda x: (one * x, x * one), np.arange(3.0)) == ["return x, x"]


@pytest.mark.parametrize(
    ("function", "value"),
    [
        (lambda x: (np.ones((2, 3)) * x,), np.arange(3.0)),
        (lambda x: (np.ones(3) * x,), 2.0),
        (lambda x: (np.array([1.0, 1.0, 2.0]) * x,), np.arange(3.0)),
        (lambda x: (1.0 * (x > 0) + 1.0 * (x > 1),), np.arange(3.0)),
        (lambda x: (1.0 * (x > 0) - 1.0 * (x > 1),), np.arange(3.0)),
        (lambda x: (1.0 * (x > 0) + 1.0 * (x > 1),), 2.0),
        (lambda x: (1.0 * (x > 0) - 1.0 * (x > 1),), 2.0),
        (lambda x: (-(1.0 * (x > 0)),), np.arange(3.0)),
    ],
    ids=["more rows", "from a number", "not all", *"ABCDE"],
)
def test_a_product_with_ones_stays_where_it_does_something(function, value):
    check(function, [value], [-value])
