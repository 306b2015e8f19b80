"""What is shown where a slice has no tangent: two half tangents, and that there is no slope."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import Interval, ScalarField, one_sided_slopes
from gradwidgets.calculus.tracing import value_and_partials
from gradwidgets.pictures import terrain
from gradwidgets.pictures.scene import Numbers, Polyline, points

HALF = 0.2  # of a panel's side: how long a half tangent is
NEAR, WIDE = 1e-6, 1e-4  # of the domain: steps that tell whether a slope has a bound
NO_BOUND = 2.0  # times as steep over the near step as over the wide one


class Sides(NamedTuple):
    """The slopes on both sides of a point along an axis, and the kind of kink: 0 for none."""

    left: Any
    right: Any
    kind: Any

    @property
    def smooth(self) -> Any:
        """Whether there is one slope for both sides."""
        return self.kind == 0.0


def sides(field: ScalarField, point: Sequence[Any], axis: int) -> Sides:
    """The one-sided slopes along an axis, infinite where they have no bound."""
    left, right, kind = one_sided_slopes(field.function, point, axis)
    low, high = field.domain[field.variables[axis]]
    here = field.function(*point)

    def bounded(slope: Any, side: float) -> Any:
        near, wide = (
            (field.function(*point[:axis], point[axis] + by, *point[axis + 1 :]) - here) / by
            for by in (side * NEAR * (high - low), side * WIDE * (high - low))
        )
        steep = anp.logical_and(kind > 1.0, anp.abs(near) > NO_BOUND * anp.abs(wide))
        return anp.where(steep, anp.where(slope < 0, -np.inf, np.inf), slope)

    return Sides(bounded(left, -1.0), bounded(right, 1.0), kind)


def bends(field: ScalarField, point: Sequence[Any], axis: int) -> Sides:
    """The same of ∂f/∂x along x: its slopes are f's second derivatives on both sides."""

    def slope(*place: Any) -> Any:
        return value_and_partials(field.function, place)[1][axis]

    return Sides(*one_sided_slopes(slope, point, axis))


def twice(field: ScalarField, point: Sequence[Any]) -> Any:
    """Whether f and its slopes are without kinks at a point, so that it can have a Hessian."""
    found: Any = True
    for axis in range(len(point)):
        for both in (sides(field, point, axis), bends(field, point, axis)):
            found = anp.logical_and(found, both.smooth)
    return found


# ── half tangents ────────────────────────────────────────────────────────────────────────────────


def half_tangent_marks(panel: str, color: str, end: str = "") -> tuple[Polyline, ...]:
    """Both half tangents, the right one dashed."""
    return (
        Polyline(name=f"left tangent{end}", panel=panel, color=color, width=3.0),
        Polyline(name=f"right tangent{end}", panel=panel, color=color, width=3.0, dash=(5, 3)),
    )


def half_tangents(
    panel: tuple[Interval, Interval], place: tuple[Any, Any], both: Sides, end: str = ""
) -> Numbers:
    """The numbers of `half_tangent_marks`: drawn at a corner and at a cusp."""
    (left, right), (bottom, top) = panel
    bent = anp.logical_or(both.kind == 1.0, both.kind == 2.0)
    numbers = {}
    for name, slope, side in (("left", both.left, -1.0), ("right", both.right, 1.0)):
        upright = anp.isinf(slope)
        steep = anp.where(bent, anp.where(upright, 0.0, slope), np.nan)
        run = HALF * side * terrain.even_run(steep, right - left, top - bottom)
        rise = anp.where(upright, HALF * side * anp.sign(slope) * (top - bottom), steep * run)
        tip = (place[0] + anp.where(upright, 0.0, run), place[1] + anp.where(bent, rise, np.nan))
        numbers[f"{name} tangent{end}"] = points(place, tip)
    return numbers


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def told_slopes(field: ScalarField, digits: int, first: int) -> tuple[str, ...]:
    """All derivatives at a point in words, for each choice of those that exist: see `which`.

    The slots are numbered from `first` on: the derivatives, and then for each the slopes from the
    left and from the right.
    """
    names = [terrain.partial_name(field, name) for name in field.variables]
    count = len(names)
    return tuple(
        ", ".join(
            _missing(name, digits, first + count + 2 * axis)
            if lacks
            else f"{name} = {{.{digits}@{first + axis}}}"
            for axis, (name, lacks) in enumerate(zip(names, choice, strict=True))
        )
        for choice in product((False, True), repeat=count)
    )


def lacking(field: ScalarField, digits: int, first: int) -> tuple[str, ...]:
    """The derivatives that are missing in words, for each choice of some: see `which`.

    The slots are numbered from `first` on: for each the slopes from the left and from the right.
    """
    names = [terrain.partial_name(field, name) for name in field.variables]
    choices = list(product((False, True), repeat=len(names)))[1:]
    return tuple(
        " and ".join(
            _missing(name, digits, first + 2 * axis)
            for axis, (name, lacks) in enumerate(zip(names, choice, strict=True))
            if lacks
        )
        for choice in choices
    )


def _missing(name: str, digits: int, slot: int) -> str:
    left, right = f"{{.{digits}@{slot}}}", f"{{.{digits}@{slot + 1}}}"
    return f"{name} does not exist (slope {left} from the left, {right} from the right)"


def which(every: Sequence[Sides]) -> Any:
    """Which of `told_slopes` holds: the derivatives that are missing as binary digits."""
    found: Any = 0.0
    for both in every:
        found = 2.0 * found + anp.where(both.smooth, 0.0, 1.0)
    return found
