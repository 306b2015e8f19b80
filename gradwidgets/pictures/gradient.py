"""The gradient: an arrow built from the partials, and what it says of every direction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.grid import Grid
from gradwidgets.calculus.quadratic import cleared
from gradwidgets.calculus.tracing import value_and_partials
from gradwidgets.calculus.types import Array
from gradwidgets.calculus.wording import Digits
from gradwidgets.pictures import corner, terrain
from gradwidgets.pictures.arrows import (
    LEAST,
    USUAL,
    Local,
    Still,
    arrows_at_point,
    dust_of,
    halves_of,
    lengths_at,
    lengths_on,
    local,
    scale_notes,
)
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.framing import range_of
from gradwidgets.pictures.ground import PaleArrows
from gradwidgets.pictures.marks import Arrow, Label, Mark, Marker, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, caption, points, row
from gradwidgets.pictures.pale import FIELD_NOTE, inner, pale_arrows
from gradwidgets.pictures.palette import (
    BY_X,
    BY_Y,
    GRADIENT,
    GUIDE,
    HANDLE,
    INK,
    QUIET,
)
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.placing import sheet_of
from gradwidgets.pictures.scene import Layer
from gradwidgets.pictures.surface import with_surface
from gradwidgets.pictures.window import (
    as_seen,
    is_domain,
    shorter,
    sides,
    window_inputs,
    window_of,
)

REACH = 0.25  # of the map's width: how far the level curve through the point is followed
ON_CURVE = 0.004  # of the map's width: how near to the level curve is on it
CORNER = 0.035  # of the map's width: the side of the right angle's mark
LEVEL_POINTS, LEVEL_STEPS = 31, 6  # of the level curve; Newton's steps from the tangent onto it
TINY = 1e-300  # of the slope at the point: a slope that leads nowhere
VALLEY = "valley of levels"
FAINT_CASE = 7.0  # the last of what is spoken: a gradient that rounding may have made
ANGLE = Control("angle", "direction of u", 0.0, 360.0, 1.0, 30.0, symbol="u", unit="°")
ANGLES = tuple(7.5 * step for step in range(49))
MIN_DENSITY, MAX_DENSITY = 5, 25


def gradient_picture(
    field: ScalarField,
    *,
    arrows: bool = True,
    density: int = 13,
    normalized: bool = False,
    view: str = "map",
    levels: str = "auto",
) -> Picture:
    """The map with ∇f at a point, and D_u f over all directions u.

    Args:
        field: a field of two variables.
        arrows: whether the field of arrows is drawn, `density` of them along each side.
        normalized: whether those arrows show the direction alone.
        view: "map", "surface" in its place, or "both".
        levels: the spacing of the level curves, "even", "log" or "auto".

    Raises:
        ValueError: a field that has not two variables.
    """
    terrain.check_two_variables(field)
    grid = field.on_grid(*(inner(ends, density) for ends in field.domain.values()), order=1)
    (x, y), alone = field.variables, view == "surface"
    panel, note = terrain.map_panel(field, x, y, {}, levels), ""
    if arrows and not alone:
        panel, note = _with_arrows(panel, grid, normalized)
    marks = _marks(field, grid, (note, *scale_notes(panel.equal, alone)), panel)
    still = _still(field, panel, marks, _lengths(grid))
    picture = Picture(
        (panel, _directions_panel()),
        _backdrop(),
        marks,
        (*terrain.controls(field), ANGLE),
        lambda **at: _numbers(field, _seen(field, still, density, at), at),
        field,
        ambient=(*window_inputs(field), _valley(panel)),
        outputs=(range_of("map"),),
    )
    return with_surface(picture, view)


def _lengths(grid: Grid) -> Array:
    assert grid.gradient is not None
    return np.asarray(np.hypot(*grid.gradient))


# ── what only the window moves ───────────────────────────────────────────────────────────────────


def _valley(panel: Panel) -> Control:
    """Whether even levels would leave the map half empty: then no arrow is very short."""
    valley = panel.contours is not None and panel.contours.valley
    return Control(VALLEY, "whether there is a valley", 0.0, 1.0, 1.0, float(valley))


def _still(field: ScalarField, panel: Panel, marks: Sequence[Mark], lengths: Array) -> Still:
    """The map at present; the size of labels, and what counts as no slope, stay through a pan."""
    steepest = float(np.max(lengths, initial=0.0, where=np.isfinite(lengths)))
    width = min(sides(field.domain.values()))
    usual = terrain.arrow_scale(lengths, USUAL * width)
    drawn = lengths_on(width, usual)
    sheet, halves = sheet_of(panel.x, panel.y, panel.equal), halves_of(marks, steepest)
    return Still(width, dust_of(field, steepest), drawn, sheet, halves, panel.equal)


def _seen(field: ScalarField, still: Still, density: int, at: Mapping[str, Any]) -> Still:
    """The map through the window that a program's inputs tell."""
    window, valley = window_of(field, at), at[VALLEY]
    if is_domain(window, field):
        least = LEAST * still.width * valley
        return still._replace(drawn=still.drawn._replace(least=least))
    x, y = window.values()
    lengths = lengths_at(field, inner(x, density), inner(y, density))
    width = shorter(*sides((x, y)))
    usual = terrain.arrow_scale_of(lengths, USUAL * width)
    return still._replace(
        width=width,
        drawn=lengths_on(width, usual, valley),
        sheet=sheet_of(x, y, still.equal),
    )


