"""The surface of a field of two variables, seen from an angle above the plane of its inputs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.types import Array, Interval
from gradwidgets.calculus.typeset import symbol
from gradwidgets.calculus.wording import Digits
from gradwidgets.pictures import terrain
from gradwidgets.pictures.arrows import Lengths, lengths_at, scale_texts
from gradwidgets.pictures.box import (
    ABOVE,
    BELOW,
    FLOOR,
    HIGH,
    LOW,
    WIDE,
    Box,
    heights_of,
    placed,
    still_numbers,
)
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.framing import range_of
from gradwidgets.pictures.marks import Arrow, Label, Mark, Marker, Polyline, Surface
from gradwidgets.pictures.numbers import Numbers, row
from gradwidgets.pictures.palette import (
    BY_X,
    BY_Y,
    FAINT,
    FLOOR_FILL,
    GRADIENT,
    HANDLE,
    INK,
    LEVEL_LINE,
    MESH_HIGH,
    MESH_LINE,
    MESH_LOW,
    MODEL,
    PLANE_FILL,
    QUIET,
)
from gradwidgets.pictures.panels import Panel, Space
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.scene import Layer
from gradwidgets.pictures.tangent_plane import At, at_point, point_numbers
from gradwidgets.pictures.window import (
    Ends,
    Window,
    ends_inputs,
    ends_of,
    evenly,
    is_domain,
    shorter,
    window_of,
)

VIEWS = ("map", "surface", "both")
PANEL = "surface"
SEEN = "values seen"  # the ends of what the surface tells apart
BOX = "surface box"  # an output: the middle of the window, a unit along x and y, the ends of SEEN
AZIMUTH = Control("azimuth", "azimuth", -180.0, 180.0, 0.5, -30.0, cyclic=True, unit="°")
ELEVATION = Control("elevation", "elevation", 10.0, 80.0, 0.5, 30.0, unit="°")

MESH = 61  # places along a side of the mesh
LONGEST = 1.2  # the gradient at a steep point
ARROWS = 13  # places along a side that tell its scale


def with_surface(picture: Picture, view: str, *, second: bool = False) -> Picture:
    """A picture of a field of two variables with the surface in its map's place, or beside it.

    Args:
        picture: its first panel is the field's map, with level curves, and among its controls
            are the field's coordinates.
        view: one of `VIEWS`; "map" leaves the picture as it is.
        second: whether the second-order model is drawn.

    Raises:
        ValueError: a field that has not two variables.
    """
    if view == "map":
        return picture
    field, mapped = picture.field, picture.panels[0]
    assert field is not None
    terrain.check_two_variables(field)
    surface = _surface(field, mapped, view == "surface")
    kept = _without_map(picture) if view == "surface" else picture
    own = (*_floor_marks(field), *_surface_marks(second), *_handles(field))
    marks = (*own, *kept.marks) if view == "surface" else (*kept.marks, *own)
    maps = 1 if view == "both" else 0

    def compute(azimuth: Any, elevation: Any, **others: Any) -> Numbers:  # it is seen by painters
        x, y = (others[name] for name in field.variables)
        box = _box(surface, window_of(field, others), ends_of(SEEN, others))
        return {**picture.compute(**others), **_numbers(box, at_point(field, x, y, second))}

    return replace(
        kept,
        panels=(*kept.panels[:maps], surface.panel, *kept.panels[maps:]),
        marks=(*marks, _note(surface)),
        controls=(*picture.controls, AZIMUTH, ELEVATION),
        compute=compute,
        ambient=(*picture.ambient, *ends_inputs(SEEN, surface.values)),
        outputs=(*kept.outputs, BOX),
    )


def _without_map(picture: Picture) -> Picture:
    """The picture without its map and what is drawn in it."""
    backdrop = tuple(mark for mark in picture.backdrop.marks if mark.panel != "map")
    return replace(
        picture,
        panels=tuple(panel for panel in picture.panels if panel.name != "map"),
        backdrop=Layer(
            backdrop, {mark.name: picture.backdrop.numbers[mark.name] for mark in backdrop}
        ),
        marks=tuple(mark for mark in picture.marks if mark.panel != "map"),
        outputs=tuple(name for name in picture.outputs if name != range_of("map")),
    )


# ── the surface in its panel ─────────────────────────────────────────────────────────────────────


class _Surface(NamedTuple):
    """A field with the panel that shows its surface."""

    field: ScalarField
    panel: Panel
    space: Space
    values: Interval  # that the mesh shows
    drawn: Lengths  # how the gradient's arrow is drawn
    slope: Digits  # of slopes


def _surface(field: ScalarField, mapped: Panel, alone: bool) -> _Surface:
    """The surface over the whole domain of a map; alone it bears the field's definition."""
    assert mapped.terrain is not None
    assert mapped.contours is not None
    levels, (across, up) = mapped.contours.levels, field.variables
    axes = [field.axis(name, MESH) for name in field.variables]
    values = field.on_grid(*axes).values
    span = terrain.value_range(values)
    inside = np.array([level for level in levels if span[0] < level < span[1]])
    centre, half = _floor(field)
    x, y = ((axis - c) / h for axis, c, h in zip(axes, centre, half, strict=True))
    curves = tuple(dict.fromkeys(heights_of(span, inside).tolist()))
    heights = heights_of(span, values)
    space = Space(x, y, heights, curves, FLOOR, centre, half, LOW, HIGH, BOX)
    above = f"$z = f({', '.join(map(symbol, field.variables))})$"
    panel = Panel(
        PANEL,
        (-WIDE, WIDE),
        (-BELOW, ABOVE),
        title=terrain.title(field) if alone else above,
        equal=True,
        terrain=replace(mapped.terrain, across=across, up=up, arrows=None),
        contours=mapped.contours,
        space=space,
        tall=1.5,
    )
    lengths = _lengths(field)
    longest = LONGEST * min(half)
    drawn = Lengths(longest / terrain.arrow_scale(lengths, longest), longest)
    return _Surface(field, panel, space, span, drawn, terrain.decimals(lengths))


