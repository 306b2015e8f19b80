"""The surface of a field of two variables, seen from an angle above the plane of its inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import Array, Interval, ScalarField
from gradwidgets.calculus.tracing import value_and_partials, value_partials_and_seconds
from gradwidgets.calculus.typeset import symbol
from gradwidgets.calculus.wording import Digits
from gradwidgets.pictures import corner, terrain
from gradwidgets.pictures.arrows import Lengths, lengths_at, scale_of, scale_texts
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.framing import range_of
from gradwidgets.pictures.marks import Arrow, Label, Mark, Marker, Polyline, Surface
from gradwidgets.pictures.numbers import Numbers, beside, caption, points, row
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
from gradwidgets.pictures.window import (
    Ends,
    Window,
    ends_inputs,
    ends_of,
    evenly,
    is_domain,
    longer,
    shorter,
    window_of,
)

VIEWS = ("map", "surface", "both")
PANEL = "surface"
SEEN = "values seen"  # the ends of what the surface tells apart
BOX = "surface box"  # an output: the middle of the window, a unit along x and y, the ends of SEEN
AZIMUTH = Control("azimuth", "azimuth", -180.0, 180.0, 0.5, -30.0, cyclic=True, unit="°")
ELEVATION = Control("elevation", "elevation", 10.0, 80.0, 0.5, 30.0, unit="°")

# Lengths in the box; its floor reaches from −1 to 1.
FLOOR, LOW, HIGH = -1.05, -0.3, 0.75  # heights of the floor, of the least and the greatest value
WIDE, BELOW, ABOVE = 1.72, 1.84, 1.6  # what the panel shows: enough for every turn of the box
MESH, SLICE_POINTS = 61, 61
SIDE = 0.3  # half the side of the tangent plane
LONGEST = 1.2  # the gradient at a steep point
ARROWS = 13  # places along a side that tell its scale
OUT, UPHILL = 0.5, 0.7  # how long the uphill tangent is drawn: to be seen, and at most
STRETCH = 4.0  # so much at most it is lengthened to be seen
KNOB = 0.14  # the place of the knob that turns the view: so far from the panel's corner

MODEL_REACH, MODEL_LINES, MODEL_POINTS = 0.55, 5, 9  # of the second-order model's mesh
MODEL_ABOVE = 0.3  # how far it is followed beyond the surface's range


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
        return {**picture.compute(**others), **_numbers(box, _at(field, x, y, second))}

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


# ── what stands still ────────────────────────────────────────────────────────────────────────────


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
    curves = tuple(dict.fromkeys(_heights(span, inside).tolist()))
    heights = _heights(span, values)
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
    left, bottom, width, depth = _placed(field.domain, equal)
    return (left, bottom), (width, depth)


def _placed(window: Window, equal: bool) -> tuple[Any, Any, Any, Any]:
    """The middle of a window, and how much of it is a unit of the box along x and along y."""
    middle = [(low + high) / 2 for low, high in window.values()]
    half = [(high - low) / 2 for low, high in window.values()]
    if equal:
        half = [longer(*half)] * 2
    return middle[0], middle[1], half[0], half[1]


def _heights(span: Ends, values: Any) -> Any:
    """Heights of values in the box; what is beyond the range stands at its end."""
    share = (values - span[0]) / _span(span)
    known = anp.where(anp.isfinite(values), share, np.nan)
    return LOW + (HIGH - LOW) * anp.minimum(anp.maximum(known, 0.0), 1.0)


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
        Label(name="turn label", panel=PANEL, color=QUIET, size=11, texts=("turn",), pinned=True),
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


def _span(values: Ends) -> Any:
    """How far values reach; 1 where they are all one."""
    reach = values[1] - values[0]
    return anp.where(reach > 0, reach, 1.0)


def _box(surface: _Surface, window: Window, values: Ends) -> _Box:
    """The box for a window and for the values to tell apart."""
    field, domain = surface.field, surface.field.domain
    x, y, half_x, half_y = _placed(window, terrain.same_scale(*domain.values()))
    drawn = surface.drawn if is_domain(window, field) else _drawn(field, window, (half_x, half_y))
    known = [
        anp.where(end == own, 0.0, 1.0)
        for name in field.variables
        for end, own in zip(window[name], domain[name], strict=True)
    ]
    return _Box(window, values, drawn, field.function, (x, y), half_x, half_y, known)


def _drawn(field: ScalarField, window: Window, half: tuple[Any, Any]) -> Lengths:
    """How the gradient's arrow is drawn in a window."""
    lengths = lengths_at(field, *(evenly(ends, ARROWS) for ends in window.values()))
    longest = LONGEST * shorter(*half)
    return Lengths(longest / terrain.arrow_scale_of(lengths, longest), longest)


# ── what moves ───────────────────────────────────────────────────────────────────────────────────


class _At(NamedTuple):
    """A place of the field: its coordinates, f, its partial and its second partial derivatives.

    A partial derivative is NaN where there is none, and the second ones where one of them is.
    """

    x: Any
    y: Any
    f: Any
    fx: Any
    fy: Any
    seconds: Any  # (f_xx, f_xy, f_yy), or nothing where no model is drawn