def _backdrop() -> Layer:
    zero = Polyline(name="zero", panel="directions", color=GUIDE, width=1.0)
    return Layer((zero,), {"zero": np.array([[0.0, 0.0], [360.0, 0.0]])})


def _with_arrows(panel: Panel, grid: Grid, normalized: bool) -> tuple[Panel, str]:
    """The map under the arrows of the whole field, and a note on their length."""
    assert panel.terrain is not None
    assert panel.contours is not None
    ends, note = pale_arrows(grid, normalized)
    drawn = replace(panel.terrain, arrows=PaleArrows(len(grid.axes[0]), normalized))
    return replace(panel, terrain=drawn, contours=replace(panel.contours, arrows=ends)), note


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
    field: ScalarField, grid: Grid, notes: tuple[str, ...], panel: Panel
) -> tuple[Mark, ...]:
    """Every primitive in drawing order; values on the grid tell how many decimals to show."""
    slope, value = terrain.decimals(_lengths(grid)), terrain.decimals(grid.values)
    return (
        *_map_marks(field, slope),
        *_direction_marks(slope),
        *_caption_marks(field, slope, value),
        *terrain.kink_captions(field),
        terrain.levels_caption(panel),
        Label(name=FIELD_NOTE, panel="", color=QUIET, texts=notes[:1]),
        Label(name="scale note", panel="", color=QUIET, texts=notes[1:]),
    )


def _map_marks(field: ScalarField, slope: Digits) -> tuple[Mark, ...]:
    x, y = field.variables
    by_x, by_y, length = (f"{name} = {{.{slope}}}" for name in (f"∂f/∂{x}", f"∂f/∂{y}", "‖∇f‖"))
    return (
        Polyline(name="level tangent", panel="map", color=QUIET, width=1.2, dash=(5, 4)),
        Polyline(name="level curve", panel="map", color=INK, width=1.6),
        Polyline(name="right angle", panel="map", color=INK, width=1.2),
        Polyline(name="rectangle", panel="map", color=QUIET, width=1.0, dash=(2, 3)),
        Arrow(name="u", panel="map", color=INK, width=2.0, free=True),
        Arrow(name="by x", panel="map", color=BY_X, width=3.0, free=True),
        Arrow(name="by y", panel="map", color=BY_Y, width=3.0, free=True),
        Arrow(name="gradient", panel="map", color=GRADIENT, width=4.0, free=True),
        Label(name="u label", panel="map", color=INK, texts=("u",), free=True),
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
        Label(name="along u", panel=place, color=INK, texts=(f"Dᵤf = {{5.{slope}}}",), above=True),
    )


def _caption_marks(field: ScalarField, slope: Digits, value: Digits) -> tuple[Mark, ...]:
    dx, dy = (control.digits for control in terrain.controls(field))
    place = f"At ({{.{dx}+}}, {{.{dy}+}}): f"
    lacks = corner.lacking(field, slope, 5)
    partials = " and ".join(
        f"∂f/∂{name} = {{.{slope}@{slot}}}"
        for name, slot in zip(field.variables, (9, 10), strict=True)
    )
    spoken = (
        f"{place} = {{.{value}}}, slope {{.{slope}}} toward {{.0}}°.",
        f"{place} = {{.{value}}} and ∇f = 0: at first order no direction leads uphill.",
        f"{place} is undefined.",
        f"{place} = {{.{value}}}, and there is no finite gradient.",
        *(f"{place} = {{.{value}}}, and there is no gradient: {lack}." for lack in lacks),
        f"{place} = {{g}}, ‖∇f‖ = {{g}}: next to nothing beside the slopes around, so that no "
        "direction is shown.",
        f"{place} = {{.{value}}}. Both partials are 0, but f has no tangent plane here: "
        "they tell nothing of the other directions.",
        f"{place} = {{.{value}}}. There are both partials, {partials}, "
        "but f has no tangent plane here, and so no gradient.",
    )
    angle = (
        f"u stands at φ = {{.0}}° to ∇f: Dᵤf = {{.{slope}}} · cos φ = {{.{slope}}}. "
        "It is greatest at φ = 0°."
    )
    return (
        Label(name="spoken", panel="", texts=spoken),
        Label(name="angle note", panel="", color=QUIET, texts=(angle,)),
    )


