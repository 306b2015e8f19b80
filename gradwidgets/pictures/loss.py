"""The loss over the steps of a search: above the minimum where there is one below, else f itself.

Its axis holds a run that grows, in coarse steps, so that it seldom changes while a hand drags.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.descent import Trajectory
from gradwidgets.calculus.downhill import minimum_below
from gradwidgets.calculus.field import Array, Interval, ScalarField
from gradwidgets.calculus.reference import reference
from gradwidgets.calculus.truths import both
from gradwidgets.pictures import terrain
from gradwidgets.pictures.scene import Panel

DECADES = 10  # of loss and slope that a logarithmic axis shows
DECADES_MORE, TIMES_MORE = 3, 4.0  # by so much an axis grows at once
MOST, TOP = 1e300, 300.0  # where an axis ends, and its exponent
ROUNDED = 1e-12  # of the values in sight: a run may end so much below the minimum
CURVE_POINTS, GRID = 201, 41


class View(NamedTuple):
    """Ranges that stay while a start is dragged."""

    heights: Interval
    floor: float  # the least minimum in sight, from which a logarithmic loss is measured, or NaN
    top_loss: float  # exponents of ten
    top_slope: float
    width: float


def view_of(field: ScalarField) -> View:
    """The ranges for a field on its domain."""
    return _view_of(field, field.state)


@lru_cache(maxsize=4)
def _view_of(field: ScalarField, seen: Any) -> View:
    count = CURVE_POINTS if len(field.variables) == 1 else GRID
    with np.errstate(all="ignore"):
        grid = field.on_grid(*(field.axis(name, count) for name in field.variables), order=1)
        assert grid.gradient is not None
        low, high = (float(np.clip(end, -MOST, MOST)) for end in terrain.value_range(grid.values))
        lengths = np.hypot.reduce(grid.gradient, axis=0)
        floor = _floor(field, grid.values, grid.axes)
    lengths = lengths[np.isfinite(lengths) & (lengths > 0)]
    steepest = float(np.percentile(lengths, 98)) if lengths.size else 1.0
    lowest = low if math.isnan(floor) else min(low, floor)
    margin = 0.06 * (high - low) or 0.06 * abs(high) or 1.0
    return View(
        (lowest - margin, high + margin),
        floor,
        _exponent_above(high - lowest or abs(high) or 1.0),
        _exponent_above(steepest),
        min(high - low for low, high in field.domain.values()),
    )


def _exponent_above(size: float) -> float:
    return math.ceil(math.log10(size) - 1e-9) + 0.3


def _floor(field: ScalarField, values: Array, axes: tuple[Array, ...]) -> float:
    """f at the minimum below the lowest place of a grid; NaN where none is there."""
    if not np.isfinite(values).any():
        return math.nan
    places = np.unravel_index(
        int(np.nanargmin(np.where(np.isfinite(values), values, np.nan))), values.shape
    )
    lowest = tuple(float(axis[k]) for axis, k in zip(axes, places, strict=True))
    minimum = minimum_below(field, lowest)
    if minimum is None:
        return _rests(field, lowest, places, values)
    return min(float(values[places]), field.value(minimum))


def _rests(
    field: ScalarField, lowest: tuple[float, ...], places: tuple[Any, ...], values: Array
) -> float:
    """The lowest value of a grid where it stands inside: at a tip, Newton's method finds none."""
    inside = all(0 < k < size - 1 for k, size in zip(places, values.shape, strict=True))
    around = values[tuple(slice(max(k - 1, 0), k + 2) for k in places)]
    return float(values[places]) if inside and np.isfinite(around).all() else math.nan


class Frame(NamedTuple):
    """What the loss is measured from, and the ranges of loss and slope.

    `floor` is a minimum, of which the loss above it has a logarithmic axis; NaN for f itself. Of a
    logarithmic axis the ends are exponents of ten.
    """

    floor: float
    loss: Interval
    slope: Interval

    @property
    def logarithmic(self) -> bool:
        """Whether the loss is measured from a minimum."""
        return not math.isnan(self.floor)


def frame_of(
    field: ScalarField, start: Sequence[float], runs: Sequence[Trajectory], logarithmic: bool = True
) -> Frame:
    """The frame for runs from a start; without any, for what the domain shows.

    Where the domain's least minimum is none, or a run falls below it, the one below the start
    counts, and where a run falls below that as well, f itself is shown.
    """
    view = view_of(field)
    least, most, steepest = _extremes(runs)
    top = _grown(view.top_slope, math.log10(steepest) if steepest > 0 else -math.inf)
    slope = (view.top_slope - DECADES, top)
    floor = _floor_for(field, start, view, least) if logarithmic else math.nan
    if math.isnan(floor):
        return Frame(floor, _grown_range(view.heights, least, most), slope)
    highest = max(most, view.heights[1]) - floor
    return Frame(
        floor, (view.top_loss - DECADES, _grown(view.top_loss, math.log10(highest))), slope
    )


