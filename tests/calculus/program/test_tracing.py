"""Tracing: autograd's derivatives of all kinds, and what is refused with its reason."""

import math

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad, grad, hessian, jacobian, make_jvp, value_and_grad
from autograd.extend import defvjp, primitive
from autograd.tracer import Box, trace_stack

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.program import TracingError, pick, trace
from tests.calculus.program.checks import (
    A,
    B,
    C,
    Z,
    agree,
    check,
    check_unless_refused,
    error,
    plainly,
)

# ── autograd inside ───────────────────────────────────────────────────────────────────────────────

LOSSES = {  # of a vector of three numbers, none linear
    "squares": lambda v: anp.sum(v**2),
    "dot": lambda v: anp.dot(v, C) ** 2 + anp.dot(v, v),
    "matmul": lambda v: v @ np.outer(C, C) @ v,
    "mean": lambda v: anp.mean(v**3) + anp.var(v) * anp.std(v),
    "product": anp.prod,
    "norm": lambda v: anp.linalg.norm(v) * anp.sum(v),
    "largest": lambda v: anp.max(v) * anp.min(v),
    "kinks": lambda v: anp.sum(anp.abs(v) * anp.maximum(v, 0.5) * anp.where(v > 1, v, v**2)),
    "one element": lambda v: v[0] ** 2 * v[1] + v[2] ** 3 * v[0],
    "last element": lambda v: v[-1] ** 2 * anp.exp(v[-2]),
    "element, then all": lambda v: v[0] + anp.sum(v**2),
    "all, then element": lambda v: anp.sum(v**2) + v[0],
    "constant, then element": lambda v: anp.sum(C * v) + v[0] ** 2,
    "element, then constant": lambda v: v[0] ** 2 + anp.sum(C * v),
    "elements, many times": lambda v: v[0] * v[1] + v[1] * v[2] + v[2] * v[0] + v[0] ** 2,
    "slices": lambda v: anp.sum((v[1:] - v[:-1] ** 2) ** 2 + (1 - v[:-1]) ** 2),
    "steps": lambda v: anp.sum(v[::2] ** 2 * v[::-2]),
    "fancy": lambda v: anp.sum(v[np.array([0, 0, 2])] ** 2 * v[[2, 1, 0]]),
    "iterated": lambda v: sum(i * e**2 for i, e in enumerate(v)),
    "reshape": lambda v: anp.sum(anp.reshape(v, (3, 1)) * anp.reshape(v, (1, 3)) ** 2),
    "transpose": lambda v: anp.sum(anp.outer(v, v).T[0] ** 2),
    "concatenate": lambda v: anp.sum(anp.concatenate([v, v**2, C]) ** 2),
    "stack": lambda v: anp.sum(anp.stack([v, v * C, C], axis=1) ** 2),
    "array": lambda v: anp.sum(anp.array([v[0], v[1] * v[2], 2.0, v[0] ** 2]) ** 2),
    "matrix": lambda v: anp.linalg.det(anp.array([[v[0], v[1]], [v[1], v[2]]])),
    "solve": lambda v: anp.sum(anp.linalg.solve(anp.outer(v, v) + 9 * np.eye(3), v)),
    "cumsum": lambda v: anp.sum(anp.cumsum(v) ** 2),
    "repeat": lambda v: anp.sum(anp.repeat(v, 2)[1:] ** 2 * anp.tile(v, 2)[:-1]),
    "roll": lambda v: anp.sum(anp.roll(v, 1) * v**2),
    "einsum": lambda v: anp.einsum("i,j,ij->", v, v, anp.outer(v, C)),
    "broadcast": lambda v: anp.sum((v[:, None] - v[None, :] * C) ** 2),
    "softmax": lambda v: anp.log(anp.sum(anp.exp(v - anp.max(v)))) + anp.sum(v**2),
    "diagonal": lambda v: anp.sum(anp.diag(anp.outer(v, v)) ** 2) + anp.trace(anp.outer(v, v)),
    "expanded": lambda v: anp.sum(anp.expand_dims(v, 0) ** 2) * anp.squeeze(v[None])[0],
    "directional": lambda v: anp.dot(grad(lambda w: anp.sum(w**3) * w[0])(v), C),
    "penalty": lambda v: anp.sum(grad(lambda w: anp.prod(w) + w[1] ** 2)(v) ** 2),
    "jvp": lambda v: make_jvp(lambda w: anp.sum(w**3) * w[0])(v)(C)[1],
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_with_its_gradient_is_replayed(name):
    check(lambda v: (LOSSES[name](v), grad(LOSSES[name])(v)), [A], [B], [A])


@pytest.mark.parametrize("name", [name for name in LOSSES if name != "jvp"])
def test_a_hessian_is_replayed(name):
    check(lambda v: (hessian(LOSSES[name])(v),), [A], [B], [A])


@pytest.mark.parametrize("name", ["kinks", "largest", "norm", "product", "one element"])
def test_a_loss_is_replayed_where_it_is_not_smooth(name):
    check(lambda v: (LOSSES[name](v), grad(LOSSES[name])(v)), [A], [Z], [[0.0] * 3], [[0.5] * 3])


MAPS = {
    "elements": lambda v: anp.array([v[0] * v[1], v[2] ** 2, anp.sum(v[1:])]),
    "outer": lambda v: anp.outer(v, v),
    "partials": lambda v: grad(lambda w: anp.sum(w[0] * w**2))(v),
    "slices": lambda v: anp.concatenate([v[:1] ** 2, v[1:] * v[:-1]]),
    "sum along": lambda v: anp.sum(anp.outer(v, v**2), axis=1),
}


@pytest.mark.parametrize("name", MAPS)
def test_a_jacobian_is_replayed(name):
    check(lambda v: (MAPS[name](v), jacobian(MAPS[name])(v)), [A], [B], [A])


def smooth(x, y):
    return anp.sin(x * y) * x + anp.exp(-(y**2))


NESTED = {
    "grad of each": lambda x, y: (grad(smooth, 0)(x, y), grad(smooth, 1)(x, y)),
    "grad of a pair": lambda x, y: grad(smooth, (0, 1))(x, y),
    "grad of grad": lambda x, y: (grad(grad(smooth, 0), 1)(x, y),),
    "third": lambda x, y: (grad(grad(grad(smooth)))(x, y),),
    "value_and_grad": lambda x, y: value_and_grad(smooth)(x, y),
    "outer variable": lambda x, y: (grad(lambda a: y * grad(lambda b: a * b**2 * y)(x))(x),),
    "grad at a constant": lambda x, y: (x * grad(lambda a: smooth(a, y))(2.0),),
    "grad of a constant": lambda x, y: (y * grad(lambda a: a * x)(2.0),),
    "elementwise": lambda x, y: (elementwise_grad(smooth)(x, y), elementwise_grad(smooth, 1)(x, y)),
}
PAIRS = {
    "of numbers": lambda t: t[0] ** 2 * t[1] + t[0],
    "used once": lambda t: t[0] * t[1],
    "nested": lambda t: (lambda u: u[0] * u[1])((t[0] ** 2, (t[1] * t[0]))),
    "gradient again": lambda t: grad(lambda s: s[0] ** 3 * s[1] + s[0])(t)[0] * t[1],
}


@pytest.mark.parametrize("name", NESTED)
def test_derivatives_of_numbers_are_replayed(name):
    check(NESTED[name], [0.3, 0.7], [-1.2, 0.4], [2.0, -1.0])


@pytest.mark.parametrize("name", ["elementwise"])
def test_derivatives_of_arrays_are_replayed(name):
    check(NESTED[name], [A, B], [B, A], [Z, B])


@pytest.mark.parametrize("name", PAIRS)
def test_a_tuple_may_be_an_argument(name):
    check(lambda x, y: tuple(grad(PAIRS[name])((x, y))), [2.0, 3.0], [1.0, 5.0], [-1.0, 0.5])


WEIGHTS = {
    "tuple": lambda x, y: grad(lambda t: anp.sum(t[0] ** 2) * t[1] + t[0][0])((x, y)),
    "list": lambda x, y: tuple(grad(lambda t: anp.sum(t[0] ** 2 * t[1]))([x, y])),
    "pair": lambda x, y: grad(lambda v, b: anp.sum(v**2) * b + v[0], (0, 1))(x, y),
    "dict": lambda x, y: tuple(
        grad(lambda p: anp.sum(p["w"] ** 2) * p["b"] + p["w"][0])({"w": x, "b": y})[k] for k in "wb"
    ),
}


@pytest.mark.parametrize("name", WEIGHTS)
def test_arrays_and_numbers_may_be_arguments_together(name):
    check(WEIGHTS[name], [A, 3.0], [B, 5.0], [A, -1.0])


def test_numbers_that_get_axes_become_arrays():
    check(lambda x, y: (anp.stack([x * y, x]), (x + y)[None, None]), (2.0, 3.0), (-1.0, 0.5))


def test_two_gradients_that_begin_alike_stay_apart():
    def both(v):
        return grad(lambda w: w[0] ** 2)(v), grad(lambda w: w[0] ** 2 + w[1] ** 3)(v)

    check(both, [A], [B])
    check(lambda v: both(v)[::-1], [A], [B])


# ── what a program keeps ──────────────────────────────────────────────────────────────────────────

CAPTURED = {
    "factor": (lambda: np.array([2.0, 3.0, 5.0]), lambda x, kept: kept * x),
    "number": (lambda: np.array([2.0]), lambda x, kept: kept[0] * x),
    "result": (lambda: np.array([7.0, 8.0, 9.0]), lambda x, kept: kept),
    "index": (lambda: np.array([0, 2, 2]), lambda x, kept: x[kept]),
    "list as index": (lambda: [0, 2, 2], lambda x, kept: x[kept]),
    "index in a tuple": (lambda: np.array([0, 2, 2]), lambda x, kept: x[(kept,)]),
    "keyword": (lambda: np.array([True, False, True]), lambda x, kept: anp.sum(x, where=kept)),
}


@pytest.mark.parametrize("name", CAPTURED)
def test_a_constant_that_changes_later_leaves_the_program_as_it_is(name):
    make, function = CAPTURED[name]
    kept, x = make(), np.array(B)
    program = trace(lambda x: (function(x, kept),), x)
    kept[:] = [1] * len(kept)
    (before,), (after,) = (plainly(lambda x, k=k: (function(x, k),), x) for k in (make(), kept))
    assert np.any(error(before, after) > 0)
    agree(program(x), (before,))


RETURNING = {
    "a constant": lambda x: (np.arange(3.0),),
    "a constant gradient": lambda x: (elementwise_grad(lambda v: 3.0 * v)(x),),
    "a result": lambda x: (2 * x, x + 1),
    "one result twice": lambda x: (2 * x, 2 * x),
    "sparse": lambda x: (grad(lambda v: v[0] ** 2 + anp.sum(C * v))(x),),
}


@pytest.mark.parametrize("name", RETURNING)
def test_who_writes_into_a_result_spoils_no_later_one(name):
    program = trace(RETURNING[name], np.ones(3))
    expected = plainly(RETURNING[name], np.array(A))
    for value in program(np.array(A)):
        value *= 100
    agree(program(np.array(A)), expected)


# ── what can't be traced ──────────────────────────────────────────────────────────────────────────

BRANCHING = {
    "if": lambda x: x if x > 0 else -x,
    "not": lambda x: x * (not x),
    "and": lambda x: x > 0 and x,
    "chain": lambda x: x if 0 < x < 1 else 0 * x,
    "max": lambda x: max(x, 0.0),
    "sorted": lambda x: sorted([x, 1.0 * x, 0.5])[0],
    "in": lambda x: x if x in (1.0, 2.0) else 2 * x,
    "any": lambda x: x if anp.any(x > 0) else -x,
    "all": lambda x: x if anp.all(anp.array([x, x]) > 0) else -x,
    "derivative": lambda x: x if grad(lambda x: x**2)(x) > 0 else -x,
    "inside": lambda x: grad(lambda a: a if a > 0 else -a)(x),
}


@pytest.mark.parametrize("name", BRANCHING)
@pytest.mark.parametrize("value", [0.7, -0.7])
def test_a_branch_is_refused_with_its_reason(name, value):
    with pytest.raises(TracingError, match="decides by values"):
        trace(lambda x: (BRANCHING[name](x),), value)


def while_large(x):
    while x > 1:
        x = x / 2
    return x


CONVERTING = {
    "while": while_large,
    "float": lambda x: float(x) * x,
    "int": lambda x: int(x) * x,
    "math": lambda x: math.sin(x) * x,
    "range": lambda x: sum(range(x)),
    "round": lambda x: round(x),
    "index": lambda x: [1.0, 2.0][x],
}


@pytest.mark.parametrize("name", CONVERTING)
def test_a_conversion_is_refused(name):
    with pytest.raises((TypeError, ValueError)):
        trace(lambda x: (CONVERTING[name](x),), 0.7)


FORKED = {  # refused or right
    "mask": lambda v: (anp.sum(v[v > 0] ** 2),),
    "gradient of a mask": lambda v: (grad(lambda v: anp.sum(v[v > 0] ** 2))(v),),
    "mean of a mask": lambda v: (grad(lambda v: anp.mean(v[v > 0]))(v),),
    "length of a mask": lambda v: (anp.sum(v[v > 0]) / len(v[v > 0]),),
    "size of a mask": lambda v: (anp.sum(v[v > 0]) / v[v > 0].size,),
    "loop over a mask": lambda v: (1.0 * sum(e**2 for e in v[v > 0]),),
    "nonzero": lambda v: (anp.sum(v[anp.nonzero(v > 0)]) / len(anp.nonzero(v > 0)[0]),),
    "unique": lambda v: (anp.sum(anp.unique(v)) / len(anp.unique(v)),),
    "compress": lambda v: (anp.sum(anp.compress(v > 0, v)) / len(anp.compress(v > 0, v)),),
    "argmax": lambda v: (v[anp.argmax(v)],),
    "argsort": lambda v: (v[anp.argsort(v)] * C,),
    "sort": lambda v: (grad(lambda v: anp.sum(anp.sort(v) * C))(v),),
    "count": lambda v: (1.0 * anp.sum(v > 0),),
    "median": lambda v: (anp.median(v) * v,),
    "numpy's array": lambda v: (np.array([v[0], v[1]]),),
    "numpy's where": lambda v: (np.where(v > 0, v, -v),),
    "numpy's sum": lambda v: (np.sum(v) + np.sin(v),),
    "select": lambda v: (anp.select([v > 0, v < -0.5], [v, -v], 0.0),),
    "clip by keyword": lambda v: (anp.clip(v, a_min=-anp.abs(v[0]), a_max=anp.abs(v[0])),),
    "sum by keyword": lambda v: (anp.sum(v, where=v > 0),),
    "start by keyword": lambda v: (anp.sum(v, initial=v[0]),),
    "equal": lambda v: (v * anp.array_equal(v, anp.abs(v)),),
    "close": lambda v: (v * anp.allclose(v, anp.abs(v)),),
}


@pytest.mark.parametrize("name", FORKED)
def test_what_hides_a_fork_is_refused_or_right(name):
    check_unless_refused(FORKED[name], [A], [B], [[-3.0, -1.0, -2.0]], [[2.0, 2.0, 2.0]])


def fails(x):
    raise ArithmeticError("on purpose")


@pytest.mark.parametrize(
    "function",
    [
        fails,
        lambda x: (grad(fails)(x),),
        lambda x: (grad(lambda y: grad(fails)(y))(x),),
        lambda x: (hessian(lambda y: fails(y) if y.ndim else y)(anp.array([x, x])),),
    ],
)
def test_an_exception_while_tracing_leaves_autograd_as_it_was(function):
    level, truth = trace_stack.top, Box.__bool__
    with pytest.raises(ArithmeticError, match="on purpose"):
        trace(function, 1.0)
    with pytest.raises(TracingError):
        trace(lambda x: (grad(lambda y: y if y > 0 else -y)(x),), 1.0)
    assert (trace_stack.top, Box.__bool__) == (level, truth)
    assert grad(lambda x: x**2 if x > 0 else -x)(3.0) == 6.0


def test_tracing_while_tracing():
    def function(x):
        inner = trace(lambda y: (y * y,), 2.0)
        with pytest.raises(TracingError):
            trace(lambda y: (y if y > 0 else -y,), 2.0)
        return (x * inner(3.0)[0],)

    program = check(function, [1.0], [2.0])
    assert len(program) == 1
    with pytest.raises(TracingError):
        trace(lambda x: function(x if x > 0 else -x), 1.0)


def test_tracing_inside_autograd_leaves_its_derivative_alone():
    assert grad(lambda x: x**2 * trace(lambda y: (y * y,), 2.0)(3.0)[0])(1.0) == 18.0


# ── what is not in the table ─────────────────────────────────────────────────────────────────────

WITHOUT_ROW = {
    "fft": lambda x, y: anp.real(anp.fft.fft(anp.array([x, y]))[0]),
    "sort": lambda x, y: anp.sort(anp.array([x, y]))[0],
    "cholesky": lambda x, y: anp.linalg.cholesky(anp.array([[2 + x * x, y], [y, 9.0]]))[0, 0],
    "eigh": lambda x, y: anp.linalg.eigh(anp.array([[x, y], [y, 2.0]]))[0][0],
    "matmul of stretched stacks": lambda x, y: anp.sum(
        anp.matmul(x * np.ones((1, 2, 2)), y * np.ones((3, 2, 2)))
    ),
}


@pytest.mark.parametrize("name", WITHOUT_ROW)
def test_a_primitive_without_a_row_ends_tracing_with_its_name(name):
    with pytest.raises((TracingError, NotImplementedError)) as caught:
        trace(lambda x, y: (WITHOUT_ROW[name](x, y),), 0.3, 0.7)
    field = ScalarField(WITHOUT_ROW[name])
    assert not field.traced
    assert str(caught.value) == field.traced.why
    if name != "fft":  # its complex numbers are noticed first
        assert field.traced.why.endswith(f"{name} has no row in the table of operations")


def test_somebody_s_own_primitive_is_told_by_its_name():
    @primitive
    def quadrance(x):
        return x * x

    defvjp(quadrance, lambda ans, x: lambda g: 2.0 * x * g)
    assert grad(quadrance)(3.0) == 6.0
    with pytest.raises(TracingError, match=r"^quadrance has no row in the table of operations$"):
        trace(lambda x: (quadrance(x) + x,), 3.0)


# ── a place that is computed ─────────────────────────────────────────────────────────────────────

THIRDS = np.array([2.0, 3.0, 5.0])


@pytest.mark.parametrize(
    ("index", "expected"),
    [(0.0, 2.0), (1.9, 3.0), (2.0, 5.0), (7.0, 5.0), (-4.0, 2.0), (math.inf, 5.0)],
)
def test_pick_takes_the_nearest_place_there_is(index, expected):
    program = trace(lambda x, i: (pick(x, i),), THIRDS, 1.0)
    assert pick(THIRDS, index) == expected
    assert program(THIRDS, index) == (expected,)


def test_pick_at_nan_is_nan():
    assert np.isnan(pick(THIRDS, math.nan))
    assert np.isnan(pick(THIRDS, np.array([math.nan, 1.0]))).tolist() == [True, False]
    assert np.isnan(pick(np.outer(THIRDS, THIRDS), math.nan)).tolist() == [True] * 3


@pytest.mark.parametrize("index", [1.0, 7.0, np.array([2.0, 0.0, 2.0]), np.ones((2, 2))])
@pytest.mark.parametrize("array", [THIRDS, np.outer(THIRDS, [1.0, -1.0])])
def test_pick_has_a_derivative_by_the_array(array, index):
    def function(x, i):
        return pick(x, i), grad(lambda x: anp.sum(pick(x * x, i) ** 2))(x)

    check(function, [array, index], [array - 2, index - 1.0])
    places = np.clip(index, 0, 2).astype(int)
    loss = lambda x: anp.sum((x * x)[places] ** 2)  # noqa: E731
    agree((grad(lambda x: anp.sum(pick(x * x, index) ** 2))(array),), (grad(loss)(array),))


def test_a_place_that_is_computed_can_be_picked():
    def last_third(x):
        return (pick(x, anp.sum(1.0 * (x > 0)) - 1.0),)

    check(last_third, [[3.0, 2.0, 1.0]], [[3.0, 2.0, -1.0]], [[3.0, -2.0, -1.0]])
