"""Partial derivatives: the slope of each slice through the point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus import wording
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.slopes import Slope
from gradwidgets.calculus.tracing import value_and_partials
from gradwidgets.calculus.types import Interval
from gradwidgets.calculus.typeset import symbol
from gradwidgets.pictures import corner, terrain
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.framing import range_of
from gradwidgets.pictures.heights import (
    SLICE_POINTS,
    Heights,
    heights_inputs,
    sample_heights,
    shows_own,
)
from gradwidgets.pictures.marks import Label, Marker, Marks, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, caption, points, row
from gradwidgets.pictures.palette import HANDLE, INK, QUIET, hue
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer
from gradwidgets.pictures.surface import with_surface
from gradwidgets.pictures.window import (
    Ends,
    Window,
    as_seen,
    ends_of,
    evenly,
    window_inputs,
    window_of,
)


class Digits(NamedTuple):
    """How slopes and values are shown."""

    slope: wording.Digits
    value: wording.Digits


MOST_VARIABLES = 6
TANGENT = 0.16  # of a panel's side: half the length of a tangent
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
    place, shown = terrain.place_at(field, at), _map_axes(field, axes)
    scales = Heights(field.variables, shows_own(field, heights))
    picture = _picture(field, shown, place, levels, scales)
    if shown and len(field.variables) > len(shown):
        picture = replace(picture, program=_anywhere(field, field.state, shown, scales))
    return with_surface(picture, view)


@lru_cache(maxsize=4)
def _anywhere(field: ScalarField, _state: Any, shown: tuple[str, str], scales: Heights) -> Picture:
    """The picture whose program serves all cuts: hidden coordinates are dragged, too."""
    return _picture(field, shown, terrain.place_at(field, None), "auto", scales)


def _picture(
    field: ScalarField,
    shown: tuple[str, str] | None,
    place: Mapping[str, float],
    levels: str,
    scales: Heights,
) -> Picture:
    inputs = heights_inputs(field, scales, place)
    maps = (terrain.map_panel(field, *shown, place, levels),) if shown else ()
    panels = (*maps, *_slice_panels(field, scales, inputs))
    return Picture(
        panels,
        Layer(),
        (*_marks(field, shown), *_notes(maps, scales.own)),
        terrain.controls(field),
        lambda **at: _numbers(field, shown, scales, at),
        field,
        ambient=(*window_inputs(field), *inputs),
        outputs=tuple(range_of(panel.name) for panel in panels),
        kept=scales.kept,
    )


def _check_few_variables(field: ScalarField) -> None:
    if len(field.variables) > MOST_VARIABLES:
        raise ValueError(
            f"This picture shows up to {MOST_VARIABLES} variables, "
            f"and here are {len(field.variables)}."
        )


def _map_axes(field: ScalarField, axes: tuple[str, str] | None) -> tuple[str, str] | None:
    alone = len(field.variables) == 1
    return None if alone else axes or (field.variables[0], field.variables[1])


def _slope_decimals(field: ScalarField) -> wording.Digits:
    gradient = field.on_grid(*(field.axis(name, 5) for name in field.variables), order=1).gradient
    assert gradient is not None
    return terrain.decimals(gradient)


def _notes(maps: Sequence[Panel], own: bool) -> Marks:
    """What the level curves stand for, and how the slices' heights can be compared."""
    told = OWN_HEIGHTS if own else SHARED_HEIGHTS
    scales = (Label(name="heights note", panel="", color=QUIET, texts=(told,)),) if maps else ()
    return (*scales, *map(terrain.levels_caption, maps))


def _slice_panels(
    field: ScalarField, scales: Heights, inputs: Sequence[Control]
) -> Iterator[Panel]:
    """All slices, with the heights that are at present shown."""
    present = {control.name: control.start for control in inputs}
    for name in field.variables:
        span = ends_of(scales.inputs[scales.of(name)], present)
        yield _slice_panel(field, name, span, scales.own)


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
        axes=(name, None),
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
    place = ", ".join(f"{{.{control.digits}+}}" for control in terrain.controls(field))
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
        **terrain.kink_numbers(field.variables, every, answers),
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
