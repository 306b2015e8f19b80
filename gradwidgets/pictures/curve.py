"""What the derivative's picture knows: of a curve its scales, at a point its derivatives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.slopes import Slope
from gradwidgets.calculus.tracing import value_and_partials, value_partials_and_seconds
from gradwidgets.calculus.types import Array, Interval
from gradwidgets.calculus.wording import Digits
from gradwidgets.pictures import corner, terrain
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.heights import sample_heights
from gradwidgets.pictures.window import Ends, ends_inputs, ends_of, window_inputs

STEP = "h"
SMALLEST = 1e-12
DECADES = 15  # of the error
PER_DECADE = 10
LOWEST = DECADES - 300  # exponents below which floats have no digits left
ZOOM = tuple(map(float, np.linspace(-1.6, 1.6, 81)))  # places around x, in steps of h
FAR = 6.0  # times as far from the middle as most values: what lies beyond is not shown
MARGIN = 0.16  # of a range, above and below it
SAME = 1e-9  # of a range: a point that is so little beyond its end is at its end
SEEN = ("f seen", "f′ seen", "f″ seen")  # the ends of what the stacked panels show
ALL = "f all"  # the ends of what the curve's panel shows where the point is beyond the usual ones
STEEP = "a steep slope"


@dataclass(frozen=True)
class View:
    """What stays while the point moves: the field, its controls, its panels' ranges, decimals."""

    field: ScalarField
    controls: tuple[Control, ...]
    difference: str
    window: Ends
    heights: Ends
    every: Ends  # heights with room for the point wherever it is
    slopes: Ends
    bends: Ends
    steep: Any  # as most slopes are at most
    least: float  # of a slope whose last digits are no error
    digits: tuple[Digits, ...]  # of f, f′, f″

    @property
    def name(self) -> str:
        """The variable."""
        return self.field.variables[0]

    @property
    def width(self) -> Any:
        """How much of the variable is seen."""
        return self.window[1] - self.window[0]

    @property
    def usual(self) -> float:
        """The width of the domain, by which it is told what is small."""
        low, high = self.field.domain[self.name]
        return high - low

    @property
    def exponents(self) -> tuple[float, ...]:
        """Those of the steps whose errors are shown."""
        low, high = exponents_of(self.controls[1])
        return tuple(map(float, np.linspace(low, high, round(PER_DECADE * (high - low)) + 1)))

    @property
    def errors(self) -> Ends:
        """The exponents of the errors that are shown."""
        steep = anp.minimum(2.0 * self.steep, terrain.LARGEST)
        top = anp.maximum(anp.ceil(anp.log10(steep)), LOWEST)
        return top - DECADES, top

    @property
    def rises(self) -> Ends:
        """How much of a rise the zoom shows, in steps of h: most lines leave it at its sides."""
        high = ZOOM[-1] * 1.1 * self.steep
        return -high, high

    @property
    def ranges(self) -> dict[str, tuple[Ends, Ends]]:
        """What every panel shows, by its name."""
        return {
            "curve": (self.window, self.heights),
            "slope": (self.window, self.slopes),
            "bend": (self.window, self.bends),
            "zoom": ((ZOOM[0], ZOOM[-1]), self.rises),
            "error": (exponents_of(self.controls[1]), self.errors),
        }

    @property
    def ambient(self) -> tuple[Control, ...]:
        """The ends of what is seen, and how steep most of it is."""
        shown = (self.heights, self.slopes, self.bends, self.every)
        seen = zip((*SEEN, ALL), shown, strict=True)
        most = 2.0 * self.steep
        return (
            *window_inputs(self.field),
            *(end for name, span in seen for end in ends_inputs(name, span)),
            Control(STEEP, STEEP, self.steep / 2, most, most / 100, self.steep),
        )

    def at(self, values: Mapping[str, Any]) -> View:
        """The same where what is ambient has other values."""
        heights, slopes, bends = (ends_of(name, values) for name in SEEN)
        return replace(
            self,
            window=ends_of(self.name, values),
            heights=heights,
            every=ends_of(ALL, values),
            slopes=slopes,
            bends=bends,
            steep=values[STEEP],
        )

    def around(self, f: Any) -> View:
        """The same with the heights that the curve's panel shows for a point with this value.

        They are all of f where the point is not among those that are usually shown.
        """
        (low, high), (least, most) = self.heights, self.every
        margin = (MARGIN / (1.0 + 2.0 * MARGIN) - SAME) * (high - low)
        beyond = anp.logical_or(f < low + margin, f > high - margin)
        beyond = anp.logical_and(beyond, anp.isfinite(f))
        return replace(self, heights=(anp.where(beyond, least, low), anp.where(beyond, most, high)))


