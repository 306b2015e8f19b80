"""The minimum downhill of a start: by Newton's method, and beyond it where f is flat or has a kink.

Each variable is measured in widths of its domain, so that no answer depends on units. Nothing
branches on values, so that pictures can be traced with it.
"""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.corners import corner_below, lowest_along
from gradwidgets.calculus.critical import (
    ALIKE,
    DEGENERATE,
    MINIMUM,
    SILENT,
    TROUGH,
    is_lowest_at,
    kind_at,
    nearby,
    principal,
    scaled_axes,
)
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.looking import (
    Ground,
    ground_of,
    length,
    look,
    loop,
    numbers_of,
    question,
    split,
)
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.truths import both, either, no
from gradwidgets.calculus.types import Point

MOST_STEPS, MOST_HALVINGS = 60, 30
LONGEST = 0.5  # of the domain's width: a step
SHALLOW = 1e-9  # of the gradient: less curvature is not divided by
STEEP = 1e-10  # of the Hessian's size over the domain: a gradient below this counts as none
DOWN = 1e-12  # of the gradient at the start: so does one below this
LOST = 1e-14  # of f: so much it may rise by rounding
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
    with calm():
        found = np.array(minimum_at(ground_of(field), *field.coordinates(start)), float)
    return tuple(found.tolist()) if np.isfinite(found).all() else None


@question
def minimum_at(ground: Ground, *numbers: Any) -> Any:
    """`minimum_below` as a program's step: the place, NaN without one."""
    count = ground.count
    none = DOWN * anp.max(anp.abs(look(ground, anp.array(numbers), 1).gradient * ground.widths))

    def body(ground: Ground, *handed: Any) -> Any:
        place, _, none = split(handed, count)
        return _round(ground, place, none)

    *place, settled = loop(ground, body, (*numbers, 0.0), MOST_STEPS, (none,))
    end = anp.array(place)
    calm_there = _settled(ground, *place, when=settled > 0)
    corner = _at_a_corner(ground, anp.array(numbers), end, no(settled > 0))
    found = anp.where(settled > 0, calm_there, corner)
    return anp.where(anp.abs(found) < ZERO * ground.widths, 0.0, found)


def _round(ground: Ground, place: Any, none: Any) -> Any:
    """One step: whether there is another, the next place, and whether the gradient vanishes."""
    step, steepest, greatest = _step_down(ground, place)
    settled = steepest <= anp.maximum(STEEP * greatest, none)
    there = _downhill(ground, place, step, no(settled))
    moved = anp.all(anp.isfinite(there))
    place = anp.where(moved, there, place)
    return moved, (*numbers_of(place), 1.0 * settled)


def _step_down(ground: Ground, place: Any) -> tuple[Any, Any, Any]:
    """A step of no more than half the domain; the greatest slope, and the greatest eigenvalue."""
    units, here = ground.widths, look(ground, place, 2)
    gradient = here.gradient * units
    values, vectors = principal(here.hessian * units * units[:, None])
    steepest, greatest = anp.max(anp.abs(gradient)), anp.max(anp.abs(values))
    least = anp.maximum(SILENT * greatest, SHALLOW * steepest)
    step = -anp.dot(vectors, anp.dot(gradient, vectors) / anp.maximum(anp.abs(values), least))
    return units * step * anp.minimum(1.0, LONGEST / length(step)), steepest, greatest


def _downhill(ground: Ground, place: Any, step: Any, when: Any) -> Any:
    """The first of ever shorter steps after which f is lower, or no higher by rounding alone."""
    return _shortened(ground, *numbers_of(place), *numbers_of(step), when=when)


@question
def _shortened(ground: Ground, *numbers: Any) -> Any:
    count = ground.count
    f = look(ground, anp.array(list(numbers[:count])), 0).value

    def body(ground: Ground, share: Any, falls: Any, *fixed: Any) -> Any:
        place, step, f = split(fixed, count, count)
        there = look(ground, place + share * step, 0).value
        falls = there <= f + LOST * anp.abs(f)
        known = both(anp.isfinite(f), anp.all(anp.isfinite(step)))
        return both(no(falls), known), (anp.where(falls, share, 0.5 * share), 1.0 * falls)

    share, falls = loop(ground, body, (1.0, 0.0), MOST_HALVINGS, (*numbers, f))
    place, step = split(numbers, count, count)
    return anp.where(falls > 0, place + share * step, np.nan)


# ── where the steps end ──────────────────────────────────────────────────────────────────────────


@question
def _settled(ground: Ground, *numbers: Any) -> Any:
    """The minimum at or beside a place without slope."""
    place, word = anp.array(numbers), kind_at(ground, *numbers)[0]
    wanted = either(word == MINIMUM, word == TROUGH, word == DEGENERATE)
    *found, moved = _along_floor(ground, *numbers, when=wanted)
    better, found = is_lowest_at(ground, found, when=moved > 0), anp.array(found)
    kept = anp.where(both(wanted, word != DEGENERATE), place, np.nan)
    return anp.where(both(wanted, better), found, kept)


@question
def _along_floor(ground: Ground, *numbers: Any) -> Any:
    """The middle of a floor that is flatter than a quadratic, and whether it is one with walls."""
    place, units, going, moved = anp.array(numbers), ground.widths, True, False
    for _ in range(ROUNDS):
        vectors, flat = _flat_directions(ground, place)
        middle, walls = place, True
        for k in range(len(units)):
            wanted = both(going, flat[k])
            there = lowest_along(ground, middle, units * vectors[:, k], wanted)
            known = anp.all(anp.isfinite(there))
            walls = both(walls, either(no(flat[k]), known))
            middle = anp.where(both(wanted, known), there, middle)
        going = both(going, anp.any(flat), walls)
        place, moved = anp.where(going, middle, place), either(moved, going)
    return (*numbers_of(place), 1.0 * moved)


def _flat_directions(ground: Ground, place: Any) -> tuple[Any, Any]:
    """The eigenvectors, and along which of them f is no quadratic."""
    values, vectors = scaled_axes(ground, place)
    others = scaled_axes(ground, nearby(ground, *numbers_of(place))).values
    silent = anp.abs(values) <= SILENT * anp.max(anp.abs(values))
    return vectors, either(silent, no(anp.abs(others - values) <= ALIKE * anp.abs(values)))


def _at_a_corner(ground: Ground, start: Any, place: Any, when: Any) -> Any:
    """The corner or tip below a start from which the steps led to a place in the domain or near.

    They end on the first edge, from where no search finds its way along it. Far away there is none:
    beside a jump a function that flattens out only seems to have a lowest place.
    """
    begin = start if ground.count > 1 else place
    found = corner_below(ground, *numbers_of(begin), when=both(when, _is_near(ground, place)))
    return anp.where(_is_near(ground, found), found, np.nan)


def _is_near(ground: Ground, place: Any) -> Any:
    """Whether a place lies in the domain or beside it."""
    return anp.all(anp.abs(place - ground.middle) <= BESIDE * ground.widths)