def _at(field: ScalarField, x: Any, y: Any, second: bool) -> _At:
    seconds: Any = ()
    if second:
        f, partials, ((fxx, fxy), (_, fyy)) = value_partials_and_seconds(field.function, (x, y))
        seconds = (fxx, fxy, fyy)
    else:
        f, partials = value_and_partials(field.function, (x, y))
    # autograd may have an answer even where there is no f
    answers = [anp.where(anp.isfinite(f), part, np.nan) for part in partials]
    fx, fy = map(corner.told, field.slopes((x, y), answers))
    if second:
        bends = (corner.bends(field, (x, y), 0, fxx), corner.bends(field, (x, y), 1, fyy))
        kinked = anp.logical_or(*map(corner.lacks, bends))
        seconds = tuple(anp.where(kinked, np.nan, part) for part in seconds)
    return _At(x, y, f, fx, fy, seconds)


def _numbers(box: _Box, at: _At) -> Numbers:
    """The numbers of all marks of the surface, and the box itself."""
    model = {"surface model": _model(box, at)} if at.seconds else {}
    return {
        **_still(box),
        **_floor_numbers(box, at),
        **_slices(box, at),
        **_plane(box, at),
        **model,
        **_said(box.drawn, at),
        BOX: row(*box.centre, box.half_x, box.half_y, *box.values),
    }


class _Box(NamedTuple):
    """A surface's box in a window: from the field's coordinates to its own."""

    window: Window
    values: Ends  # the least and the greatest that are told apart
    drawn: Lengths
    function: Any
    centre: tuple[Any, Any]
    half_x: Any
    half_y: Any
    texts: Sequence[Any]  # for each end of the window whether its name is that of the domain's

    @property
    def width(self) -> Any:
        """How far the floor reaches along x."""
        ((left, right), _) = self.window.values()
        return (right - left) / 2 / self.half_x

    @property
    def depth(self) -> Any:
        """How far the floor reaches along y."""
        (_, (bottom, top)) = self.window.values()
        return (top - bottom) / 2 / self.half_y

    @property
    def rise(self) -> Any:
        """How high a unit of f is."""
        return (HIGH - LOW) / _span(self.values)

    def at(self, x: Any, y: Any) -> tuple[Any, Any]:
        """A place of the field on the box's floor."""
        return (x - self.centre[0]) / self.half_x, (y - self.centre[1]) / self.half_y

    def height(self, value: Any) -> Any:
        """The height of a value."""
        return _heights(self.values, value)


def _line(x: Any, y: Any, z: Any) -> Any:
    """A line through places of the box, as the numbers of a polyline."""
    return anp.stack([x, y, z], axis=1)


def _still(box: _Box) -> Numbers:
    """What nothing moves but a turn."""
    w, d = box.width, box.depth
    corner = (WIDE - KNOB, ABOVE - KNOB)
    return {
        "floor": points(
            *((x, y, FLOOR) for x, y in ((-w, -d), (w, -d), (w, d), (-w, d), (-w, -d)))
        ),
        "floor levels": np.empty(0),
        "surface mesh": np.empty(0),
        **_axes(box),
        "turn": row(*corner),
        "turn label": beside(corner, (-1.0, 0.0), True),
    }


def _axes(box: _Box) -> Numbers:
    """Names and ends of both variables, along those edges of the floor that are in front."""
    w, d, out = box.width, box.depth, 1.08
    (left, right), (bottom, top) = box.window.values()
    x, y = (0.0, 1.0, 0.0), (1.0, 0.0, 0.0)
    return {
        "floor low x": row(-0.92 * w, d * out, FLOOR, *x, box.texts[0], left),
        "floor name x": beside((0.0, d * out, FLOOR), x, True),
        "floor high x": row(0.92 * w, d * out, FLOOR, *x, box.texts[1], right),
        "floor low y": row(w * out, -0.92 * d, FLOOR, *y, box.texts[2], bottom),
        "floor name y": beside((w * out, 0.0, FLOOR), y, True),
        "floor high y": row(w * out, 0.92 * d, FLOOR, *y, box.texts[3], top),
    }


def _floor_numbers(box: _Box, at: _At) -> Numbers:
    """The gradient in the plane of its inputs, below the point."""
    x, y = box.at(at.x, at.y)
    scale, _, _ = _scale(box.drawn, at)
    dx, dy = scale * at.fx / box.half_x, scale * at.fy / box.half_y
    place, tip = (x, y, FLOOR), (x + dx, y + dy, FLOOR)
    long_enough = anp.sqrt(dx * dx + dy * dy) > 0.02
    return {
        "floor drop": points((x, y, box.height(at.f)), place),
        "floor by x": row(*place, x + dx, y, FLOOR),
        "floor by y": row(*place, x, y + dy, FLOOR),
        "floor gradient": row(*place, *tip),
        "floor gradient label": beside(tip, (dx, dy, 0.0), long_enough),
        "floor point": row(*place),
    }


