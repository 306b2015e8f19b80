"""The gradient at the point as the sum of its components: arrows and labels that are seen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import Array, Interval, ScalarField
from gradwidgets.calculus.quadratic import norm
from gradwidgets.calculus.slopes import Slope
from gradwidgets.calculus.tracing import value_and_partials
from gradwidgets.pictures import corner, terrain
from gradwidgets.pictures.placing import Named, Obstacle, Sheet, half_size, place_labels, sheet_of
from gradwidgets.pictures.scene import (
    Label,
    Mark,
    Numbers,
    Panel,
    beside,
    caption,
    points,
    row,
)

SEEN, LONGEST = 0.28, 0.45  # of the map's width: how long the arrow is drawn where it starts
LEAST = 0.12  # of the map's width: the arrow on the floor of a valley of a map with log levels
NAMED = 0.035  # of the map's width: a component that comes out from under the point
ROOM = 0.08  # of the map's width: for a label beyond the arrow
UNIT = 0.16  # of the map's width: how long the unit vector u is drawn
ROUNDING = 1e-12  # of the usual slope: a smaller one is none
DOT = 8.0  # pixels: half of the point
WIDE = {"by x": 6.0, "by y": 6.0, "gradient": 7.0, "u": 4.5}  # pixels: half of an arrow's head


class Hero(NamedTuple):
    """How the arrows at the point are drawn."""

    scale: float  # all over the map
    longest: float  # unless they are longer then
    least: float  # or shorter than this


class Still(NamedTuple):
    """What stands still while the point moves."""

    width: float  # the shorter side of the map
    dust: float  # a length of the gradient that rounding makes where there is none
    hero: Hero
    sheet: Sheet
    halves: Mapping[str, tuple[float, float]]  # half of what the map's labels measure at most


def seen_scale(
    slopes: Sequence[float],
    at: Sequence[float],
    sides: Sequence[Interval],
    lengths: Interval,
    room: float = 0.0,
) -> float | None:
    """A round scale at which an arrow is seen and its tip lies between the sides; None without one.

    Its length lies between both `lengths`, in units of the sides, and ends `room` before them.
    """
    length, (seen, longest) = math.hypot(*slopes), lengths
    if not 0 < length < terrain.DRAWABLE:
        return None
    rooms = [
        ((high - x if slope > 0 else x - low) - room) / abs(slope)
        for slope, x, (low, high) in zip(slopes, at, sides, strict=True)
        if slope
    ]
    return terrain.round_scale(min(longest / length, max(seen / length, min(rooms))))


def hero_of(field: ScalarField, at: Mapping[str, float], lengths: Array, panel: Panel) -> Hero:
    """How the arrows are drawn on a map that opens at a place."""
    place, sides = [at[name] for name in field.variables], list(field.domain.values())
    width = min(high - low for low, high in sides)
    least = LEAST * width if panel.contours and panel.contours.valley else 0.0
    ends = (SEEN * width, LONGEST * width)
    slopes = [float(slope) for slope in field.gradient(place)]
    scale = seen_scale(slopes, place, sides, ends, ROOM * width)
    return Hero(scale or terrain.arrow_scale(lengths, ends[0]), ends[1], least)


def scale_notes(scale: float, field_note: str, equal: bool) -> tuple[str, ...]:
    """How long the arrows are drawn: at the scale of the map, or at one that the place asks for."""
    usual = terrain.ratio_text(scale)
    skewed = "" if equal else " The axes have different scales: right angles look skewed."
    return tuple(
        f"The arrows at the point are drawn at {told}. {field_note}{skewed}".strip()
        for told in (
            usual,
            f"1/{{.0}} of their length, to fit the map here, and elsewhere at {usual}",
            f"{{.2}} times their length, to fit the map here, and elsewhere at {usual}",
        )
    )


def still_of(
    field: ScalarField, panel: Panel, hero: Hero, marks: Sequence[Mark], lengths: Array
) -> Still:
    """What stands still on a map, where the gradient is nowhere longer than its `lengths`."""
    steepest = float(np.max(lengths, initial=0.0, where=np.isfinite(lengths)))
    halves = {
        mark.name: half_size(mark, -steepest)
        for mark in marks
        if isinstance(mark, Label) and mark.panel == "map"
    }
    width = min(high - low for low, high in (panel.x, panel.y))
    dust = ROUNDING * min(steepest, field.height / width) if steepest else 0.0
    return Still(width, dust, hero, sheet_of(panel), halves)


class Local(NamedTuple):
    """The field around the point: f, its partials, the gradient's length and direction.

    `fx` and `fy` are what can be told of the slopes, `answers` are autograd's.
    """

    x: Any
    y: Any
    f: Any
    fx: Any
    fy: Any
    answers: Sequence[Any]
    length: Any
    sloping: Any  # whether there is a gradient with a direction
    nx: Any  # its unit vector, NaN where there is none
    ny: Any
    sides: Sequence[Slope]


def local(field: ScalarField, dust: float, x: Any, y: Any) -> Local:
    """What a field is around a point; a gradient of no more than `dust` has no direction."""
    f, answers = value_and_partials(field.function, (x, y))
    defined = anp.isfinite(f)  # autograd may have an answer even where there is no f
    answers = [anp.where(defined, answer, np.nan) for answer in answers]
    sides = field.slopes((x, y), answers)
    fx, fy = map(corner.told, sides)
    length = norm(fx, fy)
    sloping = anp.logical_and(anp.isfinite(length), length > dust)
    over = anp.where(sloping, length, np.nan)
    return Local(x, y, f, fx, fy, answers, length, sloping, fx / over, fy / over, sides)


def arrows_at_point(view: Still, at: Local, angle: Any) -> Numbers:
    """The gradient as the sum of its components, and a number beside each long enough to name."""
    scale, case, told = _scale(view.hero, at)
    width = view.width
    dx, dy = scale * at.fx, scale * at.fy
    foot, turn = (at.x, at.y), angle * (np.pi / 180)
    ends = {
        "by x": (at.x + dx, at.y),
        "by y": (at.x, at.y + dy),
        "gradient": (at.x + dx, at.y + dy),
        "u": (at.x + UNIT * width * anp.cos(turn), at.y + UNIT * width * anp.sin(turn)),
    }
    shown = {
        "by x": anp.abs(dx) > NAMED * width,
        "by y": anp.abs(dy) > NAMED * width,
        "gradient": at.sloping,
        "u": anp.isfinite(angle),
    }
    values = {"by x": at.fx, "by y": at.fy, "gradient": at.length, "u": 0.0}
    stands = _stands(view, foot, ends, shown, (dx, dy), turn)
    return {
        "point": row(*foot),
        "rectangle": points(ends["by x"], ends["gradient"], ends["by y"]),
        **{name: row(*foot, *end) for name, end in ends.items()},
        **{f"{name} label": beside(*stands[name], value) for name, value in values.items()},
        "scale note": caption(case, told),
    }


def _scale(hero: Hero, at: Local) -> tuple[Any, Any, Any]:
    """The arrows' scale here, which text tells it, and its number there.

    It is that of the map, or one that a reader can calculate with: 1/n, or so many hundredths.
    """
    length = anp.where(at.sloping, at.length, 1.0)
    drawn = hero.scale * length
    fitting = anp.minimum(anp.maximum(drawn, hero.least), hero.longest) / length
    fits = anp.logical_and(drawn >= hero.least, drawn <= hero.longest * (1 + 1e-9))
    usual = anp.logical_or(anp.logical_not(at.sloping), fits)
    parts, hundredths = anp.ceil(1.0 / fitting - 1e-9), anp.floor(100.0 * fitting) / 100.0
    small = fitting < 0.1
    scale = anp.where(usual, hero.scale, anp.where(small, 1.0 / parts, hundredths))
    told = anp.where(small, parts, hundredths)
    return scale, anp.where(usual, 0.0, anp.where(small, 1.0, 2.0)), told


def _stands(
    view: Still,
    foot: tuple[Any, Any],
    ends: Mapping[str, tuple[Any, Any]],
    shown: Mapping[str, Any],
    tip: tuple[Any, Any],
    turn: Any,
) -> dict[str, tuple[Any, Any, Any]]:
    """Where the arrows' labels stand, away from the other component, and whether they can."""
    away_x, away_y = _against(tip[0]), _against(tip[1])
    toward = {
        "gradient": (-0.4 * away_x, -away_y),
        "by x": (-0.3 * away_x, away_y),
        "by y": (away_x, -0.3 * away_y),
        "u": (anp.cos(turn), anp.sin(turn)),
    }
    named = [
        Named(
            [ends[name], _middle(foot, ends[name])],
            view.halves[f"{name} label"],
            way,
            shown[name],
        )
        for name, way in toward.items()
    ]
    arrows = [Obstacle(foot, end, WIDE[name]) for name, end in ends.items()]
    return dict(
        zip(
            toward,
            place_labels(view.sheet, foot, named, [*arrows, Obstacle(foot, foot, DOT)]),
            strict=True,
        )
    )


def _middle(one: tuple[Any, Any], other: tuple[Any, Any]) -> tuple[Any, Any]:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _against(component: Any) -> Any:
    """The side away from a component: −1 where it is positive or zero, 1 where negative."""
    return anp.where(component < 0, 1.0, -1.0)
