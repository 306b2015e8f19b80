"""Programs as code: for people, who may run it, and with no more variables than needed."""

from functools import partial

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.program import trace
from gradwidgets.calculus.tracing import derivatives
from tests.calculus.program.checks import READ, agree, check, executed


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


# ── local variables ───────────────────────────────────────────────────────────────────────────────


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
    trace(lambda x, step, z: (x - step * z, x * z, z), 1.0, 0.5, 2.0).looped(handed=1, own=1)(
        rows.append, [(0.5,), (0.25,)], 4.0, 2.0
    )
    assert rows == [(3.0, 8.0, 2.0), (2.5, 6.0, 2.0)]
