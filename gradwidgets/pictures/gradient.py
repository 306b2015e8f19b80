"""The gradient: an arrow built from the partials, and what it says of every direction."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import Array, Grid, ScalarField
from gradwidgets.calculus.quadratic import norm
from gradwidgets.calculus.slopes import Slope
from gradwidgets.calculus.tracing import value_and_partials
from gradwidgets.calculus.wording import Digits
from gradwidgets.pictures import corner, terrain
from gradwidgets.pictures.placing import Named, Obstacle, Sheet, half_size, place_labels, sheet_of
from gradwidgets.pictures.scene import (
    BY_X,
    BY_Y,
    FAINT,
    GRADIENT,
    HANDLE,
    INK,
    QUIET,
    Arrow,
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
    points,
    row,
)
from gradwidgets.pictures.surface import with_surface

SEEN, LONGEST = 0.28, 0.45  # of the map's width: how long the arrow is drawn where it starts
LEAST = 0.12  # of the map's width: the arrow on the floor of a valley of a map with log levels
NAMED = 0.035  # of the map's width: a component that comes out from under the point
ROOM = 0.08  # of the map's width: for a label beyond the arrow
UNIT = 0.16  # of the map's width: how long the unit vector u is drawn
REACH = 0.25  # of the map's width: how far the level curve through the point is followed
ON_CURVE = 0.004  # of the map's width: how near to the level curve is on it
DOT = 8.0  # pixels: half of the point
WIDE = {"by x": 6.0, "by y": 6.0, "gradient": 7.0, "u": 4.5}  # pixels: half of an arrow's head
CORNER = 0.035  # of the map's width: the side of the right angle's mark
ROUNDING = 1e-12  # of the usual slope: a smaller one is none
TINY = 1e-300
LEVEL_POINTS, LEVEL_STEPS = 31, 6  # of the level curve; Newton's steps from the tangent onto it
ANGLES = tuple(7.5 * step for step in range(49))
FIELD_COLOR = "#E2A382"  # the gradient's hue, pale
MIN_DENSITY, MAX_DENSITY = 5, 25


def gradient_picture(
    field: ScalarField,
    *,
    at: Mapping[str, float] | None = None,
    arrows: bool = True,
    density: int = 13,
    normalized: bool = False,
    view: str = "map",
    levels: str = "auto",
) -> Picture:
    """The map with ∇f at a point, and D_u f over all directions u.

    Args:
        field: a field of two variables.
        at: where the picture opens: the arrow is drawn at a scale that shows it there.
        arrows: whether the field of arrows is drawn, `density` of them along each side.
        normalized: whether those arrows show the direction alone.
        view: "map", "surface" in its place, or "both".
        levels: the spacing of the level curves, "even", "log" or "auto".

    Raises:
        ValueError: a field that has not two variables.
    """
    terrain.check_two_variables(field)
    x, y = field.variables
    grid = field.on_grid(_inner(field, x, density), _inner(field, y, density), order=1)
    width = min(high - low for low, high in field.domain.values())
    field_arrows, field_note = (
        _arrow_field(grid, normalized, width / density) if arrows else ({}, "")
    )
    panel = terrain.map_panel(field, x, y, {}, levels)
    still = _still(field, grid, width)
    place = {control.name: control.start for control in terrain.controls(field)} | dict(at or {})
    hero = _hero(field, tuple(place[name] for name in (x, y)), _lengths(grid), panel)
    angle = Control("angle", "direction of u", 0.0, 360.0, 1.0, 30.0)
    slope, value = terrain.decimals(_lengths(grid)), terrain.decimals(grid.values)
    notes = ("",) * 3 if view == "surface" else _scale_notes(hero.scale, field_note, panel.equal)
    marks = _marks(field, slope, value, notes, panel)
    sheet, halves = (
        sheet_of(panel),
        _label_sizes(marks, float(np.nanmax(_lengths(grid), initial=0))),
    )
    picture = Picture(
        (panel, _directions_panel()),
        _backdrop(field_arrows),
        marks,
        (*terrain.controls(field), angle),
        lambda x, y, angle: _numbers(field, width, hero, still, sheet, halves, x, y, angle),
        field,
    )
    return with_surface(picture, view, at=place)


class _Hero(NamedTuple):
    """How the arrows at the point are drawn."""

    scale: float  # all over the map
    longest: float  # unless they are longer then
    least: float  # or shorter than this


def _hero(field: ScalarField, at: Sequence[float], lengths: Array, panel: Panel) -> _Hero:
    """A round scale at which the gradient at a place is seen, and its tip lies on the map."""
    width = min(high - low for low, high in field.domain.values())
    least = LEAST * width if panel.contours and panel.contours.valley else 0.0
    gradient = field.gradient(at)
    length = math.hypot(*gradient)
    if not 0 < length < terrain.DRAWABLE:
        return _Hero(terrain.arrow_scale(lengths, SEEN * width), LONGEST * width, least)
    ends = zip(gradient, at, field.domain.values(), strict=True)
    rooms = [
        ((high - x if slope > 0 else x - low) - ROOM * width) / abs(slope)
        for slope, x, (low, high) in ends
        if slope
    ]
    most = min(LONGEST * width / length, max(SEEN * width / length, min(rooms)))
    return _Hero(terrain.round_scale(most), LONGEST * width, least)


def _still(field: ScalarField, grid: Grid, width: float) -> float:
    """A length of the gradient that rounding makes where there is none."""
    steepest = float(np.max(_lengths(grid), initial=0.0, where=np.isfinite(_lengths(grid))))
    return ROUNDING * min(steepest, field.height / width) if steepest else 0.0


def _lengths(grid: Grid) -> Array:
    assert grid.gradient is not None
    return np.asarray(np.hypot(*grid.gradient))


def _inner(field: ScalarField, name: str, count: int) -> Array:
    """`count` places over an interval, half a spacing away from its ends."""
    low, high = field.domain[name]
    half = (high - low) / count / 2
    return np.linspace(low + half, high - half, count)


def _backdrop(field_arrows: Numbers) -> Layer:
    zero = Polyline(name="zero", panel="directions", color=FAINT, width=1.0)
    pale = Arrow(name="field", panel="map", color=FIELD_COLOR, width=1.2)
    marks = (zero, pale) if field_arrows else (zero,)
    return Layer(marks, {"zero": np.array([[0.0, 0.0], [360.0, 0.0]]), **field_arrows})


def _arrow_field(grid: Grid, normalized: bool, spacing: float) -> tuple[Numbers, str]:
    """The arrows of the whole field, centred on their places, and a note on their length."""
    assert grid.gradient is not None
    x, y = np.meshgrid(*grid.axes, indexing="ij")
    lengths = _lengths(grid)
    if normalized:
        with np.errstate(divide="ignore"):
            scale: Any = 0.7 * spacing / lengths
        note = "The pale arrows show the direction alone."
    else:
        common = terrain.arrow_scale(lengths, spacing)
        scale, note = common, f"The pale arrows are drawn at {terrain.ratio_text(common)}."
    with np.errstate(invalid="ignore"):
        half_x, half_y = grid.gradient * scale / 2
    ends = np.stack([x - half_x, y - half_y, x + half_x, y + half_y], axis=-1).reshape(-1, 4)
    ends = ends[np.isfinite(ends).all(axis=1)]
    return {"field": ends}, note


def _scale_notes(scale: float, field_note: str, equal: bool) -> tuple[str, ...]:
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


def _label_sizes(marks: Sequence[Mark], steepest: float) -> dict[str, tuple[float, float]]:
    """Half of what the map's labels measure at most."""
    return {
        mark.name: half_size(mark, -steepest)
        for mark in marks
        if isinstance(mark, Label) and mark.panel == "map"
    }


