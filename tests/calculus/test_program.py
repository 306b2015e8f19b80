"""Programs: autograd's computation written down, cleaned, printed and replayed, always the same."""

import math
import tracemalloc
from dataclasses import replace
from functools import partial
from itertools import product

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import elementwise_grad, grad, hessian, jacobian, make_jvp, value_and_grad
from autograd.tracer import Box, trace_stack
from hypothesis import Phase, given, reject, settings
from hypothesis import strategies as st

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.program import Instruction, Program, Slot, TracingError, trace
from gradwidgets.calculus.program.memory import LARGE
from gradwidgets.calculus.tracing import calm, derivatives
from tests.calculus.trees import formulas

CLOSE = 1e-12
ROUGH = {"sin", "cos", "tan", "exp", "expm1", "log", "log1p", "power", "logaddexp", "log2", "log10"}
ROUGH |= {"tanh", "sinh", "cosh", "arctan", "arctan2", "arcsin", "arccos"}
ROUGH |= {"arcsinh", "arccosh", "arctanh"}


# ── what is right ────────────────────────────────────────────────────────────────────────────────


def plainly(function, *values):
    """The function by autograd alone, on values of its own."""
    with calm():
        return tuple(function(*(np.array(v) if np.ndim(v) else np.float64(v) for v in values)))


def error(found, expected):
    """How far off each number is, as a share of it where that is over 1; inf and nan are exact."""
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape
    assert found.dtype != object
    found, expected = found + 0.0, expected + 0.0  # a truth counts as a number
    with np.errstate(all="ignore"):
        same = (found == expected) | (np.isnan(found) & np.isnan(expected))
        share = np.abs(found - expected) / np.maximum(1, np.abs(expected))
        return np.where(same, 0.0, np.where(np.isnan(share), np.inf, share))


def shaken(program, seed):
    """The program with its transcendental functions a few roundings off."""
    shares = np.random.default_rng(seed).uniform(-2e-15, 2e-15, len(program))
    inputs, steps = len(program.names), []
    places = dict(enumerate(range(inputs)))

    def moved(value):
        return Slot(places[value.place]) if isinstance(value, Slot) else value

    for step, share in zip(program.instructions, shares, strict=True):
        at = inputs + len(steps)
        steps.append(replace(step, arguments=tuple(map(moved, step.arguments)), output=at))
        if step.operation in ROUGH:
            factor = (Slot(at), 1.0 + share)
            steps.append(Instruction("multiply", factor, (), at + 1, step.shape))
            at += 1
        places[step.output] = at
    outputs = tuple(map(moved, program.outputs))
    return replace(program, instructions=tuple(steps), outputs=outputs)


def rounding(program, values):
    """What a rounding more or less in exp, sin, … can do to each result."""
    exact = program.careful(*values)
    tries = [shaken(program, seed).careful(*values) for seed in range(4)]
    return [2 * sum(error(t, e) for t in column) for e, *column in zip(exact, *tries, strict=True)]


def agree(found, expected, program=None, values=()):
    """Equal to 1e-12; with a program, to its own rounding where that is worse."""
    assert len(found) == len(expected)
    errors = [error(*pair) for pair in zip(found, expected, strict=True)]
    if program is not None and any(np.any(e > CLOSE) for e in errors):
        room = rounding(program, values)
        errors = [np.where(e <= r, 0.0, e) for e, r in zip(errors, room, strict=True)]
    assert all(np.all(e <= CLOSE) for e in errors), (found, expected)


def check(function, *points):
    """Traced at the first point, replayed at all of them and back: autograd's results each time."""
    points = [[np.array(v, float) if np.ndim(v) else float(v) for v in point] for point in points]
    program = trace(function, *points[0])
    for values in (*points, *reversed(points)):
        expected = plainly(function, *values)
        given_ = [np.array(v) if np.ndim(v) else v for v in values]
        agree(program(*given_), expected, program, values)
        agree(program.careful(*given_), expected, program, values)
        assert all(map(partial(np.array_equal, equal_nan=True), given_, values))
    return program


def check_unless_refused(function, *points):
    """For a function that need not be traced; but if it is, it is right."""
    try:
        trace(function, *map(np.array, points[0]))
    except (TypeError, ValueError):
        return
    check(function, *points)


# ── programs are data ────────────────────────────────────────────────────────────────────────────


def traced(function, count=2, order=1):
    names = ("x", "y", "z")[:count]
    return trace(partial(derivatives, function, order), *(0.3, 0.7, 1.1)[:count], names=names)


