"""Whether f has a tangent plane: partials alone do not tell, for f may differ on the diagonals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import product
from typing import Any

import autograd.numpy as anp

from gradwidgets.calculus.program import in_one_step
from gradwidgets.calculus.slopes import BESIDE, EPSILON, ROUNDED, SIDES, STEP

LASTS = 0.9  # of the miss per step: so much is left beside the point where there is no plane
USUAL = 1e-3  # of f's usual slope: a smaller miss does not matter


def is_torn(
    function: Callable[..., Any],
    point: Sequence[Any],
    f: Any,
    partials: Sequence[Any],
    widths: Sequence[float],
    height: float,
) -> Any:
    """Whether a function of two variables has partials at a point, but no tangent plane.

    Args:
        f: the function there.
        partials: its slopes along both variables.
        widths: how wide the domain is along each, the scale of all steps.
        height: how large f usually is: the scale of its rounding.

    Along the four diagonals f is compared with the plane. Where there is one, f misses it by less
    and less of a step, the smaller the step; else by as much, or more.

    >>> def saddle(x, y): return anp.sqrt(anp.abs(x * y))
    >>> bool(is_torn(saddle, (0.0, 0.0), 0.0, (0.0, 0.0), (6.0, 6.0), 2.0))
    True
    >>> bool(is_torn(lambda x, y: x * y, (0.0, 0.0), 0.0, (0.0, 0.0), (6.0, 6.0), 2.0))
    False
    """
    ways = list(product(SIDES, repeat=2))
    values = [
        function(
            *(x + share * side * width for x, side, width in zip(point, way, widths, strict=True))
        )
        for share in (BESIDE, STEP)
        for way in ways
    ]
    along = [width * partial for width, partial in zip(widths, partials, strict=True)]
    (torn,) = _torn(f, height, *along, *values)
    return torn


@in_one_step
def _torn(f: Any, height: Any, by_x: Any, by_y: Any, *values: Any) -> tuple[Any]:
    """From the partials times the widths, and f on the diagonals, near by and a step away."""
    ways = list(product(SIDES, repeat=2))
    planes = [way[0] * by_x + way[1] * by_y for way in ways]
    dust = ROUNDED * EPSILON * (anp.abs(f) + height)
    found = []
    for plane, near, far in zip(planes, values[:4], values[4:], strict=True):
        miss, most = anp.abs(near - f - BESIDE * plane), anp.abs(far - f - STEP * plane) / STEP
        lasts = anp.logical_and(miss > dust, miss / BESIDE >= LASTS * most)
        found.append(anp.logical_and(lasts, most > USUAL * height))
    return (reduce(anp.logical_or, found),)
