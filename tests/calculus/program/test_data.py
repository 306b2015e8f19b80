"""Programs are data: equal where they compute the same, and the same again after JSON."""

import json
import math
from itertools import product

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, hessian
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.program import Program, pick, trace
from tests.calculus.trees import formulas


@pytest.mark.parametrize("name", catalog)
def test_the_same_function_gives_an_equal_program(name):
    one, other = (ScalarField(catalog[name]).hessian_program for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    assert one is not other


SAME = {
    "gradient and sparse": (
        lambda x: (grad(lambda v: anp.sum(v**2) + v[0])(x),),
        lambda x: (grad(lambda v: anp.sum(v**2) + v[0])(x),),
        [np.ones(3)],
    ),
    "constant arrays": (
        lambda x: (x * np.arange(3.0),),
        lambda y: (y * np.array([0.0, 1.0, 2.0]),),
        [np.ones(3)],
    ),
    "written otherwise": (
        lambda x, y: (x * x * y,),
        lambda a, b: (anp.multiply(anp.multiply(a, a), b),),
        [1.0, 2.0],
    ),
    "with a product by one": (lambda x, y: (x * y,), lambda x, y: (1.0 * x * y,), [1.0, 2.0]),
    "with dead code": (lambda x: (x * x,), lambda x: (anp.sin(x), x * x)[1:], [1.0]),
}


@pytest.mark.parametrize("name", SAME)
def test_equal_functions_give_equal_programs(name):
    one, other, values = SAME[name]
    one, other = trace(one, *values), trace(other, *values)
    assert (str(one), one, hash(one)) == (str(other), other, hash(other))


DIFFERENT = [
    trace(lambda x, y: (x * y,), 1.0, 2.0),
    trace(lambda x, y: (x * y,), 1.0, 2.0, names=("x", "y")),
    trace(lambda x, y: (x * x,), 1.0, 2.0),
    trace(lambda x: (x * x,), 1.0),
    trace(lambda x, y: (x + y,), 1.0, 2.0),
    trace(lambda x, y: (x * y, x), 1.0, 2.0),
    trace(lambda x, y: (x, x * y), 1.0, 2.0),
    trace(lambda x, y: (x * y,), np.ones(3), 2.0),
    trace(lambda x, y: (x * y,), np.ones(4), 2.0),
    trace(lambda x: (x + 0.0,), 1.0),
    trace(lambda x: (x + -0.0,), 1.0),
    trace(lambda x: (x + float("nan"),), 1.0),
    trace(lambda x: (x + 2.0,), 1.0),
    trace(lambda x: (x + np.array([1.0, 2.0]),), 1.0),
    trace(lambda x: (x + np.array([1.0, 3.0]),), 1.0),
    trace(lambda x: (x + np.array([[1.0, 2.0]]),), 1.0),
    trace(lambda x: (x[0],), np.ones(3)),
    trace(lambda x: (x[0:1],), np.ones(3)),
    trace(lambda x: (x[[0]],), np.ones(3)),
    trace(lambda x: (anp.sum(x),), np.ones((2, 2))),
    trace(lambda x: (anp.sum(x, axis=0),), np.ones((2, 2))),
    trace(lambda x: (anp.sum(x, axis=1),), np.ones((2, 2))),
]


def test_different_functions_give_different_programs():
    assert len(set(DIFFERENT)) == len(DIFFERENT)
    assert all((a == b) == (a is b) for a, b in product(DIFFERENT, repeat=2))
    assert DIFFERENT[0] != "a program"


# ── as JSON and a buffer ─────────────────────────────────────────────────────────────────────────


def again(program):
    """The program that comes back, by way of strict JSON and of bytes."""
    data, numbers = program.as_data()
    assert numbers.dtype == np.float64
    assert numbers.ndim == 1
    text = json.dumps(data, allow_nan=False)
    return Program.from_data(json.loads(text), np.frombuffer(numbers.tobytes()))


def same_bits(one, other):
    return len(one) == len(other) and all(
        np.asarray(a, float).tobytes() == np.asarray(b, float).tobytes()
        for a, b in zip(one, other, strict=True)
    )


def check_again(program, *points):
    back = again(program)
    assert back == program
    assert hash(back) == hash(program)
    assert str(back) == str(program)
    assert [step.truth for step in back.instructions] == [s.truth for s in program.instructions]
    for point in points:
        assert same_bits(back(*point), program(*point))
        assert same_bits(back.careful(*point), program.careful(*point))


WRITTEN = {
    "an input": (lambda x: (x,), [1.5]),
    "constants": (lambda x: (2.0, -0.0, math.nan, -math.inf, True, np.arange(3.0)), [1.5]),
    "not finite": (lambda x: (x + math.inf, x * math.nan, x * -0.0, anp.minimum(x, 1e308)), [1.5]),
    "truths": (lambda x: (anp.where(np.array([True, False, True]), x, 2 * x), x > 1), [1.5]),
    "no axis": (lambda x: (anp.sum(anp.reshape(x, (3, 1)) * x), anp.max(x, axis=0)), [np.ones(3)]),
    "slices": (lambda x: (x[::-2, None, 1], x[..., 0], x[[2, 0]], x[1:1]), [np.ones((3, 2))]),
    "products": (lambda x: (anp.dot(x, x.T), anp.einsum("ij,ij->i", x, x)), [np.ones((3, 2))]),
    "a hessian": (lambda x: (hessian(lambda v: anp.sum(v**3) * v[0])(x),), [np.ones(3)]),
    "an empty array": (lambda x: (anp.concatenate([x[:0], x]),), [np.ones(3)]),
    "pick": (lambda x, i: (pick(x, i),), [np.ones(3), 1.0]),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_program_comes_back_from_its_data(name):
    function, values = WRITTEN[name]
    rng = np.random.default_rng(5)
    others = [rng.normal(size=np.shape(value))[()] for value in values]
    check_again(trace(function, *values), values, others)


@settings(max_examples=80)
@given(text=formulas(), point=st.tuples(st.floats(), st.floats()))
def test_a_random_formula_s_program_comes_back(text, point):
    f = ScalarField(text, variables=("x", "y"))
    check_again(f.hessian_program, point, (0.3, 0.7))


def test_equal_constants_are_kept_once():
    program = trace(lambda x: (x + np.arange(9.0), x * np.arange(9.0), x + 9.5, x * 9.5), 1.0)
    assert program.as_data()[1].size == 10


def test_data_with_an_operation_that_is_not_in_the_table_is_refused():
    data, numbers = trace(lambda x: (anp.sin(x),), 1.0).as_data()
    data["calls"][0][0] = "open"
    with pytest.raises(ValueError, match="open: no row"):
        Program.from_data(data, numbers)


def test_instructions_are_immutable():
    step = trace(lambda x: (anp.sin(x),), 1.0).instructions[0]
    with pytest.raises(AttributeError):
        step.operation = "cos"
    assert isinstance(step.attributes, tuple)
