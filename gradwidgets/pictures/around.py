"""What the curvature map shows around the point: u, both eigenvectors, and the labels of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.quadratic import norm
from gradwidgets.pictures import hessian
from gradwidgets.pictures.arrows import DOT, room_for
from gradwidgets.pictures.hessian import LEAST_DASH
from gradwidgets.pictures.local import Frame, Local
from gradwidgets.pictures.marks import Arrow, Label, Marker, Marks, Polyline
from gradwidgets.pictures.newton import step_marks, steps_of
from gradwidgets.pictures.numbers import Numbers, beside, points, row
from gradwidgets.pictures.palette import INK, QUIET, SECOND
from gradwidgets.pictures.placing import Named, Obstacle, Sheet, half_size, place_labels

ALONG_U = ("directions", "slice", "errors", "image")  # what depends on u
AT_H = ("slice", "errors", "image")  # and on the distance h
UNIT = 0.13  # of the map's width: how long u is drawn
AXIS = 0.16  # of the map's width: how far an eigenvector is drawn to both sides
HEAD = 6.0  # pixels: half of an arrow's head
SAMPLE = -1234.0  # as long as most numbers on the map are


def axis_marks(frame: Frame, show: Sequence[str]) -> Marks:
    """The eigenvectors at the point, and where something depends on them u, and the distance h."""
    circle = Polyline(name="circle on map", panel="map", color=QUIET, width=1.2, dash=(2, 3))
    along_u = (
        Arrow(name="u", panel="map", color=INK, width=2.0, free=True),
        Label(name="u label", panel="map", color=INK, texts=("u",), free=True),
    )
    told = ("block λ = {g}" if frame.is_cut else "λ = {g}",)
    at_h = Marker(name="u on map", panel="map", color=INK, size=8)
    return (
        *([circle] if "image" in show else []),
        Polyline(name="axis least", panel="map", color=SECOND, width=2.6, dash=LEAST_DASH),
        Polyline(name="axis greatest", panel="map", color=SECOND, width=2.6),
        *(along_u if set(ALONG_U) & set(show) else ()),
        *([at_h] if set(AT_H) & set(show) else []),
        Label(name="axis greatest label", panel="map", color=SECOND, texts=told),
        Label(name="axis least label", panel="map", color=SECOND, texts=told),
    )


def around_point(
    frame: Frame, sheet: Sheet, at: Local, after: Mapping[str, Any], show: Sequence[str]
) -> Numbers:
    """The numbers of all these marks, and of the point itself; f `after` each step is known."""
    model, axes = at.model, at.model.axes
    x, y, turns = model.x, model.y, np.array(hessian.ANGLES) * (np.pi / 180)
    circle = [x + at.h * np.cos(turns), y + at.h * np.sin(turns)]
    u, tips = _tip_of_u(frame, sheet, at), _tips(frame, at)
    greatest = _ends_of_axis(frame, at, axes.x, axes.y, axes.greatest)
    least = _ends_of_axis(frame, at, -axes.y, axes.x, axes.least)
    told = {
        "gradient step": ([_last_seen(sheet, (x, y), tips["gradient"])], after["gradient"]),
        "newton step": ([_last_seen(sheet, (x, y), tips["newton"])], after["newton"]),
        "axis greatest": (greatest, axes.greatest),
        "axis least": (least, axes.least),
        "u": ([u], 0.0),
    }
    return {
        "point": row(x, y),
        "circle on map": anp.stack(circle, axis=1),
        "u": row(x, y, *u),
        "u on map": row(x + at.h * at.ux, y + at.h * at.uy),
        "axis greatest": points(*greatest),
        "axis least": points(*least),
        **{f"{name} step": row(x, y, *tip) for name, tip in tips.items()},
        **_labels(frame, sheet, (x, y), told, show),
    }


def _tip_of_u(frame: Frame, sheet: Sheet, at: Local) -> tuple[Any, Any]:
    """Where u ends as it is drawn: near the edge of the map it is shorter."""
    foot, way = (at.model.x, at.model.y), (at.ux, at.uy)
    unit = anp.minimum(UNIT * frame.width, room_for(sheet, foot, way))
    return at.model.x + unit * at.ux, at.model.y + unit * at.uy


def _ends_of_axis(
    frame: Frame, at: Local, x: Any, y: Any, value: Any
) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """An eigenvector to both sides of the point."""
    x, y = (anp.where(anp.isfinite(value), AXIS * frame.width * part, np.nan) for part in (x, y))
    return (at.model.x + x, at.model.y + y), (at.model.x - x, at.model.y - y)


def _tips(frame: Frame, at: Local) -> dict[str, tuple[Any, Any]]:
    """Where the two steps lead on the map."""
    return {
        name: (at.model.x + step[frame.across], at.model.y + step[frame.up])
        for name, step in steps_of(at).items()
    }


# ── labels ───────────────────────────────────────────────────────────────────────────────────────


def _labels(
    frame: Frame,
    sheet: Sheet,
    foot: tuple[Any, Any],
    told: dict[str, tuple[Sequence[tuple[Any, Any]], Any]],
    show: Sequence[str],
) -> Numbers:
    """The labels of what is shown, each beside one of its ends, on no line and no other label."""
    halves = {
        mark.name: half_size(mark, SAMPLE)
        for mark in (*axis_marks(frame, show), *(step_marks() if "steps" in show else ()))
        if isinstance(mark, Label)
    }
    shown = {name: part for name, part in told.items() if f"{name} label" in halves}
    named = [
        Named(
            list(ends),
            halves[f"{name} label"],
            _outward(foot, ends[0]),
            anp.isfinite(ends[0][0] + value),
            name == "u",
        )
        for name, (ends, value) in shown.items()
    ]
    lines = [Obstacle(foot, end, HEAD) for ends, _ in shown.values() for end in ends]
    stands = place_labels(sheet, foot, named, [*lines, Obstacle(foot, foot, DOT)])
    hidden = {f"{name} label": beside(foot, (0.0, 1.0), False, 0.0) for name in told}
    return hidden | {
        f"{name} label": beside(*stand, value)
        for (name, (_, value)), stand in zip(shown.items(), stands, strict=True)
    }


def _outward(foot: tuple[Any, Any], end: tuple[Any, Any]) -> tuple[Any, Any]:
    """The unit vector from one place to another; upwards where there is none."""
    x, y = end[0] - foot[0], end[1] - foot[1]
    length = norm(x, y)
    some = anp.logical_and(length > 0, anp.isfinite(length))
    unit = anp.where(some, length, 1.0)
    return anp.where(some, x, 0.0) / unit, anp.where(some, y, 1.0) / unit


def _last_seen(sheet: Sheet, foot: tuple[Any, Any], tip: tuple[Any, Any]) -> tuple[Any, Any]:
    """The tip of a step, or the place where it leaves the map."""
    way = (tip[0] - foot[0], tip[1] - foot[1])
    share = anp.minimum(1.0, room_for(sheet, foot, way, 0.0))
    return foot[0] + share * way[0], foot[1] + share * way[1]
