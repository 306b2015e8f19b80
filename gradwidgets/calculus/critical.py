"""Points where the gradient vanishes: what the Hessian and f itself say of them.

Each variable is measured in widths of its domain, and f in what it changes there, so that no answer
depends on units. Nothing here branches on values, so that pictures can be traced with it.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.tracer import isbox

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.looking import (
    Ground,
    ground_of,
    length,
    look,
    numbers_of,
    question,
    split,
)
from gradwidgets.calculus.symmetric import Decomposition, decomposition
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.truths import both, either, no
from gradwidgets.calculus.types import Array, Point

KINDS = ("minimum", "maximum", "saddle", "trough", "degenerate", "plain")
MINIMUM, MAXIMUM, SADDLE, TROUGH, DEGENERATE, PLAIN = map(float, range(len(KINDS)))

SILENT = 1e-9  # of the greatest eigenvalue: below it the second-order test says nothing
NEAR = 1e-2  # of the domain's width: a critical point further away is another matter
AROUND = (1e-3, 1e-5)  # of the domain's width: where neighbours are asked
BESIDE = 1e-10  # of the domain's width: so near f has come down, unless it has a pole
WALLS = (0.4, 0.1)  # of the domain's width: where a floor may have its walls
ROUNDING = 1e-14  # of f
DUST = 1e-13  # of the greatest eigenvalue, or of the slope over the domain: an eigenvalue that is 0
REACH = 20.0  # times the way to the floor: far enough to meet the other wall of x⁴ and its kin
ALIKE = 0.1  # near a minimum of x⁴, or beside the bend of x³, Newton's step changes it by more
STEPS = (1e-3, 1e-5)  # of the domain's width: where a Hessian is held against the gradients
BENT = 1e-3  # of the Hessian's size: what it may miss of the gradients' change
HALF = 0.5  # as much that must shrink from the longer step to the shorter
EDGE = 0.1  # of its size: the same where the longer step leaves what is defined
JACOBI = 6  # so many variables at most have their eigenvalues in a program


def eigenvalues(field: ScalarField, point: Point) -> Array:
    """The Hessian's eigenvalues at a point in rising order; NaN where f is not smooth."""
    with calm():
        return np.array(axes(ground_of(field), np.array(field.coordinates(point))).values)


def axes(ground: Ground, place: Any) -> Decomposition:
    """The Hessian's eigenvalues and eigenvectors; NaN and the coordinate axes where f has none."""
    return _parted(ground, _axes(ground, *numbers_of(place)))


@question
def _axes(ground: Ground, *numbers: Any) -> Any:
    return _together(principal(look(ground, anp.array(numbers), 2).hessian))


def _together(found: Decomposition) -> Any:
    return (*numbers_of(found.values), *numbers_of(anp.ravel(found.vectors)))


def _parted(ground: Ground, numbers: Any) -> Decomposition:
    count = ground.count
    return Decomposition(numbers[:count], anp.reshape(numbers[count:], (count, count)))


def scaled_axes(ground: Ground, place: Any) -> Decomposition:
    """The same where each variable is measured in widths of its domain."""
    return _parted(ground, _scaled(ground, *numbers_of(place)))


@question
def _scaled(ground: Ground, *numbers: Any) -> Any:
    units = ground.widths
    hessian = look(ground, anp.array(numbers), 2).hessian
    return _together(principal(hessian * units * units[:, None]))


def principal(hessian: Any) -> Decomposition:
    """Eigenvalues in rising order and eigenvectors; NaN and the axes where it is not finite."""
    known, one = anp.all(anp.isfinite(hessian)), np.eye(len(hessian))
    safe = anp.where(known, 0.5 * hessian + 0.5 * hessian.T, one)
    if isbox(safe) or len(one) <= JACOBI:
        values, vectors = decomposition(safe)
    else:
        values, vectors = np.linalg.eigh(safe)
    return Decomposition(anp.where(known, values, np.nan), anp.where(known, vectors, one))


