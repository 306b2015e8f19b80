"""Programs that run: types and shapes of what goes in, the catalogue, and random formulas."""

import math
from functools import partial

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad, grad, hessian
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.program import trace
from gradwidgets.calculus.tracing import derivatives
from tests.calculus.program.checks import (
    EXTREMES,
    SIDES,
    A,
    B,
    agree,
    check,
    check_unless_refused,
    executed,
    plainly,
    wasted,
)
from tests.calculus.trees import formulas


@pytest.mark.parametrize("text", ["x**2*y", "softplus(x)*y", "where(x > y, x, floor(y))", "5"])
def test_numbers_come_back_as_python_s_floats(text):
    f = ScalarField(text, variables=("x", "y"))
    for program in (f.gradient_program, f.hessian_program):
        for point in [(1.0, 2.0), (1e200, 1e200), (0.0, math.inf)]:
            assert {type(v) for v in program(*point)} == {float}


NUMBERS = [3, -2, 0, True, 10**200, np.int64(2**40), np.float64(1e200), np.float32(1.5)]
NUMBERS += [np.array(1e200), np.array(3), np.bool_(True), np.float64(-1.0)]


@pytest.mark.parametrize("value", NUMBERS, ids=repr)
@pytest.mark.parametrize("function", [lambda x: x * x, lambda x: x**-1, lambda x: anp.sqrt(x) - x])
def test_any_number_is_taken_for_a_float(function, value):
    (found,) = trace(lambda x: (function(x),), 2.0)(value)
    agree((found,), plainly(lambda x: (function(x),), float(value)))
    assert type(found) is float


def squares(x):
    return x * x, elementwise_grad(lambda x: anp.sin(x) * x)(x)


ARRAYS = [[1, 2, 3], [2**40, 1, -7], (1.5, 2.0, 3.0), [True, True, False]]


@pytest.mark.parametrize("value", ARRAYS, ids=str)
@pytest.mark.parametrize("kind", [np.array, list, lambda v: np.array(v).astype(np.float32)])
def test_any_array_is_refused_or_taken_for_floats(value, kind):
    given_ = kind(value)
    try:
        found = trace(squares, np.ones(3))(given_)
    except (TypeError, ValueError):
        return
    agree(found, plainly(squares, np.array(given_, float)))
    assert {v.dtype for v in found} == {np.dtype(float)}


@pytest.mark.parametrize("example", [2, True, np.float32(2), np.array(2), np.ones(2, int), [2, 3]])
def test_an_example_of_any_type_stands_for_floats(example):
    value = np.array(example, float) if np.ndim(example) else float(example)
    agree(trace(squares, example)(value + 0.5), plainly(squares, value + 0.5))


