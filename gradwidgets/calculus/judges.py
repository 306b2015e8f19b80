"""Judges of tasks: whether a property holds, and if not, which part of it is missing.

Each is written without branches on values, so that a page without Python can check by itself, and
returns which of its kind's sentences is true, and the numbers for their slots.
"""

from __future__ import annotations

from functools import reduce
from typing import Any, NamedTuple, TypeAlias

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.quadratic import Eigen, eigen, norm
from gradwidgets.calculus.tracing import value_and_partials, value_partials_and_seconds
from gradwidgets.calculus.truths import both, either, no, where
from gradwidgets.calculus.types import Array

NEAR = 0.008  # of a window's width: what a hand with a mouse can't tell apart
EXACT = 1e-6  # relative: so near a typed formula must come
TURN = 0.5  # degrees by which a direction may be off
STEEP = 0.96  # of the greatest slope on the map
ROUND = 16  # places along a circle
AROUND = 4  # such a circle's radius, by what a hand may be off
VISIBLE = 0.3  # of the step before: a zig-zag that is seen
ZIGZAGS = 6  # steps that must go to and fro
ARRIVED = 0.01  # of the slope at the start

Judged: TypeAlias = tuple[Any, tuple[Any, ...]]


class Here(NamedTuple):
    """What a judge looks at: the function, the task's numbers, the point, the places of a run."""

    field: ScalarField
    numbers: tuple[float, ...]
    point: tuple[Any, ...]
    path: Any = None


def _first(*truths: Any) -> Any:
    """The place of the first that holds, else one more than the last."""
    case: Any = float(len(truths))
    for place, truth in reversed([*enumerate(truths)]):
        case = where(truth, float(place), case)
    return case


def _undefined(*numbers: Any) -> Any:
    return no(both(*(anp.isfinite(number) for number in numbers)))


# ── find one ─────────────────────────────────────────────────────────────────────────────────────


def _level(here: Here, partial: Any, bends: Any) -> Any:
    """Whether a partial derivative is 0 within the reach of a hand, as far as it bends there."""
    ends = here.field.domain.values()
    reach = [anp.abs(bend) * (high - low) for bend, (low, high) in zip(bends, ends, strict=True)]
    return anp.abs(partial) <= NEAR * sum(reach)


def flat_one_way(here: Here) -> Judged:
    """One partial is 0, and the other one has the wanted sign."""
    axis, sign = int(here.numbers[0]), here.numbers[1]
    f, partials, bends = value_partials_and_seconds(here.field.function, here.point)
    own, other = partials[axis], partials[1 - axis]
    flat, also = (_level(here, partials[k], bends[k]) for k in (axis, 1 - axis))
    wrong = either(also, sign * other <= 0)
    return _first(_undefined(f, *partials), no(flat), wrong), (own, other)


def steepest(here: Here) -> Judged:
    """The slope is nearly the greatest that the map has."""
    f, partials = value_and_partials(here.field.function, here.point)
    slope = norm(*partials)
    return _first(_undefined(f, slope), slope < STEEP * here.numbers[0]), (slope,)


def no_minimum(here: Here) -> Judged:
    """Stationary, and not a place where f rises all around."""
    f, (fx, fy), (row, other) = value_partials_and_seconds(here.field.function, here.point)
    level = both(_level(here, fx, row), _level(here, fy, other))
    greatest, least, *_ = eigen(row[0], row[1], other[1])
    # Where H is singular it does not tell: then values do, as far as a hand may be off.
    reach = NEAR * min(high - low for low, high in here.field.domain.values())
    (x, y), function = here.point, here.field.function
    places = circle(AROUND * reach).tolist()
    lowest = reduce(anp.minimum, [function(x + across, y + up) for across, up in places])
    singular = anp.abs(least) <= EXACT * anp.maximum(anp.abs(least), anp.abs(greatest))
    rises = where(singular, lowest + reach * norm(fx, fy) >= f, least > 0)
    return _first(_undefined(f, fx, fy), no(level), rises), (fx, fy)


def inflexion(here: Here) -> Judged:
    """The sign of f″ changes within a hand's reach, and f′ has the wanted sign."""
    (x,), (sign,) = here.point, here.numbers
    ((low, high),) = here.field.domain.values()
    f, (slope,), ((bend,),) = value_partials_and_seconds(here.field.function, (x,))
    ends = [_bend(here.field, x + reach) for reach in (-NEAR * (high - low), NEAR * (high - low))]
    stays = no(ends[0] * ends[1] <= 0)
    return _first(_undefined(f, slope, bend), stays, sign * slope <= 0), (bend, slope)


def _bend(field: ScalarField, x: Any) -> Any:
    return value_partials_and_seconds(field.function, (x,))[2][0][0]


# ── make one ─────────────────────────────────────────────────────────────────────────────────────


