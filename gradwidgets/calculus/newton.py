"""Critical points found by Newton's method from a grid of starts, and what each of them is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gradwidgets.calculus.critical import classify, kind
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.looking import UNDEFINED, ground_of
from gradwidgets.calculus.quadratic import newton_steps
from gradwidgets.calculus.steps import Look, look_at
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.types import Array

KINDS = ("minimum", "maximum", "saddle", "degenerate")
STARTS, FEWER = 729, 225  # in all, 27 by 27 or 9 by 9 by 9; fewer where f is not traced
MOST_STEPS = 160
LONGEST = 0.2  # of the domain's width: a step
ARRIVED = 1e-9  # of the domain's width: a step that moves no more
LEVEL = 1e-7  # of the usual slope: it counts as none
ALIKE = 1e-5  # of the domain's width: points that are one
NEAR = 1e-2  # of the domain's width: degenerate points that are one, or pieces of one line
UNSURE = 10.0  # times the last step: how far away the critical point itself may lie


class Critical(NamedTuple):
    """A point without slope: where, f there, the Hessian's eigenvalues in rising order, its kind.

    `kind` is what the second-order test says: one of `KINDS`, of which "degenerate" tells that the
    test is silent. Then `beyond` is what f itself says, asked on both sides: see `critical.kind`.
    """

    point: tuple[float, ...]
    value: float
    eigenvalues: tuple[float, ...]
    kind: str
    beyond: str


def critical_points(field: ScalarField) -> tuple[Critical, ...]:
    """The critical points that Newton's method finds in the domain, in the order of f.

    It starts all over the domain. Steps use the pseudo-inverse where the Hessian is singular, and
    none is longer than a fifth of the domain. Where critical points fill a line, so many of them
    are found as there are starts beside it.

    >>> [(c.kind, c.point) for c in critical_points(ScalarField("x**2 - y**2"))]
    [('saddle', (0.0, 0.0))]
    """
    look = look_at(field, 2, together=True)
    with calm():
        ends = zip(*_search(field, look), strict=True)
        found = [one for place, last in ends for one in _named(field, place, last)]
    return tuple(sorted(_thinned(field, found), key=lambda one: (one.value, one.point)))


def _search(field: ScalarField, look: Look) -> tuple[Array, Array]:
    """Where Newton's method ends, and how long its last steps were."""
    low, high = np.array(list(field.domain.values())).T
    units = high - low
    points = _starts(field)
    steps, slopes = _steps(look, points, units)
    usual = float(np.nanmedian(slopes)) if np.isfinite(slopes).any() else 0.0
    ends, lasts = [np.empty((0, len(low)))], [np.empty(0)]
    alive = np.full(len(points), True)
    for _ in range(MOST_STEPS):
        sizes = np.linalg.norm(steps, axis=1)
        still = alive & (sizes <= ARRIVED)
        level = still & (slopes <= LEVEL * usual)
        ends.append(points[level] + units * steps[level])
        lasts.append(sizes[level])
        alive &= np.isfinite(sizes) & ~still
        alive &= (np.abs(points - (low + high) / 2) <= units).all(axis=1)
        if not alive.any():
            break
        if 2 * alive.sum() <= len(alive):  # seldom: for each shape a program is traced
            points, steps, sizes = points[alive], steps[alive], sizes[alive]
            alive = alive[alive]
        share = np.minimum(1.0, LONGEST / np.where(alive, sizes, np.inf))
        points = points + units * np.where(alive[:, None], steps * share[:, None], 0.0)
        steps, slopes = _steps(look, points, units)
    found, lasts_found = np.concatenate(ends), np.concatenate(lasts)
    inside = ((found >= low - ARRIVED * units) & (found <= high + ARRIVED * units)).all(axis=1)
    return _distinct(found[inside], lasts_found[inside], units)


def _starts(field: ScalarField) -> Array:
    """A grid over the domain, its middle and its edges among the places."""
    starts = STARTS if field.traced else FEWER
    count = max(3, (int(starts ** (1 / len(field.variables)) + 1e-9) - 1) // 2 * 2 + 1)
    axes = [field.axis(name, count) for name in field.variables]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))


def _steps(look: Look, points: Array, units: Array) -> tuple[Array, Array]:
    """Newton's steps from many points, and the slopes there; NaN where f has no Hessian.

    Both are in units of the domain, so that all variables count alike.
    """
    count = points.shape[1]
    try:
        parts = look(*points.T)
    except UNDEFINED:
        parts = (np.nan,) * (1 + count + count * count)
    whole = np.stack([np.broadcast_to(part, len(points)) for part in parts], axis=-1)
    gradients, hessians = whole[:, 1 : count + 1], whole[:, count + 1 :].reshape(-1, count, count)
    gradients = gradients * units
    steps, _ = newton_steps(gradients, hessians * units * units[:, None])
    steps[~np.isfinite(whole).all(axis=1)] = np.nan
    return steps, np.max(np.abs(gradients), axis=1)  # its square might vanish


def _distinct(points: Array, sizes: Array, units: Array) -> tuple[Array, Array]:
    """One of each, the one at which the last step was shortest."""
    order = np.argsort(sizes, kind="stable")
    kept = order[_apart(points[order] / units, ALIKE)]
    return points[kept], sizes[kept]


def _apart(points: Array, apart: float) -> list[int]:
    """The places of points that are not close to one before."""
    kept, left = list[int](), np.arange(len(points))
    while left.size:
        kept.append(int(left[0]))
        left = left[np.linalg.norm(points[left] - points[left[0]], axis=1) > apart]
    return kept


def _thinned(field: ScalarField, found: Sequence[Critical]) -> list[Critical]:
    """Without degenerate points close to one another: there Newton's method ends where it can."""
    silent = [one for one in found if one.kind == "degenerate"]
    units = ground_of(field).widths
    kept = _apart(np.reshape([one.point for one in silent], (-1, len(units))) / units, NEAR)
    return [one for one in found if one.kind != "degenerate"] + [silent[k] for k in kept]


def _named(field: ScalarField, point: Array, last: float) -> list[Critical]:
    """What a critical point is; nothing where f has a kink, or is undefined beside the point.

    An eigenvalue counts as 0 if it is no more than what the Hessian changes over the distance by
    which the point may be off.
    """
    units = ground_of(field).widths
    around = max(UNSURE * last, ARRIVED) * np.diag(units)
    try:
        if field.kinks(point):
            return []
        hessian = field.hessian(point)
        nearby = [field.hessian(point + away) for away in around]
    except UNDEFINED:
        return []
    scale = units * units[:, None]
    blur = 2.0 * len(point) * max(float(np.max(abs(other - hessian) * scale)) for other in nearby)
    shares = np.linalg.eigvalsh(scale * (hessian + hessian.T) / 2)
    values = np.linalg.eigvalsh((hessian + hessian.T) / 2)
    word = classify(np.where(np.abs(shares) <= blur, 0.0, shares))
    word = "degenerate" if word == "trough" else word
    place = tuple((np.where(np.abs(point) < 1e-12 * units, 0.0, point) + 0.0).tolist())
    beyond = kind(field, point) if word == "degenerate" else word
    return [Critical(place, field.value(point), tuple(values.tolist()), word, beyond)]
