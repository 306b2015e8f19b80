"""What every picture of a field needs: its map with level curves, its controls, its scales."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.kinks import kink_said, kink_texts
from gradwidgets.calculus.quadratic import norm
from gradwidgets.calculus.ranks import percentile
from gradwidgets.calculus.slopes import Slope
from gradwidgets.calculus.types import Array, Interval
from gradwidgets.calculus.typeset import definition, symbol
from gradwidgets.calculus.wording import Digits, plain
from gradwidgets.pictures.breaks import filled, torn
from gradwidgets.pictures.control import PLAIN, Control
from gradwidgets.pictures.ground import Contours, Sheet, Terrain
from gradwidgets.pictures.levels import choose_levels, short
from gradwidgets.pictures.marks import Label
from gradwidgets.pictures.numbers import Numbers, caption
from gradwidgets.pictures.palette import QUIET
from gradwidgets.pictures.panels import Panel

SMALLEST = 1e-290  # with 16 digits behind it, the least number that a float tells
LEVELS_NOTE = "levels note"
FEWEST_POINTS = 31  # along a side, that tell the levels of the longest formula
LARGEST = 1e307  # of which ten times as much is still a number
DRAWABLE = 1e306  # of greater values not even the difference is a number
MOST_UNEQUAL = 4.0  # beyond this ratio of the intervals one scale would make the map a ribbon


def controls(field: ScalarField) -> tuple[Control, ...]:
    """One control for each coordinate; it starts at two thirds of its interval."""
    return tuple(coordinate(name, interval) for name, interval in field.domain.items())


def place_at(field: ScalarField, at: Mapping[str, float] | None) -> dict[str, float]:
    """A place of a field: where its controls start, but for the coordinates that are given."""
    return {control.name: control.start for control in controls(field)} | dict(at or {})


def coordinate(name: str, interval: Interval) -> Control:
    """A control over an interval, its step a power of ten near a four-hundredth of it."""
    low, high = interval
    step = 10.0 ** math.floor(math.log10((high - low) / 400) + 0.5)
    start = float(f"{round((low + 2 * (high - low) / 3) / step) * step:.15g}")
    return Control(name, name, low, high, step, min(max(start, low), high))


def check_two_variables(field: ScalarField) -> None:
    """Refuse a field that has no map of all its variables, with a ValueError."""
    if len(field.variables) != 2:
        raise ValueError(
            f"This picture needs two variables, and here are {len(field.variables)}: "
            f"{', '.join(field.variables)}."
        )


def map_panel(
    field: ScalarField, across: str, up: str, at: Mapping[str, float], spacing: str = "auto"
) -> Panel:
    """The map of two variables; the others stay where `at` puts them.

    `spacing` is that of the level curves, one of `SPACINGS`.
    """
    cut = Cut(field, across, up, at)
    points = level_points(field)
    values = cut.over(points).values
    span = value_range(values)
    chosen = choose_levels(values, span, spacing)
    return Panel(
        "map",
        field.domain[across],
        field.domain[up],
        title=title(field),
        xlabel=f"${symbol(across)}${held_at(field, (across, up))}",
        ylabel=f"${symbol(up)}$",
        equal=same_scale(field.domain[across], field.domain[up]),
        axes=(across, up),
        terrain=Terrain(across, up, spacing, points),
        contours=Contours(
            partial(cut.mended, 2 * points - 1, span[1] - span[0]),
            chosen.values,
            chosen.note,
            chosen.told,
            chosen.valley,
        ),
    )


def level_points(field: ScalarField) -> int:
    """How many places along a side tell the levels: every second one of the finest grid."""
    return max((field.fineness + 1) // 2, FEWEST_POINTS)


class Cut(NamedTuple):
    """A field over two of its variables, the others at a place."""

    field: ScalarField
    across: str
    up: str
    at: Mapping[str, float]

    def value(self, x: Any, y: Any) -> Any:
        """f at places of the map, without any check."""
        places = {**self.at, self.across: x, self.up: y}
        return self.field.function(*(places.get(name, 0.0) for name in self.field.variables))

    def over(self, count: int) -> Sheet:
        """Values at so many places along each side of the domain."""
        x, y = (self.field.axis(name, count) for name in (self.across, self.up))
        places = {**self.at, self.across: x, self.up: y}
        axes: list[Any] = [places.get(name, 0.0) for name in self.field.variables]
        values = self.field.on_grid(*axes).values.squeeze()
        turned = self.field.index(self.across) > self.field.index(self.up)
        return Sheet(x, y, values.T if turned else values)

    def mended(self, count: int, span: float) -> Sheet:
        """The same without gaps that lie on the grid alone, and where f jumps."""
        x, y, values, *_ = self.over(count)
        if not self.field.at_once:
            return Sheet(x, y, values)
        known = filled(self.value, x, y, values)
        gaps: Any = np.isnan(values) & np.isfinite(known)
        return Sheet(x, y, known, torn(self.value, x, y, known, span), gaps)


def held_at(field: ScalarField, shown: tuple[str, ...]) -> str:
    """Where the variables stand that a map does not show, for beside the name of its axis."""
    held = [
        f"${symbol(control.name)}$ = {{.{control.digits}@{place}}}"
        for place, control in enumerate(controls(field))
        if control.name not in shown
    ]
    return f"  (map at {', '.join(held)})" if held else ""


def title(field: ScalarField) -> str:
    """The field's definition, typeset where it fits above a picture."""
    if field.formula is None:
        return f"{field.text}({', '.join(field.variables)})"
    if len(field.formula.text) > 75:
        return f"$f({', '.join(map(symbol, field.variables))})$"
    return f"${definition('f', field.variables, field.formula)}$"


