"""What the curvature picture knows: of a field its scales, at a point its derivatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.grid import Grid
from gradwidgets.calculus.quadratic import Model, Newton, cleared, dust, eigen, newton, norm
from gradwidgets.calculus.slopes import Slope
from gradwidgets.calculus.tracing import value_partials_and_seconds
from gradwidgets.calculus.truths import both, either, no
from gradwidgets.calculus.types import Interval
from gradwidgets.calculus.wording import Digits
from gradwidgets.pictures import corner, terrain
from gradwidgets.pictures.window import Ends, Window, shorter, sides

LONGEST = 0.3  # of the map's width: how far the slice along u goes to both sides
DECADES = 3.0  # of the distances over which errors are shown
GRID = {2: 13, 3: 7}  # places along an axis that tell how many decimals to show


class Frame(NamedTuple):
    """Which variables the map shows, and how much of them: whatever f is."""

    variables: tuple[str, ...]
    across: int
    up: int
    usual: float  # the shorter side of the map of the whole domain: by it is told what is small
    sides: tuple[Any, Any]  # of the map

    @property
    def names(self) -> tuple[str, str]:
        """The two variables of the map."""
        return self.variables[self.across], self.variables[self.up]

    @property
    def is_cut(self) -> bool:
        """Whether the map leaves variables out, so that of H it shows a block alone."""
        return len(self.variables) > 2

    @property
    def width(self) -> Any:
        """The shorter side of the map."""
        return shorter(*self.sides)

    @property
    def reach(self) -> Any:
        """The diagonal of the map."""
        return norm(*self.sides)

    @property
    def longest(self) -> Any:
        """The greatest distance along a slice."""
        return LONGEST * self.width

    @property
    def exponents(self) -> Ends:
        """The distances h that are shown, as exponents of ten."""
        high = anp.log10(self.longest)
        return high - DECADES, high

    def through(self, window: Window) -> Frame:
        """The same, seen through a window."""
        across, up = sides(window[name] for name in self.names)
        return self._replace(sides=(across, up))


class View(NamedTuple):
    """What stays while the point moves: f, what is shown of its variables, decimals to show."""

    field: ScalarField
    frame: Frame
    slope: Digits
    value: Digits
    bend: Digits


def distances(field: ScalarField, axes: Sequence[str]) -> Interval:
    """The least and the greatest distance h from the point that can be chosen."""
    width = min(sides(field.domain[name] for name in axes))
    return LONGEST * width / 10**DECADES, LONGEST * width


MOST_THOUSANDS = 96  # of which a thousand times as much is a number still


@np.errstate(all="ignore")
def rates(field: ScalarField) -> Interval:
    """The least and the greatest learning rate that can be chosen: 10⁻⁵ to 100, in f's own units.

    Those change by thousands, so that functions of everyday sizes share one range.
    """
    bends = np.abs(np.asarray(_scales(field).hessian))
    bends = bends[np.isfinite(bends) & (bends > 0)]
    thousands = round(float(np.median(np.log10(bends))) / 3) if bends.size else 0
    thousands = min(max(thousands, -MOST_THOUSANDS), MOST_THOUSANDS)
    return 10.0 ** (-5 - 3 * thousands), 10.0 ** (2 - 3 * thousands)


@lru_cache(4)
def _scales(field: ScalarField) -> Grid:
    """f and its derivatives at a few places all over the domain."""
    count = GRID.get(len(field.variables), 3)
    return field.on_grid(*(field.axis(name, count) for name in field.variables), order=2)


def view_of(field: ScalarField, axes: tuple[str, str]) -> View:
    """The scales of a field on its domain."""
    grid = _scales(field)
    assert grid.gradient is not None
    assert grid.hessian is not None
    parts = (grid.gradient, grid.values, grid.hessian)
    width, height = sides(field.domain[name] for name in axes)
    usual = float(min(width, height))
    across, up = map(field.index, axes)
    frame = Frame(field.variables, across, up, usual, (width, height))
    return View(field, frame, *map(terrain.decimals, parts))


class Local(NamedTuple):
    """All that is known at a point. The model, u and `cut` belong to the two axes of the map.

    Derivatives are NaN where there are none, whatever autograd `answers` there.
    """

    place: Sequence[Any]
    f: Any
    gradient: Sequence[Any]
    hessian: Sequence[Sequence[Any]]
    answers: Sequence[Any]
    sides: Sequence[Slope]
    bends: Sequence[Slope]  # those of each slope along its own axis
    across: Any  # whether H misses how f bends between two axes
    cut: Callable[[Any, Any], Any]
    model: Model
    newton: Newton
    descent: Sequence[Any]  # the gradient step −α∇f
    rate: Any  # its α
    ux: Any
    uy: Any
    h: Any
    slope: Any  # ∇f·u
    bend: Any  # uᵀHu

    @property
    def without_f(self) -> Local:
        """The same for what asks f at no other place."""
        return self._replace(cut=_unasked)

    def along(self, t: Any) -> Any:
        """f at a distance t from the point along u."""
        return self.cut(self.model.x + t * self.ux, self.model.y + t * self.uy)


def _unasked(x: Any, y: Any) -> Any:
    raise ValueError("f is not asked here")


def local(field: ScalarField, frame: Frame, exact: bool, values: Mapping[str, Any]) -> Local:
    """Everything at the point that the controls' values tell."""
    i, j = frame.across, frame.up
    place = [values[name] for name in field.variables]
    f, gradient, hessian = value_partials_and_seconds(field.function, place)
    known = anp.isfinite(f)  # autograd may have an answer even where there is no f
    answers = [anp.where(known, g, np.nan) for g in gradient]
    sides = field.slopes(place, answers)
    bends = [corner.bends(field, place, k, hessian[k][k]) for k in range(len(place))]
    gradient = list(map(corner.told, sides))
    across = corner.is_bent_across(field, place, answers, hessian)
    known = both(known, no(either(across, *map(corner.lacks, (*sides, *bends)))))
    hessian, rounding = _entries(field, gradient, hessian, known)
    mixed = 0.5 * (hessian[i][j] + hessian[j][i])
    second = (hessian[i][i], mixed, hessian[j][j])
    axes = eigen(*second, rounding)
    model = Model(place[i], place[j], f, gradient[i], gradient[j], *second, axes)
    turn = values["angle"] * (np.pi / 180)
    ux, uy = cleared(anp.cos(turn), 1.0), cleared(anp.sin(turn), 1.0)
    rate = _rate(gradient, hessian, values["rate"], exact)
    return Local(
        place,
        f,
        gradient,
        hessian,
        answers,
        sides,
        bends,
        across,
        _cut(field, place, i, j),
        model,
        newton(gradient, hessian, rounding),
        [-rate * g for g in gradient],
        rate,
        ux,
        uy,
        values["h"],
        cleared(model.slope(ux, uy), norm(model.gx, model.gy)),
        cleared(model.bend(ux, uy), model.steepest),
    )