# ── whether there is a Hessian to speak of ───────────────────────────────────────────────────────


def curvatures(field: ScalarField, point: Point) -> Array:
    """The eigenvalues where the Hessian explains how the gradient changes; NaN at tips and corners.

    Beside the tip of a cone at the distance r the Hessian has the eigenvalue 1/r, and on both sides
    of a corner it is 0: neither says anything of the slopes around.

    >>> float(curvatures(ScalarField("x**2"), 0)[0]), float(curvatures(ScalarField("abs(x)"), 0)[0])
    (2.0, nan)
    """
    with calm():
        return np.array(curvatures_at(ground_of(field), *field.coordinates(point)), float)


@question
def curvatures_at(ground: Ground, *numbers: Any) -> Any:
    """`curvatures` as a program's step."""
    place = anp.array(numbers)
    here = look(ground, place, 2)
    values = principal(here.hessian).values
    slope = length(here.gradient) / ground.width
    dust = DUST * (anp.max(anp.abs(values)) + slope)
    return anp.where(
        _is_smooth(ground, place), anp.where(anp.abs(values) <= dust, 0.0, values), np.nan
    )


def is_smooth(field: ScalarField, point: Point) -> bool:
    """Whether f is twice differentiable, as far as gradients beside the point can tell.

    What H leaves of the gradients' change over a step h goes to 0 faster than h where f is twice
    differentiable; at a corner it stays, and it grows without bound beside h.
    """
    with calm():
        return bool(_is_smooth(ground_of(field), np.array(field.coordinates(point))))


def _is_smooth(ground: Ground, place: Any) -> Any:
    width, here = ground.width, look(ground, place, 2)
    wide, near = (_missed(ground, place, here.hessian, share * width) for share in STEPS)
    size = anp.max(anp.abs(here.hessian))
    lost = 1e-13 * anp.max(anp.abs(here.gradient)) / (STEPS[1] * width)
    shrunk = near <= anp.where(anp.isfinite(wide), HALF * wide, EDGE * size)
    return anp.all(either(near <= BENT * size + lost, shrunk))


def _missed(ground: Ground, place: Any, hessian: Any, step: float) -> Any:
    """By how much H misses the gradient's change over a step along each of `ways`, per length."""
    around = ways(ground.count)
    changes = anp.array(
        [
            look(ground, place + step * way, 1).gradient
            - look(ground, place - step * way, 1).gradient
            for way in around
        ]
    )
    return anp.max(anp.abs(changes / (2.0 * step) - anp.dot(around, hessian)), axis=1)


def ways(count: int) -> Array:
    """Unit vectors along all axes and between every two of them, one a row.

    >>> ways(2).round(3).tolist()
    [[1.0, 0.0], [0.0, 1.0], [0.707, 0.707], [0.707, -0.707]]
    """
    axes = list(np.eye(count))
    between = [side * other + one for one, other in combinations(axes, 2) for side in (1.0, -1.0)]
    return np.array([*axes, *(way / 2**0.5 for way in between)])


# ── what a critical point is ─────────────────────────────────────────────────────────────────────


def classify(values: Array) -> str:
    """What a critical point is, from its Hessian's eigenvalues.

    "minimum", "maximum", "saddle", "trough" (one or more eigenvalues are 0 and the others
    positive), or "degenerate": the second-order test is silent. Eigenvalues that are negligible
    beside the greatest one count as 0.

    >>> [classify(np.array(v)) for v in [(2.0, 20.0), (-2.0, 2.0), (0.0, 2.0), (0.0, 0.0)]]
    ['minimum', 'saddle', 'trough', 'degenerate']
    """
    return KINDS[int(_classified(values))]


def _classified(values: Any) -> Any:
    """The same as a place in `KINDS`."""
    zero = SILENT * anp.max(anp.abs(values))
    up, down = values > zero, values < -zero
    mixed = anp.where(anp.any(up), anp.where(anp.any(down), SADDLE, TROUGH), DEGENERATE)
    return anp.where(anp.all(up), MINIMUM, anp.where(anp.all(down), MAXIMUM, mixed))


