"""Functions over data: a loop hands the data on, and nothing of them freezes."""

import numpy as np
import pytest

from gradwidgets.calculus.over import Over, data_of, with_data
from gradwidgets.calculus.paths import path
from gradwidgets.calculus.program import TracingError, trace
from gradwidgets.calculus.rules import complete, methods

X = np.array([1.0, 4.0, 7.0])


def off(m, x):
    return np.mean((x - m) ** 2)


def test_it_is_the_function_of_the_numbers_before_the_data():
    about = Over(off, (X,))
    assert about(4.0) == 6.0
    assert with_data(about, (X + 1.0,))(5.0) == 6.0
    assert data_of(about)[0] is X


def test_any_other_function_has_no_data_and_stays_as_it_is():
    assert data_of(off) == ()
    assert with_data(off, ()) is off


def searched(method, by_hand):
    """The end of a search for the mean of x, with x handed on or read from outside."""

    def end(start, x):
        far = Over(lambda m, x: sum((x[k] - m) ** 2 for k in range(3)) / 3, (x,))
        function = (lambda m: far(m)) if by_hand else far  # which hides what it reads
        given = complete(method, {})
        found = path(function, method, given, (start,), np.full(5, 0.2), np.zeros((5, 1)), 5.0)
        return (found.points[:, 0],)

    return end


@pytest.mark.parametrize("method", methods)
def test_every_method_s_loop_is_traced_with_the_data_as_inputs(method):
    program = trace(searched(method, False), 0.0, np.zeros(3))
    for x in (X, X[::-1] * 2.0 - 5.0):
        (found,) = program(1.0, x)
        np.testing.assert_allclose(found, searched(method, False)(1.0, x)[0], 1e-12)
        assert abs(found[-1] - x.mean()) < abs(1.0 - x.mean())


def test_data_that_are_not_handed_on_would_freeze_and_are_refused():
    with pytest.raises(TracingError, match="from outside"):
        trace(searched("gradient descent", True), 0.0, np.zeros(3))
