"""Short spellings on arrays: numpy's own results, and plain calls where they would be others."""

import autograd.numpy as anp
import numpy as np
import pytest

from gradwidgets.calculus.program import in_one_step, trace
from tests.calculus.program.checks import check
from tests.calculus.program.test_calls import both

ROW, OTHER = np.array([-1.5, 0.0, 2.0]), np.array([np.nan, -0.0, -3.0])
PLACES = np.array([[2, 0], [1, 1]])
INNER = in_one_step(both)
TOLD = in_one_step(lambda a, b: (a > b, a - b))
ARRAYS = {
    "truths as numbers": lambda x: (anp.where(x > 0, 1.0, 0.0), 1.0 * (x <= 0)),
    "a zero with a sign": lambda x: (1.0 / anp.where(x > 0, 1.0, -0.0),),
    "numbers that are no truths": lambda x: (anp.where(x, 1.0, 0.0), 1.0 * x),
    "truths in more rows": lambda x: (anp.where(x > 0, 1.0, 0.0) + np.ones((2, 1)),),
    "any and all": lambda x: (anp.max(x > 0), 1.0 * anp.min(x > 0), anp.cumsum(1.0 * (x > 0))),
    "extremes": lambda x: (anp.max(x), anp.min(x, axis=0, keepdims=True), anp.sum(x)),
    "at places": lambda x: (x[PLACES], x[PLACES] * x[0]),
    "another shape": lambda x: (anp.reshape(x, (3, 1)), anp.reshape(x[:1], ()) * 2.0),
    "elements": lambda x: (x[0] / x[2] + x[1], (x > 0)[1], x[None, 1] * 2.0, x[1:][::-1]),
    "joined": lambda x: (anp.concatenate([x, x[:1]]), anp.stack([x, 2 * x], axis=1)),
}
NUMBERS = {
    "of a number": lambda x, y: (anp.reshape(x * y, (1, 1)), anp.full(3, x), anp.array([x, y])),
    "a call's results": lambda x, y: (INNER(x, y)[0] / INNER(y, x)[1], INNER(x, 0.0 * y)[0]),
    "a call's truth": lambda x, y: (anp.array([TOLD(x, y)[0], TOLD(y, x)[0]]), TOLD(x, y)[1]),
    "a call's results together": lambda x, y: (INNER(x, y)[0] + anp.sum(anp.array(INNER(x, y))),),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_short_spellings_of_arrays_are_right(name):
    check(ARRAYS[name], [ROW], [OTHER], [np.zeros(3)])


@pytest.mark.parametrize("name", NUMBERS)
def test_short_spellings_of_numbers_are_right(name):
    check(NUMBERS[name], (0.3, 0.7), (0.7, 0.3), (-0.0, 0.0), (900.0, 2.0), (np.nan, 1.0))


def test_an_element_is_a_number_of_python_s():
    (found,) = trace(lambda x: (x[1],), ROW).fast(ROW)
    assert type(found) is float