def _numbers(field: ScalarField, view: Still, values: Mapping[str, Any]) -> Numbers:
    angle, window = values["angle"], window_of(field, values)
    at, width = local(field, view.dust, *(values[name] for name in field.variables)), view.width
    toward = anp.arctan2(at.fy, at.fx) * (180 / np.pi) % 360.0
    return {
        "level curve": _level_curve(field, width, at),
        **_perpendicular(width, at),
        **arrows_at_point(view, at, angle),
        **_direction(at, toward, angle),
        **_captions(at, toward, angle),
        **terrain.kink_numbers(field.variables, at.sides, at.answers),
        terrain.LEVELS_NOTE: caption(0.0),
        FIELD_NOTE: caption(0.0),
        range_of("map"): as_seen(*window.values()),
    }


def _perpendicular(width: Any, at: Local) -> Numbers:
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


def _direction(at: Local, toward: Any, angle: Any) -> Numbers:
    """D_u f over all directions, with u's own marked."""
    turn = angle * (np.pi / 180)
    ux, uy = anp.cos(turn), anp.sin(turn)
    cosine = anp.where(at.sloping, cleared(at.nx * ux + at.ny * uy, 1.0), 0.0)
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


def _captions(at: Local, toward: Any, angle: Any) -> Numbers:
    finite, known = anp.isfinite(at.f), anp.isfinite(at.length)
    lacking = 3.0 + corner.which(at.sides)
    level = anp.where(at.length > 0, FAINT_CASE, 1.0)
    case = anp.where(at.sloping, 0.0, anp.where(known, level, anp.where(finite, lacking, 2.0)))
    plain = anp.logical_and(at.fx == 0.0, at.fy == 0.0)
    torn = anp.where(plain, FAINT_CASE + 1.0, FAINT_CASE + 2.0)
    case = anp.where(anp.logical_and(finite, at.torn), torn, case)
    ends = [end for both in at.sides for end in (both.left, both.right)]
    phi = anp.abs((angle - toward + 180.0) % 360.0 - 180.0)
    slope = at.length * cleared(anp.cos(phi * (np.pi / 180)), 1.0)
    return {
        "spoken": caption(case, at.x, at.y, at.f, at.length, toward, *ends, at.fx, at.fy),
        "angle note": caption(anp.where(at.sloping, 0.0, -1.0), phi, at.length, slope),
    }


def _level_curve(field: ScalarField, width: Any, at: Local) -> Any:
    """The level curve through the point: from f itself, not from the gradient's direction there.

    Places on the tangent take Newton's steps (c − f)∇f/‖∇f‖² until they lie on f = c; those that
    do not arrive are left out.
    """
    level, reach, longest = _Level(field, at), REACH * width, 0.1 * width
    offsets = reach * np.linspace(-1.0, 1.0, LEVEL_POINTS)
    x, y = at.x - offsets * at.ny, at.y + offsets * at.nx
    for _ in range(LEVEL_STEPS):
        away, nx, ny = level.seen_from(x, y)
        distance = anp.clip(away, -longest, longest)
        x, y = x + distance * nx, y + distance * ny
    lost = 1.0 * (anp.abs(distance) > ON_CURVE * width)
    torn = _torn(level, ON_CURVE * width, x, y)
    shown = _outward(lost, torn) == 0
    return anp.stack([anp.where(shown, x, np.nan), anp.where(shown, y, np.nan)], axis=1)


class _Level(NamedTuple):
    """The level of f at a point, seen from other places."""

    field: ScalarField
    at: Local

    def seen_from(self, x: Any, y: Any) -> tuple[Any, Any, Any]:
        """How far it is away along ∇f, were f linear; the unit vector along ∇f, 0 if it is 0."""
        f, (fx, fy) = value_and_partials(self.field.function, (x, y))
        steepness = anp.hypot(fx, fy) + TINY * self.at.length
        return (self.at.f - f) / steepness, fx / steepness, fy / steepness


def _torn(level: _Level, tolerance: Any, x: Any, y: Any) -> Any:
    """Which pieces between neighbouring places would be drawn beside the curve."""
    away, _, _ = level.seen_from((x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2)
    return 1.0 - (anp.abs(away) < tolerance)


def _outward(lost: Any, torn: Any) -> Any:
    """How many faults lie between the middle of the curve and each of its places."""
    middle = LEVEL_POINTS // 2
    right = anp.cumsum(lost[middle:] + anp.concatenate([np.zeros(1), torn[middle:]]))
    left = anp.cumsum((lost[: middle + 1] + anp.concatenate([torn[:middle], np.zeros(1)]))[::-1])
    return anp.concatenate([left[::-1][:-1], right])
