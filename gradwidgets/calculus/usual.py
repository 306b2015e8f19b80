"""The learning rate to begin with: it moves visibly, and its run stays in the picture."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from gradwidgets.calculus.callables import DerivativeError
from gradwidgets.calculus.critical import curvatures
from gradwidgets.calculus.descent import descend
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.looking import UNDEFINED, Ground, ground_of, slope_at
from gradwidgets.calculus.reference import minimum_near, reference, steepest_between
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.tracing import calm

TRIED = 30  # steps that are to stay in the picture
LEAST, MOST = 0.01, 0.25  # of the domain's diagonal: the first step
GENTLE = 0.04  # the same where no curvature tells how long a step may be
BARELY = 0.002, 0.5  # the same for a learning rate that was another function's
STRAIGHT = 1e-9  # of the slope: so little a curvature changes over the domain is rounding
LEVEL = 1e-3  # of the usual slope: at a start with less, the usual one counts
MARGIN = 0.25  # of each interval: so far beyond the domain is near
SMALLEST = 1e-307  # what learning rates an axis can show
USUAL_WIDTH = 6.0  # of the domain for which the methods' own rates are meant


def usual_rate(field: ScalarField, start: Sequence[float], method: str) -> float:
    """A learning rate to begin with.

    Half of what is stable, at the start and at the minimum below it; but the first step is between
    a hundredth and a quarter of the domain's diagonal, and thirty steps stay in the domain or near
    it and end no higher, as far as these go together: staying comes first. Where f is not twice
    differentiable no curvature tells what is stable, and the first step is a twenty-fifth.

    >>> usual_rate(ScalarField("x**2 + 10*y**2"), (2, 1), "gradient descent")
    0.05
    """
    known = methods[method]
    if known.second_order:
        return known.rate
    with np.errstate(all="ignore"):
        if known.family == "adaptive":
            return _short(known.rate * ground_of(field).width / USUAL_WIDTH)
        unit = float(np.divide(_diagonal(field), _slope(field, start)))
        if not 0 < unit < math.inf:
            return known.rate
        unit = min(max(unit, 1e3 * SMALLEST), 1e-3 / SMALLEST)
        if known.family == "search":
            return _short(MOST * unit)
        stable = _stable(field, start)
        wanted = min(max(stable, LEAST * unit), MOST * unit) if stable else GENTLE * unit
        least = LEAST * unit * (1 - 1e-9)
        tried = [_short(wanted * 0.5**k, least) for k in range(8) if wanted * 0.5**k >= least]
        if stable:
            tried.append(_short(min(stable, wanted)))
        fits = (rate for rate in tried if not _trouble(field, start, rate, method))
        return max(next(fits, tried[-1]), SMALLEST)


def why_useless(field: ScalarField, start: Sequence[float], rate: float, method: str) -> str:
    """Why a learning rate makes no sense on a field, as the end of a sentence; else ""."""
    with np.errstate(all="ignore"):
        known = methods[method]
        if known.second_order:
            return ""
        if known.family == "gradient":
            share = rate * _slope(field, start) / _diagonal(field)
            if share < BARELY[0]:
                return "the first step would hardly be seen"
            if share > BARELY[1]:
                return "the first step would leave the picture"
        return _trouble(field, start, rate, method)


def _trouble(field: ScalarField, start: Sequence[float], rate: float, method: str) -> str:
    """What thirty steps come to, where they do not stay or end higher."""
    try:
        run = descend(field, start, rate, TRIED, method)
    except (DerivativeError, *UNDEFINED):
        return ""
    low, high = np.array(list(field.domain.values())).T
    beyond = MARGIN * (high - low)
    if not (len(run) and np.isfinite(run.values[0])):  # no learning rate is at fault
        return ""
    if run.values[-1] > run.values[0]:
        return "f would rise"
    if not ((low - beyond <= run.points) & (run.points <= high + beyond)).all():
        return "the run would leave the picture"
    return "the run would end before its last step" if run.ended else ""


def _stable(field: ScalarField, start: Sequence[float]) -> float:
    """Half of what is stable at the start and at the minimum below; 0 where nothing tells it."""
    below = reference(field, tuple(map(float, start)))
    if below.minimum and not np.isfinite(below.values).all():  # a tip or a corner
        return 0.0
    steepest = np.fmax(below.values[-1], curvatures(field, tuple(start))[-1])
    bends = steepest * _diagonal(field) > STRAIGHT * _slope(field, start)
    return 1.0 / float(steepest) if bends and steepest < math.inf else 0.0


def _slope(field: ScalarField, start: Sequence[float]) -> float:
    """‖∇f‖ at a start, or what is usual where that is next to nothing.

    However little it is, it counts where f gets no steeper down to a minimum: the walls of x²⁰ have
    no say in a run on its floor.
    """
    place = tuple(map(float, start))
    ground = ground_of(field)
    usual, slope = float(ground.usual), float(slope_at(ground, np.array(place)))
    if not 0 < slope < math.inf:
        return usual
    counts = slope > LEVEL * usual or slope > _steepest_below(ground, place) / 2
    return slope if counts else usual


def _steepest_below(ground: Ground, place: tuple[float, ...]) -> float:
    start = np.array(place)
    with calm():
        found = steepest_between(ground, start, minimum_near(ground, start))
    return float(found)


def _diagonal(field: ScalarField) -> float:
    return float(np.hypot.reduce([high - low for low, high in field.domain.values()]))


def _short(rate: float, least: float = 0.0) -> float:
    """The greatest number of one digit that is not above, or the next one where that is too low."""
    digits, power = f"{rate:.9e}".split("e")
    digit = math.floor(float(digits))
    short = float(f"{digit}e{power}")
    return short if short >= least else float(f"{digit + 1}e{power}")