def step_control(field: ScalarField) -> Control:
    """The step h, up to a third of the domain; on (−3, 3) it starts at 1."""
    ((low, high),) = field.domain.values()
    most = terrain.round_down((high - low) / 3)
    start = 10.0 ** math.floor(math.log10(most))
    return Control(STEP, STEP, SMALLEST * start, most, 0.01, start, "log")


def exponents_of(control: Control) -> Interval:
    """Those of both ends of a logarithmic control."""
    return math.log10(control.low), math.log10(control.high)


def view_of(field: ScalarField, values: Array, difference: str) -> View:
    """The scales of a field on its domain, from f, f′ and f″ all over it."""
    controls, heights = (*terrain.controls(field), step_control(field)), sample_heights(field)
    slopes = np.abs(values[1][np.isfinite(values[1])])
    steep = float(np.percentile(slopes, 80) or np.max(slopes)) if slopes.any() else 1.0
    return View(
        field,
        controls,
        difference,
        field.domain[controls[0].name],
        _with_margin(_most(heights)),
        _with_margin(_all(heights)),
        _around_zero(values[1]),
        _around_zero(values[2]),
        steep,
        steep,
        tuple(terrain.decimals(part).at_least(2) for part in values),
    )


def _with_margin(ends: Interval) -> Interval:
    low, high = ends
    margin = MARGIN * (high - low) or abs(high) or 1.0
    return low - margin, high + margin


def _all(values: Array) -> Interval:
    """Least and greatest value, as far as an axis reaches."""
    known = np.clip(values[~np.isnan(values)], -terrain.LARGEST, terrain.LARGEST)
    return (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)


def _around_zero(values: Array) -> Interval:
    """The heights that a derivative's panel shows."""
    low, high = _most(values)
    low, high = min(low, 0.0), max(high, 0.0)
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def _most(values: Array) -> Interval:
    """Least and greatest value, but for what is much farther away than most, as beside a pole."""
    known = values[np.isfinite(values)]
    if not known.size:
        return (0.0, 0.0)
    middle = float(np.median(known))
    reach = FAR * float(np.percentile(np.abs(known - middle), 75)) or math.inf
    low, high = float(np.min(known)), float(np.max(known))
    return max(low, middle - reach), min(high, middle + reach)


class Local(NamedTuple):
    """What is known at the point: f, its derivatives, and what of f and f′ has two sides."""

    x: Any
    f: Any
    slope: Any
    bend: Any
    third: Any
    answer: Any
    sides: Slope
    bends: Slope


def local(field: ScalarField, x: Any) -> Local:
    """Undefined where f is: autograd answers −1 for the slope of log at −1."""

    def slope_of(x: Any) -> Any:
        return value_and_partials(field.function, (x,))[1][0]

    f = field.function(x) + 0.0 * x
    slope, (bend,), ((third,),) = value_partials_and_seconds(slope_of, (x,))
    known = anp.isfinite(f)
    f, slope, bend, third = (anp.where(known, part, np.nan) for part in (f, slope, bend, third))
    (sides,), bends = field.slopes((x,), (slope,)), corner.bends(field, (x,), 0, bend)
    return Local(x, f, sides.told, bend, third, slope, sides, bends)