def _directions_panel() -> Panel:
    return Panel(
        "directions",
        (0.0, 360.0),
        (-1.35, 1.35),
        title=r"$D_{\mathbf{u}} f$ in every direction",
        xlabel=r"direction of $\mathbf{u}$ in degrees",
        ylabel=r"$D_{\mathbf{u}} f \;/\; \Vert\nabla f\Vert$",
        xticks=(0, 45, 90, 135, 180, 225, 270, 315, 360),
        left=True,
    )


def _marks(
    field: ScalarField, slope: Digits, value: Digits, notes: tuple[str, ...], panel: Panel
) -> tuple[Mark, ...]:
    """Every primitive in drawing order; `slope` and `value` tell how those are shown."""
    return (
        *_map_marks(field, slope),
        *_direction_marks(slope),
        *_caption_marks(field, slope, value),
        *terrain.kink_captions(field, slope),
        *terrain.levels_caption(panel),
        Label(name="scale note", panel="", color=QUIET, texts=notes),
    )


def _map_marks(field: ScalarField, slope: Digits) -> tuple[Mark, ...]:
    x, y = field.variables
    by_x, by_y, length = (f"{name} = {{.{slope}}}" for name in (f"∂f/∂{x}", f"∂f/∂{y}", "‖∇f‖"))
    return (
        Polyline(name="level tangent", panel="map", color=QUIET, width=1.2, dash=(5, 4)),
        Polyline(name="level curve", panel="map", color=INK, width=1.6),
        Polyline(name="right angle", panel="map", color=INK, width=1.2),
        Polyline(name="rectangle", panel="map", color=QUIET, width=1.0, dash=(2, 3)),
        Arrow(name="u", panel="map", color=INK, width=2.0),
        Arrow(name="by x", panel="map", color=BY_X, width=3.0),
        Arrow(name="by y", panel="map", color=BY_Y, width=3.0),
        Arrow(name="gradient", panel="map", color=GRADIENT, width=4.0),
        Label(name="u label", panel="map", color=INK, texts=("u",)),
        Label(name="by x label", panel="map", color=BY_X, texts=(by_x,)),
        Label(name="by y label", panel="map", color=BY_Y, texts=(by_y,)),
        Label(name="gradient label", panel="map", color=GRADIENT, texts=(length,)),
        Marker(name="point", panel="map", color=HANDLE, moves=(x, y)),
    )