def kind(field: ScalarField, point: Point) -> str:
    """What lies where the slope is next to nothing: a word of `classify`, or "plain".

    Eigenvalues alone deceive: close to 0 those of x³ are positive, and so are those of exp(−x)
    everywhere. So f itself is asked on both sides along every eigenvector. "plain" tells that no
    critical point is near.

    >>> [kind(ScalarField(text), x) for text, x in [("x**4", 0), ("x**3", 1e-4), ("exp(-x)", 20)]]
    ['minimum', 'degenerate', 'plain']
    """
    with calm():
        return KINDS[int(kind_at(ground_of(field), *field.coordinates(point))[0])]


@question
def kind_at(ground: Ground, *numbers: Any) -> Any:
    """`kind` as a program's step: a place in `KINDS`."""
    place, units = anp.array(numbers), ground.widths
    values, vectors = scaled_axes(ground, place)
    values = anp.where(anp.isfinite(values), values, 0.0)
    shifts = _newton_shifts(values, anp.dot(look(ground, place, 1).gradient * units, vectors))
    near = length(shifts) <= NEAR
    curved = values > SILENT * anp.max(anp.abs(values))
    down = anp.where(curved, shifts, 0.0)
    floor = place + units * anp.dot(vectors, down)
    sure = both(near, anp.all(curved), _alike(values, scaled_axes(ground, floor).values))
    asked = (*numbers_of(floor), *numbers_of(values), *numbers_of(anp.ravel(vectors)))
    found = _kind_around(ground, *asked, REACH * length(down), 1.0 * near, when=no(sure))[0]
    return (anp.where(sure, MINIMUM, found),)


@question
def _kind_around(ground: Ground, *numbers: Any) -> Any:
    """What f itself says along every eigenvector of the floor, whether that is near or not."""
    count, units = ground.count, ground.widths
    floor, values, flat, reach, is_near = split(numbers, count, count, count * count)
    vectors, near = anp.reshape(flat, (count, count)), is_near > 0
    signs = anp.array([_sign(ground, floor, vectors, values, axis, reach) for axis in range(count)])
    found = _by_signs(signs, values)
    lowest = is_lowest_at(ground, floor, when=both(near, found == DEGENERATE))
    found = anp.where(lowest, TROUGH, found)
    way = (*numbers_of(floor), *numbers_of(anp.ravel(units[:, None] * vectors)))
    least = ROUNDING * anp.max(anp.abs(values))
    slides = _slides(ground, *way, *numbers_of(signs), least, reach, when=found == TROUGH)
    found = anp.where(slides[0] > 0, PLAIN, found)
    told = either(near, found == MINIMUM, found == TROUGH)
    found = anp.where(told, found, PLAIN)
    unsure = anp.where(near, DEGENERATE, PLAIN)
    return (anp.where(anp.any(anp.isnan(signs)), unsure, found),)


def _by_signs(signs: Any, values: Any) -> Any:
    """What f itself says; a saddle that eigenvalues do not tell is of a higher order."""
    found = _classified(signs)
    higher = both(found == SADDLE, _classified(values) != SADDLE)
    return anp.where(higher, DEGENERATE, found)


def _alike(values: Any, others: Any) -> Any:
    """Whether the curvature hardly changes between two places: f is a quadratic there."""
    return anp.all(anp.abs(others - values) <= ALIKE * anp.abs(values))


@question
def nearby(ground: Ground, *numbers: Any) -> Any:
    """The critical point beside a place of little slope, by one of Newton's steps."""
    place, units = anp.array(numbers), ground.widths
    values, vectors = scaled_axes(ground, place)
    shifts = _newton_shifts(values, anp.dot(look(ground, place, 1).gradient * units, vectors))
    return place + units * anp.dot(vectors, anp.where(anp.isfinite(shifts), shifts, 0.0))


