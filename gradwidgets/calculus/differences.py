"""Difference quotients along one argument of a function, and the two errors that they make.

A small h cuts the Taylor series off less, but loses more digits to rounding, so the best h lies in
between. Source: Press et al., *Numerical Recipes* (2007), section 5.7.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.tracing import value_and_partials

EPSILON = float(np.finfo(float).eps)
# Where f is evaluated, in steps of h from x.
ENDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"forward": (0.0, 1.0), "backward": (-1.0, 0.0), "central": (-1.0, 1.0)}
)


def difference(
    function: Callable[..., Any], place: Sequence[Any], h: Any, kind: str = "central", axis: int = 0
) -> Any:
    """The difference quotient of a function along one of its arguments.

    Args:
        function: of as many arguments as `place` has numbers, written with autograd.numpy.
        place: where; `axis` tells which of its numbers moves.
        h: the step, a number or, where the function maps arrays element by element, an array.
        kind: "forward" (f(x + h) − f(x))/h, "backward" (f(x) − f(x − h))/h, or "central"
            (f(x + h) − f(x − h))/2h.

    Without branches on values, so that it can be traced.

    >>> difference(lambda x, y: x * x * y, (3.0, 2.0), 0.5, "forward")
    13.0
    >>> difference(lambda x, y: x * x * y, (3.0, 2.0), np.array([1.0, 0.5]), axis=1)
    array([9., 9.])
    """
    start, end = ENDS[kind]

    def moved(by: float) -> Any:
        return function(*place[:axis], place[axis] + by * h, *place[axis + 1 :])

    return (moved(end) - moved(start) + 0.0 * h) / ((end - start) * h)


def rises(
    function: Callable[..., Any], place: tuple[Any, Any], h: Any, steps: Any, lost: Any
) -> Any:
    """How much f rises from a place to its surroundings, in steps of h both across and up.

    The smaller h, the more digits (f(x + kh) − f(x))/h loses. The integral of f′ from 0 to k loses
    none, so it is taken where rounding alone may tell the two apart: not behind a corner or a jump.

    Args:
        function: of one argument, written with autograd.numpy.
        place: x and f(x).
        h: the step.
        steps: evenly spaced k, as many on both sides of 0; one result for each.
        lost: how much rounding may change a difference quotient, see `rounding_error`.

    >>> even, lost = np.linspace(-1, 1, 5), rounding_error("forward", 1e-12, 0.0, 1.0, 1.0)
    >>> rises(anp.exp, (0.0, 1.0), 1e-12, even, lost)
    array([-1. , -0.5,  0. ,  0.5,  1. ])
    >>> float((np.exp(1e-12) - 1.0) / 1e-12)
    1.000088900582341
    """
    (x, f), middle = place, len(steps) // 2
    around, finer = x + h * steps, np.linspace(steps[0], steps[-1], 2 * len(steps) - 1)
    differences = (function(around) - f + 0.0 * around) / h
    (slopes,) = value_and_partials(function, (x + h * finer,))[1]
    # Simpson's rule between neighbours, added up outward.
    between = (slopes[:-1:2] + 4.0 * slopes[1::2] + slopes[2::2]) * ((steps[1] - steps[0]) / 6.0)
    left, right = anp.cumsum(between[:middle][::-1])[::-1], anp.cumsum(between[middle:])
    integrals = anp.concatenate((-left, np.zeros(1), right))
    return anp.where(anp.abs(differences - integrals) <= lost, integrals, differences)


def rounding_error(kind: str, h: Any, x: Any, value: Any, slope: Any) -> Any:
    """About the most that rounding spoils a difference quotient: ε(|f| + |x·f′|) over its width.

    f loses its last digit, and so does x ± h, of which f makes f′ times as much.

    >>> f"{rounding_error('forward', 1e-8, 0.0, 1.0, 1.0):.1e}"
    '2.2e-08'
    """
    start, end = ENDS[kind]
    return EPSILON * (anp.abs(value) + anp.abs(x * slope)) / ((end - start) * h)


def truncation_error(kind: str, h: Any, second: Any, third: Any) -> Any:
    """The first term by which a difference quotient misses f′: ½|f″|h, central ⅙|f‴|h².

    >>> [float(truncation_error(kind, 0.5, 8.0, 24.0)) for kind in ("forward", "central")]
    [2.0, 1.0]
    """
    if kind == "central":
        return anp.abs(third) * h * h / 6.0
    return anp.abs(second) * h / 2.0


def best_step(h: Any, errors: Any, floor: Any) -> tuple[Any, Any]:
    """About the best among many steps, and the most by which it and its neighbours miss f′.

    By luck an error can be far below the usual one, so each step counts as the worst of itself and
    the five on both sides. Errors up to `floor` are equally good, and of equally good steps the
    largest is taken. Steps with an undefined error are passed over; where all are, both results
    are NaN.

    Args:
        h: the steps, from the smallest to the largest.
        errors: |quotient − f′| for each.
        floor: what counts as no error: some ε|f′|.

    >>> steps = 10.0 ** np.linspace(-12, 0, 121)
    >>> step, error = best_step(steps, steps**2 + 1e-16 / steps, 0.0)
    >>> f"{step:.0e}, {error:.0e}"
    '3e-06, 1e-10'
    """
    counted = anp.where(anp.isfinite(errors), errors, np.inf)
    spread = _greatest_around(counted)
    least = anp.maximum(anp.min(spread), floor)
    found = anp.max(anp.where(anp.logical_and(anp.isfinite(spread), spread <= least), h, -np.inf))
    none = anp.isinf(found)
    return anp.where(none, np.nan, found), anp.where(none, np.nan, least)


def _greatest_around(numbers: Any) -> Any:
    """The greatest among each number and its five neighbours on both sides; none is below 0."""
    two = np.zeros(5)
    one = anp.concatenate((two, numbers, two))
    for by in (1, 2, 4, 3):  # windows of 2, 4, 8, and then 11
        one = anp.maximum(one[:-by], one[by:])
    return one
