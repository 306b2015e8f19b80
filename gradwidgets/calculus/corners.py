"""Minima that Newton's method can't find: tips, corners and cusps, and floors that are flat.

Each variable is measured in widths of its domain, and f in what it changes there, so that no answer
depends on units.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import numpy as np

from gradwidgets.calculus.critical import UNDEFINED, is_lowest, value_at, ways, widths
from gradwidgets.calculus.field import Array, Point, ScalarField

FIRST, DOUBLINGS = 2.0**-34, 34  # of the domain's width: how far a minimum is bracketed
HALVINGS = 90
TURNS, TRIES = 400, 40  # of a search with one line search each
LOWER, FLATTER = 1e-4, 0.9  # what a step must lower f, and leave of its slope
BEGIN = 0.1  # of the domain's width: the first step
ASIDE = 2.0**-40  # of the domain's width: beside a place where autograd has no slope
KINK = (1e-5, 1e-7)  # of the domain's width: where the gradient still turns as much
STAYS = 0.5  # as much at least


def lowest_along(field: ScalarField, place: Array, direction: Array) -> Array | None:
    """The minimum of f along a line through a place, where its slope changes from − to +.

    The slope may jump there, at a corner, or vanish on a stretch, whose middle counts. None where
    f does not rise to both sides within the length of `direction`. Where autograd has no slope f
    itself is asked on both sides.

    >>> field = ScalarField("abs(x - 0.31)")
    >>> lowest_along(field, np.array([2.0]), np.array([6.0])).round(12).tolist()
    [0.31]
    """

    def slope(t: float) -> float:
        found = float(field.gradient(place + t * direction) @ direction)
        if not np.isnan(found):
            return found
        before, after = (value_at(field, place + (t + h) * direction) for h in (-ASIDE, ASIDE))
        return after - before

    outward = [FIRST * 2.0**k for k in range(DOUBLINGS + 1)]
    left = next((-t for t in outward if slope(-t) < 0), None)
    right = next((t for t in outward if slope(t) > 0), None)
    if left is None or right is None:
        return None
    falls = _border(lambda t: slope(t) < 0, left, right)[0]
    rises = _border(lambda t: not slope(t) > 0, left, right)[1]
    return np.asarray(place + 0.5 * (falls + rises) * direction)


def _border(holds: Callable[[float], bool], low: float, high: float) -> tuple[float, float]:
    """Two neighbouring numbers of which a condition holds for the lower one alone."""
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low, high


def corner_below(field: ScalarField, place: Array) -> Array | None:
    """The minimum downhill of a place, where f may have a corner or a tip; None without one.

    >>> corner_below(ScalarField("abs(x - 1) + 3*abs(y)"), np.array([2.0, 1.0])).round(12).tolist()
    [1.0, 0.0]
    """
    units = widths(field)
    if len(place) > 1:
        place = _quasi_newton(field, place, units)
    found = _along_axes(field, place, units)
    return found if is_lowest(field, found) else None


def _along_axes(field: ScalarField, place: Array, units: Array) -> Array:
    """The place moved to the minimum along each axis in turn."""
    for axis in np.diag(units):
        there = lowest_along(field, place, axis)
        if there is not None and value_at(field, there) <= value_at(field, place):
            place = there
    return place


def _quasi_newton(field: ScalarField, place: Array, units: Array) -> Array:
    """The last place of a search by BFGS, which gets down into corners, too.

    Its line search asks for little: that f falls, and that it falls less steeply afterwards.
    Lewis & Overton (2013), *Nonsmooth optimization via quasi-Newton methods*, section 2.
    """
    gradient = field.gradient(place) * units
    size, one = float(np.max(np.abs(gradient))), np.eye(len(place))
    inverse = BEGIN / size * one if size > 0 else one
    for _ in range(TURNS):
        toward = -inverse @ gradient
        share = _wolfe(field, place, units * toward, float(gradient @ toward))
        if share == 0.0:
            break
        step = share * toward
        place = place + units * step
        after = field.gradient(place) * units
        turned, gradient = after - gradient, after
        along = float(step @ turned)
        if not along > 0:
            break
        mixed = one - np.outer(step, turned) / along
        inverse = mixed @ inverse @ mixed.T + np.outer(step, step) / along
    return place


def _wolfe(field: ScalarField, place: Array, toward: Array, slope: float) -> float:
    """How much of a direction to go so that f falls, and less steeply; 0 where nothing does."""
    f, low, high, share = field.value(place), 0.0, np.inf, 1.0
    if not slope < 0:
        return 0.0
    for _ in range(TRIES):
        there = place + share * toward
        if not value_at(field, there) < f + LOWER * share * slope:
            high = share
        elif field.gradient(there) @ toward < FLATTER * slope:
            low = share
        else:
            return share
        share = 2.0 * low if high == np.inf else 0.5 * (low + high)
    return low


def is_corner(field: ScalarField, point: Point) -> bool:
    """Whether the gradient leaps at a point: at a corner, a tip or a cusp.

    >>> [is_corner(ScalarField(f"abs(x)^{power}"), 0) for power in (0.5, 1, 1.5, 2)]
    [True, True, False, False]
    """
    place, units = np.array(field.coordinates(point)), widths(field)
    with np.errstate(all="ignore"), suppress(*UNDEFINED):
        wide, near = (
            max(
                float(np.max(np.abs(field.gradient(place + h) - field.gradient(place - h)) * units))
                for h in share * units * ways(len(place))
            )
            for share in KINK
        )
        return bool(near > 0 and near >= STAYS * wide)
    return False
