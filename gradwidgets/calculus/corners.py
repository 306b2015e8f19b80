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
from autograd.tracer import isbox

from gradwidgets.calculus.critical import is_lowest_at, ways
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.looking import (
    Ground,
    ground_of,
    look,
    loop,
    numbers_of,
    question,
    split,
)
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.truths import both, either, no
from gradwidgets.calculus.types import Point

FIRST, DOUBLINGS = 2.0**-34, 34  # of the domain's width: how far a minimum is bracketed
HALVINGS = 90
TURNS, TRIES = 400, 40  # of a search with one line search each
LOWER, FLATTER = 1e-4, 0.9  # what a step must lower f, and leave of its slope
BEGIN = 0.1  # of the domain's width: the first step
ASIDE = 2.0**-40  # of the domain's width: beside a place where autograd has no slope
KINK = (1e-5, 1e-7)  # of the domain's width: where the gradient still turns as much
STAYS = 0.5  # as much at least


# ── along a line ─────────────────────────────────────────────────────────────────────────────────


def lowest_along(ground: Ground, place: Any, direction: Any, when: Any = True) -> Any:
    """The minimum of f along a line through a place, where its slope changes from − to +.

    The slope may jump there, at a corner, or vanish on a stretch, whose middle counts. NaN where
    f does not rise to both sides within the length of `direction`, or unless `when` holds. Where
    autograd has no slope f itself is asked on both sides.

    >>> ground = ground_of(ScalarField("abs(x - 0.31)"))
    >>> lowest_along(ground, np.array([2.0]), np.array([6.0])).round(12).tolist()
    [0.31]
    """
    line = (*numbers_of(place), *numbers_of(direction))
    return place + _middle(ground, *line, when=when)[0] * direction


@question
def _middle(ground: Ground, *line: Any) -> Any:
    left, there = loop(ground, _outward(-1.0), (FIRST, 0.0), DOUBLINGS + 1, line)
    right, here = loop(ground, _outward(1.0), (FIRST, 0.0), DOUBLINGS + 1, line)
    found = both(there > 0, here > 0)
    low, high = anp.where(found, -left, np.nan), anp.where(found, right, np.nan)
    falls = loop(ground, _halving(lambda slope: slope < 0), (low, high), HALVINGS, line)[0]
    rises = loop(ground, _halving(lambda slope: no(slope > 0)), (low, high), HALVINGS, line)
    return (0.5 * (falls + rises[1]),)


def _slope(ground: Ground, line: Any, t: Any) -> Any:
    """The slope at t along a line."""
    count = ground.count
    place, direction = split(line, count, count)
    found = anp.sum(look(ground, place + t * direction, 1).gradient * direction)
    if not isbox(found) and np.isfinite(found):  # of numbers alone: no other look is needed
        return found
    before, after = (look(ground, place + (t + h) * direction, 0).value for h in (-ASIDE, ASIDE))
    return anp.where(anp.isnan(found), after - before, found)


def _outward(side: float) -> Callable[..., Any]:
    """Ever farther to one side, until f rises that way."""

    def body(ground: Ground, t: Any, found: Any, *line: Any) -> Any:
        rises = side * _slope(ground, line, side * t) > 0
        goes_on = both(no(rises), anp.isfinite(sum(line)))
        return goes_on, (anp.where(rises, t, 2.0 * t), 1.0 * rises)

    return body


def _halving(holds: Callable[[Any], Any]) -> Callable[..., Any]:
    """Down to two neighbouring numbers of which a condition holds for the lower one alone."""

    def body(ground: Ground, low: Any, high: Any, *line: Any) -> Any:
        middle = 0.5 * (low + high)
        between = both(low < middle, middle < high)
        up = holds(_slope(ground, line, middle))
        return between, (
            anp.where(both(between, up), middle, low),
            anp.where(both(between, no(up)), middle, high),
        )

    return body


# ── in all directions ────────────────────────────────────────────────────────────────────────────


@question
def corner_below(ground: Ground, *numbers: Any) -> Any:
    """The minimum downhill of a place, where f may have a corner or a tip; NaN without one.

    >>> ground = ground_of(ScalarField("abs(x - 1) + 3*abs(y)"))
    >>> (corner_below(ground, 2.0, 1.0).round(12) + 0.0).tolist()
    [1.0, 0.0]
    """
    place = anp.array(numbers)
    if ground.count > 1:
        place = _quasi_newton(ground, place)
    found = _along_lines(ground, place)
    return anp.where(is_lowest_at(ground, found), found, np.nan)