def _entries(
    field: ScalarField, gradient: Sequence[Any], hessian: Sequence[Sequence[Any]], known: Any
) -> tuple[list[list[Any]], Any]:
    """H, NaN unless it is known and 0 where it is rounding; up to what size an entry is that."""
    hessian = [[anp.where(known, entry, np.nan) for entry in line] for line in hessian]
    rounding = dust(gradient, hessian, max(high - low for low, high in field.domain.values()))
    small = [[anp.abs(entry) <= rounding for entry in line] for line in hessian]
    return [
        [anp.where(none, 0.0, entry) for none, entry in zip(*lines, strict=True)]
        for lines in zip(small, hessian, strict=True)
    ], rounding


def _rate(gradient: Sequence[Any], hessian: Sequence[Sequence[Any]], rate: Any, exact: bool) -> Any:
    """The learning rate α: the control's, or the one at which the model is least along −∇f."""
    if not exact:
        return rate
    most = sum(anp.abs(g) for g in gradient)
    along = [g / anp.where(most > 0, most, 1.0) for g in gradient]  # squares can't overflow then
    bend = sum(
        g * entry * other
        for g, row in zip(along, hessian, strict=True)
        for entry, other in zip(row, along, strict=True)
    )
    curved = bend > 0
    return anp.where(curved, sum(g * g for g in along) / anp.where(curved, bend, 1.0), rate)


def _cut(
    field: ScalarField, place: Sequence[Any], across: int, up: int
) -> Callable[[Any, Any], Any]:
    """f of the map's two variables, the others where they are; of arrays an array."""

    def cut(x: Any, y: Any) -> Any:
        moved = list(place)
        moved[across], moved[up] = x, y
        return field.function(*moved) + 0.0 * (x + y)

    return cut