def test_a_program_prints_as_code():
    assert str(traced(lambda x, y: x * x * y)).splitlines() == [
        "def program(x, y):",
        "    a = x * x",
        "    b = a * y",
        "    c = x * y",
        "    d = c + c",
        "    return b, d, a",
    ]


def test_letters_leave_the_names_of_the_inputs_alone():
    text = str(trace(lambda a, c: (anp.sin(a * c) + a - c,), 1.0, 2.0, names=("a", "c")))
    lines = ["def program(a, c):", "b = a * c", "d = sin(b)", "e = d + a", "f = e - c", "return f"]
    assert [line.strip() for line in text.splitlines()] == lines


def test_a_long_program_has_a_letter_for_every_line():
    def descent(x):
        for _ in range(200):
            x = x - 0.1 * grad(lambda x: x**4 - x)(x)
        return (x,)

    program = check(descent, [1.5], [0.2])
    assert len(program) > 600
    agree(executed(program, 0.2), program(0.2))


def test_length_counts_instructions():
    program = traced(lambda x, y: x * x * y)
    assert len(program) == len(program.instructions) == 4
    assert len(trace(lambda x: (x, 1.0), 2.0)) == 0


NUMPY = {name: getattr(np, name) for name in ("maximum", "minimum", "sign", "logaddexp")}
READ = {name: getattr(math, name) for name in dir(math)} | NUMPY


def executed(program, *values, names=READ):
    """What a reader gets who runs the printed code."""
    namespace = dict(names)
    exec(str(program), namespace)
    found = namespace["program"](*values)
    return found if isinstance(found, tuple) else (found,)


PRINTED = {
    **{name: example.text for name, example in catalog.items() if len(example.variables) == 2},
    "waves": "sin(x) + cos(y) + tan(x) + arctan(y) + sinh(x) + cosh(y) + tanh(x)",
    "roots": "exp(y) + log(x) + sqrt(y) + log1p(x) + expm1(y) + log2(x)",
    "inverses": "asin(x) + acos(y) + arcsinh(x) + arccosh(1 + x) + arctanh(y)",
    "kinks": "abs(x-0.5)*floor(3*y)+ceil(x)-sign(y)*max(x,y)+min(x,y)%0.3+relu(x)-softplus(y)",
    "choice": "where(x>y, x*y, where(x<=0.5, -x, y**x))+atan2(y,x)+log10(x)+sigmoid(y)",
}


@pytest.mark.parametrize("name", PRINTED)
def test_printed_code_runs_to_the_same_result(name):
    f = ScalarField(PRINTED[name], variables=("x", "y"))
    for program in (f.gradient_program, f.hessian_program):
        for point in [(0.31, 0.72), (0.72, 0.31), (0.5, 0.5)]:
            agree(executed(program, *point), program(*point))


@pytest.mark.parametrize(
    "function",
    [
        pytest.param(lambda x, y: (anp.floor_divide(x, y),), id="floor_divide"),
        pytest.param(lambda x, y: (anp.array([x, y, 2 * x]),), id="array"),
        pytest.param(lambda x, y: (anp.clip(x, 0.0, 1.5) * y,), id="clip"),
        pytest.param(lambda x, y: (anp.hypot(x, y),), id="hypot"),
        pytest.param(lambda x, y: (float("inf") * x, float("nan") * y), id="inf and nan"),
        pytest.param(lambda x, y: ((x > 1) + 2.0 * (y > 1),), id="truths"),
    ],
)
def test_printed_code_names_numpy_s_functions(function):
    program = trace(function, 7.0, 2.0, names=("x", "y"))
    agree(executed(program, 7.0, 2.0, names={**vars(np), **READ}), program(7.0, 2.0))


@pytest.mark.parametrize(
    "function",
    [
        pytest.param(lambda x: (x[0] * x[2],), id="index"),
        pytest.param(lambda x: (anp.sum(x[1:] * x[:-1]),), id="slice"),
        pytest.param(lambda x: (anp.sum(x, axis=0) + anp.mean(x**2),), id="sum"),
    ],
)
def test_printed_code_reads_arrays(function):
    program = trace(function, np.ones(3), names=("x",))
    x = np.array([1.0, 5.0, 7.0])
    agree(executed(program, x, names=dict(vars(np))), program(x))


# ── no line in vain ──────────────────────────────────────────────────────────────────────────────


