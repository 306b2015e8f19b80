"""A surface at the point: its slices, its tangent plane with the way uphill, its model."""

from __future__ import annotations

from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.tracing import value_and_partials, value_partials_and_seconds
from gradwidgets.calculus.types import Array
from gradwidgets.pictures import corner
from gradwidgets.pictures.arrows import Lengths, scale_of
from gradwidgets.pictures.box import FLOOR, HIGH, LOW, Box
from gradwidgets.pictures.numbers import Numbers, beside, caption, points, row
from gradwidgets.pictures.window import evenly

SLICE_POINTS = 61
SIDE = 0.3  # half the side of the tangent plane
OUT, UPHILL = 0.5, 0.7  # how long the uphill tangent is drawn: to be seen, and at most
STRETCH = 4.0  # so much at most it is lengthened to be seen


class At(NamedTuple):
    """A place of the field: its coordinates, f, its partial and its second partial derivatives.

    A partial derivative is NaN where there is none, and the second ones where one of them is.
    """

    x: Any
    y: Any
    f: Any
    fx: Any
    fy: Any
    seconds: Any  # (f_xx, f_xy, f_yy), or nothing where no model is drawn


def at_point(field: ScalarField, x: Any, y: Any, second: bool) -> At:
    """What is known at a place, the second derivatives only where a model is drawn."""
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
    return At(x, y, f, fx, fy, seconds)


def point_numbers(box: Box, at: At) -> Numbers:
    """The numbers of all marks that move with the point."""
    model = {"surface model": _model(box, at)} if at.seconds else {}
    return {
        **_floor_numbers(box, at),
        **_slices(box, at),
        **_plane(box, at),
        **model,
        **_said(box.drawn, at),
    }


def _scale(drawn: Lengths, at: At) -> tuple[Any, Any, Any]:
    """The scale of the gradient on the floor, which text tells it, and its number there."""
    length = anp.sqrt(at.fx * at.fx + at.fy * at.fy)
    return scale_of(drawn, length, anp.logical_and(length > 0, anp.isfinite(length)))


def _floor_numbers(box: Box, at: At) -> Numbers:
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


def _slices(box: Box, at: At) -> Numbers:
    """The curves on the surface along which one variable stays what it is at the point."""
    f = box.function
    along_x, along_y = (evenly(ends, SLICE_POINTS) for ends in box.window.values())
    by_x, by_y = f(along_x, at.y) + 0.0 * along_x, f(at.x, along_y) + 0.0 * along_y
    (across, y), (x, up) = box.at(along_x, at.y), box.at(at.x, along_y)
    return {
        "surface slice x": _line(across, y + 0.0 * along_x, box.height(by_x)),
        "surface slice y": _line(x + 0.0 * along_y, up, box.height(by_y)),
    }


def _plane(box: Box, at: At) -> Numbers:
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


def _uphill(box: Box, at: At) -> tuple[Any, Any, Any]:
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


def _said(drawn: Lengths, at: At) -> Numbers:
    """The gradient's components and the uphill tangent's third, and the scale of the arrow."""
    _, case, told = _scale(drawn, at)
    known = anp.isfinite(at.fx + at.fy)
    third = at.fx * at.fx + at.fy * at.fy
    return {"surface note": caption(anp.where(known, case, -1.0), at.fx, at.fy, third, told)}


# ── the second-order model ───────────────────────────────────────────────────────────────────────

MODEL_REACH, MODEL_LINES, MODEL_POINTS = 0.55, 5, 9  # of the second-order model's mesh
MODEL_ABOVE = 0.3  # how far it is followed beyond the surface's range


def _model_mesh() -> tuple[Array, Array]:
    """Places around the point, line by line, with NaN between the lines."""
    ends = np.append(np.linspace(-MODEL_REACH, MODEL_REACH, MODEL_POINTS), np.nan)
    lines = np.linspace(-MODEL_REACH, MODEL_REACH, MODEL_LINES)
    along, across = np.tile(ends, MODEL_LINES), np.repeat(lines, MODEL_POINTS + 1)
    return np.concatenate([along, across]), np.concatenate([across, along])


MODEL_X, MODEL_Y = _model_mesh()


def _model(box: Box, at: At) -> Any:
    """f + ∇f·s + ½ s·Hs over the places around the point, as far as the panel has room."""
    fxx, fxy, fyy = at.seconds
    s, t = MODEL_X * box.half_x, MODEL_Y * box.half_y
    rises = at.fx * s + at.fy * t + (fxx * s * s + 2.0 * fxy * s * t + fyy * t * t) / 2.0
    (x, y), z = box.at(at.x, at.y), box.height(at.f) + box.rise * rises
    x, y = x + MODEL_X, y + MODEL_Y
    inside = anp.logical_and(anp.abs(x) <= box.width, anp.abs(y) <= box.depth)
    near = anp.logical_and(z > LOW - MODEL_ABOVE, z < HIGH + MODEL_ABOVE)
    return _line(x, y, anp.where(anp.logical_and(inside, near), z, np.nan))


def _line(x: Any, y: Any, z: Any) -> Any:
    """A line through places of the box, as the numbers of a polyline."""
    return anp.stack([x, y, z], axis=1)