def _lengths(field: ScalarField) -> Array:
    """The gradient's length all over the domain."""
    gradient = field.on_grid(*(field.axis(n, ARROWS) for n in field.variables), order=1).gradient
    assert gradient is not None
    return np.asarray(np.hypot(*gradient))


def _floor(field: ScalarField) -> tuple[tuple[float, float], tuple[float, float]]:
    """The middle of the domain, and how much of it is a unit of the box."""
    equal = terrain.same_scale(*field.domain.values())
    left, bottom, width, depth = placed(field.domain, equal)
    return (left, bottom), (width, depth)


def _box(surface: _Surface, window: Window, values: Ends) -> Box:
    """The box for a window and for the values to tell apart."""
    field, domain = surface.field, surface.field.domain
    x, y, half_x, half_y = placed(window, terrain.same_scale(*domain.values()))
    drawn = surface.drawn if is_domain(window, field) else _drawn(field, window, (half_x, half_y))
    known = [
        anp.where(end == own, 0.0, 1.0)
        for name in field.variables
        for end, own in zip(window[name], domain[name], strict=True)
    ]
    return Box(window, values, drawn, field.function, (x, y), half_x, half_y, known)


def _drawn(field: ScalarField, window: Window, half: tuple[Any, Any]) -> Lengths:
    """How the gradient's arrow is drawn in a window."""
    lengths = lengths_at(field, *(evenly(ends, ARROWS) for ends in window.values()))
    longest = LONGEST * shorter(*half)
    return Lengths(longest / terrain.arrow_scale_of(lengths, longest), longest)


def _numbers(box: Box, at: At) -> Numbers:
    """The numbers of all marks of the surface, and the box itself."""
    return {
        **still_numbers(box),
        **point_numbers(box, at),
        BOX: row(*box.centre, box.half_x, box.half_y, *box.values),
    }