def wasted(program):
    """Lines that nothing needs, that stand there twice, or that compute with constants alone."""
    needed = {v.place for v in program.outputs if isinstance(v, Slot)}
    needed |= {v.place for s in program.instructions for v in s.arguments if isinstance(v, Slot)}
    keys = [step.key for step in program.instructions]
    return [
        step
        for place, step in enumerate(program.instructions)
        if step.output not in needed
        or step.key in keys[:place]
        or not any(isinstance(v, Slot) for v in step.arguments)
    ]


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


# ── equality ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", catalog)
def test_the_same_function_gives_an_equal_program(name):
    one, other = (catalog[name].field.hessian_program for _ in range(2))
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


# ── autograd inside ──────────────────────────────────────────────────────────────────────────────

A, B, Z = [1.0, 2.0, 3.0], [-1.0, 0.5, 4.0], [0.0, -2.0, 0.25]
C = np.array([1.0, 5.0, 7.0])

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


def test_two_gradients_that_begin_alike_stay_apart():
    def both(v):
        return grad(lambda w: w[0] ** 2)(v), grad(lambda w: w[0] ** 2 + w[1] ** 3)(v)

    check(both, [A], [B])
    check(lambda v: both(v)[::-1], [A], [B])


# ── kinks ────────────────────────────────────────────────────────────────────────────────────────

ONE_SIDED = {
    "abs": anp.abs,
    "sign": lambda x: anp.sign(x) * x**2,
    "floor": lambda x: anp.floor(x) * x,
    "ceil": lambda x: anp.ceil(x) * x,
    "fix and rint": lambda x: anp.fix(x) * x + anp.rint(x),
    "relu": lambda x: anp.maximum(x, 0.0),
    "softplus": lambda x: anp.logaddexp(x, 0.0),
    "where": lambda x: anp.where(x > 0, x**2, -x),
    "where, nested": lambda x: anp.where(x <= 1, anp.where(x == 0, 7.0, 1 / x), anp.sqrt(x - 1)),
    "where, both": lambda x: anp.where(anp.logical_and(x > 0, x < 1), x, x**3),
    "where, either": lambda x: anp.where(anp.logical_or(x < -1, anp.logical_not(x < 1)), x, x**3),
    "finite": lambda x: anp.where(anp.isfinite(1 / x), 1 / x, 0.0) + anp.isnan(anp.log(x)),
    "clip": lambda x: anp.clip(x, -1.0, 1.0) * x,
    "remainder": lambda x: (x % 1.0) * x,
    "remainder, negative": lambda x: (x % -0.75) * x,
    "x to the x": lambda x: x**x,
    "root": anp.sqrt,
    "cusp": lambda x: anp.abs(x) ** (2 / 3),
    "logarithm": anp.log,
    "pole": lambda x: 1 / x,
    "hinge": lambda x: anp.maximum(anp.minimum(x, 1.0), -1.0) ** 2,
    "counted": lambda x: x * ((x > 0) * 1.0 + (x >= 0) + (x > 1)),
    "truths added": lambda x: x * ((x >= 0) + (x > 0.25)),
    "truths multiplied": lambda x: x * ((x >= 0) * (x > 0.25)),
    "numbers as truths": lambda x: x * anp.logical_and(x, x - 1) + x * anp.logical_or(x, 0.0),
}
TWO_SIDED = {
    "maximum": anp.maximum,
    "minimum": lambda x, y: anp.minimum(x, y) * x,
    "fmax": lambda x, y: anp.fmax(x, y) * anp.fmin(x, 2 * y),
    "remainder": lambda x, y: x % y,
    "power": lambda x, y: x**y,
    "atan2": anp.arctan2,
    "where": lambda x, y: anp.where(x < y, x * y, x + y),
    "equal": lambda x, y: anp.where(x == y, x**2, anp.where(x != -y, y, x)),
    "quotient": lambda x, y: x / y,
    "cone": lambda x, y: anp.sqrt(x**2 + y**2),
    "logaddexp": anp.logaddexp,
    "both": lambda x, y: x * (anp.logical_and(x > 0, y > 0) + 1.0 * anp.logical_or(x > y, y > 1)),
}
SIDES = (-1.5, -1.0, -0.0, 0.0, 0.5, 1.0, 1.5)


@pytest.mark.parametrize("start", [-1.5, 0.0, 0.5])
@pytest.mark.parametrize("name", ONE_SIDED)
def test_a_kink_traced_on_one_side_is_right_on_the_other(name, start):
    second = partial(derivatives, ONE_SIDED[name], 2)
    check(second, [start], *([x] for x in SIDES))
    check(second, [[start]], *([[x]] for x in SIDES))


