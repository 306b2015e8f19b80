"""Partial derivatives: the slope of each slice through the point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus import wording
from gradwidgets.calculus.field import Array, Interval, ScalarField
from gradwidgets.calculus.ranks import percentile
from gradwidgets.calculus.slopes import Slope
from gradwidgets.calculus.tracing import calm, value_and_partials
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
THINNED = 2  # every second point of a slice tells the range of its panel
SPAN_POINTS = (SLICE_POINTS - 1) // THINNED + 1
SHARES = (0.0, 0.02, 0.5, 0.98, 1.0)  # of heights, by which a range is chosen
OVER_ALL = ("f where it crowds", "f mostly", "f all over")  # the ends of a choice for the domain
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
    scales = Heights(field.variables, own)
    inputs = _heights_inputs(field, scales, place)
    seen = {control.name: control.start for control in inputs}
    maps = (terrain.map_panel(field, *shown, place, levels),) if shown else ()
    spans = {name: ends_of(scales.inputs[scales.of(name)], seen) for name in field.variables}
    panels = (*maps, *(_slice_panel(field, name, spans[name], own) for name in field.variables))
    picture = Picture(
        panels,
        Layer(),
        (*_marks(field, shown), *_notes(maps, own, alone)),
        terrain.controls(field),
        lambda **at: _numbers(field, shown, scales, at),
        field,
        ambient=(*window_inputs(field), *inputs),
        outputs=tuple(range_of(panel.name) for panel in panels),
        kept=scales.kept,
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


def shows_own(field: ScalarField, heights: str) -> bool:
    """Whether every slice has a range of its own: by itself where there are more than two."""
    count = len(field.variables)
    return count > 1 and (heights == "own" or (heights == "auto" and count > FEW))


# ── which heights the slices' panels show ────────────────────────────────────────────────────────


class Choice(NamedTuple):
    """Ranges of heights, the first of which that has the point's value in it is shown.

    Each has a number for every panel with a scale of its own. The first is where f crowds: where
    half of all heights lie in a small part of the range, six times their share of it, for the rest
    would be a flat line. Then most heights, without lonely peaks, and all.
    """

    crowd: Ends
    most: Ends
    every: Ends


def choice_of(least: Any, low: Any, middle: Any, high: Any, greatest: Any) -> Choice:
    """The ranges for heights with these percentiles: 0, 2, 50, 98 and 100; NaN where none is known.

    >>> choice_of(0.0, 0.5, 9.0, 9.9, 10.0).crowd  # a half lies in the last tenth
    (array(4.), array(10.))
    """
    none, alone = (
        anp.isnan(middle),
        anp.logical_and(high > low, greatest - least > 8 * (high - low)),
    )
    blank = 1.0 / (1.0 + 2.0 * MARGIN)  # with its margins from −1 to 1
    least, greatest = anp.where(none, -blank, least), anp.where(none, blank, greatest)
    low, high = anp.where(alone, low, least), anp.where(alone, high, greatest)
    top = anp.minimum(high, low + CROWDED * (middle - low))
    bottom = anp.maximum(low, high - CROWDED * (high - middle))
    crowded = anp.logical_and(top > bottom, top - bottom < 0.4 * (high - low))
    crowd = (anp.where(crowded, bottom, low), anp.where(crowded, top, high))
    return Choice(crowd, (low, high), (least, greatest))


def fresh_heights(choice: Choice, value: Any) -> Ends:
    """The heights that suit a point with this value, with their margins.

    >>> fresh_heights(Choice((0.0, 1.0), (-9.0, 1.0), (-99.0, 1.0)), -4.0)
    (array(-10.6), array(2.6))
    """
    low, high = choice.crowd
    for ends in choice[::-1]:
        holds = anp.logical_and(ends[0] <= value, value <= ends[1])
        low, high = (anp.where(holds, *both) for both in zip(ends, (low, high), strict=True))
    margin = MARGIN * (high - low)
    usual = anp.where(low != 0, anp.abs(low), 1.0)
    margin = anp.where(margin > 0, margin, usual)
    return low - margin, high + margin


def kept_heights(shown: Ends, fresh: Ends, value: Any) -> Ends:
    """The heights that are shown, as long as they fit a point with this value, or else fresh ones.

    They fit where the point is in them all, and of every slice most is seen and fills a fair part
    of its panel. So they seldom change while a hand drags.
    """
    (low, high), (bottom, top) = shown, fresh
    common = anp.minimum(high, top) - anp.maximum(low, bottom)
    enough = anp.logical_and(common >= SEEN * (top - bottom), common >= FILLED * (high - low))
    inside = anp.logical_and(low <= value, value <= high)
    fits = anp.logical_and(enough, anp.logical_or(inside, anp.logical_not(anp.isfinite(value))))
    every = anp.min(1.0 * fits) > 0
    return anp.where(every, low, bottom), anp.where(every, high, top)


class Heights(NamedTuple):
    """How the heights of the slices' panels are found: for each its own or one that all share.

    Those that one or two slices share serve the whole domain, and seldom change with the point.
    """

    names: tuple[str, ...]
    own: bool

    @property
    def over_all(self) -> bool:
        """Whether they come from f all over the domain, and not from the slices."""
        return not self.own and len(self.names) <= FEW

    @property
    def inputs(self) -> tuple[str, ...]:
        """What the ranges are called among the inputs."""
        return tuple(f"f along {name}" for name in self.names) if self.own else ("f seen",)

    @property
    def kept(self) -> tuple[tuple[str, str, int], ...]:
        """Where the program tells what they are next."""
        return tuple(
            (f"{name} {end}", range_of(f"slice {first}"), place)
            for name, first in zip(self.inputs, self.names, strict=False)
            for place, end in ((2, "low"), (3, "high"))
        )

    def of(self, name: str) -> int:
        """The place of a slice's range among them."""
        return self.names.index(name) if self.own else 0

    def choice(self, slices: Sequence[Any]) -> Choice:
        """The ranges for slices with these values, each of shape (n,)."""
        values = anp.stack(slices, axis=1) if self.own else anp.concatenate(slices)[:, None]
        return choice_of(*percentile(values, anp.abs(values) < terrain.DRAWABLE, *SHARES))

    def shown(self, values: Mapping[str, Any], slices: Sequence[Any], f: Any) -> Ends:
        """The ranges in a program, from its inputs, from f at all places of the slices and here."""
        ends = [ends_of(name, values) for name in self.inputs]
        choice = (
            Choice(*(ends_of(name, values) for name in OVER_ALL))
            if self.over_all
            else self.choice([values[::THINNED] for values in slices])
        )
        return kept_heights(
            (row(*(low for low, _ in ends)), row(*(high for _, high in ends))),
            fresh_heights(choice, f),
            f,
        )


