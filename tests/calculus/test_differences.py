"""Difference quotients: exact on polynomials, and wrong by as much as theory says."""

import autograd.numpy as anp
import numpy as np
import pytest

from gradwidgets.calculus.differences import (
    ENDS,
    EPSILON,
    best_step,
    difference,
    rises,
    rounding_error,
    truncation_error,
)
from gradwidgets.calculus.program import trace

STEPS = 10.0 ** np.linspace(-14, 0, 141)


@pytest.mark.parametrize(("h", "error"), [(0.1, 4.5e-3), (6e-6, 1.5e-11), (1e-12, 2.1e-4)])
def test_the_central_error_of_the_exponential_at_1(h, error):
    found = abs(difference(np.exp, (1.0,), h) - np.e)
    assert found == pytest.approx(error, rel=0.05)


@pytest.mark.parametrize(
    ("kind", "expected"), [("forward", 12.5), ("backward", 11.5), ("central", 12.0)]
)
def test_a_parabola_misses_by_half_its_second_derivative(kind, expected):
    """Of 2x² at 3: f′ = 12, f″ = 4; the central quotient is exact."""
    assert difference(lambda x: 2 * x * x, (3.0,), 0.25, kind) == expected
    assert truncation_error(kind, 0.25, 4.0, 0.0) == abs(expected - 12)


@pytest.mark.parametrize("kind", ENDS)
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_any_argument_can_move(kind, axis):
    def function(a, b, c):
        return a * 2.0 + b * 3.0 + c * 5.0

    found = difference(function, (1.0, 2.0, 4.0), np.array([0.5, 0.25]), kind, axis)
    assert found.tolist() == [[2.0, 3.0, 5.0][axis]] * 2


@pytest.mark.parametrize("kind", ENDS)
def test_a_constant_has_a_quotient_for_every_step(kind):
    assert difference(lambda x: 5.0, (1.0,), np.array([0.1, 0.2]), kind).tolist() == [0, 0]


@pytest.mark.parametrize(("kind", "order"), [("forward", 1), ("backward", 1), ("central", 2)])
def test_the_truncation_error_is_the_whole_error_of_larger_steps(kind, order):
    h = np.array([1e-3, 1e-2])
    errors = np.abs(difference(np.sin, (0.7,), h, kind) - np.cos(0.7))
    assert errors == pytest.approx(truncation_error(kind, h, np.sin(0.7), np.cos(0.7)), rel=0.01)
    assert np.log10(errors[1] / errors[0]) == pytest.approx(order, abs=0.01)


@pytest.mark.parametrize("kind", ENDS)
@pytest.mark.parametrize("x", [0.7, 3.14159, 20.0])
def test_the_rounding_error_is_a_bound_that_is_nearly_reached(kind, x):
    h = STEPS[STEPS < 1e-9]
    errors = np.abs(difference(np.sin, (x,), h, kind) - np.cos(x))
    share = errors / rounding_error(kind, h, x, np.sin(x), np.cos(x))
    assert 0.1 < np.max(share) < 1.5


@pytest.mark.parametrize(("kind", "theory"), [("forward", 2e-8), ("central", 6e-6)])
def test_the_best_step_is_near_where_both_errors_meet(kind, theory):
    errors = np.abs(difference(np.exp, (1.0,), STEPS, kind) - np.e)
    found, error = best_step(STEPS, errors, 0.0)
    assert theory / 3 < found < theory * 3
    assert error == pytest.approx(EPSILON * 2 * np.e / found, rel=2)
    around = np.abs(np.log10(STEPS / found)) < 0.51
    assert error == np.max(errors[around])


def test_a_lucky_step_is_not_the_best():
    errors = 1e-16 / STEPS + STEPS**2
    best = best_step(STEPS, errors, 0.0)
    lucky = np.where(np.arange(STEPS.size) == 30, 0.0, errors)
    assert best_step(STEPS, lucky, 0.0) == best


def test_of_equally_good_steps_the_largest_is_best():
    errors = np.abs(difference(lambda x: x * x, (0.7,), STEPS) - 1.4)
    assert best_step(STEPS, errors, 4 * EPSILON * 1.4) == (1.0, 4 * EPSILON * 1.4)
    assert best_step(STEPS, 0.0 * STEPS, 0.0) == (1.0, 0.0)


