"""Partial derivatives: the slope of each slice through the point."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus import wording
from gradwidgets.calculus.field import Array, Interval, ScalarField
from gradwidgets.calculus.slopes import Slope
from gradwidgets.calculus.tracing import value_and_partials
from gradwidgets.calculus.typeset import symbol
from gradwidgets.pictures import corner, terrain
from gradwidgets.pictures.scene import (
    HANDLE,
    INK,
    QUIET,
    Control,
    Label,
    Layer,
    Mark,
    Marker,
    Numbers,
    Panel,
    Picture,
    Polyline,
    beside,
    caption,
    hue,
    points,
    range_of,
    row,
)
from gradwidgets.pictures.surface import with_surface
from gradwidgets.pictures.window import (
    Ends,
    Window,
    as_seen,
    ends_inputs,
    ends_of,
    evenly,
    window_inputs,
    window_of,
)

Marks: TypeAlias = tuple[Mark, ...]


class Digits(NamedTuple):
    """How slopes and values are shown."""

    slope: wording.Digits
    value: wording.Digits


MOST_VARIABLES = 6
SLICE_POINTS = 121
TANGENT = 0.16  # of a panel's side: half the length of a tangent
CROWDED = 6.0
RANGE_POINTS = 3000  # how many values tell the decimals of f
SPAN_POINTS = 61  # along a slice: they tell the range of its panel
MARGIN = 0.16  # of a range, above and below it
SEEN, FILLED = 0.6, 0.3  # of a slice, and of its panel: less of them is a reason for another range
HEIGHTS = ("auto", "own", "shared")
FEW = 2  # slices can share one range, and be compared by eye
OWN_HEIGHTS = (
    "Every slice has a scale of its own, which shows its shape: compare slopes by their numbers, "
    "or let all slices have one shared scale."
)
SHARED_HEIGHTS = "All slices share one scale: what looks steeper is steeper."


def partials_picture(
    field: ScalarField,
    *,
    axes: tuple[str, str] | None = None,
    at: Mapping[str, float] | None = None,
    view: str = "map",
    levels: str = "auto",
    heights: str = "auto",
) -> Picture:
    """The map, and beside it the slice of f along every axis with its tangent.

    Args:
        field: a field of one to six variables; with one there is no map.
        axes: the two variables of the map, the first two by default.
        at: where the point stands: all panels show what is to be seen from there.
        view: for two variables "map", "surface" in its place, or "both".
        levels: the spacing of the level curves, "even", "log" or "auto".
        heights: "own" ranges of f for the slices, "shared" for one, "auto": see `shows_own`.

    Raises:
        ValueError: a field with more variables.
    """
    _check_few_variables(field)
    alone = len(field.variables) == 1
    shown = None if alone else axes or (field.variables[0], field.variables[1])
    place, own = terrain.place_at(field, at), shows_own(field, heights)
    maps = (terrain.map_panel(field, *shown, place, levels),) if shown else ()
    spans = slice_spans(field, tuple(place[name] for name in field.variables), heights)
    panels = (*maps, *(_slice_panel(field, name, spans[name], own) for name in field.variables))
    picture = Picture(
        panels,
        Layer(),
        (*_marks(field, shown), *_notes(maps, own, alone)),
        terrain.controls(field),
        lambda **at: _numbers(field, shown, own, at),
        field,
        ambient=(*window_inputs(field), *_heights_inputs(spans, own)),
        outputs=tuple(range_of(panel.name) for panel in panels),
    )
    return with_surface(picture, view)


def _check_few_variables(field: ScalarField) -> None:
    if len(field.variables) > MOST_VARIABLES:
        raise ValueError(
            f"This picture shows up to {MOST_VARIABLES} variables, "
            f"and here are {len(field.variables)}."
        )


def _slope_decimals(field: ScalarField) -> wording.Digits:
    gradient = field.on_grid(*(field.axis(name, 5) for name in field.variables), order=1).gradient
    assert gradient is not None
    return terrain.decimals(gradient)


Spans: TypeAlias = Mapping[str, Interval]


def slice_spans(field: ScalarField, point: Sequence[float], heights: str) -> Spans:
    """The range of f in the panel of every slice through a point.

    One range for one or two slices serves the whole domain, and seldom changes with the point.
    """
    value, own = field.value(point), shows_own(field, heights)
    if not own and len(field.variables) <= FEW:
        return dict.fromkeys(field.variables, _span(_whole(field, field.state), value))
    seen = slice_heights(field, point)
    if not own:
        return dict.fromkeys(seen, _span(np.concatenate(list(seen.values())), value))
    return {name: _span(values, value) for name, values in seen.items()}


def shows_own(field: ScalarField, heights: str) -> bool:
    """Whether every slice has a range of its own: by itself where there are more than two."""
    count = len(field.variables)
    return count > 1 and (heights == "own" or (heights == "auto" and count > FEW))


@lru_cache(maxsize=4)
def _whole(field: ScalarField, _state: Any) -> Array:
    """The field's values all over, kept while what it reads stays the same."""
    return sample_heights(field)


