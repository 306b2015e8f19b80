"""The measures that explain a descent: what slopes a domain has, and the minimum that lies below.

They are found once for a field, and again where what a callable reads has changed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from gradwidgets.calculus.corners import is_corner
from gradwidgets.calculus.critical import NEAR, curvatures, eigenvalues, slope_at, widths
from gradwidgets.calculus.downhill import minimum_below
from gradwidgets.calculus.field import Array, Interval, ScalarField

PLACES, GOLDEN = 8, (5**0.5 - 1) / 2  # multiples of the golden ratio spread evenly
LATTICE = 256  # places along the domain from which minima are looked for
TOLERANCE = 2e-7  # of the slope that is usual on the domain
FLAT = 1e-7  # of the usual slope over the domain: at a minimum less curvature is none
BESIDE, ALIKE = (1e-4, -5e-5), 0.1  # of the domain's width; of an eigenvalue
TOWER = 1e3  # times the slopes of a run: no measure for it
ON_THE_WAY = 8  # places between a start and its minimum
MOST_KNOWN = 64  # starts of a field whose minimum is remembered


class Reference(NamedTuple):
    """The place whose Hessian explains the learning rate: a minimum, or else the start itself.

    `values` are the Hessian's eigenvalues in rising order; NaN where f is not twice differentiable.
    `corner` tells whether f has no gradient there, at a corner, a tip or a cusp.
    """

    place: tuple[float, ...]
    values: tuple[float, ...]
    minimum: bool
    corner: bool = False


_known: WeakKeyDictionary[ScalarField, tuple[Any, dict[Any, Any]]] = WeakKeyDictionary()


def reference(field: ScalarField, start: tuple[float, ...]) -> Reference:
    """The minimum downhill of a start, or the start where none is found.

    >>> reference(ScalarField("x**2 + 10*y**2"), (2.0, 1.0))
    Reference(place=(0.0, 0.0), values=(2.0, 20.0), minimum=True, corner=False)
    """
    found: Reference = _once(field, start, lambda: _reference(field, start))
    return found


def _reference(field: ScalarField, start: tuple[float, ...]) -> Reference:
    found = minimum_below(field, start)
    place = start if found is None else found
    values = curvatures(field, place)
    corner = bool(np.isnan(values).any() and is_corner(field, place))
    if not (corner or np.isfinite(eigenvalues(field, place)).all()):
        values = _beside(field, place)
    if found is not None:
        flat = np.abs(values) * box(field)[1] <= FLAT * usual_slope(field)
        values = np.where(flat, 0.0, values)
    return Reference(place, tuple(values.tolist()), found is not None, corner)


def _beside(field: ScalarField, place: tuple[float, ...]) -> Array:
    """The eigenvalues on both sides of a place where autograd alone has no answer; NaN if apart."""
    one, other = (curvatures(field, np.add(place, h * widths(field))) for h in BESIDE)
    alike = np.abs(one - other) <= ALIKE * np.abs(one)
    return np.where(alike.all(), one, np.nan)


def minimum_near(field: ScalarField, place: tuple[float, ...]) -> Reference:
    """The minimum downhill of the nearest place of a fine lattice, or else of the place itself.

    While a start is dragged a run's end hardly moves, and so its minimum is mostly known already.
    """
    found = reference(field, _on_lattice(field, place))
    return found if found.minimum else reference(field, place)


def steepest_below(field: ScalarField, place: tuple[float, ...]) -> float:
    """The greatest ‖∇f‖ on the straight way to the minimum downhill; infinite where none is found.

    So it is where the minimum is as near as a hundredth of the domain.

    >>> steepest_below(ScalarField("x**4"), (2.0,))
    32.0
    """
    found, start = minimum_near(field, place), np.array(place)
    way = np.subtract(found.place, start)
    if not (found.minimum and np.max(np.abs(way) / widths(field)) > NEAR):
        return math.inf
    return max(slope_at(field, start + share * way) for share in np.arange(ON_THE_WAY) / ON_THE_WAY)


def usual_slope(field: ScalarField) -> float:
    """The median of ‖∇f‖ where it is not 0, at places spread over the domain; 0 if it is nowhere.

    >>> round(usual_slope(ScalarField("x**2 + 10*y**2")), 1)
    35.2
    """
    return float(_once(field, "usual slope", lambda: _usual_slope(field)))


def _usual_slope(field: ScalarField) -> float:
    low, high = np.array(list(field.domain.values())).T
    shares = (0.5 + np.outer(np.arange(PLACES), GOLDEN ** np.arange(1, len(low) + 1))) % 1.0
    with np.errstate(all="ignore"):
        slopes = np.array([slope_at(field, low + share * (high - low)) for share in shares])
    known = slopes[np.isfinite(slopes) & (slopes > 0)]
    return float(np.median(known)) if known.size else 0.0


def next_to_nothing(field: ScalarField, slopes: Array, last: Array) -> float:
    """The slope up to which a run counts as converged, from its slopes and its last place.

    It is 2·10⁻⁷ of the usual slope on the domain, rounded down to a power of ten. Where that is a
    thousand times the run's own slopes, these count, or what the curvature at its end makes of the
    domain's width: in the corners of its domain f may be a tower.
    """
    with np.errstate(all="ignore"):
        usual, own = usual_slope(field), np.fmax.reduce(slopes, initial=0.0)
        if not own >= usual / TOWER > 0:
            bent = np.max(np.abs(eigenvalues(field, last)))
            usual = min(float(np.fmax(own, box(field)[1] * bent)), usual or math.inf)
    size = TOLERANCE * usual
    return 10.0 ** math.floor(math.log10(size) + 1e-9) if 0 < size < math.inf else 0.0


def _once(field: ScalarField, key: Any, find: Callable[[], Any]) -> Any:
    state = field.state
    seen, known = _known.get(field, (None, {}))
    if seen != state or len(known) > MOST_KNOWN:
        known = {}
    if key not in known:
        known[key] = find()
    _known[field] = state, known
    return known[key]


def _on_lattice(field: ScalarField, place: tuple[float, ...]) -> tuple[float, ...]:
    steps = ((high - low) / LATTICE for low, high in field.domain.values())
    return tuple(
        step * round(x / step) if np.isfinite(x / step) else x
        for x, step in zip(place, steps, strict=True)
    )


def is_close(field: ScalarField, one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether two places are the same minimum, but for what a run has left to go."""
    return bool(np.max(np.abs(np.subtract(one, other)) / widths(field)) < 1 / LATTICE)


def box(field: ScalarField) -> tuple[Array, float]:
    """The middle of the domain and its greatest width."""
    return _box(tuple(field.domain.values()))


@lru_cache(maxsize=16)
def _box(intervals: tuple[Interval, ...]) -> tuple[Array, float]:
    low, high = np.array(intervals).T
    return (low + high) / 2, float(np.max(high - low))