def partial_name(field: ScalarField, name: str) -> str:
    """How the derivative with respect to a variable is written: f′ where there is only one."""
    return "f′" if len(field.variables) == 1 else f"∂f/∂{name}"


def same_scale(x: Interval, y: Interval) -> bool:
    """Whether a map of these intervals can give both axes one scale."""
    ratio = (x[1] - x[0]) / (y[1] - y[0])
    return 1 / MOST_UNEQUAL <= ratio <= MOST_UNEQUAL


def value_range(values: Array) -> Interval:
    """Least and greatest value, without outermost hundredths that dwarf all the rest.

    What is not finite, or too great to be drawn, is left out.
    """
    finite = values[np.abs(values) < DRAWABLE]
    if not finite.size:
        return (0.0, 0.0)
    low, high = float(finite.min()), float(finite.max())
    inner_low, inner_high = (float(q) for q in np.percentile(finite, [2, 98]))
    if high - low > 8 * (inner_high - inner_low) > 0:
        return (inner_low, inner_high)
    return (low, high)


def decimals(values: Array) -> Digits:
    """Decimals that show three to five digits of the typical value, whatever its size."""
    finite = np.abs(values[np.isfinite(values)])
    typical = float(np.percentile(finite, 75)) if finite.size else 1.0
    if not typical > 0:
        typical = float(np.max(finite, initial=0.0)) or 1.0
    size = math.floor(math.log10(max(typical, SMALLEST)))
    if 2 - PLAIN <= size <= PLAIN:
        return Digits(max(2 - size, 1))
    return Digits(2, size)


def levels_caption(panel: Panel) -> Label:
    """The line that tells a map's level curves, "" where it has none."""
    told = panel.contours.told if panel.contours else ""
    return Label(name=LEVELS_NOTE, panel="", color=QUIET, texts=(told,))


def kink_captions(field: ScalarField) -> tuple[Label, ...]:
    """For each variable the line that says what autograd's slope does not."""
    return tuple(
        Label(
            name=f"kink along {name}",
            panel="",
            color=QUIET,
            texts=kink_texts(name, "g"),
            urgent=True,
        )
        for name in field.variables
    )