def slice_heights(field: ScalarField, point: Sequence[float]) -> dict[str, Array]:
    """Values of f along every axis through a point."""
    return {
        name: field.on_grid(
            *(field.axis(name, SPAN_POINTS) if other == name else [x] for other, x in at)
        ).values.ravel()
        for at in [list(zip(field.variables, point, strict=True))]
        for name in field.variables
    }


def still_fit(shown: Spans, fresh: Spans, value: float) -> bool:
    """Whether panels can stay as they are, for a point with this value and these ideal ranges.

    The point is in them all, and of every slice most is seen and fills a fair part of its panel.
    """
    for name, (low, high) in shown.items():
        bottom, top = fresh[name]
        both = min(high, top) - max(low, bottom)
        if both < SEEN * (top - bottom) or both < FILLED * (high - low):
            return False
        if math.isfinite(value) and not low <= value <= high:
            return False
    return True


def _span(heights: Array, value: float) -> Interval:
    """The range that a panel shows of these heights: all but lonely peaks, and the point's value.

    Where half of all heights crowd into a small part of the range, only six times their share of
    it is shown, as long as the point's own value is in it: the rest there would be a flat line.
    """
    finite = heights[np.abs(heights) < terrain.DRAWABLE]
    if not finite.size:
        return (-1.0, 1.0)
    low, high = terrain.value_range(heights)
    middle = float(np.median(finite))
    top = min(high, low + CROWDED * (middle - low))
    bottom = max(low, high - CROWDED * (high - middle))
    crowded = [(bottom, top)] if 0 < top - bottom < 0.4 * (high - low) else []
    whole = (float(finite.min()), float(finite.max()))
    spans = [*crowded, (low, high), whole]
    chosen = next((span for span in spans if span[0] <= value <= span[1]), spans[0])
    margin = MARGIN * (chosen[1] - chosen[0]) or abs(chosen[0]) or 1.0
    return (chosen[0] - margin, chosen[1] + margin)


def sample_heights(field: ScalarField) -> Array:
    """Values of f all over the domain."""
    count = max(5, int(RANGE_POINTS ** (1 / len(field.variables))))
    axes = (field.axis(name, min(count, 501)) for name in field.variables)
    return field.on_grid(*axes).values


def _notes(maps: Sequence[Panel], own: bool, alone: bool) -> Marks:
    """What the level curves stand for, and how the slices' heights can be compared."""
    told = OWN_HEIGHTS if own else SHARED_HEIGHTS
    scales = () if alone else (Label(name="heights note", panel="", color=QUIET, texts=(told,)),)
    return (*scales, *(line for panel in maps for line in terrain.levels_caption(panel)))


def _heights_inputs(spans: Spans, own: bool) -> Iterator[Control]:
    """Both ends of every range of heights, of one for several slices once."""
    for name, span in {_heights_of(name, own): span for name, span in spans.items()}.items():
        yield from ends_inputs(name, span)


def _heights_of(name: str, own: bool) -> str:
    """What the range of heights of a slice is called among the inputs."""
    return f"f along {name}" if own else "f seen"


def _slice_panel(field: ScalarField, name: str, span: Interval, own: bool) -> Panel:
    alone = len(field.variables) == 1
    title = terrain.title(field) if alone else f"Slice along ${symbol(name)}$"
    return Panel(
        f"slice {name}",
        field.domain[name],
        span,
        title=title,
        xlabel=f"${symbol(name)}$",
        ylabel="$f$, own scale" if own else "$f$",
        left=not alone,
    )


def _marks(field: ScalarField, shown: tuple[str, str] | None) -> Marks:
    """Every primitive in drawing order."""
    digits = Digits(_slope_decimals(field), terrain.decimals(sample_heights(field)))
    return (
        *(_map_marks(field, *shown) if shown else ()),
        *(mark for name in field.variables for mark in _slice_marks(field, name, digits)),
        Label(name="spoken", panel="", texts=_spoken(field, digits)),
        *terrain.kink_captions(field),
    )


def _map_marks(field: ScalarField, across: str, up: str) -> Marks:
    across_hue, up_hue = hue(field.index(across)), hue(field.index(up))
    return (
        Polyline(name="line across", panel="map", color=across_hue, width=2.0),
        Polyline(name="line up", panel="map", color=up_hue, width=2.0, dash=(7, 3)),
        Marker(name="point", panel="map", color=HANDLE, moves=(across, up)),
    )