def _direction_marks(slope: Digits) -> tuple[Mark, ...]:
    place = "directions"
    return (
        Polyline(name="cosine", panel=place, color=INK, width=1.8, along=ANGLES),
        Polyline(name="drop", panel=place, color=QUIET, width=1.2, dash=(2, 3)),
        Marker(name="steepest", panel=place, color=GRADIENT, shape="diamond"),
        Marker(name="direction", panel=place, color=HANDLE, moves=("angle", None)),
        Label(name="steepest label", panel=place, color=GRADIENT, texts=("∇f at {.0}°",)),
        Label(name="direction label", panel=place, color=INK, texts=("cos φ = {.2}",)),
        Label(name="along u", panel=place, color=INK, texts=(f"Dᵤf = {{.{slope}}}",), above=True),
    )


def _caption_marks(field: ScalarField, slope: Digits, value: Digits) -> tuple[Mark, ...]:
    dx, dy = (control.digits for control in terrain.controls(field))
    place = f"At ({{.{dx}}}, {{.{dy}}}): f"
    lacks = corner.lacking(field, slope, 5)
    spoken = (
        f"{place} = {{.{value}}}, slope {{.{slope}}} toward {{.0}}°.",
        f"{place} = {{.{value}}} and ∇f = 0: at first order no direction leads uphill.",
        f"{place} is undefined.",
        f"{place} = {{.{value}}}, and there is no finite gradient.",
        *(f"{place} = {{.{value}}}, and there is no gradient: {lack}." for lack in lacks),
    )
    angle = (
        f"u stands at φ = {{.0}}° to ∇f: Dᵤf = {{.{slope}}} · cos φ = {{.{slope}}}. "
        "It is greatest at φ = 0°."
    )
    return (
        Label(name="spoken", panel="", texts=spoken),
        Label(name="angle note", panel="", color=QUIET, texts=(angle,)),
    )