def _slices(box: _Box, at: _At) -> Numbers:
    """The curves on the surface along which one variable stays what it is at the point."""
    f = box.function
    along_x, along_y = (evenly(ends, SLICE_POINTS) for ends in box.window.values())
    by_x, by_y = f(along_x, at.y) + 0.0 * along_x, f(at.x, along_y) + 0.0 * along_y
    (across, y), (x, up) = box.at(along_x, at.y), box.at(at.x, along_y)
    return {
        "surface slice x": _line(across, y + 0.0 * along_x, box.height(by_x)),
        "surface slice y": _line(x + 0.0 * along_y, up, box.height(by_y)),
    }


def _plane(box: _Box, at: _At) -> Numbers:
    """The tangent plane, spanned by the slices' tangents, and in it the way uphill."""
    (x, y), z = box.at(at.x, at.y), box.height(at.f)
    by_x, by_y = at.fx * box.half_x * box.rise, at.fy * box.half_y * box.rise
    long_x, long_y = SIDE / anp.sqrt(1.0 + by_x * by_x), SIDE / anp.sqrt(1.0 + by_y * by_y)

    def moved(s: float, t: float) -> tuple[Any, Any, Any]:
        rise = s * long_x * by_x + t * long_y * by_y
        return x + s * long_x, y + t * long_y, z + rise

    def along_x(s: float) -> tuple[Any, Any, Any]:
        return x + s * long_x, y, z + s * long_x * by_x

    def along_y(t: float) -> tuple[Any, Any, Any]:
        return x, y + t * long_y, z + t * long_y * by_y

    foot, along = (x, y, z), _uphill(box, at)
    tip = tuple(start + step for start, step in zip(foot, along, strict=True))
    return {
        "surface plane": points(
            *(moved(s, t) for s, t in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)))
        ),
        "surface tangent x": points(along_x(-1), along_x(1)),
        "surface tangent y": points(along_y(-1), along_y(1)),
        "surface uphill": row(*foot, *tip),
        "surface uphill label": beside(tip, along, sum(step * step for step in along) > 4e-3),
        "surface point": row(*foot),
    }


def _uphill(box: _Box, at: _At) -> tuple[Any, Any, Any]:
    """(f_x, f_y, ‖∇f‖²) in the box: its tip is straight above the gradient's, but for its length.

    It is shortened where it would leave the picture, and lengthened where its foot would hide it.
    """
    steepest = anp.maximum(anp.abs(at.fx), anp.abs(at.fy)) + 1e-300
    fx, fy = at.fx / steepest, at.fy / steepest  # whose squares are numbers whatever their size
    dx, dy = fx / box.half_x, fy / box.half_y
    dz = (fx * fx + fy * fy) * (steepest * box.rise)
    length = anp.sqrt(dx * dx + dy * dy + dz * dz) + 1e-300
    short = anp.minimum(_scale(box.drawn, at)[0] * steepest, UPHILL / length)
    scale = anp.maximum(short, anp.minimum(OUT / length, STRETCH * short))
    return scale * dx, scale * dy, scale * dz


def _scale(drawn: Lengths, at: _At) -> tuple[Any, Any, Any]:
    """The scale of the gradient on the floor, which text tells it, and its number there."""
    length = anp.sqrt(at.fx * at.fx + at.fy * at.fy)
    return scale_of(drawn, length, anp.logical_and(length > 0, anp.isfinite(length)))


def _said(drawn: Lengths, at: _At) -> Numbers:
    _, case, told = _scale(drawn, at)
    known = anp.isfinite(at.fx + at.fy)
    third = at.fx * at.fx + at.fy * at.fy
    return {"surface note": caption(anp.where(known, case, -1.0), at.fx, at.fy, third, told)}


# ── the second-order model ───────────────────────────────────────────────────────────────────────


def _model_mesh() -> tuple[Array, Array]:
    """Places around the point, line by line, with NaN between the lines."""
    ends = np.append(np.linspace(-MODEL_REACH, MODEL_REACH, MODEL_POINTS), np.nan)
    lines = np.linspace(-MODEL_REACH, MODEL_REACH, MODEL_LINES)
    along, across = np.tile(ends, MODEL_LINES), np.repeat(lines, MODEL_POINTS + 1)
    return np.concatenate([along, across]), np.concatenate([across, along])


MODEL_X, MODEL_Y = _model_mesh()


def _model(box: _Box, at: _At) -> Any:
    """f + ∇f·s + ½ s·Hs over the places around the point, as far as the panel has room."""
    fxx, fxy, fyy = at.seconds
    s, t = MODEL_X * box.half_x, MODEL_Y * box.half_y
    rises = at.fx * s + at.fy * t + (fxx * s * s + 2.0 * fxy * s * t + fyy * t * t) / 2.0
    (x, y), z = box.at(at.x, at.y), box.height(at.f) + box.rise * rises
    x, y = x + MODEL_X, y + MODEL_Y
    inside = anp.logical_and(anp.abs(x) <= box.width, anp.abs(y) <= box.depth)
    near = anp.logical_and(z > LOW - MODEL_ABOVE, z < HIGH + MODEL_ABOVE)
    return _line(x, y, anp.where(anp.logical_and(inside, near), z, np.nan))