def _extremes(runs: Sequence[Trajectory]) -> tuple[float, float, float]:
    """The least and the greatest value of all runs that is no overflow, and the greatest slope."""
    least, most, steepest = math.inf, -math.inf, 0.0
    for run in runs:
        least = min(least, _last_but(np.fmin.reduce(run.values), run.values, -math.inf))
        most = max(most, _last_but(np.fmax.reduce(run.values), run.values, math.inf))
        steepest = max(steepest, _last_but(np.fmax.reduce(run.slopes), run.slopes, math.inf))
    return max(least, -MOST), min(most, MOST), min(steepest, MOST)


def _last_but(extreme: Any, values: Array, lost: float) -> float:
    """An extreme value; where that is an overflow the extreme of the others."""
    if abs(extreme) < math.inf:
        return float(extreme)
    finite = values[np.isfinite(values)]
    return float(np.max(finite) if lost > 0 else np.min(finite)) if finite.size else -lost


def _floor_for(field: ScalarField, start: Sequence[float], view: View, least: float) -> float:
    """The least minimum in sight, or that below the start: one that no value falls below."""
    if _holds(view.floor, least, view):
        return view.floor
    found = reference(field, tuple(map(float, start)))
    floor = field.value(found.place) if found.minimum else math.nan
    return floor if _holds(floor, least, view) else math.nan


def _holds(floor: float, least: float, view: View) -> bool:
    size = max(10.0 ** min(view.top_loss, TOP), abs(floor))
    return bool(least >= floor - ROUNDED * size)


def _grown(top: float, needed: float) -> float:
    """The end of a logarithmic axis."""
    return top + DECADES_MORE * math.ceil((needed - top) / DECADES_MORE) if needed > top else top


def _grown_range(shown: Interval, least: float, most: float) -> Interval:
    """A linear axis, longer by a power of four at the end at which a run leaves it."""
    low, high = shown
    return low - _room(low - least, high - low), high + _room(most - high, high - low)


def _room(wanted: float, span: float) -> float:
    if not wanted > 0:
        return 0.0
    times = math.log(wanted) - math.log(span)
    return min(span * TIMES_MORE ** max(math.ceil(times / math.log(TIMES_MORE)), 0), MOST)


# ── the panels, and what is drawn in them ────────────────────────────────────────────────────────


def loss_panel(steps: int, frame: Frame) -> Panel:
    """f over the steps, or on a logarithmic axis what it lies above a minimum."""
    return Panel(
        "loss",
        (0.0, float(max(steps, 1))),
        frame.loss,
        title=r"Loss $f - f_{\mathrm{min}}$" if frame.logarithmic else "Loss $f$",
        xlabel="step",
        ylog=frame.logarithmic,
        left=True,
    )


def slope_panel(steps: int, frame: Frame) -> Panel:
    """‖∇f‖ over the steps."""
    return Panel(
        "slope",
        (0.0, float(max(steps, 1))),
        frame.slope,
        title=r"Slope $\Vert\nabla f\Vert$",
        xlabel="step",
        ylog=True,
        left=True,
        tall=0.85,
    )


def losses(values: Any, frame: Frame) -> Any:
    """Heights in the panel; NaN for what lies below the minimum from which they are measured."""
    if not frame.logarithmic:
        return anp.minimum(anp.maximum(values, -MOST), MOST)
    above = values - frame.floor
    blur = ROUNDED * max(10.0 ** min(frame.loss[1], TOP), abs(frame.floor))
    rounded = both(-blur <= above, above < 0)  # a run may end a rounding below the minimum
    return exponents(anp.where(rounded, 0.0, above), frame.loss[0])


def exponents(values: Any, least: float = -np.inf) -> Any:
    """Exponents of ten, none below `least`; NaN for what is negative or undefined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return anp.maximum(anp.log10(values), least)


def seen(height: Any, frame: Frame, lost: float = 0.0) -> Any:
    """A handle stays in the panel where the loss itself does not: at its end, 0 or 1."""
    low, high = frame.loss
    margin = 0.04 * (high - low)
    place = anp.where(anp.isnan(height), (low, high)[int(lost)], height)
    return anp.minimum(anp.maximum(place, low + margin), high - margin)
