"""The Hessian seen in three ways: as a matrix, as curvature in every direction, as a map of ∇f."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.quadratic import norm
from gradwidgets.calculus.tracing import value_and_partials
from gradwidgets.calculus.typeset import symbol
from gradwidgets.pictures.framing import range_of
from gradwidgets.pictures.local import Frame, Local
from gradwidgets.pictures.marks import Arrow, Label, Mark, Marker, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, points, row
from gradwidgets.pictures.palette import GUIDE, HANDLE, IMAGE, INK, QUIET, SECOND
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.scene import Layer
from gradwidgets.pictures.terrain import round_up_of

ANGLES = tuple(7.5 * step for step in range(49))
LEAST_DASH = (6, 4)  # of whatever belongs to λmin
FRAME = 1.5  # of the circle's radius: what is shown of its image
MOST_ROWS = 3  # so many variables at most have room for a matrix
MARGIN = 1.2  # times an eigenvalue: how far the axis of curvature reaches
TINY = 1e-300

# ── the matrix ───────────────────────────────────────────────────────────────────────────────────


def matrix_panel(frame: Frame) -> Panel:
    """A small sheet for the entries of H; there is room for three variables."""
    wide, most = {2: (1.6, 150.0)}.get(len(frame.variables), (1.9, 216.0))
    title = "Hessian $H$"
    return Panel(
        "matrix", (0, wide), (0, 1), title=title, equal=True, xticks=(), yticks=(), most=most
    )


def _entries(frame: Frame) -> Iterator[tuple[int, int, str, tuple[float, float]]]:
    """Row, column, name and place of every entry."""
    count, wide = len(frame.variables), matrix_panel(frame).x[1]
    for i in range(count):
        for j in range(count):
            place = (wide * (0.03 + 0.94 * (j + 0.5) / count), 1 - (i + 0.5) / count)
            yield i, j, f"entry {i} {j}", place


def matrix_backdrop(frame: Frame) -> Layer:
    """Brackets, and the name of every second derivative above its number."""
    names, count = frame.variables, len(frame.variables)
    wide = matrix_panel(frame).x[1]
    marks: list[Mark] = []
    numbers: dict[str, Any] = {}
    for side, x, inner in (("left", 0.05, 0.1), ("right", wide - 0.05, wide - 0.1)):
        mark = Polyline(name=f"{side} bracket", panel="matrix", color=INK, width=1.6)
        marks.append(mark)
        numbers[mark.name] = points((inner, 0.95), (x, 0.95), (x, 0.05), (inner, 0.05))
    for i, j, entry, (x, y) in _entries(frame):
        text = second_name(names[i], names[j])
        label = Label(
            name=f"name of {entry}",
            panel="matrix",
            color=QUIET,
            size=10.5,
            texts=(text,),
            pinned=True,  # beside its place it would name another entry
        )
        marks.append(label)
        numbers[label.name] = beside((x, y + 0.24 / count), (0.0, 0.0), True)
    return Layer(tuple(marks), numbers)


def second_name(one: str, other: str) -> str:
    """How a second derivative is written.

    >>> second_name("x", "x"), second_name("x", "y")
    ('∂²f/∂x²', '∂²f/∂x∂y')
    """
    return f"∂²f/∂{one}²" if one == other else f"∂²f/∂{one}∂{other}"


def matrix_marks(frame: Frame) -> tuple[Mark, ...]:
    """A number for every entry, each computed by itself; those beside the diagonal in one hue."""
    return tuple(
        Label(
            name=name,
            panel="matrix",
            color=INK if i == j else SECOND,
            texts=("{g}",),
            pinned=True,
        )
        for i, j, name, _ in _entries(frame)
    )


def matrix_numbers(frame: Frame, at: Local) -> Numbers:
    """Where the entries stand, and what they are."""
    down = 0.16 / len(at.place)
    return {
        name: beside((x, y - down), (0.0, 0.0), anp.isfinite(at.f), at.hessian[i][j])
        for i, j, name, (x, y) in _entries(frame)
    }


# ── curvature in every direction ─────────────────────────────────────────────────────────────────


def directions_panel(frame: Frame) -> Panel:
    """uᵀHu over the direction of u; the axis follows the eigenvalues."""
    block = f", block $({', '.join(map(symbol, frame.names))})$" if frame.is_cut else ""
    return Panel(
        "directions",
        (0.0, 360.0),
        (-1.0, 1.0),
        title=rf"Curvature $\mathbf{{u}}^T H \mathbf{{u}}${block}",
        xlabel=r"direction of $\mathbf{u}$ in degrees",
        xticks=(0, 45, 90, 135, 180, 225, 270, 315, 360),
        left=True,
    )


def directions_backdrop() -> Layer:
    """The line without curvature."""
    zero = Polyline(name="no bend", panel="directions", color=GUIDE, width=1.0)
    return Layer((zero,), {"no bend": np.array([[0.0, 0.0], [360.0, 0.0]])})


def directions_marks() -> tuple[Mark, ...]:
    """The curve between its two bounds, and the handle on it."""
    place = "directions"
    return (
        Polyline(name="greatest", panel=place, color=SECOND, width=1.4),
        Polyline(name="least", panel=place, color=SECOND, width=1.4, dash=LEAST_DASH),
        Polyline(name="bend", panel=place, color=INK, width=1.8, along=ANGLES),
        *(
            Label(
                name=f"{name} label",
                panel=place,
                color=SECOND,
                texts=(f"λ{end} = {{g}}",),
            )
            for name, end in (("greatest", "max"), ("least", "min"))
        ),
        Marker(name="direction", panel=place, color=HANDLE, moves=("angle", None)),
        Label(
            name="direction label",
            panel=place,
            color=INK,
            texts=("uᵀHu = {6g}",),
            above=True,
        ),
    )


def directions_numbers(at: Local, angle: Any) -> Numbers:
    """Curvature by the direction, between the eigenvalues; 0 where there is none."""
    model, axes = at.model, at.model.axes
    turns = np.array(ANGLES) * (np.pi / 180)
    high, low, known = axes.greatest, axes.least, anp.isfinite(model.steepest)
    bottom, top = _around(low, high, known)
    return {
        "bend": model.bend(np.cos(turns), np.sin(turns)),
        "greatest": points((0.0, high), (360.0, high)),
        "least": points((0.0, low), (360.0, low)),
        "greatest label": beside((360.0, high), (-1.0, 1.0), known, high),
        "least label": beside((360.0, low), (-1.0, -1.0), known, low),
        "direction": row(angle, at.bend),
        "direction label": beside((360.0, top), (0.0, 1.0), known, at.bend),
        range_of("directions"): row(0.0, 360.0, bottom, top),
    }


def _around(low: Any, high: Any, known: Any) -> tuple[Any, Any]:
    """A round axis with both eigenvalues and 0, and room for their names."""
    whole = anp.maximum(-low, high)
    bent = anp.logical_and(known, whole >= TINY)
    reach = (anp.maximum(MARGIN * end, 0.4 * whole) for end in (-low, high))
    bottom, top = (round_up_of(anp.where(bent, end, 1.0)) for end in reach)
    return -bottom, top


# ── ∇f as a map ──────────────────────────────────────────────────────────────────────────────────


def image_panel(frame: Frame) -> Panel:
    """Changes of ∇f around the point, and the circle itself, both as multiples of their radius."""
    x, y = (symbol(name) for name in frame.names)
    return Panel(
        "image",
        (-FRAME, FRAME),
        (-FRAME, FRAME),
        title=r"A circle and its image under $\nabla f$",
        xlabel=rf"change of $\partial f/\partial {x}$, in $h\,\max|\lambda|$",
        ylabel=rf"change of $\partial f/\partial {y}$",
        equal=True,
        xticks=(-1, 0, 1),
        yticks=(-1, 0, 1),
    )


def image_marks() -> tuple[Mark, ...]:
    """A circle with u on it; its true image, and that by the Jacobian of ∇f, which is H."""
    place = "image"
    return (
        Polyline(name="circle", panel=place, color=QUIET, width=1.2, dash=(2, 3)),
        Polyline(name="ellipse", panel=place, color=IMAGE, width=1.6, dash=LEAST_DASH),
        Polyline(name="image", panel=place, color=IMAGE, width=2.4),
        Arrow(name="u turned", panel=place, color=INK, width=2.0),
        Arrow(name="Hu", panel=place, color=IMAGE, width=2.6),
        Marker(name="u on circle", panel=place, color=INK, size=8),
        Marker(name="u in image", panel=place, color=IMAGE, shape="diamond", size=11),
        Label(name="u turned label", panel=place, color=INK, texts=("u",)),
        Label(name="Hu label", panel=place, color=IMAGE, texts=("Hu",)),
    )


def image_numbers(at: Local) -> Numbers:
    """The circle p + h·u for every u, what ∇f makes of it, and what H makes of it."""
    model, turns = at.model, np.array(ANGLES) * (np.pi / 180)
    cos, sin = np.cos(turns), np.sin(turns)
    _, image = value_and_partials(at.cut, (model.x + at.h * cos, model.y + at.h * sin))
    _, tip = value_and_partials(at.cut, (model.x + at.h * at.ux, model.y + at.h * at.uy))
    ix, iy = (image[0] - model.gx) / at.h, (image[1] - model.gy) / at.h
    largest = anp.max(anp.where(anp.isfinite(ix + iy), norm(ix, iy), 0.0))
    bent = model.steepest > 1e-9 * largest
    unit = anp.where(bent, model.steepest, anp.maximum(largest, TINY))
    hx, hy = (model.a * at.ux + model.b * at.uy) / unit, (model.b * at.ux + model.c * at.uy) / unit
    tx, ty = ((part - g) / (at.h * unit) for part, g in zip(tip, (model.gx, model.gy), strict=True))
    known = anp.isfinite(hx + hy)
    apart = (at.ux * hy - at.uy * hx) > 0
    side = anp.where(apart, 1.0, -1.0)
    inside = anp.logical_and(anp.abs(tx) <= FRAME, anp.abs(ty) <= FRAME)
    return {
        "circle": np.stack([cos, sin], axis=-1) + 0.0 * at.h,
        "ellipse": anp.stack([model.a * cos + model.b * sin, model.b * cos + model.c * sin], 1)
        / unit,
        "image": anp.stack([ix / unit, iy / unit], axis=1),
        "u turned": row(0.0, 0.0, at.ux, at.uy),
        "Hu": row(0.0, 0.0, hx, hy),
        "u on circle": row(at.ux, at.uy),
        "u in image": row(anp.where(inside, tx, np.nan), ty),
        "u turned label": beside((at.ux, at.uy), (side * at.uy, -side * at.ux), known, 0.0),
        "Hu label": beside((hx, hy), (-side * at.uy, side * at.ux), known, 0.0),
    }