def _along_lines(ground: Ground, place: Any) -> Any:
    """The place moved to the minimum along the axes, and between every two of them, in turn."""
    for way in ways(ground.count):
        there = lowest_along(ground, place, ground.widths * way)
        lower = look(ground, there, 0).value <= look(ground, place, 0).value
        place = anp.where(lower, there, place)
    return place


def _quasi_newton(ground: Ground, place: Any) -> Any:
    """The last place of a search by BFGS, which gets down into corners, too.

    Its line search asks for little: that f falls, and that it falls less steeply afterwards.
    Lewis & Overton (2013), *Nonsmooth optimization via quasi-Newton methods*, section 2.
    """
    count, units = ground.count, ground.widths
    gradient = look(ground, place, 1).gradient * units
    size = anp.max(anp.abs(gradient))
    inverse = anp.where(size > 0, BEGIN / size, 1.0) * np.eye(count)

    def body(ground: Ground, *numbers: Any) -> Any:
        place, gradient, inverse = split(numbers, count, count, count * count)
        return _turn(ground, place, gradient, anp.reshape(inverse, (count, count)))

    start = [vector[k] for vector in (place, gradient) for k in range(count)]
    start += [inverse[i, j] for i in range(count) for j in range(count)]
    return anp.array(list(loop(ground, body, start, TURNS)[:count]))


def _turn(ground: Ground, place: Any, gradient: Any, inverse: Any) -> Any:
    """One round of BFGS: whether there is another, then place, gradient and inverse Hessian."""
    units, one = ground.widths, np.eye(ground.count)
    toward = -anp.dot(inverse, gradient)
    share = _wolfe(ground, place, units * toward, anp.sum(gradient * toward))
    step, moves = share * toward, share > 0
    there = anp.where(moves, place + units * step, place)
    after = look(ground, there, 1).gradient * units
    turned, along = after - gradient, anp.sum(step * (after - gradient))
    mixed = one - step[:, None] * turned[None, :] / along
    bent = anp.dot(anp.dot(mixed, inverse), mixed.T) + step[:, None] * step[None, :] / along
    goes_on = both(moves, along > 0)
    inverse = anp.where(goes_on, bent, inverse)
    count = range(len(one))
    vectors = [vector[k] for vector in (there, after) for k in count]
    return goes_on, (*vectors, *(inverse[i, j] for i in count for j in count))


def _wolfe(ground: Ground, place: Any, toward: Any, slope: Any) -> Any:
    """How much of a direction to go so that f falls, and less steeply; 0 where nothing does."""
    return _share(ground, *numbers_of(place), *numbers_of(toward), slope)[0]


@question
def _share(ground: Ground, *numbers: Any) -> Any:
    count = ground.count
    f = look(ground, anp.array(list(numbers[:count])), 0).value

    def body(ground: Ground, low: Any, high: Any, share: Any, found: Any, *fixed: Any) -> Any:
        place, toward, slope, f = split(fixed, count, count)
        there = look(ground, place + share * toward, 1)
        too_far = no(there.value < f + LOWER * share * slope)
        too_short = both(no(too_far), anp.sum(there.gradient * toward) < FLATTER * slope)
        low, high = anp.where(too_short, share, low), anp.where(too_far, share, high)
        again = either(too_far, too_short)
        after = anp.where(anp.isinf(high), 2.0 * low, 0.5 * (low + high))
        found = anp.where(again, low, share)
        return both(again, slope < 0), (low, high, after, found)

    found = loop(ground, body, (0.0, np.inf, 1.0, 0.0), TRIES, (*numbers, f))[3]
    return (anp.where(numbers[-1] < 0, found, 0.0),)


# ── corners ──────────────────────────────────────────────────────────────────────────────────────


def is_corner(field: ScalarField, point: Point) -> bool:
    """Whether the gradient leaps at a point: at a corner, a tip or a cusp.

    >>> [is_corner(ScalarField(f"abs(x)^{power}"), 0) for power in (0.5, 1, 1.5, 2)]
    [True, True, False, False]
    """
    with calm():
        return bool(is_corner_at(ground_of(field), *field.coordinates(point))[0])


@question
def is_corner_at(ground: Ground, *numbers: Any) -> Any:
    """`is_corner` as a program's step."""
    place, units = anp.array(numbers), ground.widths
    wide, near = (
        anp.max(
            anp.abs(
                anp.array(
                    [
                        look(ground, place + h, 1).gradient - look(ground, place - h, 1).gradient
                        for h in share * units * ways(len(units))
                    ]
                )
                * units
            )
        )
        for share in KINK
    )
    return (1.0 * both(near > 0, near >= STAYS * wide),)
