"""What is shown where a slice has no tangent: two half tangents, and that there is no slope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import combinations, product
from typing import Any

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.program import recorded_once
from gradwidgets.calculus.slopes import (
    CORNER,
    CUSP,
    EDGE,
    JUMP,
    VERTICAL,
    Slope,
    slope_along,
    smooth,
)
from gradwidgets.calculus.smooth import is_smooth_wherever_defined
from gradwidgets.calculus.tracing import value_and_partials
from gradwidgets.calculus.wording import Digits
from gradwidgets.pictures import terrain
from gradwidgets.pictures.marks import Polyline
from gradwidgets.pictures.numbers import Numbers, points
from gradwidgets.pictures.window import Ends

HALF = 0.2  # of a panel's side: how long a half tangent is
STEEPEST = 1e6  # a line that rises so many panels in one is drawn as an upright
STEPS = (1e-3, 1e-5)  # of the domain's width: over which H is held against the gradients
BENT, HALVED = 1e-3, 0.5  # of what H tells, of what it misses over the longer step
LOST = 1e-13  # of f: what rounding may leave of a slope


def lacks(slope: Slope) -> Any:
    """Whether f has no slope, whatever autograd answers."""
    return _is_one_of(slope, CORNER, CUSP, JUMP, VERTICAL)


def told(slope: Slope) -> Any:
    """The slope, NaN where there is none."""
    return anp.where(lacks(slope), np.nan, slope.told)


def bends(field: ScalarField, point: Sequence[Any], axis: int, answer: Any) -> Slope:
    """What can be said of ∂²f/∂x², the slope of ∂f/∂x, for which autograd has an answer."""
    if field.is_smooth:
        return smooth(answer)

    def slope(*place: Any) -> Any:
        return value_and_partials(field.function, place)[1][axis]

    low, high = field.domain[field.variables[axis]]
    height = field.height / (high - low)
    return slope_along(recorded_once(slope), point, axis, answer, high - low, height)


def is_bent_across(
    field: ScalarField,
    point: Sequence[Any],
    gradient: Sequence[Any],
    hessian: Sequence[Sequence[Any]],
) -> Any:
    """Whether H misses how the slope changes along a line between two axes, as that of |xy| does.

    What it misses over a step goes to 0 with the step where f is twice differentiable. Formulas
    that are so wherever they are defined are not asked.
    """
    found: Any = False
    if field.formula is not None and is_smooth_wherever_defined(field.formula.tree):
        return found
    widths = [high - low for low, high in field.domain.values()]
    for i, j in combinations(range(len(point)), 2):
        for way in ({i: widths[i], j: widths[j]}, {i: widths[i], j: -widths[j]}):
            terms = [way[k] * way[m] * hessian[k][m] for k in way for m in way]
            least = BENT * sum(map(anp.abs, terms)) + LOST * field.height / STEPS[1]
            for side in (-1.0, 1.0):
                wide, near = (
                    anp.abs(_bend_along(field, point, gradient, way, side * step) - sum(terms))
                    for step in STEPS
                )
                missed = anp.logical_and(near > least, near > HALVED * wide)
                found = anp.logical_or(found, anp.logical_and(missed, anp.isfinite(near)))
    return found


def _bend_along(
    field: ScalarField,
    point: Sequence[Any],
    gradient: Sequence[Any],
    way: Mapping[int, float],
    step: float,
) -> Any:
    """The change of the slope along a way, per length, over a step to one side."""
    place = [x + step * way.get(axis, 0.0) for axis, x in enumerate(point)]
    partials = value_and_partials(field.function, place)[1]
    return sum(length * (partials[k] - gradient[k]) for k, length in way.items()) / step


def _is_one_of(slope: Slope, *kinds: float) -> Any:
    return reduce(anp.logical_or, (slope.kind == kind for kind in kinds))


# ── half tangents ────────────────────────────────────────────────────────────────────────────────


def half_tangent_marks(panel: str, color: str, end: str = "") -> tuple[Polyline, ...]:
    """Both half tangents, the right one dashed."""
    return (
        Polyline(name=f"left tangent{end}", panel=panel, color=color, width=3.0),
        Polyline(name=f"right tangent{end}", panel=panel, color=color, width=3.0, dash=(5, 3)),
    )


def half_tangents(
    panel: tuple[Ends, Ends], place: tuple[Any, Any], slope: Slope, end: str = ""
) -> Numbers:
    """The numbers of `half_tangent_marks`: drawn where both sides differ, or f ends uprightly."""
    (left, right), (bottom, top) = panel
    most = STEEPEST * ((top - bottom) / (right - left))
    ends = anp.logical_and(slope.kind == EDGE, anp.logical_not(slope.smooth))
    bent = anp.logical_or(_is_one_of(slope, CORNER, CUSP, VERTICAL), ends)
    numbers = {}
    for name, own, side in (("left", slope.left, -1.0), ("right", slope.right, 1.0)):
        shown = anp.minimum(anp.maximum(anp.where(bent, own, np.nan), -most), most)
        run = HALF * side * terrain.even_run(shown, right - left, top - bottom)
        numbers[f"{name} tangent{end}"] = points(place, (place[0] + run, place[1] + shown * run))
    return numbers


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def told_slopes(field: ScalarField, digits: Digits, first: int) -> tuple[str, ...]:
    """All derivatives at a point in words, for each choice of those that exist: see `which`.

    The slots are numbered from `first` on, two for each derivative: see `told_numbers`.
    """
    names = [terrain.partial_name(field, name) for name in field.variables]
    count = len(names)
    return tuple(
        ", ".join(
            _missing(name, digits, first + 2 * axis)
            if none
            else f"{name} = {{.{digits}@{first + 2 * axis}}}"
            for axis, (name, none) in enumerate(zip(names, choice, strict=True))
        )
        for choice in product((False, True), repeat=count)
    )


def told_numbers(slope: Slope) -> tuple[Any, Any]:
    """The derivative, or where there is none the slope from the left; the slope from the right."""
    return anp.where(lacks(slope), slope.left, slope.told), slope.right


def lacking(field: ScalarField, digits: Digits, first: int) -> tuple[str, ...]:
    """The derivatives that are missing in words, for each choice of some: see `which`.

    The slots are numbered from `first` on: for each the slopes from the left and from the right.
    """
    names = [terrain.partial_name(field, name) for name in field.variables]
    choices = list(product((False, True), repeat=len(names)))[1:]
    return tuple(
        " and ".join(
            _missing(name, digits, first + 2 * axis)
            for axis, (name, none) in enumerate(zip(names, choice, strict=True))
            if none
        )
        for choice in choices
    )


def _missing(name: str, digits: Digits, slot: int) -> str:
    left, right = f"{{.{digits}@{slot}}}", f"{{.{digits}@{slot + 1}}}"
    return f"{name} does not exist (slope {left} from the left, {right} from the right)"


def which(slopes: Sequence[Slope]) -> Any:
    """Which of `told_slopes` holds: the derivatives that are missing as binary digits."""
    found: Any = 0.0
    for slope in slopes:
        found = 2.0 * found + anp.where(lacks(slope), 1.0, 0.0)
    return found
