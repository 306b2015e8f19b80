"""The measures that explain a descent: what slopes a domain has, and the minimum that lies below.

They are found once for a field, and again where what a callable reads has changed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.corners import is_corner_at
from gradwidgets.calculus.critical import NEAR, axes, curvatures_at
from gradwidgets.calculus.downhill import minimum_at
from gradwidgets.calculus.field import Array, Interval, ScalarField
from gradwidgets.calculus.looking import question, slope_at, widths
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.truths import both, either

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

    place: Any
    values: Any
    minimum: Any
    corner: Any = False


_known: WeakKeyDictionary[ScalarField, tuple[Any, dict[Any, Any]]] = WeakKeyDictionary()


def reference(field: ScalarField, start: tuple[float, ...]) -> Reference:
    """The minimum downhill of a start, or the start where none is found.

    >>> reference(ScalarField("x**2 + 10*y**2"), (2.0, 1.0))
    Reference(place=(0.0, 0.0), values=(2.0, 20.0), minimum=True, corner=False)
    """
    found: Reference = _once(field, start, lambda: _told(reference_at(field, np.array(start))))
    return found


def _told(found: Reference) -> Reference:
    place, values = (tuple(map(float, part)) for part in found[:2])
    return Reference(place, values, bool(found.minimum), bool(found.corner))


def reference_at(field: ScalarField, start: Any) -> Reference:
    """`reference` of a start that is computed."""
    count = len(field.variables)
    with calm():
        found = _reference(field, *(start[k] for k in range(count)))
    place, values = found[:count], found[count : 2 * count]
    return Reference(place, values, found[2 * count] > 0, found[2 * count + 1] > 0)


@question
def _reference(field: ScalarField, *start: Any) -> Any:
    count = len(start)
    found = minimum_at(field, *start)
    minimum = anp.all(anp.isfinite(found))
    place = anp.where(minimum, found, anp.array(start))
    numbers = [place[k] for k in range(count)]
    values = curvatures_at(field, *numbers)
    corner = both(anp.any(anp.isnan(values)), is_corner_at(field, *numbers)[0] > 0)
    answered = either(corner, anp.all(anp.isfinite(axes(field, place).values)))
    values = anp.where(answered, values, _beside(field, anp.where(answered, np.nan, place)))
    flat = anp.abs(values) * box(field)[1] <= FLAT * usual_slope(field)
    values = anp.where(both(minimum, flat), 0.0, values)
    return (*numbers, *(values[k] for k in range(count)), 1.0 * minimum, 1.0 * corner)


def _beside(field: ScalarField, place: Any) -> Any:
    """The eigenvalues on both sides of a place where autograd alone has no answer; NaN if apart."""
    sides = (place + h * widths(field) for h in BESIDE)
    one, other = (curvatures_at(field, *(p[k] for k in range(len(field.variables)))) for p in sides)
    alike = anp.abs(one - other) <= ALIKE * anp.abs(one)
    return anp.where(anp.all(alike), one, np.nan)


def minimum_near(field: ScalarField, place: Any) -> Reference:
    """The minimum downhill of the nearest place of a fine lattice, or else of the place itself.

    While a start is dragged a run's end hardly moves, and so the minimum is the same to the last
    digit.
    """
    found = reference_at(field, _on_lattice(field, place))
    other = reference_at(field, anp.where(found.minimum, np.nan, place))
    return Reference(*(anp.where(found.minimum, a, b) for a, b in zip(found, other, strict=True)))


def steepest_between(field: ScalarField, place: Any, found: Reference) -> Any:
    """The greatest ‖∇f‖ on the straight way to a minimum; infinite where there is none.

    So it is where the minimum is as near as a hundredth of the domain.

    >>> field, start = ScalarField("x**4"), np.array([2.0])
    >>> float(steepest_between(field, start, minimum_near(field, start)))
    32.0
    """
    way = found.place - place
    far = both(found.minimum, anp.max(anp.abs(way) / widths(field)) > NEAR)
    slopes = [slope_at(field, place + share * way) for share in np.arange(ON_THE_WAY) / ON_THE_WAY]
    return anp.where(far, anp.max(anp.array(slopes)), np.inf)


def usual_slope(field: ScalarField) -> float:
    """The median of ‖∇f‖ where it is not 0, at places spread over the domain; 0 if it is nowhere.

    >>> round(usual_slope(ScalarField("x**2 + 10*y**2")), 1)
    35.2
    """
    return float(_once(field, "usual slope", lambda: _usual_slope(field)))


def _usual_slope(field: ScalarField) -> float:
    low, high = np.array(list(field.domain.values())).T
    shares = (0.5 + np.outer(np.arange(PLACES), GOLDEN ** np.arange(1, len(low) + 1))) % 1.0
    with calm():
        slopes = np.array([slope_at(field, low + share * (high - low)) for share in shares], float)
    known = slopes[np.isfinite(slopes) & (slopes > 0)]
    return float(np.median(known)) if known.size else 0.0


def next_to_nothing(field: ScalarField, steepest: Any, last: Any) -> Any:
    """The slope up to which a run counts as converged, from its greatest slope and its last place.

    It is 2·10⁻⁷ of the usual slope on the domain, rounded down to a power of ten. Where that is a
    thousand times the run's own slopes, these count, or what the curvature at its end makes of the
    domain's width: in the corners of its domain f may be a tower.
    """
    usual = usual_slope(field)
    bent = box(field)[1] * anp.max(anp.abs(axes(field, last).values))
    own = anp.minimum(anp.where(bent > steepest, bent, steepest), usual or math.inf)
    fits = both(steepest >= usual / TOWER, usual > 0)
    size = TOLERANCE * anp.where(fits, usual, own)
    known = both(size > 0, size < math.inf)
    exponent = anp.floor(anp.log10(anp.where(known, size, 1.0)) + 1e-9)
    return anp.where(known, 10.0**exponent, 0.0)


def _once(field: ScalarField, key: Any, find: Callable[[], Any]) -> Any:
    state = field.state
    seen, known = _known.get(field, (None, {}))
    if seen != state or len(known) > MOST_KNOWN:
        known = {}
    if key not in known:
        known[key] = find()
    _known[field] = state, known
    return known[key]


def _on_lattice(field: ScalarField, place: Any) -> Any:
    steps = widths(field) / LATTICE
    near = steps * anp.rint(place / steps)
    return anp.where(anp.isfinite(near), near, place)


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