def _newton_shifts(values: Any, slopes: Any) -> Any:
    """How far along every eigenvector the slope would vanish if f were quadratic."""
    return anp.where(slopes == 0, 0.0, -slopes / values)


def _sign(ground: Ground, floor: Any, vectors: Any, values: Any, axis: int, reach: Any) -> Any:
    """1 or −1: f rises or falls to both sides; 0: neither; NaN: it falls to one side alone."""
    middle, steepest = look(ground, floor, 0).value, anp.max(anp.abs(values))
    size, lost = anp.abs(values[axis]), ROUNDING * anp.abs(middle)
    expected = anp.where(size > SILENT * steepest, anp.sign(values[axis]), 0.0)
    seen, sure = [], False
    for share in AROUND:
        far = anp.maximum(share, reach)
        away = far * ground.widths * vectors[:, axis]
        one, other = (look(ground, floor + side * away, 0).value for side in (-1.0, 1.0))
        blur = lost + SILENT * steepest * far * far
        falls = [beside < middle - blur for beside in (one, other)]
        rises = both(*(no(beside <= middle + blur) for beside in (one, other)))
        unseen = size * far * far < 2.0 * lost
        agrees = anp.where(expected > 0, 1.0 * rises, 1.0 * both(*falls)) > 0
        sure = either(sure, both(expected != 0, either(unseen, agrees)))
        mixed = anp.where(either(*falls), np.nan, 1.0 * rises)
        seen.append(anp.where(both(*falls), -1.0, mixed))
    return anp.where(sure, expected, seen[0])


@question
def _slides(ground: Ground, *numbers: Any) -> Any:
    """Whether f only flattens out, and still falls along a way that seems level, however little.

    Its slopes on both sides of the place have one sign, and one of them is more than rounding.
    """
    count, found = ground.count, []
    floor, ways, signs, least, reach = split(numbers, count, count * count, count)
    for axis in range(count):
        way = anp.reshape(ways, (count, count))[:, axis]
        away = [side * anp.maximum(share, reach) * way for share in AROUND for side in (-1.0, 1.0)]
        slopes = anp.array([anp.sum(look(ground, floor + step, 1).gradient * way) for step in away])
        falls = either(anp.all(slopes > 0), anp.all(slopes < 0))
        found.append(both(signs[axis] == 0, falls, anp.any(anp.abs(slopes) > least)))
    return (1.0 * either(*found),)


def is_lowest(field: ScalarField, place: Any) -> bool:
    """Whether f falls nowhere around a place, and rises somewhere to both sides; not at a pole.

    >>> is_lowest(ScalarField("abs(x*y)"), np.zeros(2)), is_lowest(ScalarField("x*y"), np.zeros(2))
    (True, False)
    """
    with calm():
        return bool(is_lowest_at(ground_of(field), np.array(place, float)))


def is_lowest_at(ground: Ground, place: Any, when: Any = True) -> Any:
    """`is_lowest` of a place that is computed; false unless `when` holds."""
    return _lowest(ground, *numbers_of(place), when=when)[0] > 0


@question
def _lowest(ground: Ground, *numbers: Any) -> Any:
    place = anp.array(numbers)
    middle = look(ground, place, 0).value
    around = ground.widths * ways(ground.count)
    *walls, wide, near, beside = (
        anp.array(
            [
                [look(ground, place + side * share * way, 0).value - middle for side in (-1.0, 1.0)]
                for way in around
            ]
        )
        for share in (*WALLS, *AROUND, BESIDE)
    )
    blur = ROUNDING * anp.abs(middle)
    rises = [anp.any(anp.all(rise > blur, axis=1)) for rise in (*walls, wide, near, beside)]
    stays = [anp.all(rise >= -blur) for rise in (wide, near)]
    level = anp.max(anp.abs(beside)) <= anp.maximum(HALF * anp.max(near), blur)
    return (1.0 * both(anp.isfinite(middle), either(*rises), *stays, level),)