def _place(here: Here) -> tuple[Any, Any]:
    """The place that the task names."""
    x, y = map(np.float64, here.numbers[:2])
    return x, y


def direction(here: Here) -> Judged:
    """The gradient at the place has the wanted direction."""
    f, (fx, fy) = value_and_partials(here.field.function, _place(here))
    toward = anp.arctan2(fy, fx) * (180 / np.pi) % 360.0
    off = anp.abs((toward - here.numbers[2] + 180.0) % 360.0 - 180.0)
    return _first(_undefined(f, fx, fy), both(fx == 0, fy == 0), off > TURN), (toward,)


def gradient(here: Here) -> Judged:
    """The gradient at the place has the wanted components."""
    f, (fx, fy) = value_and_partials(here.field.function, _place(here))
    p, q = here.numbers[2:]
    room = EXACT * norm(p, q)
    wrong = (anp.abs(fx - p) > room, anp.abs(fy - q) > room)
    return _first(_undefined(f, fx, fy), *wrong), (fx, fy)


def _critical(here: Here) -> tuple[Any, tuple[Any, Any], Eigen, Any]:
    """The case 0 undefined, 1 not stationary, 2 stationary; ∇f; the Hessian's eigenvalues; size."""
    f, (fx, fy), (row, other) = value_partials_and_seconds(here.field.function, _place(here))
    bends = eigen(row[0], row[1], other[1])
    size = anp.maximum(anp.abs(bends.least), anp.abs(bends.greatest))
    away = norm(fx, fy) > EXACT * anp.maximum(size, EXACT)
    return _first(_undefined(f, fx, fy, size), away), (fx, fy), bends, size


def saddle(here: Here) -> Judged:
    """Stationary, with eigenvalues of both signs."""
    case, slopes, (greatest, least, *_), size = _critical(here)
    flat = anp.minimum(anp.abs(least), anp.abs(greatest)) <= EXACT * size
    return _first(case == 0, case == 1, flat, least > 0, greatest < 0), (*slopes, least, greatest)


def valley(here: Here) -> Judged:
    """A minimum, with the wanted ratio of its eigenvalues."""
    case, slopes, (greatest, least, *_), size = _critical(here)
    none, wanted = least <= EXACT * size, here.numbers[2]
    ratio = greatest / where(none, np.nan, least)
    off = no(anp.abs(ratio - wanted) <= EXACT * wanted)
    return _first(case == 0, case == 1, none, off), (*slopes, least, greatest, ratio)


def circle(radius: float) -> Array:
    """Places on a circle around the origin, shape (ROUND, 2).

    >>> circle(2.0)[0].tolist()
    [2.0, 0.0]
    """
    turn = 2 * np.pi * np.arange(ROUND) / ROUND
    return radius * np.stack([np.cos(turn), np.sin(turn)], axis=1)


def level_curve(here: Here) -> Judged:
    """f is the same all along the circle, and has a slope there."""
    radius, function = here.numbers[0], here.field.function
    x, y = circle(radius).T
    f, (fx, fy) = value_and_partials(function, (x, y))
    f, change = f + 0.0 * x, radius * norm(fx + 0.0 * x, fy + 0.0 * x)  # also of a constant
    low, high, most = anp.min(f), anp.max(f), anp.max(change)
    inside = function(0.5 * x, 0.5 * y)
    flat = most <= EXACT * anp.max(anp.abs(f - where(anp.isfinite(inside), inside, f)))
    return _first(_undefined(low, high), flat, high - low > EXACT * most), (low, high)


# ── an α ─────────────────────────────────────────────────────────────────────────────────────────


def _slopes(here: Here) -> Any:
    """‖∇f‖ at every place of a run, NaN behind its end, shape (k + 1,)."""
    places = tuple(here.path[:, axis] for axis in range(len(here.point)))
    return reduce(norm, value_and_partials(here.field.function, places)[1], 0.0)


def zigzag(here: Here) -> Judged:
    """Along one axis the first steps go to and fro, and the slope comes to next to nothing."""
    steps = here.path[1 : ZIGZAGS + 2] - here.path[: ZIGZAGS + 1]
    back = -steps[1:] / where(steps[:-1] == 0, np.nan, steps[:-1])  # along each axis, (k, n)
    swings = anp.max(anp.min(where(anp.isfinite(back), back, -1.0), axis=0)) > VISIBLE
    slopes = _slopes(here)
    least = anp.min(where(anp.isfinite(slopes), slopes, np.inf))
    arrives = least <= ARRIVED * slopes[0]
    return _first(both(no(swings), no(arrives)), no(swings), no(arrives)), (slopes[0], least)


def soon(here: Here) -> Judged:
    """After so many steps the slope is that share of what it was."""
    count, share = int(here.numbers[0]), here.numbers[1]
    slopes = _slopes(here)
    first, last = slopes[0], slopes[count]
    return _first(_undefined(last), last > first, last > share * first), (first, last)