@pytest.mark.parametrize("start", [(-1.5, 0.5), (0.5, 1.0), (1.0, 1.0), (0.0, 0.0)])
@pytest.mark.parametrize("name", TWO_SIDED)
def test_a_kink_of_two_variables_is_right_on_every_side(name, start):
    second = partial(derivatives, TWO_SIDED[name], 2)
    check(second, start, *product(SIDES, repeat=2))


@pytest.mark.parametrize("name", TWO_SIDED)
def test_kinks_are_right_on_arrays(name):
    x, y = map(np.ravel, np.meshgrid(SIDES, SIDES))
    check(partial(derivatives, TWO_SIDED[name], 2), [0 * x + 1.5, 0 * y + 0.5], [x, y], [y, x])


# The sign of a zero tells on which side of the cut along the negative axis a point lies.
@pytest.mark.parametrize("name", ["floor", "ceil", "sign", "negative", "sqrt", "sin", "rint"])
def test_the_sign_of_a_zero_stays(name):
    points = [[x] for x in (0.5, -0.5, 0.0, -0.0, 3.0, -3.0)]
    check(lambda x: (anp.arctan2(getattr(anp, name)(x), -1.0),), *points)
    check(lambda x: (anp.arctan2(getattr(anp, name)(x % 3.0), -1.0),), *points)


# ── values without bounds ────────────────────────────────────────────────────────────────────────

EXTREMES = (1e-300, -1e-300, 1e150, -1e150, 1e300, 5e-324, 0.0, -0.0, 2.5, math.inf, -math.inf)
EXTREMES += (math.nan,)

OVERFLOWING = {
    "exp(1000)": (lambda x: anp.exp(x), 1000.0, math.inf),
    "expm1(1000)": (lambda x: anp.expm1(x), 1000.0, math.inf),
    "cosh(1000)": (lambda x: anp.cosh(x), 1000.0, math.inf),
    "sinh(-1000)": (lambda x: anp.sinh(x), -1000.0, -math.inf),
    "1/0": (lambda x: 1 / x, 0.0, math.inf),
    "1/-0": (lambda x: 1 / x, -0.0, -math.inf),
    "0/0": (lambda x: x / x, 0.0, math.nan),
    "log(0)": (lambda x: anp.log(x), 0.0, -math.inf),
    "log(-1)": (lambda x: anp.log(x), -1.0, math.nan),
    "log1p(-1)": (lambda x: anp.log1p(x), -1.0, -math.inf),
    "log2(0)": (lambda x: anp.log2(x), 0.0, -math.inf),
    "0**-1": (lambda x: x**-1, 0.0, math.inf),
    "0**-x": (lambda x: x ** (x - 1), 0.0, math.inf),
    "(-8)**(1/3)": (lambda x: x ** (1 / 3), -8.0, math.nan),
    "1e200**2": (lambda x: x**2, 1e200, math.inf),
    "1e200*1e200": (lambda x: x * x, 1e200, math.inf),
    "(-1e200)**3": (lambda x: x**3, -1e200, -math.inf),
    "sqrt(-1)": (lambda x: anp.sqrt(x), -1.0, math.nan),
    "sin(inf)": (lambda x: anp.sin(x), math.inf, math.nan),
    "cos(-inf)": (lambda x: anp.cos(x), -math.inf, math.nan),
    "tan(inf)": (lambda x: anp.tan(x), math.inf, math.nan),
    "floor(inf)": (lambda x: anp.floor(x), math.inf, math.inf),
    "ceil(-inf)": (lambda x: anp.ceil(x), -math.inf, -math.inf),
    "floor(nan)": (lambda x: anp.floor(x), math.nan, math.nan),
    "sign(nan)": (lambda x: anp.sign(x), math.nan, math.nan),
    "max(nan, 1)": (lambda x: anp.maximum(x, 1.0), math.nan, math.nan),
    "max(1, nan)": (lambda x: anp.maximum(1.0, x), math.nan, math.nan),
    "min(nan, 1)": (lambda x: anp.minimum(x, 1.0), math.nan, math.nan),
    "x % 0": (lambda x: x % (0 * x), 2.0, math.nan),
    "inf % 2": (lambda x: x % 2.0, math.inf, math.nan),
    "-1 % inf": (lambda x: x % math.inf, -1.0, math.inf),
    "asin(2)": (lambda x: anp.arcsin(x), 2.0, math.nan),
    "acos(-2)": (lambda x: anp.arccos(x), -2.0, math.nan),
    "atanh(1)": (lambda x: anp.arctanh(x), 1.0, math.inf),
    "acosh(0)": (lambda x: anp.arccosh(x), 0.0, math.nan),
    "inf - inf": (lambda x: x - x, math.inf, math.nan),
    "0*inf": (lambda x: 0.0 * x, math.inf, math.nan),
    "1**nan": (lambda x: 1.0**x, math.nan, 1.0),
    "nan**0": (lambda x: x**0.0, math.nan, 1.0),
}


