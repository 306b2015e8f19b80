"""Curvature: the local quadratic model over the map, its steps, and where the slope vanishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.critical import eigenvalues
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.newton import Critical
from gradwidgets.calculus.program import copied_in
from gradwidgets.calculus.slopes import CORNER, Slope
from gradwidgets.calculus.truths import where
from gradwidgets.pictures import corner, hessian, taylor, terrain
from gradwidgets.pictures.around import ALONG_U, AT_H, around_point, axis_marks
from gradwidgets.pictures.control import Control
from gradwidgets.pictures.critical import BY_SEARCH, critical_layer, critical_text
from gradwidgets.pictures.framing import range_of
from gradwidgets.pictures.local import Frame, Local, View, distances, local, rates, view_of
from gradwidgets.pictures.marks import Label, Mark, Marker, Marks
from gradwidgets.pictures.newton import after_step, step_captions, step_marks, step_notes, steps_of
from gradwidgets.pictures.numbers import Numbers, caption
from gradwidgets.pictures.palette import HANDLE, QUIET, SECOND
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.picture import Picture
from gradwidgets.pictures.placing import sheet_of
from gradwidgets.pictures.quadratic import (
    LEVELS,
    level_inputs,
    model_caption,
    model_marks,
    model_numbers,
)
from gradwidgets.pictures.scene import Layer
from gradwidgets.pictures.window import Ends, as_seen, window_inputs, window_of

# What can be shown beside the map with the matrix, and what it is called.
PARTS = {
    "model": "the model's level curves",
    "steps": "Newton and gradient step",
    "critical points": "critical points",
    "directions": "uᵀHu in every direction",
    "slice": "Taylor models on a slice",
    "errors": "Taylor errors",
    "image": "circle under ∇f",
}
EVERY = tuple(PARTS)
USUAL = ("model", "steps", "critical points", "directions", "slice")  # what is shown at first
MOST_VARIABLES = 6
FRAMED = ("map", "directions", "slice", "errors")  # panels whose ranges the program tells
BESIDE = 2  # panels beside the map with the matrix; others are below
UNUSED = {"angle": 0.0, "h": 1.0, "rate": 0.0}  # of controls that nothing shown depends on


def curvature_picture(
    field: ScalarField,
    critical: Sequence[Critical] = (),
    *,
    axes: tuple[str, str] | None = None,
    at: Mapping[str, float] | None = None,
    show: Sequence[str] = EVERY,
    exact: bool = False,
    levels: str = "auto",
) -> Picture:
    """The map with the local quadratic model, and beside it what the Hessian says.

    Args:
        field: a field of two to six variables.
        critical: its critical points.
        axes: the two variables of the map, the first two by default.
        at: where the point stands: the map is a cut through the variables that it does not show.
        show: which of `PARTS`.
        exact: whether the gradient step is the best one for the model.
        levels: the spacing of the level curves, "even", "log" or "auto".

    Raises:
        ValueError: a field with fewer or more variables.
    """
    _check_variables(field)
    shown, place = axes or (field.variables[0], field.variables[1]), terrain.place_at(field, at)
    picture = _picture(field, critical, shown, place, show, exact, levels)
    if len(field.variables) > len(shown):
        program = _anywhere(field, field.state, shown, tuple(show), exact)
        return replace(picture, program=program)
    return picture


@lru_cache(maxsize=4)
def _anywhere(
    field: ScalarField, _state: Any, shown: tuple[str, str], show: tuple[str, ...], exact: bool
) -> Picture:
    """The picture whose program serves all cuts: hidden coordinates are dragged, too."""
    return _picture(field, (), shown, terrain.place_at(field, None), show, exact, "auto")


def _picture(
    field: ScalarField,
    critical: Sequence[Critical],
    shown: tuple[str, str],
    place: Mapping[str, float],
    show: Sequence[str],
    exact: bool,
    levels: str,
) -> Picture:
    view = view_of(field, shown)
    panel = terrain.map_panel(field, *shown, place, levels)
    panels = (panel, *_panels(view, show))
    return Picture(
        panels,
        _backdrop(view, critical, show),
        _marks(view, critical, show, panel),
        _controls(view, show),
        lambda **values: _numbers(view, panel.equal, exact, show, values),
        field,
        ambient=(*window_inputs(field), *level_inputs(panel)),
        outputs=tuple(range_of(panel.name) for panel in panels if panel.name in FRAMED),
        by_python=BY_SEARCH if "critical points" in show else (),
    )


def _check_variables(field: ScalarField) -> None:
    if not 2 <= len(field.variables) <= MOST_VARIABLES:
        raise ValueError(
            f"This picture shows two to {MOST_VARIABLES} variables, "
            f"and here are {len(field.variables)}: {', '.join(field.variables)}."
        )


def _controls(view: View, show: Sequence[str]) -> tuple[Control, ...]:
    """The point, and as far as anything shown depends on them u, h and α."""
    low, high = distances(view.field, view.frame.names)
    angle = Control("angle", "direction of u", 0.0, 360.0, 1.0, 30.0, symbol="u", unit="°")
    h = Control("h", "distance h", low, high, 0.01, high / 3, "log", symbol="h")
    least, greatest = rates(view.field)
    start = 1e-3 * greatest
    rate = Control("rate", "learning rate α", least, greatest, 0.01, start, "log", symbol="α")
    wanted = ((angle, ALONG_U), (h, AT_H), (rate, ("steps",)))
    return (
        *terrain.controls(view.field),
        *(control for control, parts in wanted if set(parts) & set(show)),
    )


def usual_rate(field: ScalarField, point: Sequence[float]) -> float:
    """A learning rate to begin with: 1/max|λ| at a point, rounded."""
    curved, (least, most) = float(np.max(np.abs(eigenvalues(field, tuple(point))))), rates(field)
    if not 0 < curved < np.inf:
        return 1e-3 * most
    return terrain.round_down(min(max(1 / curved, least), most))


# ── panels and marks ─────────────────────────────────────────────────────────────────────────────


def _panels(view: View, show: Sequence[str]) -> tuple[Panel, ...]:
    small = len(view.frame.variables) <= hessian.MOST_ROWS
    matrix = [hessian.matrix_panel(view.frame)] if small else []
    panels = {
        "slice": taylor.slice_panel(view.frame),
        "directions": hessian.directions_panel(view.frame),
        "errors": taylor.errors_panel(view.frame),
        "image": hessian.image_panel(view.frame),
    }
    shown = [panel for name, panel in panels.items() if name in show]
    under = [replace(panel, under=True) for panel in shown[BESIDE:]]
    return (*matrix, *shown[:BESIDE], *under)


def _backdrop(view: View, critical: Sequence[Critical], show: Sequence[str]) -> Layer:
    small = len(view.frame.variables) <= hessian.MOST_ROWS
    layers = [hessian.matrix_backdrop(view.frame)] if small else []
    if "directions" in show:
        layers.append(hessian.directions_backdrop())
    if "critical points" in show and len(view.frame.variables) == 2:
        layers.append(critical_layer(critical))
    marks = tuple(mark for layer in layers for mark in layer.marks)
    return Layer(marks, {name: part for each in layers for name, part in each.numbers.items()})


def _marks(view: View, critical: Sequence[Critical], show: Sequence[str], panel: Panel) -> Marks:
    """Every primitive in drawing order."""
    made = {
        "model": model_marks(),
        "steps": step_marks(),
        "directions": hessian.directions_marks(),
        "slice": taylor.slice_marks(view.frame),
        "errors": taylor.errors_marks(view.frame),
        "image": hessian.image_marks(),
    }
    shown = {name: marks for name, marks in made.items() if name in show}
    return (
        *shown.pop("model", ()),
        *axis_marks(view.frame, show),
        *shown.pop("steps", ()),
        Marker(name="point", panel="map", color=HANDLE, moves=view.frame.names),
        *(
            hessian.matrix_marks(view.frame)
            if len(view.frame.variables) <= hessian.MOST_ROWS
            else ()
        ),
        *(mark for marks in shown.values() for mark in marks),
        *_captions(view, critical, show, (terrain.levels_caption(panel),)),
    )


# ── captions ─────────────────────────────────────────────────────────────────────────────────────

SAYS = {
    "positive definite": "f bends upwards in every direction",
    "negative definite": "f bends downwards in every direction",
    "indefinite": "f bends upwards in some directions and downwards in others",
    "singular": "there is a direction in which f does not bend",
    "0": "f does not bend at all",
}
IMAGE_TEXTS = (
    "∇f takes the circle of radius h = {g} to the solid curve; its Jacobian, H, takes it to the "
    "dashed ellipse.",
)


def _captions(
    view: View, critical: Sequence[Critical], show: Sequence[str], levels: Marks
) -> Marks:
    place = _place_slots(view)
    values = ", ".join(["{g}"] * len(view.frame.variables))
    at = f"At {place}: f = {{.{view.value}}}. H is"
    spoken = tuple(f"{at} {word} (λ = {values}): {said}." for word, said in SAYS.items())
    none = f"At {place}: f = {{.{view.value}}}, and there is no Hessian:"
    undefined = (
        f"At {place}: f has no Hessian.",
        f"At {place}: f = {{.{view.value}}}, and autograd has no Hessian here.",
        f"{none} f has no gradient here.",
        f"{none} f is not twice differentiable here.",
    )
    made: list[Mark] = [
        Label(name="spoken", panel="", texts=spoken + undefined),
        Label(name="symmetry note", panel="", color=SECOND, texts=_symmetry_texts(view)),
    ]
    if len(view.frame.variables) > 2:
        made.append(Label(name="matrix note", panel="", color=SECOND, texts=(_matrix_text(view),)))
        made.append(Label(name="cut note", panel="", color=QUIET, texts=(_cut_text(view),)))
    if "steps" in show:
        made.extend(step_captions(view.frame))
    if "model" in show:
        made.append(model_caption())
    if "errors" in show:
        made.extend(taylor.caption_marks())
    if "image" in show:
        made.append(Label(name="image note", panel="", color=QUIET, texts=IMAGE_TEXTS))
    made.extend(levels)
    if "critical points" in show:
        text = critical_text(view.field, critical)
        made.append(Label(name="critical note", panel="", texts=(text,)))
    return (*made, *terrain.kink_captions(view.field), *_bend_captions(view))


def _bend_captions(view: View) -> Marks:
    """For each variable the line that says why there is no second derivative."""
    ends = f"{{.{view.bend}}} on the left, {{.{view.bend}}} on the right"
    return tuple(
        Label(
            name=f"bend along {name}",
            panel="",
            color=QUIET,
            texts=(
                f"The slope along {name} has a corner here: f bends by {ends}.",
                f"The curvature along {name} has no bound here.",
            ),
            urgent=True,
        )
        for name in view.frame.variables
    )


def _place_slots(view: View) -> str:
    slots = (f"{{.{control.digits}+}}" for control in terrain.controls(view.field))
    return f"({', '.join(slots)})"


def _symmetry_texts(view: View) -> tuple[str, ...]:
    x, y = view.frame.names
    pair = f"∂²f/∂{x}∂{y} = {{.{view.bend}}} and ∂²f/∂{y}∂{x} = {{.{view.bend}}}"
    equal = f"H = Hᵀ: autograd computes {pair} separately, and they agree."
    same = "λmax = λmin: any two perpendicular directions are eigenvectors."
    return (equal, f"{equal} {same}", f"autograd computes {pair}: H is not symmetric here.")


def _matrix_text(view: View) -> str:
    """H in a line of text, row by row."""
    count = len(view.frame.variables)
    line = f"[{', '.join(['{g}'] * count)}]"
    return f"H = [{', '.join([line] * count)}]"


def _cut_text(view: View) -> str:
    x, y = view.frame.names
    return (
        f"The map is a cut: what is drawn around the point, λ too, belongs to the block "
        f"({x}, {y}) of H alone. Both steps change all variables; the map shows their {x} and {y}."
    )


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def _numbers(
    view: View,
    equal: bool,
    exact: bool,
    show: Sequence[str],
    values: Mapping[str, Any],
) -> Numbers:
    """The numbers of what is shown; the tracer drops what of other parts is among them."""
    values, window = {**UNUSED, **values}, window_of(view.field, values)
    frame = view.frame.through(window)
    at = local(view.field, frame, exact, values)
    after = {name: after_step(view.field, at, step) for name, step in steps_of(at).items()}
    seen = [window[name] for name in frame.names]
    return {
        **model_numbers(frame, at, [values[name] for name in LEVELS]),
        **_without_f(frame, at.without_f, after, seen, equal, tuple(show), values["angle"]),
        **(hessian.image_numbers(at) if "image" in show else {}),
        **taylor.numbers(frame, at, "errors" in show),
    }


@copied_in
def _without_f(
    frame: Frame,
    at: Local,
    after: Mapping[str, Any],
    seen: Sequence[Ends],
    equal: bool,
    show: Sequence[str],
    angle: Any,
) -> Numbers:
    """The numbers for which f need not be asked at other places, so that they are alike for all."""
    return {
        range_of("map"): as_seen(seen[0], seen[1]),
        **taylor.ranges(frame),
        **around_point(frame, sheet_of(seen[0], seen[1], equal), at, after, show),
        **step_notes(frame, at, after),
        **hessian.matrix_numbers(frame, at),
        **hessian.directions_numbers(at, angle),
        **_caption_numbers(frame, at),
        **terrain.kink_numbers(frame.variables, at.sides, at.answers),
    }


def _caption_numbers(frame: Frame, at: Local) -> Numbers:
    over, under = at.hessian[frame.across][frame.up], at.hessian[frame.up][frame.across]
    size = 1e-9 * (anp.abs(over) + anp.abs(under) + at.model.steepest)
    axes = at.model.axes
    round_ = axes.greatest - axes.least <= 1e-9 * at.model.steepest
    equal = anp.where(anp.abs(over - under) <= size, anp.where(round_, 1.0, 0.0), 2.0)
    known = anp.isfinite(at.f + over + under)
    return {
        "spoken": caption(_spoken_case(at), *at.place, at.f, *at.newton.values),
        **{
            f"bend along {name}": caption(_bend_case(*both), both[1].left, both[1].right)
            for name, both in zip(
                frame.variables, zip(at.sides, at.bends, strict=True), strict=True
            )
        },
        "matrix note": caption(
            anp.where(known, 0.0, -1.0), *(h for line in at.hessian for h in line)
        ),
        "symmetry note": caption(anp.where(known, equal, -1.0), over, under),
        "cut note": caption(0.0),
        terrain.LEVELS_NOTE: caption(0.0),
        "critical note": caption(0.0),
        "image note": caption(anp.where(known, 0.0, -1.0), at.h),
    }


def _spoken_case(at: Local) -> Any:
    """The Hessian's kind, or where f has a value that there is no gradient, or no Hessian."""
    case = at.newton.case
    told = where(at.across, 8.0, where(case == 5.0, 6.0, case))
    for every, lacking in ((at.bends, 8.0), (at.sides, 7.0)):
        for slope in every:
            told = where(corner.lacks(slope), lacking, told)
    return where(anp.isfinite(at.f), told, case)


def _bend_case(slope: Slope, bend: Slope) -> Any:
    """Which line tells of a slope's own kink: none where f itself has one."""
    kink = anp.where(bend.kind == CORNER, 0.0, 1.0)
    only = anp.logical_and(corner.lacks(bend), anp.logical_not(corner.lacks(slope)))
    return anp.where(only, kink, -1.0)