def _slice_marks(field: ScalarField, name: str, digits: Digits) -> Marks:
    along = tuple(map(float, field.axis(name, SLICE_POINTS)))
    color, panel = hue(field.index(name)), f"slice {name}"
    partial = terrain.partial_name(field, name)
    slope = f"{partial} = {{.{digits.slope}@0}}"
    none = f"no {partial}: {{.{digits.slope}@0}} left, {{.{digits.slope}@1}} right"
    others = [control for control in terrain.controls(field) if control.name != name]
    held = ", ".join(f"{other.name} = {{.{other.digits}}}" for other in others)
    return (
        Polyline(name=f"curve {name}", panel=panel, color=INK, width=1.8, along=along),
        Polyline(name=f"triangle {name}", panel=panel, color=color, width=1.2, dash=(2, 3)),
        Polyline(name=f"tangent {name}", panel=panel, color=color, width=3.0),
        *corner.half_tangent_marks(panel, color, f" {name}"),
        Label(name=f"slope {name}", panel=panel, color=color, texts=(slope, none)),
        Label(name=f"held {name}", panel=panel, color=QUIET, size=11, texts=(held,), above=True),
        Marker(name=f"point {name}", panel=panel, color=HANDLE, moves=(name, None)),
    )


def _spoken(field: ScalarField, digits: Digits) -> tuple[str, ...]:
    place = ", ".join(f"{{.{control.digits}}}" for control in terrain.controls(field))
    at = f"At {field.variables[0]} = {place}" if len(field.variables) == 1 else f"At ({place})"
    f = f"{at}: f = {{.{digits.value}}}"
    slopes = corner.told_slopes(field, digits.slope, len(field.variables) + 1)
    return (*(f"{f}, {told}." for told in slopes), f"{at}: f is undefined.")


def _numbers(
    field: ScalarField,
    shown: tuple[str, str] | None,
    own: bool,
    values: Mapping[str, Any],
) -> Numbers:
    point, window = [values[name] for name in field.variables], window_of(field, values)
    spans = {name: ends_of(_heights_of(name, own), values) for name in field.variables}
    f, answers = value_and_partials(field.function, point)
    every = field.slopes(point, answers)
    partials = [slope.told for slope in every]
    known, slopes = anp.isfinite(f), [n for slope in every for n in corner.told_numbers(slope)]
    told = anp.where(known, corner.which(every), 2.0 ** len(point))
    numbers: dict[str, Any] = {
        "heights note": caption(0.0),
        terrain.LEVELS_NOTE: caption(0.0),
        "spoken": caption(told, *point, f, *slopes),
        **terrain.kink_numbers(field, every, answers),
        **{range_of(f"slice {name}"): as_seen(window[name], spans[name]) for name in spans},
    }
    if shown:
        numbers |= _map_numbers(field, *shown, window, point)
    for axis, name in enumerate(field.variables):
        slope, panel = anp.where(known, partials[axis], np.nan), (window[name], spans[name])
        numbers |= _slice_numbers(field, name, panel, point, f, slope, every[axis])
    return numbers


def _map_numbers(
    field: ScalarField, across: str, up: str, window: Window, point: Sequence[Any]
) -> Numbers:
    x, y = point[field.index(across)], point[field.index(up)]
    (left, right), (bottom, top) = window[across], window[up]
    return {
        range_of("map"): as_seen(window[across], window[up]),
        "line across": points((left, y), (right, y)),
        "line up": points((x, bottom), (x, top)),
        "point": row(x, y),
    }


def _slice_numbers(
    field: ScalarField,
    name: str,
    panel: tuple[Ends, Ends],
    point: Sequence[Any],
    f: Any,
    answer: Any,
    both: Slope,
) -> Numbers:
    place = field.index(name)
    lacks = corner.lacks(both)
    slope = anp.where(lacks, np.nan, answer)
    x, others = point[place], [*point[:place], *point[place + 1 :]]
    along = evenly(panel[0], SLICE_POINTS)
    moved = [*point[:place], along, *point[place + 1 :]]
    (left, right), (bottom, top) = panel
    run = TANGENT * terrain.even_run(slope, right - left, top - bottom)
    rise = slope * run
    aside = anp.where(slope > 0, -1.0, 1.0)
    beside_title, told = (right, top), anp.where(anp.isfinite(slope), 0.0, -1.0)
    told = anp.where(lacks, 1.0, told)
    room = anp.where(both.right > both.left, -1.0, 1.0)  # of a corner, where its angle is not
    return {
        f"curve {name}": field.function(*moved) + 0.0 * along,
        f"triangle {name}": points((x, f), (x + run, f), (x + run, f + rise)),
        f"tangent {name}": points((x - run, f - rise), (x + run, f + rise)),
        **corner.half_tangents(panel, (x, f), both, f" {name}"),
        f"slope {name}": row(
            x,
            f,
            anp.where(lacks, 0.0, aside),
            anp.where(lacks, room, 1.0),
            told,
            anp.where(lacks, both.left, slope),
            both.right,
        ),
        f"held {name}": beside(beside_title, (0.0, 1.0), 0 < len(others) <= 2, *others),
        f"point {name}": row(x, f),
    }