@pytest.mark.parametrize("name", OVERFLOWING)
def test_arithmetic_that_raises_gives_numpy_s_value(name):
    function, value, expected = OVERFLOWING[name]
    program = trace(lambda x: (function(x),), 1.25)
    for replay in (program, program.careful):
        (found,) = replay(value)
        assert type(found) is float
        assert found == expected or math.isnan(found) is math.isnan(expected) is True
    check(partial(derivatives, function, 2), [1.25], [value], [-value])


@pytest.mark.parametrize("name", OVERFLOWING)
def test_arrays_overflow_as_numpy_s_do(name):
    function, value, _ = OVERFLOWING[name]
    check(partial(derivatives, function, 2), [[0.5, 1.25]], [[value, 0.5]], [[-value, value]])


@pytest.mark.parametrize("name", ONE_SIDED)
def test_extreme_values_of_one_variable(name):
    points = [[x] for x in EXTREMES]
    check(partial(derivatives, ONE_SIDED[name], 2), [0.5], *points)
    check(partial(derivatives, ONE_SIDED[name], 2), [[0.5] * len(EXTREMES)], [EXTREMES])


@pytest.mark.parametrize("name", TWO_SIDED)
def test_extreme_values_of_two_variables(name):
    check(partial(derivatives, TWO_SIDED[name], 2), (0.5, 1.5), *product(EXTREMES, repeat=2))


# ── types and shapes ─────────────────────────────────────────────────────────────────────────────


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


# ── what a program keeps ─────────────────────────────────────────────────────────────────────────

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


# ── large arrays ─────────────────────────────────────────────────────────────────────────────────

SIZE = 2000
assert SIZE > LARGE
SMOOTH_STEPS = [
    lambda a, b: anp.sin(a),
    lambda a, b: -a,
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: anp.arctan2(a, 1 + b * b),
    lambda a, b: a * 0.5 + 1.0,
    lambda a, b: anp.tanh(a) * b,
]
KINKED_STEPS = [
    lambda a, b: anp.abs(a),
    lambda a, b: anp.maximum(a, b),
    lambda a, b: anp.where(a > b, a, 2 * b),
    lambda a, b: anp.floor(2 * anp.tanh(a)) + b,
]
VIEWS = [
    lambda a, b: anp.reshape(a, (40, 50)),
    lambda a, b: anp.ravel(a),
    lambda a, b: anp.transpose(a),
    lambda a, b: a[::-1],
    lambda a, b: anp.concatenate([a[1:], a[:1]]),
    lambda a, b: a - anp.mean(a),
    lambda a, b: a * anp.sum(b, axis=0, keepdims=True) / SIZE,
    lambda a, b: anp.cumsum(a, axis=0) / SIZE,
    lambda a, b: anp.real(a),
    lambda a, b: anp.clip(a, -0.5, 0.5),
    lambda a, b: anp.swapaxes(anp.atleast_2d(a), 0, 1),
    lambda a, b: anp.squeeze(a),
]
TRUTHS = [
    lambda a, b: a > b,
    lambda a, b: (a > 0) * (b > 0),
    lambda a, b: (a > 0) + (b > 0),
    lambda a, b: 1.0 * (a > b),
    lambda a, b: anp.logical_and(a, b),
    lambda a, b: anp.where(anp.logical_not(a > b), a, b),
]


def recipes(steps):
    place = st.integers(0, 30)
    moves = st.lists(st.tuples(st.sampled_from(steps), place, place), min_size=1, max_size=12)
    return st.tuples(moves, st.lists(place, min_size=1, max_size=3))