def kink_numbers(names: Sequence[str], slopes: Sequence[Slope], answers: Sequence[Any]) -> Numbers:
    """The numbers of `kink_captions` where autograd has these answers."""
    return {
        f"kink along {name}": kink_line(slope, answer)
        for name, slope, answer in zip(names, slopes, answers, strict=True)
    }


def kink_line(slope: Slope, answer: Any) -> Any:
    """The numbers of one of `kink_captions`; `answer` is autograd's."""
    return caption(*kink_said(slope, answer))


def even_run(slope: Any, width: Any, height: Any) -> Any:
    """How far a line as long as a panel is wide reaches along x, whatever its slope."""
    steepness = slope * (width / height)
    return width / norm(1.0, steepness)


def arrow_scale(lengths: Array, longest: float) -> float:
    """A round factor, such as 2 or 1/40, by which most arrows become at most this long."""
    finite = lengths[np.isfinite(lengths) & (lengths > 0)]
    if not finite.size:
        return 1.0
    typical = np.percentile(finite, 85) if finite.size > 1 else finite[0]
    scale = max(float(longest) / float(typical), 1 / LARGEST)
    return round_down(scale) if scale >= 1 else 1 / _round_up(1 / scale)


def arrow_scale_of(lengths: Any, longest: Any) -> Any:
    """`arrow_scale` of lengths, (n,), that a program computes; without branches.

    >>> float(arrow_scale_of(np.array([0.0, np.nan, 2.0, 40.0]), 1.0))
    0.025
    """
    (typical,) = percentile(lengths, anp.logical_and(anp.isfinite(lengths), lengths > 0), 0.85)
    return anp.where(typical > 0, round_scale_of(longest / typical), 1.0)


_ROUND = (1, 2, 3, 4, 5, 6, 8, 10)


def round_down(value: float) -> float:
    """The greatest round number that is not above a positive value."""
    value = min(value, LARGEST)
    power = 10.0 ** math.floor(math.log10(value))
    return plain(max(step for step in _ROUND if step * power <= value * (1 + 1e-9)) * power)


def _round_up(value: float) -> float:
    value = min(value, LARGEST)
    power = 10.0 ** math.floor(math.log10(value))
    return plain(min(step for step in _ROUND if step * power >= value * (1 - 1e-9)) * power)


def round_scale_of(scale: Any) -> Any:
    """A round factor, such as 2 or 1/40, that is not above a positive one; without branches.

    >>> [float(round_scale_of(s)) for s in (2.7, 1.0, 0.026)]
    [2.0, 1.0, 0.025]
    """
    grows = scale >= 1
    size = anp.where(grows, scale, 1.0 / scale)
    steps, power, size = _round_steps(size)
    below = anp.max(anp.where(steps * power <= size * (1 + 1e-9), steps, 0.0)) * power
    return anp.where(grows, below, 1.0 / round_up_of(size))


def round_up_of(size: Any) -> Any:
    """The least round number that is not below a positive one; without branches.

    >>> [float(round_up_of(s)) for s in (2.7, 1.0, 0.026)]
    [3.0, 1.0, 0.03]
    """
    steps, power, size = _round_steps(size)
    return anp.min(anp.where(steps * power >= size * (1 - 1e-9), steps, np.inf)) * power


def _round_steps(size: Any) -> tuple[Array, Any, Any]:
    """The round multiples of a power of ten that is not above a size, that power, and the size."""
    size = anp.minimum(size, LARGEST)
    return np.array(_ROUND, float), 10.0 ** anp.floor(anp.log10(size)), size


def ratio_text(scale: float, whose: str = "their") -> str:
    """A scale for a reader, as “1/50 of their length” or “20 times their length”.

    >>> ratio_text(0.02), ratio_text(1.0), ratio_text(20.0, "its")
    ('1/50 of their length', 'their true length', '20 times its length')
    """
    if scale == 1:
        return f"{whose} true length"
    if scale > 1:
        return f"{short(scale)} times {whose} length"
    if scale < 1e-6:
        return f"{short(scale)} of {whose} length"
    return f"1/{1 / scale:.0f} of {whose} length"