def test_steps_out_of_the_functions_domain_are_passed_over():
    errors = np.where(STEPS < 1e-3, 1e-3, np.where(STEPS < 1e-2, np.nan, np.inf))
    found, error = best_step(STEPS, errors, 0.0)
    assert found == np.max(STEPS[STEPS < 1e-3][:-5])  # whose neighbours are defined, too
    assert error == 1e-3
    assert np.isnan(best_step(STEPS, np.nan * STEPS, 0.0)).all()


def test_all_of_it_can_be_traced():
    def numbers(x, h):
        steps = anp.array([0.01, 0.1, 1.0]) * h
        errors = anp.abs(difference(anp.sin, (x,), steps) - anp.cos(x))
        rounding = rounding_error("central", steps, x, anp.sin(x), anp.cos(x))
        return (errors, rounding, *best_step(steps, errors, EPSILON))

    program = trace(numbers, 0.5, 1e-3, names=("x", "h"))
    for x, h in [(0.5, 1e-3), (-2.0, 1e-6), (1.0, 1.0)]:
        for traced, plain in zip(program(x, h), numbers(x, h), strict=True):
            assert traced == pytest.approx(plain, rel=1e-12)


# ── rises ────────────────────────────────────────────────────────────────────────────────────────

AROUND = np.linspace(-1.6, 1.6, 81)


def rise(function, x, h):
    """Rises around x, and the plain difference beside them."""
    f, slope = function(x), difference(function, (x,), 1e-5)
    with np.errstate(all="ignore"):
        lost = 8.0 * rounding_error("forward", h, x, f, slope)
        plain = (function(x + h * AROUND) - f) / h
        return rises(function, (x, f), h, AROUND, lost), plain


@pytest.mark.parametrize("h", [1e-12, 1e-9, 1e-5])
def test_no_digits_are_lost_at_tiny_steps(h):
    found, plain = rise(anp.exp, 1.0, h)
    wanted = np.expm1(h * AROUND) * np.e / h
    assert found == pytest.approx(wanted, rel=1e-14, abs=1e-300)
    assert np.max(np.abs(plain - wanted)) > 1e-16 / h


@pytest.mark.parametrize("h", [1e-3, 0.05, 0.4, 2.0])
def test_rises_are_differences_at_steps_that_lose_few_digits(h):
    found, plain = rise(lambda x: anp.exp(-x * x) + 0.1 * anp.sin(20 * x), 0.3, h)
    assert found == pytest.approx(plain, rel=1e-10, abs=1e-14 / h)


@pytest.mark.parametrize("h", [1e-11, 1e-6, 0.1])
@pytest.mark.parametrize("share", [-1.2, 0.0, 0.013, 0.7])
def test_rises_behind_a_corner_and_a_jump_are_differences(h, share):
    """Between two places, or at one of them: the integral of f′ would not see it, or partly."""
    x = 1.0 - share * h

    def corner(x):
        return anp.exp(anp.abs(x - 1.0))

    def jump(x):
        return anp.exp(x) + anp.where(x > 1.0, 1.0, 0.0)

    for function in (corner, jump):
        found, plain = rise(function, x, h)
        assert found == pytest.approx(plain, rel=1e-9, abs=2e-14 / h)


def test_rises_end_where_f_does():
    found, plain = rise(anp.log, 1.0, 0.8)
    assert np.isnan(found).tolist() == np.isnan(plain).tolist()
    known = np.isfinite(plain)
    assert 0 < known.sum() < len(plain)
    assert found[known] == pytest.approx(plain[known], rel=1e-12, abs=1e-14)


def test_rises_are_traced():
    program = trace(lambda x, h: (rises(anp.exp, (x, anp.exp(x)), h, AROUND, 1e-3),), 1.0, 1e-3)
    (found,) = program(0.5, 1e-9)
    assert found == pytest.approx(np.exp(0.5) * np.expm1(1e-9 * AROUND) / 1e-9, rel=1e-14)
