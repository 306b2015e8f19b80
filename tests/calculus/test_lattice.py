"""Functions by their values on a lattice: near the function, smooth, and always with a program."""

import numpy as np
import pytest

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.lattice import PLACES, interpolated, is_interpolated


def branching(x, y):
    return x**2 + 10 * y**2 if x > -9 else x


def test_a_cubic_is_known_exactly_with_its_derivatives():
    field = ScalarField("x**3 - 2*x*x*y + y**3 + 3*x", {"x": (-1, 2), "y": (0, 3)})
    known = interpolated(field)
    rng = np.random.default_rng(0)
    knots = [-1 + 3 * np.arange(5) / (PLACES[2] - 1), np.array([0.0, 3.0])]
    for x, y in [*rng.uniform([-1, 0], [2, 3], (20, 2)), *zip(knots[0][:2], knots[1], strict=True)]:
        assert known.value((x, y)) == pytest.approx(field.value((x, y)), abs=1e-10)
        assert known.gradient((x, y)) == pytest.approx(field.gradient((x, y)), abs=1e-9)
        assert known.hessian((x, y)) == pytest.approx(field.hessian((x, y)), abs=1e-7)


@pytest.mark.parametrize(
    "field",
    [
        ScalarField(lambda x: np.sin(x) if x > -9 else x, (-3, 3)),
        ScalarField(branching, {"x": (-3, 3), "y": (-2, 2)}),
        ScalarField(lambda x, y, z: x * y + z * z if x > -9 else z),
    ],
    ids=["one", "two", "three"],
)
def test_what_decides_by_values_gets_a_program_and_nearly_its_numbers(field):
    assert field.traced.why
    known = interpolated(field)
    assert known.traced.why == ""
    assert is_interpolated(known)
    assert not is_interpolated(field)
    assert (known.text, known.variables, known.domain) == (
        field.text,
        field.variables,
        field.domain,
    )
    rng = np.random.default_rng(1)
    ends = np.array(list(field.domain.values()))
    for place in rng.uniform(ends[:, 0], ends[:, 1], (10, len(ends))):
        assert known.value(place) == pytest.approx(field.value(place), abs=1e-4)


def test_it_goes_through_all_values_where_f_jumps():
    field = ScalarField(lambda x: 1.0 * (x > 0.01) + x, (-1, 1))
    known, x = interpolated(field), field.axis("x", PLACES[1])
    assert known.on_grid(x).values == pytest.approx(field.on_grid(x).values, abs=1e-12)


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (ScalarField(lambda a, b, c, d: a + b + c + d), "4 variables are too many"),
        (ScalarField("log(x)", (-1, 1)), "not a finite number everywhere"),
    ],
)
def test_what_no_lattice_can_tell_is_refused(field, told):
    with pytest.raises(ValueError, match=told):
        interpolated(field)