@lru_cache(maxsize=4)
def _over_all(field: ScalarField, _state: Any) -> Choice:
    """The ranges of f all over the domain, kept while what it reads stays the same."""
    values = sample_heights(field)
    known = values[np.abs(values) < terrain.DRAWABLE]
    found = np.percentile(known, [100 * share for share in SHARES]) if known.size else [np.nan] * 5
    return choice_of(*found)


def _heights_inputs(
    field: ScalarField, heights: Heights, place: Mapping[str, float]
) -> list[Control]:
    """Both ends of every range of heights, at present those that suit a point."""
    point = [place[name] for name in field.variables]
    with calm():  # f may be undefined all along a slice
        choice = (
            _over_all(field, field.state)
            if heights.over_all
            else heights.choice(list(slice_heights(field, point).values()))
        )
        low, high = (np.ravel(end) for end in fresh_heights(choice, field.value(point)))
    named = dict(zip(heights.inputs, zip(low, high, strict=True), strict=True))
    named |= dict(zip(OVER_ALL, choice, strict=True)) if heights.over_all else {}
    return [
        end
        for name, ends in named.items()
        for end in ends_inputs(name, (float(ends[0]), float(ends[1])))
    ]


def slice_heights(field: ScalarField, point: Sequence[float]) -> dict[str, Array]:
    """Values of f along every axis through a point."""
    return {
        name: field.on_grid(
            *(field.axis(name, SPAN_POINTS) if other == name else [x] for other, x in at)
        ).values.ravel()
        for at in [list(zip(field.variables, point, strict=True))]
        for name in field.variables
    }


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
    scales: Heights,
    values: Mapping[str, Any],
) -> Numbers:
    point, window = [values[name] for name in field.variables], window_of(field, values)
    f, answers = value_and_partials(field.function, point)
    curves = [_curve(field, name, window[name], point) for name in field.variables]
    lows, highs = scales.shown(values, curves, f)
    spans = {name: (lows[scales.of(name)], highs[scales.of(name)]) for name in field.variables}
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
        numbers[f"curve {name}"] = curves[axis]
        numbers |= _slice_numbers(field, name, panel, point, f, slope, every[axis])
    return numbers


def _curve(field: ScalarField, name: str, ends: Ends, point: Sequence[Any]) -> Any:
    """f along a slice."""
    place, along = field.index(name), evenly(ends, SLICE_POINTS)
    return field.function(*point[:place], along, *point[place + 1 :]) + 0.0 * along


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
    (left, right), (bottom, top) = panel
    run = TANGENT * terrain.even_run(slope, right - left, top - bottom)
    rise = slope * run
    aside = anp.where(slope > 0, -1.0, 1.0)
    beside_title, told = (right, top), anp.where(anp.isfinite(slope), 0.0, -1.0)
    told = anp.where(lacks, 1.0, told)
    room = anp.where(both.right > both.left, -1.0, 1.0)  # of a corner, where its angle is not
    return {
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
