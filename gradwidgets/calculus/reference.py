"""The measures that explain a descent: the minimum that lies below, and which slope is none."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.corners import is_corner_at
from gradwidgets.calculus.critical import NEAR, axes, curvatures_at
from gradwidgets.calculus.downhill import minimum_at
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.looking import Ground, ground_of, numbers_of, question, slope_at
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.truths import both, either, no, where

LATTICE = 256  # places along the domain from which minima are looked for
TOLERANCE = 2e-7  # of the slope that is usual on the domain
FLAT = 1e-7  # of the usual slope over the domain: at a minimum less curvature is none
BESIDE, ALIKE = (1e-4, -5e-5), 0.1  # of the domain's width; of an eigenvalue
TOWER = 1e3  # times the slopes of a run: no measure for it
ON_THE_WAY = 8  # places between a start and its minimum


class Reference(NamedTuple):
    """The place whose Hessian explains the learning rate: a minimum, or else the start itself.

    `values` are the Hessian's eigenvalues in rising order; NaN where f is not twice differentiable.
    `corner` tells whether f has no gradient there, at a corner, a tip or a cusp.
    """

    place: Any
    values: Any
    minimum: Any
    corner: Any = False


def reference(field: ScalarField, start: tuple[float, ...]) -> Reference:
    """The minimum downhill of a start, or the start where none is found.

    >>> reference(ScalarField("x**2 + 10*y**2"), (2.0, 1.0))
    Reference(place=(0.0, 0.0), values=(2.0, 20.0), minimum=True, corner=False)
    """
    ground = ground_of(field)
    return ground.known((reference, *start), lambda: _in_numbers(reference_at(ground, start)))


def _in_numbers(found: Reference) -> Reference:
    place, values = (tuple(map(float, part)) for part in found[:2])
    return Reference(place, values, bool(found.minimum), bool(found.corner))


def reference_at(ground: Ground, start: Any, when: Any = True) -> Reference:
    """`reference` of a start that is computed; all NaN unless `when` holds."""
    count = ground.count
    with calm():
        found = _reference(ground, *numbers_of(start), when=when)
    place, values = found[:count], found[count : 2 * count]
    return Reference(place, values, found[2 * count] > 0, found[2 * count + 1] > 0)


@question
def _reference(ground: Ground, *start: Any) -> Any:
    found = minimum_at(ground, *start)
    minimum = anp.all(anp.isfinite(found))
    place = where(minimum, found, anp.array(start))
    numbers = numbers_of(place)
    values = curvatures_at(ground, *numbers)
    corner = both(anp.any(anp.isnan(values)), is_corner_at(ground, *numbers)[0] > 0)
    answered = either(corner, anp.all(anp.isfinite(axes(ground, place).values)))
    values = where(answered, values, _beside(ground, *numbers, when=no(answered)))
    flat = anp.abs(values) * ground.width <= FLAT * ground.usual
    values = where(both(minimum, flat), 0.0, values)
    return (*numbers, *numbers_of(values), 1.0 * minimum, 1.0 * corner)


@question
def _beside(ground: Ground, *numbers: Any) -> Any:
    """The eigenvalues on both sides of a place where autograd alone has no answer; NaN if apart."""
    sides = (anp.array(numbers) + h * ground.widths for h in BESIDE)
    one, other = (curvatures_at(ground, *numbers_of(p)) for p in sides)
    alike = anp.abs(one - other) <= ALIKE * anp.abs(one)
    return where(anp.all(alike), one, np.nan)


def minimum_near(ground: Ground, place: Any, when: Any = True) -> Reference:
    """The minimum downhill of the nearest place of a fine lattice, or else of the place itself.

    All is NaN unless `when` holds.

    While a start is dragged a run's end hardly moves, and so the minimum is the same to the last
    digit.
    """
    found = reference_at(ground, _on_lattice(ground, place), when)
    other = reference_at(ground, place, both(when, no(found.minimum)))
    return Reference(*(where(found.minimum, a, b) for a, b in zip(found, other, strict=True)))


def steepest_between(ground: Ground, place: Any, found: Reference) -> Any:
    """The greatest ‖∇f‖ on the straight way to a minimum; infinite where there is none.

    So it is where the minimum is as near as a hundredth of the domain.

    >>> ground, start = ground_of(ScalarField("x**4")), np.array([2.0])
    >>> float(steepest_between(ground, start, minimum_near(ground, start)))
    32.0
    """
    way = found.place - place
    far = both(found.minimum, anp.max(anp.abs(way) / ground.widths) > NEAR)
    slopes = [slope_at(ground, place + share * way) for share in np.arange(ON_THE_WAY) / ON_THE_WAY]
    return where(far, anp.max(anp.array(slopes)), np.inf)


def next_to_nothing(ground: Ground, steepest: Any, last: Any) -> Any:
    """The slope up to which a run counts as converged, from its greatest slope and its last place.

    It is 2·10⁻⁷ of the usual slope on the domain, rounded down to a power of ten. Where that is a
    thousand times the run's own slopes, these count, or what the curvature at its end makes of the
    domain's width: in the corners of its domain f may be a tower.
    """
    usual = ground.usual
    bent = ground.width * anp.max(anp.abs(axes(ground, last).values))
    own = where(bent > steepest, bent, steepest)
    own = anp.minimum(own, where(usual > 0, usual, np.inf))
    fits = both(steepest >= usual / TOWER, usual > 0)
    size = TOLERANCE * where(fits, usual, own)
    known = both(size > 0, size < math.inf)
    exponent = anp.floor(anp.log10(where(known, size, 1.0)) + 1e-9)
    return where(known, 10.0**exponent, 0.0)


def _on_lattice(ground: Ground, place: Any) -> Any:
    steps = ground.widths / LATTICE
    near = steps * anp.rint(place / steps)
    return where(anp.isfinite(near), near, place)
