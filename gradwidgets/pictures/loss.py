"""The loss over the steps of a search: above the minimum where there is one below, else f itself.

Its axis follows the run in whole powers of ten, and one that grows in coarser steps, so that it
seldom changes while a hand drags.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.downhill import minimum_below
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.looking import Ground, look
from gradwidgets.calculus.reference import reference_at
from gradwidgets.calculus.truths import both, no, where
from gradwidgets.calculus.types import Array, Interval
from gradwidgets.pictures import terrain
from gradwidgets.pictures.framing import form_of, range_of
from gradwidgets.pictures.numbers import Numbers, row
from gradwidgets.pictures.panels import Panel

DECADES = 10  # below all values in sight: so deep a logarithmic axis shows a run that converges
MARGIN = 0.04  # of an axis: so far within it a handle stays
FEWEST, EDGE = 2.0, 0.1  # decades that an axis has at least, and that it leaves beside a run
DECADES_MORE, TIMES_MORE = 3, 4.0  # by so much an axis grows at once
MOST, TOP = terrain.DRAWABLE, 306.0  # where an axis ends, and its exponent
ROUNDED = 1e-12  # of the values in sight: a run may end so much below the minimum
CURVE_POINTS, GRID = 201, 41
LOSS_ABOVE = r"Loss $f - f_{\mathrm{min}}$"
WITH_SLOPE = rf"{LOSS_ABOVE}, slope $\Vert\nabla f\Vert$"


class View(NamedTuple):
    """Ranges that stay while a start is dragged."""

    heights: Interval
    floor: float  # the least minimum in sight, from which a logarithmic loss is measured, or NaN
    top_loss: float  # an exponent of ten
    width: float


def view_of(field: ScalarField) -> View:
    """The ranges for a field on its domain."""
    return _view_of(field, field.state)


@lru_cache(maxsize=4)
def _view_of(field: ScalarField, seen: Any) -> View:
    count = CURVE_POINTS if len(field.variables) == 1 else GRID
    with np.errstate(all="ignore"):
        grid = field.on_grid(*(field.axis(name, count) for name in field.variables))
        low, high = (float(np.clip(end, -MOST, MOST)) for end in terrain.value_range(grid.values))
        floor = _floor(field, grid.values, grid.axes)
    lowest = low if math.isnan(floor) else min(low, floor)
    margin = 0.06 * (high - low) or 0.06 * abs(high) or 1.0
    return View(
        (lowest - margin, high + margin),
        floor,
        _exponent_above(high - lowest or abs(high) or 1.0),
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
    """What the loss is measured from, and the ranges of its axes: numbers of a program.

    `floor` is a minimum, of which the loss above it has a logarithmic axis; NaN for f itself. Of a
    logarithmic axis the ends are exponents of ten. `loss` holds the runs, `wide` whatever a run may
    reach from what is in sight.
    """

    floor: Any
    loss: tuple[Any, Any]
    wide: tuple[Any, Any]

    @property
    def logarithmic(self) -> Any:
        """Whether the loss is measured from a minimum."""
        return no(anp.isnan(self.floor))

    @property
    def widest(self) -> Frame:
        """The same with an axis for all that may be reached."""
        return self._replace(loss=self.wide)


def frame_of(
    ground: Ground, start: Any, values: Any, slopes: Any, view: View, logarithmic: bool = True
) -> Frame:
    """The frame for runs from a start.

    Where the domain's least minimum is none, or a run falls below it, the one below the start
    counts, and where a run falls below that as well, f itself is shown.

    Args:
        ground: f, with its domain.
        start: where the runs start, shape (n,).
        values: f along the runs, shape (…, T + 1); NaN behind their ends.
        slopes: ‖∇f‖ there, where it shares the axis, else nothing, shape (0,).
        view: what the domain shows.
        logarithmic: whether a minimum is looked for at all.

    >>> from gradwidgets.calculus.looking import ground_of
    >>> field = ScalarField("x**2 + 10*y**2")
    >>> run = np.array([14.0, 3.24, np.nan]), np.array([20.4, 11.4, np.nan])
    >>> frame = frame_of(ground_of(field), np.array([2.0, 1.0]), *run, view_of(field))
    >>> float(frame.floor), [round(float(end), 1) for end in (*frame.loss, *frame.wide)]
    (0.0, [0.0, 2.0, -7.7, 2.3])
    """
    least, most = _extremes(values)
    linear = _grown_range(view.heights, least, most)
    if not logarithmic:
        return Frame(np.nan, linear, linear)
    floor = _floor_for(ground, start, view, least)
    highest = exponents(anp.maximum(most, view.heights[1]) - floor)
    wide = (view.top_loss - DECADES, _grown(view.top_loss, highest))
    sizes = anp.concatenate([anp.ravel(values - floor), anp.ravel(slopes)])
    above = no(anp.isnan(floor))
    loss, wide = (
        tuple(where(above, one, other) for one, other in zip(ends, linear, strict=True))
        for ends in (_followed(sizes, view), wide)
    )
    return Frame(floor, loss, wide)


def _extremes(values: Any) -> tuple[Any, Any]:
    """The least and the greatest value that is no overflow."""
    known = anp.isfinite(values)
    least, most = (
        anp.min(where(known, values, np.inf)),
        anp.max(where(known, values, -np.inf)),
    )
    return anp.maximum(least, -MOST), anp.minimum(most, MOST)


def _followed(sizes: Any, view: View) -> tuple[Any, Any]:
    """A logarithmic axis that holds these numbers, but of runs that converge only so much."""
    known = both(anp.isfinite(sizes), sizes > 0)
    told = anp.log10(where(known, sizes, 1.0))
    some = anp.sum(1.0 * known) > 0
    lowest = where(some, anp.min(where(known, told, np.inf)), view.top_loss - DECADES)
    highest = where(some, anp.minimum(anp.max(where(known, told, -np.inf)), TOP), view.top_loss)
    needed = anp.ceil(highest + EDGE)
    high = where(highest > view.top_loss, _grown(view.top_loss, highest), needed)
    low = anp.maximum(anp.floor(lowest - EDGE), view.top_loss - DECADES)
    return anp.minimum(low, high - FEWEST), high


def _floor_for(ground: Ground, start: Any, view: View, least: Any) -> Any:
    """The least minimum in sight, or that below the start: one that no value falls below."""
    in_sight = _holds(view.floor, least, view)
    found = reference_at(ground, start, when=no(in_sight))
    below = where(found.minimum, look(ground, found.place, 0).value, np.nan)
    below = where(_holds(below, least, view), below, np.nan)
    return where(in_sight, view.floor, below)


def _holds(floor: Any, least: Any, view: View) -> Any:
    size = anp.maximum(10.0 ** min(view.top_loss, TOP), anp.abs(floor))
    return least >= floor - ROUNDED * size


def _grown(top: Any, needed: Any) -> Any:
    """The end of a logarithmic axis."""
    more = where(needed > top, needed - top, 0.0)
    return top + DECADES_MORE * anp.ceil(more / DECADES_MORE)


def _grown_range(shown: tuple[Any, Any], least: Any, most: Any) -> tuple[Any, Any]:
    """A linear axis, longer by a power of four at the end at which a run leaves it."""
    low, high = shown
    return low - _room(low - least, high - low), high + _room(most - high, high - low)


def _room(wanted: Any, span: Any) -> Any:
    missing = wanted > 0
    times = anp.log(where(missing, wanted, span)) - anp.log(span)
    powers = anp.maximum(anp.ceil(times / np.log(TIMES_MORE)), 0.0)
    return where(missing, anp.minimum(span * TIMES_MORE**powers, MOST), 0.0)


# ── the panels, and what is drawn in them ────────────────────────────────────────────────────────


def loss_panel(steps: int, view: View, title: str = LOSS_ABOVE) -> Panel:
    """What f lies above a minimum over the steps, on a logarithmic axis, or f itself.

    The frame tells which.
    """
    across, titles = (0.0, float(max(steps, 1))), (title, "Loss $f$")
    above = (view.top_loss - DECADES, view.top_loss)
    shown, plain = (
        Panel("loss", across, ends, title=title, xlabel="step", ylog=log, left=True)
        for title, ends, log in zip(titles, (above, view.heights), (True, False), strict=True)
    )
    return replace(shown, others=(plain,))


def framing(panel: str, across: tuple[Any, Any], frame: Frame) -> Numbers:
    """The outputs by which a panel with an axis of the loss is framed, and takes its form."""
    return {
        range_of(panel): row(*across, *frame.loss),
        form_of(panel): row(where(frame.logarithmic, 0.0, 1.0)),
    }


def losses(values: Any, frame: Frame) -> Any:
    """Heights in the panel; NaN for what lies below the minimum from which they are measured."""
    above = values - frame.floor
    size = anp.maximum(10.0 ** anp.minimum(frame.wide[1], TOP), anp.abs(frame.floor))
    rounded = both(-ROUNDED * size <= above, above < 0)  # a run may end a rounding below it
    heights = exponents(where(rounded, 0.0, above), frame.loss[0])
    plain = anp.minimum(anp.maximum(values, -MOST), MOST)
    return where(frame.logarithmic, heights, plain)


def exponents(values: Any, least: Any = -np.inf) -> Any:
    """Exponents of ten, none below `least`; NaN for what is negative or undefined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return anp.maximum(anp.log10(values), least)


def seen(height: Any, frame: Frame, lost: float = 0.0) -> Any:
    """A handle stays in the panel where the loss itself does not: at its end, 0 or 1."""
    low, high = frame.loss
    margin = MARGIN * (high - low)
    place = where(anp.isnan(height), (low, high)[int(lost)], height)
    return anp.minimum(anp.maximum(place, low + margin), high - margin)