class _Local(NamedTuple):
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


def _local(field: ScalarField, still: float, x: Any, y: Any) -> _Local:
    """A gradient of no more than `still` is rounding's, and has no direction."""
    f, answers = value_and_partials(field.function, (x, y))
    defined = anp.isfinite(f)  # autograd may have an answer even where there is no f
    answers = [anp.where(defined, answer, np.nan) for answer in answers]
    sides = field.slopes((x, y), answers)
    fx, fy = map(corner.told, sides)
    length = norm(fx, fy)
    sloping = anp.logical_and(anp.isfinite(length), length > still)
    over = anp.where(sloping, length, np.nan)
    return _Local(x, y, f, fx, fy, answers, length, sloping, fx / over, fy / over, sides)


def _numbers(
    field: ScalarField,
    width: float,
    hero: _Hero,
    still: float,
    sheet: Sheet,
    halves: Mapping[str, tuple[float, float]],
    x: Any,
    y: Any,
    angle: Any,
) -> Numbers:
    at = _local(field, still, x, y)
    toward = anp.arctan2(at.fy, at.fx) * (180 / np.pi) % 360.0
    return {
        "level curve": _level_curve(field, width, at),
        **_perpendicular(width, at),
        **_arrows(width, hero, sheet, halves, at, angle),
        **_direction(at, toward, angle),
        **_captions(at, toward, angle),
        **terrain.kink_numbers(field, (x, y), at.answers),
        terrain.LEVELS_NOTE: caption(0.0),
    }


def _perpendicular(width: float, at: _Local) -> Numbers:
    """The level curve's tangent, and the right angle between it and the gradient."""
    x, y, nx, ny = at.x, at.y, at.nx, at.ny
    far, near = REACH * width, CORNER * width
    return {
        "level tangent": points((x - far * ny, y + far * nx), (x + far * ny, y - far * nx)),
        "right angle": points(
            (x - near * ny, y + near * nx),
            (x - near * ny + near * nx, y + near * nx + near * ny),
            (x + near * nx, y + near * ny),
        ),
    }


def _arrows(
    width: float,
    hero: _Hero,
    sheet: Sheet,
    halves: Mapping[str, tuple[float, float]],
    at: _Local,
    angle: Any,
) -> Numbers:
    """The gradient as the sum of its components, and a number beside each long enough to name."""
    scale, case, told = _scale(hero, at)
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
    stands = _stands(sheet, halves, foot, ends, shown, (dx, dy), turn)
    return {
        "point": row(*foot),
        "rectangle": points(ends["by x"], ends["gradient"], ends["by y"]),
        **{name: row(*foot, *end) for name, end in ends.items()},
        **{f"{name} label": beside(*stands[name], value) for name, value in values.items()},
        "scale note": caption(case, told),
    }


def _scale(hero: _Hero, at: _Local) -> tuple[Any, Any, Any]:
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
    sheet: Sheet,
    halves: Mapping[str, tuple[float, float]],
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
            halves[f"{name} label"],
            way,
            shown[name],
        )
        for name, way in toward.items()
    ]
    arrows = [Obstacle(foot, end, WIDE[name]) for name, end in ends.items()]
    return dict(
        zip(
            toward,
            place_labels(sheet, foot, named, [*arrows, Obstacle(foot, foot, DOT)]),
            strict=True,
        )
    )


def _middle(one: tuple[Any, Any], other: tuple[Any, Any]) -> tuple[Any, Any]:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _against(component: Any) -> Any:
    """The side away from a component: −1 where it is positive or zero, 1 where negative."""
    return anp.where(component < 0, 1.0, -1.0)


