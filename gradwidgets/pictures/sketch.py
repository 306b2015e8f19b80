"""A curve above its first and second derivative, and the places that tell something."""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.sketch import branches, curves, places
from gradwidgets.calculus.slopes import UNANSWERED, UNSETTLED
from gradwidgets.calculus.types import Array
from gradwidgets.calculus.typeset import symbol
from gradwidgets.pictures import corner, terrain
from gradwidgets.pictures.curve import Local, View
from gradwidgets.pictures.marks import Label, Mark, Marker, Marks, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, caption, points, row
from gradwidgets.pictures.palette import BY_X, GUIDE, HANDLE, QUIET, SECOND
from gradwidgets.pictures.panels import Panel
from gradwidgets.pictures.scene import Layer

STACK = ("curve", "slope", "bend")
MOST_NAMED = 8  # telling places; more have their shapes alone
SHAPES = {
    "maximum": ("triangle", "max", BY_X),
    "minimum": ("triangle down", "min", BY_X),
    "flat": ("square", "flat", BY_X),
    "inflection": ("diamond", "inflection", SECOND),
}


def stack_panels(view: View) -> tuple[Panel, ...]:
    """The curve above f′ above f″, on one x axis."""
    x, shown, axes = symbol(view.name), view.ranges, (view.name, None)
    return (
        Panel("curve", *shown["curve"], title=terrain.title(view.field), tall=0.8, axes=axes),
        Panel(
            "slope",
            *shown["slope"],
            title=f"$f'({x})$",
            left=True,
            tall=0.7,
            stacked=True,
            axes=axes,
        ),
        Panel(
            "bend",
            *shown["bend"],
            axes=axes,
            title=f"$f''({x})$",
            xlabel=f"${x}$",
            left=True,
            tall=0.7,
            stacked=True,
        ),
    )


def curves_layer(field: ScalarField, x: Array, values: Array) -> Layer:
    """The curves, and their telling places."""
    drawn = {"f": QUIET, "f′": BY_X, "f″": SECOND}
    ends = (float(x[0]), 0.0), (float(x[-1]), 0.0)
    marks: list[Mark] = []
    numbers: dict[str, Any] = {}
    for order, (panel, (name, color)) in enumerate(zip(STACK, drawn.items(), strict=True)):
        marks.append(Polyline(name=f"zero {panel}", panel=panel, color=GUIDE, width=1.0))
        marks.append(Polyline(name=name, panel=panel, color=color, width=2.0))
        numbers |= {f"zero {panel}": points(*ends), name: branches(field, x, values, order)}
    told = _places(field)
    return Layer((*marks, *told.marks), {**numbers, **told.numbers})


def _places(field: ScalarField) -> Layer:
    """Each telling place on f, and where it is a zero of a derivative, there too."""
    found = places(field)
    marks: list[Mark] = []
    numbers: dict[str, Any] = {}
    for kind, (shape, word, color) in SHAPES.items():
        at = np.array([place.x for place in found if place.kind == kind])
        if not at.size:
            continue
        f, slope, _ = curves(field, at)
        zeros = np.stack([at, 0.0 * at], axis=1)
        panels = {"curve": np.stack([at, f], axis=1)}
        panels |= {"slope": zeros} if kind != "inflection" else {}
        panels |= {"bend": zeros} if kind in ("inflection", "flat") else {}
        for panel, where in panels.items():
            name = f"{kind} {panel}"
            marks.append(Marker(name=name, panel=panel, color=color, shape=shape, size=10))
            numbers[name] = where
        for place in range(at.size if len(found) <= MOST_NAMED else 0):
            name = f"{kind} {place}"
            marks.append(Label(name=name, panel="curve", color=color, size=12, texts=(word,)))
            aside = _aside(kind, float(slope[place]))
            numbers[name] = beside((at[place], f[place]), aside, True)
    return Layer(tuple(marks), numbers)