SHAPED = {
    "elementwise": (squares, [np.ones(3)]),
    "mean": (lambda v: (anp.mean(v), grad(lambda v: anp.mean(v**2))(v)), [np.ones(3)]),
    "linear": (lambda v: (grad(anp.mean)(v),), [np.ones(3)]),
    "shape": (lambda v: (v[0] * v.shape[0],), [np.ones(3)]),
    "length": (lambda v: (anp.sum(v) / len(v),), [np.ones(3)]),
    "rows": (lambda v: (anp.sum(v, axis=0) / v.shape[0],), [np.ones((2, 3))]),
    "number": (lambda v: (v * v, anp.where(v > 0, v, -v), anp.sin(v)), [1.0]),
    "gradient of a sum": (lambda v: (grad(lambda x: anp.sum(x**2) * x[0])(v),), [np.ones(3)]),
}
SHAPES = [(), (1,), (3,), (4,), (2, 3), (1, 3), (0,)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", SHAPED)
def test_another_shape_is_refused_or_right(name, shape):
    function, example = SHAPED[name]
    value = np.random.default_rng(3).uniform(1, 2, shape)
    try:
        found = trace(function, *example)(value if shape else float(value))
    except (TypeError, ValueError):
        assert shape != np.shape(example[0])
    else:
        agree(found, plainly(function, value))


@pytest.mark.parametrize("values", [(), (1.0,), (1.0,) * 3, (1.0, "y"), (None, 1.0), (1j, 1.0)])
def test_other_arguments_are_refused(values):
    program = trace(lambda x, y: (x * y, anp.sin(x)), 1.0, 2.0)
    with pytest.raises((TypeError, ValueError)):
        program(*values)


COMPLEX = {
    "conjugate": lambda x, y: (anp.real((x + 1j * y) * anp.conj(x + 1j * y)),),
    "modulus": lambda x, y: (anp.abs(x + 1j * y), grad(lambda a: anp.abs(a + 1j * y))(x)),
    "exponential": lambda x, y: (grad(lambda a: anp.real(anp.exp(1j * a * y)))(x),),
    "square": lambda x, y: (anp.imag((x + 1j * y) ** 2), anp.real(1j * (x + 1j * y))),
    "angle": lambda x, y: (anp.angle(x + 1j * y),),
}


@pytest.mark.parametrize("name", COMPLEX)
def test_complex_numbers_on_the_way_are_refused_or_right(name):
    check_unless_refused(COMPLEX[name], [2.0, 3.0], [-1.0, 0.5])


def test_a_spectrum_is_refused_or_right():
    def energy(v):
        return anp.sum(anp.abs(anp.fft.fft(v)) ** 2)

    check_unless_refused(lambda v: (energy(v), grad(energy)(v)), [A], [B])


# ── the catalogue and random formulas ─────────────────────────────────────────────────────────────


def places(field, count=4):
    """The middle of the domain, and points all over it."""
    low, high = np.array([field.domain[name] for name in field.variables]).T
    points = np.random.default_rng(13).uniform(low, high, (count, len(low)))
    return [tuple((low + high) / 2), *map(tuple, points)]


def independent(function, point):
    """Value, gradient and Hessian from autograd's own front door."""
    vector = np.array(point)
    with np.errstate(all="ignore"):
        parts = [f(vector) for f in (lambda v: function(*v), grad(lambda v: function(*v)))]
        parts.append(hessian(lambda v: function(*v) + 0.0 * anp.sum(v**2))(vector))
    return tuple(float(number) for part in parts for number in np.ravel(part))


@pytest.mark.parametrize("name", catalog)
def test_the_catalogue_at_points(name):
    f = catalog[name].field
    points = places(f)
    program = check(partial(derivatives, f.function, 2), *points)
    for point in points[1:]:
        agree(program(*point), independent(f.function, point), program, point)


@pytest.mark.parametrize("name", catalog)
def test_the_catalogue_at_extreme_points(name):
    f = catalog[name].field
    extremes = [[x] * len(f.variables) for x in EXTREMES]
    mixed = [[x, *[1.5] * (len(f.variables) - 1)] for x in EXTREMES]
    check(partial(derivatives, f.function, 2), *places(f, 1), *extremes, *mixed)


@pytest.mark.parametrize("name", catalog)
@pytest.mark.parametrize("count", [3, 12])
def test_the_catalogue_on_grids(name, count):
    f = catalog[name].field
    axes = [f.axis(variable, count) for variable in f.variables]
    mesh = np.meshgrid(*axes, indexing="ij")
    check(partial(derivatives, f.function, 2), [m + 0.1 for m in mesh], mesh, [-m for m in mesh])


numbers = st.sampled_from(EXTREMES + SIDES) | st.floats(-3, 3)


@settings(max_examples=80)
@given(text=formulas(), points=st.lists(st.tuples(numbers, numbers), min_size=4, max_size=4))
def test_a_random_formula_at_points(text, points):
    f = ScalarField(text, variables=("x", "y"))
    check(partial(derivatives, f.function, 2), (0.3, 0.7), *points)


@settings(max_examples=60)
@given(text=formulas())
def test_a_random_formula_on_a_grid(text):
    f = ScalarField(text, variables=("x", "y"))
    x, y = np.meshgrid(EXTREMES + SIDES, EXTREMES + SIDES)
    check(partial(derivatives, f.function, 2), [np.full(x.shape, n) for n in (0.3, 0.7)], [x, y])


@settings(max_examples=60)
@given(text=formulas())
def test_a_random_formula_s_program_is_clean_and_reads_as_code(text):
    f = ScalarField(text, variables=("x", "y"))
    assert wasted(f.hessian_program) == []
    assert f.hessian_program == ScalarField(text, variables=("x", "y")).hessian_program
    point = (0.31, 0.72)
    try:
        found = executed(f.hessian_program, *point)
    except (ArithmeticError, ValueError):
        found = f.hessian_program(*point)
        assert not np.all(np.isfinite(found))
    else:
        agree(found, f.hessian_program(*point))


@pytest.mark.parametrize("text", ["sign(where(x > 0, 1, 0))", "sign(x)", "sign(exp(x))"])
def test_the_sign_of_any_number_is_replayed(text):
    field = ScalarField(text)
    for x in (-1.5, 0.0, 2.0):
        assert field.value(x) == field.function(np.float64(x))
        assert field.gradient(x).tolist() == [0.0]