def cooked(recipe):
    """A function of two arrays from a random list of steps; each takes results of earlier ones."""
    moves, outputs = recipe

    def function(x, y):
        pool = [x, y]
        for step, i, j in moves:
            a, b = pool[-1 - i % len(pool)], pool[-1 - j % len(pool)]
            pool.append(step(a, b if b.shape == a.shape else anp.reshape(b, a.shape)))
        return tuple(pool[-1 - k % len(pool)] for k in outputs)

    return function


RNG = np.random.default_rng(2)
LARGE_PAIRS = [[RNG.uniform(-2, 2, SIZE) for _ in range(2)] for _ in range(2)]


def check_large(function):
    try:
        plainly(function, *LARGE_PAIRS[0])
    except TypeError:
        reject()  # numpy has no minus for truths
    program = check(function, *LARGE_PAIRS)
    inputs = [[v.copy() for v in pair] for pair in LARGE_PAIRS]
    early = program(*inputs[0])
    copies = [np.array(v) for v in early]
    late = program(*inputs[1])
    assert all(map(np.array_equal, early, copies))
    assert not any(np.may_share_memory(e, x) for e, x in product(early, late))


quick = partial(settings, phases=(Phase.explicit, Phase.generate))  # to shrink would take minutes


@quick(max_examples=150)
@given(recipe=recipes(SMOOTH_STEPS + KINKED_STEPS + VIEWS))
def test_memory_that_is_used_again_changes_no_result(recipe):
    check_large(cooked(recipe))


@quick(max_examples=60)
@given(recipe=recipes(SMOOTH_STEPS + VIEWS))
def test_memory_that_is_used_again_changes_no_derivative(recipe):
    function = cooked(recipe)
    check_large(partial(derivatives, lambda x, y: anp.ravel(function(x, y)[0]), 1))


@quick(max_examples=60)
@given(recipe=recipes(SMOOTH_STEPS + TRUTHS))
def test_large_arrays_of_truths_are_right(recipe):
    check_large(cooked(recipe))


UFUNCS = {
    ufunc: name
    for name, ufunc in vars(np).items()
    if isinstance(ufunc, np.ufunc)
    and any(kind.startswith("d" * ufunc.nin + "->") for kind in ufunc.types)
    and (ufunc.nin <= 2, ufunc.nout, ufunc.signature) == (True, 1, None)
}


@pytest.mark.parametrize("name", UFUNCS.values())
def test_every_ufunc_of_numpy_is_right_on_large_arrays(name):
    ufunc, arity = getattr(anp, name), getattr(np, name).nin
    check(lambda x, y: (ufunc(*(x * y, y + 1)[:arity]) + 0.5,), *LARGE_PAIRS)


def peak(program, *values):
    """The memory that a replay takes at most, in arrays like the first of its values."""
    program(*values)
    tracemalloc.start()
    try:
        program(*values)
        return tracemalloc.get_traced_memory()[1] / values[0].nbytes
    finally:
        tracemalloc.stop()


def test_memory_is_used_again_where_it_pays():
    def steps(x):
        for _ in range(20):
            x = anp.sin(x * 0.5) + 1.0
        return (x,)

    x = np.ones(10 * SIZE)
    assert len(trace(steps, x)) == 60
    assert peak(trace(steps, x), x) < 3


# ── what can't be traced ─────────────────────────────────────────────────────────────────────────

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


# ── the catalogue and random formulas ────────────────────────────────────────────────────────────


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


@settings(max_examples=150)
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


# ── local variables ──────────────────────────────────────────────────────────────────────────────


def chain(x):
    """Fifty steps, of which the tenth is needed at the end."""
    kept = x
    for k in range(50):
        x = x * 1.01 + k
        kept = x if k == 10 else kept
    return x + kept, kept


def test_a_program_keeps_no_more_values_than_it_still_needs():
    program = trace(chain, 2.0)
    assert len(program) > 90
    assert program.fast.__code__.co_nlocals <= 5
    assert program(2.0) == pytest.approx(tuple(map(float, chain(2.0))), rel=1e-15)


def test_an_input_and_a_result_keep_their_places():
    def function(x, y):
        a = x * y
        b = a + x
        return a, b * a, x, b - y

    program = trace(function, 2.0, 3.0)
    for point in [(2.0, 3.0), (-1.5, 0.25)]:
        assert program(*point) == function(*point)
    rows = []
    trace(lambda step, x, z: (x - step * z, x * z, z), 0.5, 1.0, 2.0).looped(own=1, handed=1)(
        rows.append, [(0.5,), (0.25,)], 4.0, 2.0
    )
    assert rows == [(3.0, 8.0, 2.0), (2.5, 6.0, 2.0)]
