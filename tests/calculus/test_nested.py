"""Second derivatives by nested tapes: autograd's numbers, and None where there is no path."""

import numpy as np
import pytest

from gradwidgets.calculus.catalog import catalog
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.nested import Entry, by_tapes, nested
from gradwidgets.calculus.values import constant


def numbers(entries):
    """None as the 0 that it is for mathematics."""
    return np.array([0.0 if entry.value is None else entry.value for entry in entries])


@pytest.mark.parametrize("name", catalog)
def test_tapes_and_traces_agree_to_the_last_digits(name):
    field, point = catalog[name].field, np.add(catalog[name].start, 0.013)
    found = by_tapes(field, point)
    assert found.value == field.value(point)
    assert numbers(found.gradient) == pytest.approx(field.gradient(point), rel=1e-13)
    hessian = np.array([numbers(line) for line in found.hessian])
    size = max(1, np.abs(hessian).max())
    assert hessian == pytest.approx(field.hessian(point), abs=1e-13 * size)


def test_what_has_no_path_is_none_and_says_why():
    found = by_tapes(ScalarField("x**2 + 10*y**2"), (1, 2))
    assert found.hessian[0] == (Entry(2.0), Entry(None, "df/dx = 2 does not depend on y"))
    assert found.hessian[1] == (Entry(None, "df/dy = 40 does not depend on x"), Entry(20.0))


def test_a_path_whose_derivative_is_zero_is_no_none():
    found = by_tapes(ScalarField("x**2*y**2"), (0, 0))
    assert all(entry == Entry(0.0) for line in found.hessian for entry in line)


def test_the_line_of_the_lesson():
    values = [constant(1.0, "w"), constant(2.0, "x"), constant(0.5, "b")]
    found = nested(lambda w, x, b: x * w + b, values, "y")
    assert found.value == 2.5
    assert found.gradient == (Entry(2.0), Entry(1.0), Entry(1.0))
    assert found.hessian[0] == (
        Entry(None, "dy/dw = x does not depend on w"),
        Entry(1.0),
        Entry(None, "dy/dw = x does not depend on b"),
    )


def test_with_a_square_the_second_derivative_is_a_number():
    values = [constant(3.0, "w"), constant(2.0, "x")]
    assert nested(lambda w, x: x * w**2, values).hessian[0][0] == Entry(4.0)


def test_a_function_that_does_not_use_a_variable():
    found = by_tapes(catalog["trough"].field, (1.0, 0.5))
    assert found.gradient == (Entry(2.0), Entry(None, "f does not depend on y"))
    assert found.hessian[1] == (Entry(None, "∂f/∂y is None already"),) * 2


def test_a_constant_and_a_bare_variable():
    assert by_tapes(ScalarField("5"), (1, 2)).gradient == (
        Entry(None, "f does not depend on x"),
        Entry(None, "f does not depend on y"),
    )
    bare = by_tapes(ScalarField("x", variables=("x", "y")), (1, 2))
    assert bare.gradient[0] == Entry(1.0)
    assert bare.hessian[0][0] == Entry(None, "dx/dx = 1 does not depend on x")
