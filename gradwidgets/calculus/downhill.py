"""The minimum downhill of a start: by Newton's method, and beyond it where f is flat or has a kink.

Each variable is measured in widths of its domain, so that no answer depends on units.
"""

from __future__ import annotations

import numpy as np

from gradwidgets.calculus.corners import corner_below, lowest_along
from gradwidgets.calculus.critical import (
    ALIKE,
    SILENT,
    UNDEFINED,
    is_lowest,
    kind,
    nearby,
    scaled_axes,
    widths,
)
from gradwidgets.calculus.field import Array, Point, ScalarField

MOST_STEPS, MOST_HALVINGS = 60, 30
LONGEST = 0.5  # of the domain's width: a step
SHALLOW = 1e-9  # of the gradient: less curvature is not divided by
STEEP = 1e-10  # of the Hessian's size over the domain: a gradient below this counts as none
DOWN = 1e-12  # of the gradient at the start: so does one below this
BESIDE = 1.5  # of the domain's width from its middle: so far away a corner is looked for
ROUNDS = 3  # of going along flat directions and, between them, Newton's way
ZERO = 1e-12  # of the domain's width: a coordinate that is left by rounding


def minimum_below(field: ScalarField, start: Point) -> tuple[float, ...] | None:
    """The minimum that lies downhill of a start, or None if none is found.

    Newton's method, kept going downhill: the Hessian's eigenvalues are taken by their size, and a
    step is halved until f falls. Nocedal & Wright (2006), section 3.4. Where f is flatter than its
    Hessian tells, as x⁴ is, the minimum is where the slope changes its sign; and where the steps
    end without one, f may have a corner or a tip.

    >>> minimum_below(ScalarField("(x - 1)**2 + 3*y**2"), (2.0, 1.0))
    (1.0, 0.0)
    >>> minimum_below(ScalarField("x^4 + abs(y - 2)"), (2.0, 1.0))
    (0.0, 2.0)
    """
    try:
        with np.errstate(all="ignore"):
            origin = np.array(field.coordinates(start))
            place, settled = _by_newton(field, origin)
            found = _settled(field, place) if settled else _at_a_corner(field, origin, place)
    except UNDEFINED:
        return None
    if found is None:
        return None
    rounded = np.abs(found) < ZERO * widths(field)
    return tuple(map(float, np.where(rounded, 0.0, found)))


def _by_newton(field: ScalarField, place: Array) -> tuple[Array, bool]:
    """Where the steps end, and whether the gradient vanishes there."""
    none = DOWN * float(np.max(np.abs(field.gradient(place) * widths(field))))
    for _ in range(MOST_STEPS):
        step = _step_down(field, place, none)
        if step is None:
            break
        if not step.any():
            return place, True
        there = _downhill(field, place, field.value(place), step)
        if there is None:
            break
        place = there
    return place, False


def _step_down(field: ScalarField, place: Array, none: float) -> Array | None:
    """A step of no more than half the domain; 0 where the gradient vanishes, None without one."""
    units = widths(field)
    gradient, (values, vectors) = field.gradient(place) * units, scaled_axes(field, place)
    if not (np.isfinite(gradient).all() and np.isfinite(values).all()):
        return None
    steepest, greatest = float(np.max(np.abs(gradient))), float(np.max(np.abs(values)))
    if steepest <= max(STEEP * greatest, none):
        return np.zeros_like(place)
    least = max(SILENT * greatest, SHALLOW * steepest)
    step = -vectors @ ((vectors.T @ gradient) / np.maximum(np.abs(values), least))
    return np.asarray(units * step * min(1.0, LONGEST / float(np.linalg.norm(step))))


def _downhill(field: ScalarField, place: Array, f: float, step: Array) -> Array | None:
    """The first of ever shorter steps after which f is lower, or no higher by rounding alone."""
    for halvings in range(MOST_HALVINGS):
        there = place + step * 0.5**halvings
        if field.value(there) <= f + 1e-14 * abs(f):
            return np.asarray(there)
    return None


# ── where the steps end ──────────────────────────────────────────────────────────────────────────


def _settled(field: ScalarField, place: Array) -> Array | None:
    """The minimum at or beside a place without slope."""
    word = kind(field, place)
    if word not in ("minimum", "trough", "degenerate"):
        return None
    found = _along_floor(field, place)
    if found is not place and is_lowest(field, found):
        return found
    return None if word == "degenerate" else place


def _along_floor(field: ScalarField, place: Array) -> Array:
    """The middle of a floor that is flatter than a quadratic; the place itself without walls."""
    for _ in range(ROUNDS):
        middle = place
        for direction in _flat_directions(field, place):
            there = lowest_along(field, middle, direction)
            if there is None:
                return place
            middle = there
        if middle is place:
            break
        place = middle
    return place


def _flat_directions(field: ScalarField, place: Array) -> list[Array]:
    """The eigenvectors, as long as the domain, along which f is no quadratic."""
    values, vectors = scaled_axes(field, place)
    others = scaled_axes(field, nearby(field, place))[0]
    silent = np.abs(values) <= SILENT * np.max(np.abs(values))
    changed = ~(np.abs(others - values) <= ALIKE * np.abs(values))
    flat = np.flatnonzero(silent | changed)
    return [widths(field) * vectors[:, k] for k in flat]


def _at_a_corner(field: ScalarField, start: Array, place: Array) -> Array | None:
    """The corner or tip below a start from which the steps led to a place in the domain or near.

    They end on the first edge, from where no search finds its way along it. Far away there is none:
    beside a jump a function that flattens out only seems to have a lowest place.
    """
    if not _is_near(field, place):
        return None
    found = corner_below(field, start if len(place) > 1 else place)
    return found if found is not None and _is_near(field, found) else None


def _is_near(field: ScalarField, place: Array) -> bool:
    """Whether a place lies in the domain or beside it."""
    low, high = np.array(list(field.domain.values())).T
    return bool((np.abs(place - (low + high) / 2) <= BESIDE * (high - low)).all())
