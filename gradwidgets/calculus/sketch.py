"""What a sketch of a curve needs: where f′ = 0, where f″ changes its sign, where the curve breaks.

Found by changes of sign on a fine grid, and then by bisection until the floats end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.types import Array

GRID_POINTS = 801
HALVINGS = 60
NOISE = 1e-12  # of f's size over the domain's width: a slope below it may be rounding alone
STILL = 1e-9  # of other slopes: a smaller one counts as none
CLOSED = 1e-3  # a gap that bisection shrinks to less than this share of itself is none
WIDE = 0.02  # of the height of a curve: a smaller step between neighbours is not looked into


class Place(NamedTuple):
    """A telling place of a curve.

    `kind` is "maximum" or "minimum" where f′ changes its sign, "inflection" where f″ does, and
    "flat" where f″ does and f′ is 0: the curve stands still there and goes on.
    """

    x: float
    kind: str


@np.errstate(all="ignore")
def places(field: ScalarField) -> tuple[Place, ...]:
    """The telling places of a function of one variable on its domain, from left to right.

    A place where f has a corner or a gap is none of them, and neither is a zero of f″ that it only
    touches, as that of x⁴ at 0.

    >>> places(ScalarField("x**3 - 3*x"))
    (Place(x=-1.0, kind='maximum'), Place(x=0.0, kind='inflection'), Place(x=1.0, kind='minimum'))
    >>> places(ScalarField("x**4")), places(ScalarField("x**3"))
    ((Place(x=0.0, kind='minimum'),), (Place(x=0.0, kind='flat'),))
    """
    x = field.axis(field.variables[0], GRID_POINTS)
    values = curves(field, x)
    turns, bends = (_crossings(field, x, values, order) for order in (1, 2))
    level = STILL * _share(np.abs(values[1]), 50)
    found = [Place(at, "maximum" if falls else "minimum") for at, falls in turns]
    for at, _ in bends:
        steep = abs(field.gradient(at)[0]) > level
        found.append(Place(at, "inflection" if steep else "flat"))
    return tuple(sorted(found))


def curves(field: ScalarField, x: Array) -> Array:
    """f, f′ and f″ at many places, shape (3, n); NaN where they are undefined.

    >>> curves(ScalarField("x**2"), np.array([1.0, 3.0])).tolist()
    [[1.0, 9.0], [2.0, 6.0], [2.0, 2.0]]
    """
    grid = field.on_grid(x, order=2)
    assert grid.gradient is not None
    assert grid.hessian is not None
    found = np.stack([grid.values, grid.gradient[0], grid.hessian[0, 0]])
    return np.where(np.isfinite(found), found, np.nan)


@np.errstate(all="ignore")
def branches(field: ScalarField, x: Array, values: Array, order: int) -> Array:
    """The points of f, f′ or f″, shape (m, 2), with a gap of NaN wherever it jumps.

    `values` are those of `curves` at every x.

    >>> field, x = ScalarField("floor(x)"), np.array([0.2, 0.7, 1.2])
    >>> branches(field, x, curves(field, x), 0).round(9).tolist()
    [[0.2, 0.0], [0.7, 0.0], [1.0, 0.0], [1.0, nan], [1.0, 1.0], [1.2, 1.0]]
    """
    points = np.stack([x, values[order]], axis=1)
    steps = np.abs(np.diff(values[order]))
    height = _share(values[order], 98) - _share(values[order], 2)
    wide = np.flatnonzero(steps > max(WIDE * height, noise(x, values, order)))
    if not wide.size:
        return points
    low, high, ends = _widest_step(field, order, x[wide], x[wide + 1])
    jumps = np.flatnonzero(~(np.abs(ends[1] - ends[0]) <= CLOSED * steps[wide]))
    gaps = [[(low[k], ends[0, k]), (high[k], np.nan), (high[k], ends[1, k])] for k in jumps]
    return np.insert(points, np.repeat(wide[jumps] + 1, 3), np.reshape(gaps, (-1, 2)), axis=0)


def noise(x: Array, values: Array, order: int) -> float:
    """What rounding alone may make of f, f′ or f″: autograd's second derivative of |x| is not 0."""
    return NOISE * _share(np.abs(values[0]), 90) / float(x[-1] - x[0]) ** order


def _share(values: Array, percent: float) -> float:
    """The value below which so many of all finite ones lie."""
    known = values[np.isfinite(values)]
    return float(np.percentile(known, percent)) if known.size else 0.0


# ── bisection, of many intervals at once ─────────────────────────────────────────────────────────


def _crossings(field: ScalarField, x: Array, values: Array, order: int) -> list[tuple[float, bool]]:
    """Where f′ or f″ changes its sign while f′ is continuous, and whether it falls there."""
    signs = np.sign(values[order])
    clear = np.flatnonzero(~(np.abs(values[order]) <= noise(x, values, order)))  # or undefined
    left, right = clear[:-1], clear[1:]
    turned = signs[left] * signs[right] < 0
    low, high, sign = x[left[turned]], x[right[turned]], signs[left[turned]]
    if not low.size:
        return []
    start, end = _change_of_sign(field, order, low, high, sign)
    before, after = curves(field, np.concatenate([low, start])), curves(field, np.append(high, end))
    wide, narrow = np.abs(after[1] - before[1]).reshape(2, -1)
    steepest = np.maximum(np.abs(before[1]), np.abs(after[1]))[: low.size]
    whole = narrow <= np.maximum(CLOSED * wide, STILL * steepest)
    nearer = np.abs(before[order]) <= np.abs(after[order])
    at = np.where(nearer[low.size :], start, end)
    at = np.where(np.abs(at) < 1e-12 * (x[-1] - x[0]), 0.0, at)
    return [(float(at[k]), bool(sign[k] > 0)) for k in np.flatnonzero(whole)]


def _change_of_sign(
    field: ScalarField, order: int, low: Array, high: Array, sign: Array
) -> tuple[Array, Array]:
    """Ever smaller intervals at whose left ends a derivative has this sign."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        same = np.sign(curves(field, middle)[order]) == sign
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return low, high


def _widest_step(
    field: ScalarField, order: int, low: Array, high: Array
) -> tuple[Array, Array, Array]:
    """Ever smaller intervals over which a curve changes most, and its values at their ends."""
    ends = np.stack([curves(field, at)[order] for at in (low, high)])
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        value = curves(field, middle)[order]
        left = np.abs(value - ends[0]) >= np.abs(ends[1] - value)
        low, high = np.where(left, low, middle), np.where(left, middle, high)
        ends = np.where(left, [ends[0], value], [value, ends[1]])
    return low, high, ends
