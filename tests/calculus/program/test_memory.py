"""Large arrays: memory is used again where it changes no result."""

import tracemalloc
from functools import partial
from itertools import product

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import Phase, given, reject, settings
from hypothesis import strategies as st

from gradwidgets.calculus.program import TracingError, trace
from gradwidgets.calculus.program.memory import LARGE
from gradwidgets.calculus.tracing import derivatives
from tests.calculus.program.checks import check, plainly

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
        trace(function, *LARGE_PAIRS[0])
    except (TypeError, TracingError):
        reject()  # numpy has no minus for truths, and takes their sine in three digits
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


WITHOUT_ROW = {"nextafter", "spacing"}
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

    def function(x, y):
        return (ufunc(*(x * y, y + 1)[:arity]) + 0.5,)

    if name in WITHOUT_ROW:
        with pytest.raises(TracingError, match=f"autograd's {name} has no row in the table"):
            trace(function, *LARGE_PAIRS[0])
    else:
        check(function, *LARGE_PAIRS)


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