# ── marks ────────────────────────────────────────────────────────────────────────────────────────


def _floor_marks(field: ScalarField) -> tuple[Mark, ...]:
    return (
        Polyline(name="floor", panel=PANEL, color=FAINT, width=1.0, fill=FLOOR_FILL),
        Surface(name="floor levels", panel=PANEL, color=LEVEL_LINE, flat=True),
        Polyline(name="floor drop", panel=PANEL, color=QUIET, width=1.2, dash=(2, 3)),
        Arrow(name="floor by x", panel=PANEL, color=BY_X, width=2.2),
        Arrow(name="floor by y", panel=PANEL, color=BY_Y, width=2.2),
        Arrow(name="floor gradient", panel=PANEL, color=GRADIENT, width=4.0),
    )


def _surface_marks(second: bool) -> tuple[Mark, ...]:
    purple = (
        (Polyline(name="surface model", panel=PANEL, color=MODEL, width=1.2),) if second else ()
    )
    return (
        Surface(name="surface mesh", panel=PANEL, color=MESH_LINE, low=MESH_LOW, high=MESH_HIGH),
        Polyline(name="surface slice x", panel=PANEL, color=BY_X, width=2.0),
        Polyline(name="surface slice y", panel=PANEL, color=BY_Y, width=2.0, dash=(7, 3)),
        *purple,
        Polyline(name="surface plane", panel=PANEL, color=GRADIENT, width=0.8, fill=PLANE_FILL),
        Polyline(name="surface tangent x", panel=PANEL, color=BY_X, width=3.0),
        Polyline(name="surface tangent y", panel=PANEL, color=BY_Y, width=3.0),
        Marker(name="surface point", panel=PANEL, color=INK, size=8),
        Arrow(name="surface uphill", panel=PANEL, color=INK, width=2.6),
        Label(
            name="surface uphill label", panel=PANEL, color=INK, size=12, texts=("uphill tangent",)
        ),
    )


def _handles(field: ScalarField) -> tuple[Mark, ...]:
    """Names on the floor, the point to drag there, and the knob that turns the view."""
    ends = (
        Label(
            name=f"floor {end} {axis}",
            panel=PANEL,
            color=QUIET,
            size=11,
            texts=texts,
            front=True,
        )
        for axis, name in zip("xy", field.variables, strict=True)
        for end, texts in zip(("low", "name", "high"), _texts(field, name), strict=True)
    )
    x, y = field.variables
    return (
        *ends,
        Label(name="floor gradient label", panel=PANEL, color=GRADIENT, texts=("∇f",)),
        Marker(name="floor point", panel=PANEL, color=HANDLE, moves=(x, y)),
        Label(
            name="turn label",
            panel=PANEL,
            color=QUIET,
            size=11,
            aside=14,
            texts=("turn",),
            pinned=True,
        ),
        Marker(
            name="turn",
            panel=PANEL,
            color=HANDLE,
            shape="diamond",
            moves=("azimuth", "elevation"),
            pinned=True,
        ),
    )


def _note(surface: _Surface) -> Mark:
    """The line below the picture: which vector has how many components."""
    two = f"{{.{surface.slope}@0}}, {{.{surface.slope}@1}}"
    notes = tuple(
        f"∇f = ({two}) has one component for each variable: it lies in the plane below"
        f"{told and f', drawn at {told}'.replace('}', '@3}')}. "
        f"The uphill tangent on the surface, ({two}, {{g@2}}), has ‖∇f‖² as its third."
        for told in scale_texts("its")
    )
    return Label(name="surface note", panel="", color=QUIET, texts=notes)


def _texts(field: ScalarField, name: str) -> tuple[tuple[str, ...], ...]:
    """What stands at both ends of an axis: the domain's ends in full, others in three digits."""
    low, high = (f"{end:g}".replace("-", "−") for end in field.domain[name])
    return (low, "{g}"), (name,), (high, "{g}")
