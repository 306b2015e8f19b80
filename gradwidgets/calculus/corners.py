"""Minima that Newton's method can't find: tips, corners and cusps, and floors that are flat.

Each variable is measured in widths of its domain, and f in what it changes there, so that no answer
depends on units. Nothing branches on values: a search that is not wanted is asked at NaN, and ends
with its first round.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.critical import is_lowest_at, ways
from gradwidgets.calculus.field import Point, ScalarField
from gradwidgets.calculus.looking import look, loop, question, widths
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.truths import both, either, no

FIRST, DOUBLINGS = 2.0**-34, 34  # of the domain's width: how far a minimum is bracketed
HALVINGS = 90
TURNS, TRIES = 400, 40  # of a search with one line search each
LOWER, FLATTER = 1e-4, 0.9  # what a step must lower f, and leave of its slope
BEGIN = 0.1  # of the domain's width: the first step
ASIDE = 2.0**-40  # of the domain's width: beside a place where autograd has no slope
KINK = (1e-5, 1e-7)  # of the domain's width: where the gradient still turns as much
STAYS = 0.5  # as much at least


def split(field: ScalarField, numbers: Any, *parts: int) -> list[Any]:
    """Numbers as vectors of so many components each; the rest as they are."""
    found, start = [], 0
    for size in parts:
        found.append(anp.array(list(numbers[start : start + size])))
        start += size
    return [*found, *numbers[start:]]


# ── along a line ─────────────────────────────────────────────────────────────────────────────────


def lowest_along(field: ScalarField, place: Any, direction: Any) -> Any:
    """The minimum of f along a line through a place, where its slope changes from − to +.

    The slope may jump there, at a corner, or vanish on a stretch, whose middle counts. NaN where
    f does not rise to both sides within the length of `direction`. Where autograd has no slope f
    itself is asked on both sides.

    >>> field = ScalarField("abs(x - 0.31)")
    >>> lowest_along(field, np.array([2.0]), np.array([6.0])).round(12).tolist()
    [0.31]
    """
    count = len(field.variables)
    numbers = [vector[k] for vector in (place, direction) for k in range(count)]
    return place + _middle(field, *numbers)[0] * direction


@question
def _middle(field: ScalarField, *line: Any) -> Any:
    left, there = loop(field, _outward(field, -1.0), (FIRST, 0.0), DOUBLINGS + 1, line)
    right, here = loop(field, _outward(field, 1.0), (FIRST, 0.0), DOUBLINGS + 1, line)
    found = both(there > 0, here > 0)
    low, high = anp.where(found, -left, np.nan), anp.where(found, right, np.nan)
    falls = loop(field, _halving(field, lambda slope: slope < 0), (low, high), HALVINGS, line)[0]
    rises = loop(field, _halving(field, lambda slope: no(slope > 0)), (low, high), HALVINGS, line)
    return (0.5 * (falls + rises[1]),)


def _slope(field: ScalarField, line: Any, t: Any) -> Any:
    """The slope at t along a line."""
    count = len(field.variables)
    place, direction = split(field, line, count, count)
    found = anp.sum(look(field, place + t * direction, 1).gradient * direction)
    before, after = (look(field, place + (t + h) * direction, 0).value for h in (-ASIDE, ASIDE))
    return anp.where(anp.isnan(found), after - before, found)


def _outward(field: ScalarField, side: float) -> Callable[..., Any]:
    """Ever farther to one side, until f rises that way."""

    def body(t: Any, found: Any, *line: Any) -> Any:
        rises = side * _slope(field, line, side * t) > 0
        goes_on = both(no(rises), anp.isfinite(sum(line)))
        return goes_on, (anp.where(rises, t, 2.0 * t), 1.0 * rises)

    return body


def _halving(field: ScalarField, holds: Callable[[Any], Any]) -> Callable[..., Any]:
    """Down to two neighbouring numbers of which a condition holds for the lower one alone."""

    def body(low: Any, high: Any, *line: Any) -> Any:
        middle = 0.5 * (low + high)
        between = both(low < middle, middle < high)
        up = holds(_slope(field, line, middle))
        return between, (
            anp.where(both(between, up), middle, low),
            anp.where(both(between, no(up)), middle, high),
        )

    return body


# ── in all directions ────────────────────────────────────────────────────────────────────────────


def corner_below(field: ScalarField, place: Any) -> Any:
    """The minimum downhill of a place, where f may have a corner or a tip; NaN without one.

    >>> corner_below(ScalarField("abs(x - 1) + 3*abs(y)"), np.array([2.0, 1.0])).round(12).tolist()
    [1.0, 0.0]
    """
    if len(field.variables) > 1:
        place = _quasi_newton(field, place)
    found = _along_axes(field, place)
    return anp.where(is_lowest_at(field, found), found, np.nan)


def _along_axes(field: ScalarField, place: Any) -> Any:
    """The place moved to the minimum along each axis in turn."""
    for axis in np.diag(widths(field)):
        there = lowest_along(field, place, axis)
        lower = look(field, there, 0).value <= look(field, place, 0).value
        place = anp.where(lower, there, place)
    return place


def _quasi_newton(field: ScalarField, place: Any) -> Any:
    """The last place of a search by BFGS, which gets down into corners, too.

    Its line search asks for little: that f falls, and that it falls less steeply afterwards.
    Lewis & Overton (2013), *Nonsmooth optimization via quasi-Newton methods*, section 2.
    """
    count, units = len(field.variables), widths(field)
    gradient = look(field, place, 1).gradient * units
    size = anp.max(anp.abs(gradient))
    inverse = anp.where(size > 0, BEGIN / size, 1.0) * np.eye(count)

    def body(*numbers: Any) -> Any:
        place, gradient, inverse = split(field, numbers, count, count, count * count)
        return _turn(field, place, gradient, anp.reshape(inverse, (count, count)))

    start = [vector[k] for vector in (place, gradient) for k in range(count)]
    start += [inverse[i, j] for i in range(count) for j in range(count)]
    return anp.array(list(loop(field, body, start, TURNS)[:count]))


def _turn(field: ScalarField, place: Any, gradient: Any, inverse: Any) -> Any:
    """One round of BFGS: whether there is another, then place, gradient and inverse Hessian."""
    units, one = widths(field), np.eye(len(field.variables))
    toward = -anp.dot(inverse, gradient)
    share = _wolfe(field, place, units * toward, anp.sum(gradient * toward))
    step, moves = share * toward, share > 0
    there = anp.where(moves, place + units * step, place)
    after = look(field, there, 1).gradient * units
    turned, along = after - gradient, anp.sum(step * (after - gradient))
    mixed = one - step[:, None] * turned[None, :] / along
    bent = anp.dot(anp.dot(mixed, inverse), mixed.T) + step[:, None] * step[None, :] / along
    goes_on = both(moves, along > 0)
    inverse = anp.where(goes_on, bent, inverse)
    count = range(len(one))
    vectors = [vector[k] for vector in (there, after) for k in count]
    return goes_on, (*vectors, *(inverse[i, j] for i in count for j in count))


def _wolfe(field: ScalarField, place: Any, toward: Any, slope: Any) -> Any:
    """How much of a direction to go so that f falls, and less steeply; 0 where nothing does."""
    count = len(field.variables)
    return _share(field, *(v[k] for v in (place, toward) for k in range(count)), slope)[0]


@question
def _share(field: ScalarField, *numbers: Any) -> Any:
    count = len(field.variables)
    f = look(field, anp.array(list(numbers[:count])), 0).value

    def body(low: Any, high: Any, share: Any, found: Any, *fixed: Any) -> Any:
        place, toward, slope, f = split(field, fixed, count, count)
        there = look(field, place + share * toward, 1)
        too_far = no(there.value < f + LOWER * share * slope)
        too_short = both(no(too_far), anp.sum(there.gradient * toward) < FLATTER * slope)
        low, high = anp.where(too_short, share, low), anp.where(too_far, share, high)
        again = either(too_far, too_short)
        after = anp.where(anp.isinf(high), 2.0 * low, 0.5 * (low + high))
        found = anp.where(again, low, share)
        return both(again, slope < 0), (low, high, after, found)

    found = loop(field, body, (0.0, np.inf, 1.0, 0.0), TRIES, (*numbers, f))[3]
    return (anp.where(numbers[-1] < 0, found, 0.0),)


# ── corners ──────────────────────────────────────────────────────────────────────────────────────


def is_corner(field: ScalarField, point: Point) -> bool:
    """Whether the gradient leaps at a point: at a corner, a tip or a cusp.

    >>> [is_corner(ScalarField(f"abs(x)^{power}"), 0) for power in (0.5, 1, 1.5, 2)]
    [True, True, False, False]
    """
    with calm():
        return bool(is_corner_at(field, *field.coordinates(point))[0])


@question
def is_corner_at(field: ScalarField, *numbers: Any) -> Any:
    """`is_corner` as a program's step."""
    place, units = anp.array(numbers), widths(field)
    wide, near = (
        anp.max(
            anp.abs(
                anp.array(
                    [
                        look(field, place + h, 1).gradient - look(field, place - h, 1).gradient
                        for h in share * units * ways(len(units))
                    ]
                )
                * units
            )
        )
        for share in KINK
    )
    return (1.0 * both(near > 0, near >= STAYS * wide),)