def _aside(kind: str, slope: float) -> tuple[float, float]:
    """Where a word has room beside the curve."""
    if kind in ("maximum", "minimum"):
        return 0.0, 1.0 if kind == "maximum" else -1.0
    return 1.0, 1.0 if slope < 0 else -1.0


def cursor_marks() -> Marks:
    """A line at the point through all three panels."""
    return tuple(
        Polyline(name=f"cursor {panel}", panel=panel, color=QUIET, width=1.0, dash=(2, 3))
        for panel in STACK
    )


def stack_marks(view: View) -> Marks:
    """The point on f′ and on f″, and both numbers."""
    slope = f"{{.{view.digits[1]}}}"
    told = (f"f′ = {slope}", f"no slope; autograd answers {slope}", "f′ is undefined", "no slope")
    return (
        Marker(name="slope", panel="slope", color=HANDLE, moves=(view.name, None)),
        Label(name="slope label", panel="slope", color=BY_X, texts=told, above=True),
        Marker(name="bend", panel="bend", color=HANDLE, moves=(view.name, None)),
        Label(
            name="bend label",
            panel="bend",
            color=SECOND,
            texts=(f"f″ = {{.{view.digits[2]}}}", "f″ is undefined", "autograd has no f″ here"),
            above=True,
        ),
    )


def spoken_caption(view: View) -> Label:
    """Where the point is, with f and its slope."""
    return Label(name="spoken", panel="", texts=_spoken(view))


def _spoken(view: View) -> tuple[str, ...]:
    at = f"At {view.name} = {{.{view.controls[0].digits}+}}"
    f = f"f = {{.{view.digits[0]}}}"
    return (
        f"{at}: {f}, slope {{.{view.digits[1]}}}.",
        f"{at}: {f}, and there is no slope.",
        f"{at}: f is undefined.",
        f"{at}: {f}, slope {{.{view.digits[1]}}} from left and right; autograd has no answer.",
        f"{at}: {f}, and neither autograd nor f itself shows a slope.",
    )


def stack_numbers(view: View, here: Local) -> Numbers:
    """The numbers of these marks, of the cursors, of the point on the curve, and what is spoken."""
    x, f = here.x, here.f
    spans = dict(zip(STACK, (view.heights, view.slopes, view.bends), strict=True))
    right = view.window[1]
    known = anp.isfinite(f)
    smooth = anp.logical_and(known, here.sides.smooth)
    answer = anp.where(anp.isfinite(here.slope), 1.0, anp.where(known, 3.0, 2.0))
    answer = anp.where(smooth, 0.0, answer)
    curved = anp.logical_and(smooth, anp.logical_not(corner.lacks(here.bends)))
    bend = anp.where(curved, here.bend, np.nan)
    second = anp.where(curved, anp.where(anp.isfinite(bend), 0.0, 2.0), 1.0)
    kept = {
        name: anp.minimum(anp.maximum(number, spans[name][0]), spans[name][1])
        for name, number in zip(STACK, (f, here.slope, bend), strict=True)
    }
    return {
        **{f"cursor {name}": points((x, span[0]), (x, span[1])) for name, span in spans.items()},
        "point": row(x, kept["curve"]),
        "slope": row(x, kept["slope"]),
        "slope label": row(right, spans["slope"][1], 0.0, 1.0, answer, here.slope),
        "bend": row(x, kept["bend"]),
        "bend label": row(right, spans["bend"][1], 0.0, 1.0, second, bend),
        "spoken": caption(_told(here), x, f, here.slope),
    }


def _told(here: Local) -> Any:
    """Which of the spoken lines holds."""
    kind = here.sides.kind
    told = anp.where(here.sides.smooth, 0.0, anp.where(kind == UNSETTLED, 4.0, 1.0))
    return anp.where(anp.isfinite(here.f), anp.where(kind == UNANSWERED, 3.0, told), 2.0)