def _direction(at: _Local, toward: Any, angle: Any) -> Numbers:
    """D_u f over all directions, with u's own marked."""
    turn = angle * (np.pi / 180)
    ux, uy = anp.cos(turn), anp.sin(turn)
    cosine = anp.where(at.sloping, at.nx * ux + at.ny * uy, 0.0)
    every = anp.cos((np.array(ANGLES) - toward) * (np.pi / 180))
    peak = anp.where(at.sloping, toward, np.nan)
    known = anp.isfinite(at.length)
    rising = anp.sin((angle - toward) * (np.pi / 180)) < 0
    under = anp.logical_or(rising, cosine > 0.6)  # below the crest, away from the gradient's label
    free = (
        anp.where(anp.logical_and(under, anp.logical_not(rising)), -1.0, 1.0),
        anp.where(under, -1.0, 1.0),
    )
    return {
        "cosine": anp.where(at.sloping, every, anp.where(known, 0.0, np.nan)),
        "drop": points((angle, 0.0), (angle, cosine)),
        "steepest": row(peak, 1.0),
        "direction": row(angle, cosine),
        "steepest label": beside((toward, 1.0), (0.0, 1.0), at.sloping, toward),
        "direction label": beside((angle, cosine), free, at.sloping, cosine),
        "along u": beside((360.0, 1.35), (0.0, 1.0), known, at.length * cosine),
    }


def _captions(at: _Local, toward: Any, angle: Any) -> Numbers:
    finite, known = anp.isfinite(at.f), anp.isfinite(at.length)
    lacking = 3.0 + corner.which(at.sides)
    case = anp.where(at.sloping, 0.0, anp.where(known, 1.0, anp.where(finite, lacking, 2.0)))
    ends = [end for both in at.sides for end in (both.left, both.right)]
    phi = anp.abs((angle - toward + 180.0) % 360.0 - 180.0)
    slope = at.length * anp.cos(phi * (np.pi / 180))
    return {
        "spoken": caption(case, at.x, at.y, at.f, at.length, toward, *ends),
        "angle note": caption(anp.where(at.sloping, 0.0, -1.0), phi, at.length, slope),
    }


def _level_curve(field: ScalarField, width: float, at: _Local) -> Any:
    """The level curve through the point: from f itself, not from the gradient's direction there.

    Places on the tangent take Newton's steps (c − f)∇f/‖∇f‖² until they lie on f = c; those that
    do not arrive are left out.
    """
    reach, longest = REACH * width, 0.1 * width
    offsets = np.linspace(-reach, reach, LEVEL_POINTS)
    x, y = at.x - offsets * at.ny, at.y + offsets * at.nx
    for _ in range(LEVEL_STEPS):
        f, (fx, fy) = value_and_partials(field.function, (x, y))
        steepness = norm(fx, fy) + TINY
        distance = anp.clip((at.f - f) / steepness, -longest, longest)
        x, y = x + distance * fx / steepness, y + distance * fy / steepness
    lost = 1.0 * (anp.abs(distance) > ON_CURVE * width)
    torn = _torn(field, at.f, ON_CURVE * width, x, y)
    shown = _outward(lost, torn) == 0
    return anp.stack([anp.where(shown, x, np.nan), anp.where(shown, y, np.nan)], axis=1)


def _torn(field: ScalarField, level: Any, tolerance: float, x: Any, y: Any) -> Any:
    """Which pieces between neighbouring places would be drawn beside the curve."""
    between = ((x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2)
    f, (fx, fy) = value_and_partials(field.function, between)
    away = anp.abs(f - level) / (norm(fx, fy) + TINY)
    return 1.0 - (away < tolerance)


def _outward(lost: Any, torn: Any) -> Any:
    """How many faults lie between the middle of the curve and each of its places."""
    middle = LEVEL_POINTS // 2
    right = anp.cumsum(lost[middle:] + anp.concatenate([np.zeros(1), torn[middle:]]))
    left = anp.cumsum((lost[: middle + 1] + anp.concatenate([torn[:middle], np.zeros(1)]))[::-1])
    return anp.concatenate([left[::-1][:-1], right])
