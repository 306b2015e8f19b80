"""Runs to ask about: a start and an α whose run does what the eigenvalues at its minimum tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.misconceptions import DIVERGES, STRAIGHT, ZIGZAG
from gradwidgets.calculus.newton import Critical
from gradwidgets.calculus.places import Asked, Place, Turn, inner, places
from gradwidgets.calculus.types import Array, Interval

PRODUCTS = (1.6, 2.2, 0.6, 1.3, 2.6, 1.8, 0.3)  # α·λmax of runs that are asked about
STARTS = 40  # places that are tried as starts of a run
LONG_RUN, LOST, ARRIVED = 300, 20.0, 0.1  # steps; times its start's distance from the minimum
APART = 0.08  # of the domain's width: no start is nearer to a minimum
SEEN = 1e-6  # of the distance at the start: what is less tells no side
DECADES = 2  # in which a limit may lie; as many again are around them


def ending(field: ScalarField, rng: np.random.Generator, turn: Turn) -> Asked:
    """A start, and a learning rate α of which α·λmax is not near to 1 or 2."""
    low, wrong = minimum(field, rng), ValueError()
    for product in (PRODUCTS[place] for place in turn.order(len(PRODUCTS))):
        rate = float(f"{product / low.eigenvalues[-1]:.2g}")
        try:
            return _start(field, low, (rate,), rng), rate, low.point, (-1.0,)
        except ValueError as error:
            wrong = error
    raise wrong


def limit(field: ScalarField, rng: np.random.Generator, _: Turn) -> Asked:
    """A start from which runs converge with α a little below 2/λmax, and diverge a little above."""
    low = minimum(field, rng)
    most = 2.0 / low.eigenvalues[-1]
    start = _start(field, low, (0.9 * most, 1.1 * most), rng)
    return start, 1.0, low.point, (2.0 * rates_around(most)[0],)


def minimum(field: ScalarField, rng: np.random.Generator) -> Critical:
    """One of the minima inside of the domain."""
    lows = [one for one in inner(field) if one.kind == "minimum"]
    if not lows:
        raise ValueError(f"{field.text} has no minimum inside of its domain.")
    return lows[rng.integers(len(lows))]


def _start(
    field: ScalarField, low: Critical, rates: Sequence[float], rng: np.random.Generator
) -> Place:
    """A place away from a minimum along every eigenvector, where runs are as λmax there tells."""
    _, axes = np.linalg.eigh(field.hessian(low.point))
    found = [place for place, _ in zip(places(field, rng), range(STARTS), strict=False)]
    near = APART * min(high - low for low, high in field.domain.values())
    found = [place for place in found if math.dist(place, low.point) > near]
    found.sort(key=lambda place: -np.min(np.abs(axes.T @ np.subtract(place, low.point))))
    for place in found:
        if all(
            what_becomes(field, place, low, rate) == told_by(rate * low.eigenvalues[-1])
            for rate in rates
        ):
            return place
    raise ValueError(f"Near its minimum {field.text} is not enough like its quadratic model.")


def told_by(product: float) -> float:
    """What becomes of a run on a quadratic with this α·λmax."""
    return STRAIGHT if product < 1.0 else ZIGZAG if product < 2.0 else DIVERGES


def what_becomes(field: ScalarField, start: Place, low: Critical, rate: float) -> float:
    """What becomes of a run, as one counts it out; NaN for what is none of the three.

    As where it goes round and round, leaps now and then, comes to another minimum, or to where f
    is undefined.
    """
    _, axes = np.linalg.eigh(field.hessian(low.point))
    away = np.array(_offsets(field, start, low, rate)) @ axes
    first, last = (float(np.linalg.norm(away[place])) for place in (0, -1))
    if last >= LOST * first > 0:
        return DIVERGES
    if not last < ARRIVED * first:  # also where f is undefined on the way
        return math.nan
    leaps = [_leaps(along) for along in away.T]
    if not any(part.any() for part in leaps):
        return STRAIGHT
    return ZIGZAG if leaps[-1].size and leaps[-1].all() else math.nan


def _offsets(field: ScalarField, start: Place, low: Critical, rate: float) -> list[Array]:
    """The way of a run from a minimum, step by step, until it is lost."""
    place = np.array(start)
    away = [place - low.point]
    for _ in range(LONG_RUN):
        place = place - rate * field.gradient(tuple(place))
        away.append(place - low.point)
        if not np.linalg.norm(away[-1]) < LOST * np.linalg.norm(away[0]):
            break
    return away


def _leaps(along: Array) -> Any:
    """Which steps lead to the other side, of those along an axis that can be told."""
    seen = np.abs(along) > SEEN * np.abs(along[0])
    known = along if seen.all() else along[: int(np.argmin(seen))]
    return known[1:] * known[:-1] < 0


def rates_around(rate: float) -> Interval:
    """The learning rates to choose from, whole powers of ten that tell not where between them.

    >>> rates_around(0.1), rates_around(1e-5)
    ((0.001, 10.0), (1e-07, 0.001))
    """
    power = DECADES * math.floor(math.log10(rate) / DECADES)
    return float(f"1e{power - 1}"), float(f"1e{power + DECADES + 1}")
