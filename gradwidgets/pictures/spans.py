"""Which learning rates a picture shows, and for which curvature its map of them is painted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.reference import reference
from gradwidgets.calculus.rules import methods
from gradwidgets.calculus.types import Interval
from gradwidgets.pictures.rates import Curvature

LOWEST_RATE, HIGHEST_RATE = 1e-307, 1e307


def span_of_rates(field: ScalarField, start: Sequence[float], rate: float, method: str) -> Interval:
    """Exponents of the learning rates to show: around 2/λmax, and wider where this rate asks."""
    greatest = reference(field, tuple(map(float, start))).values[-1]
    known = methods[method]
    middle = rate if known.family in ("gradient", "search") else known.rate
    if known.factor and 0 < greatest < math.inf:
        middle = 0.4 / greatest
    middle = min(max(middle, LOWEST_RATE), HIGHEST_RATE)
    (low, high), place = _halves(math.log10(middle), 1.5), math.log10(rate)
    if low <= place <= high:
        return low, high
    left, right = _halves(place, 0.2)
    return min(low, left), max(high, right)


def _halves(middle: float, reach: float) -> Interval:
    """Halves around exponents of learning rates, within the possible ones."""
    least, most = math.log10(LOWEST_RATE), math.log10(HIGHEST_RATE)
    low, high = math.floor(2 * (middle - reach)) / 2, math.ceil(2 * (middle + reach)) / 2
    return max(least, low), min(most, high)


class Shown(NamedTuple):
    """What a picture is made for beside its options: the exponents of the learning rates that it
    shows, and the curvature for which its map of rates is painted; None where there is none."""

    span: Interval
    mapped: Curvature | None


def shown_for(
    field: ScalarField,
    start: Sequence[float],
    rate: float,
    method: str,
    *,
    rate_map: bool = False,
    last: Shown | None = None,
) -> Shown:
    """What to make a picture for, where the last one of this method on this field had `last`.

    Its span stays while it holds α, and its map of rates while the curvature is the same.

    >>> bowl = ScalarField("x**2 + 10*y**2")
    >>> shown = shown_for(bowl, (2, 1), 0.05, "gradient descent")
    >>> shown.span, shown_for(bowl, (2, 1), 30.0, "gradient descent", last=shown).span
    ((-3.5, 0.0), (-3.5, 2.0))
    """
    span = last.span if last and holds(last.span, rate) else None
    return Shown(
        span or span_of_rates(field, start, rate, method),
        _curvature_at(field, start, last) if rate_map and methods[method].with_momentum else None,
    )


def holds(span: Interval, rate: float) -> bool:
    """Whether a learning rate lies on an axis with these exponents.

    >>> holds((-2.0, 1.0), 10.0), holds((-2.0, 1.0), 11.0)
    (True, False)
    """
    low, high = span
    return bool(10**low * (1 - 1e-9) <= rate <= 10**high * (1 + 1e-9))


def _curvature_at(
    field: ScalarField, start: Sequence[float], last: Shown | None
) -> Curvature | None:
    """The extreme eigenvalues at the minimum below a start, the last ones where they are the same.

    None where the strip stands in the map's place.
    """
    values = reference(field, tuple(map(float, start))).values
    if not values[0] > 0:
        return None
    found = Curvature(values[0], values[-1])
    same = last and last.mapped and np.allclose(found, last.mapped, 1e-6)
    return last.mapped if last and same else found


def race_span(
    field: ScalarField,
    start: Sequence[float],
    rates: Mapping[str, float],
    last: Interval | None = None,
) -> Interval:
    """Exponents of the learning rates that make sense for any of the methods with these rates.

    The span of the last picture of these methods on this field stays while it holds them all.
    """
    if last and all(holds(last, rate) for rate in rates.values()):
        return last
    spans = [span_of_rates(field, start, rate, method) for method, rate in rates.items()]
    return min(low for low, _ in spans), max(high for _, high in spans)
