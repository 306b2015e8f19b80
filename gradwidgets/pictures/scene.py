"""Scenes as plain data: panels, and in them four primitives with their numbers.

A `Picture` is a lesson's fixed list of primitives together with one function from the controls to
all their numbers; a `Scene` is a picture at one setting of its controls. The function is written
with autograd.numpy and never branches on a value, so it can be traced and replayed elsewhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeAlias

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import Array, Interval, ScalarField
from gradwidgets.calculus.replay import Replayed

# Hue by role, the same in every picture (Okabe & Ito's palette, safe for colour-blind readers).
BY_X, BY_Y = "#0072B2", "#009E73"
BY_OTHERS = ("#56B4E9", "#7F6000", "#5B5B5B", "#332288")
GRADIENT = "#D55E00"
HANDLE = "#E69F00"
INK, QUIET, FAINT = "#1F2933", "#5F6B7A", "#C4CCD6"

Dash: TypeAlias = tuple[float, ...]


def hue(index: int) -> str:
    """The colour of the partial derivative by the variable at this place."""
    return (BY_X, BY_Y, *BY_OTHERS)[min(index, 1 + len(BY_OTHERS))]


# ── the four primitives ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What the primitives share: a name in the scene, the panel they stand in, a colour."""

    name: str
    panel: str
    color: str = INK


@dataclass(frozen=True, kw_only=True)
class Polyline(Mark):
    """A line through points; NaN interrupts it. Numbers: (k, 2), or (k,) heights over `along`."""

    width: float = 1.5
    dash: Dash = ()
    along: tuple[float, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Arrow(Mark):
    """Arrows from a tail to a tip. Numbers: (k, 4) or (4,), tail x, tail y, tip x, tip y."""

    width: float = 2.0


@dataclass(frozen=True, kw_only=True)
class Marker(Mark):
    """Points with a shape. Numbers: (k, 2) or (2,).

    `moves` names the controls that dragging it changes, along x and along y; such a marker is a
    handle and is drawn as one.
    """

    size: float = 9.0
    shape: str = "circle"
    moves: tuple[str | None, str | None] = (None, None)


@dataclass(frozen=True, kw_only=True)
class Label(Mark):
    """Text with numbers in it, beside a place; with the panel "" a line of the caption.

    `texts` are alternatives. Numbers: x, y, the direction in which the text steps aside (as on the
    screen, y upwards), which alternative (−1 for none), and the values for its slots. A slot
    is written {width.decimals}: see `fill`. A label keeps inside of its panel; with `above` it may
    stand above, beside a title on the left.
    """

    texts: tuple[str, ...]
    size: float = 13.0
    above: bool = False


# ── panels, pictures, scenes ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Contours:
    """Level curves of values over a grid: `values[i, j]` belongs to `x[i]`, `y[j]`."""

    x: Array
    y: Array
    values: Array
    levels: tuple[float, ...]


@dataclass(frozen=True)
class Panel:
    """A rectangle with axes.

    `title` may hold mathematics between dollar signs, and stands on the left where `left` is true,
    for a label to share its line. Where `equal` is true, both axes have one
    scale, so that right angles look right.
    """

    name: str
    x: Interval
    y: Interval
    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    equal: bool = False
    contours: Contours | None = None
    xticks: tuple[float, ...] | None = None
    left: bool = False


@dataclass(frozen=True)
class Control:
    """A number that the reader may change: where it starts, its range, its finest step."""

    name: str
    label: str
    low: float
    high: float
    step: float
    start: float

    @property
    def decimals(self) -> int:
        """How many digits behind the point its step needs."""
        return max(0, -math.floor(math.log10(self.step) + 1e-9))


Numbers: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Layer:
    """Primitives and, by name, their numbers."""

    marks: tuple[Mark, ...] = ()
    numbers: Numbers = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Scene:
    """A picture at one setting of its controls."""

    panels: tuple[Panel, ...]
    backdrop: Layer
    marks: tuple[Mark, ...]
    numbers: Mapping[str, Array]

    def __getitem__(self, name: str) -> Array:
        return self.numbers[name]

    def panel(self, name: str) -> Panel:
        """The panel with this name."""
        return next(panel for panel in self.panels if panel.name == name)

    def text(self, name: str) -> str:
        """A label's text as it is drawn, or "" where it is hidden."""
        label = next(m for m in self.marks if m.name == name and isinstance(m, Label))
        return label_text(label, self.numbers[name])

    @property
    def captions(self) -> list[str]:
        """The lines below the picture."""
        lines = [self.text(m.name) for m in self.marks if m.panel == ""]
        return [line for line in lines if line]


@dataclass(frozen=True)
class Picture:
    """Panels, primitives and controls, and the function from controls to every number.

    `compute` takes one number for each control and returns the numbers of each mark by name. It
    is traced where the field it shows can be, and then costs no more than its arithmetic.
    """

    panels: tuple[Panel, ...]
    backdrop: Layer
    marks: tuple[Mark, ...]
    controls: tuple[Control, ...]
    compute: Callable[..., Numbers]
    field: ScalarField | None = None

    @cached_property
    def replayed(self) -> Replayed:
        """From the controls' values to the numbers of every mark, in order."""
        names = tuple(control.name for control in self.controls)
        if self.field is None:
            return Replayed(self._in_order, names)
        return Replayed(self._in_order, names, self.field.watch, self.field.traced.why)

    def _in_order(self, *values: Any) -> tuple[Any, ...]:
        found = self.compute(*values)
        return tuple(found[mark.name] for mark in self.marks)

    def scene(self, values: Sequence[float]) -> Scene:
        """The picture with its controls at these values."""
        found = self.replayed.numbers(*map(float, values))
        numbers = {
            mark.name: np.asarray(part, dtype=float)
            for mark, part in zip(self.marks, found, strict=True)
        }
        return Scene(self.panels, self.backdrop, self.marks, MappingProxyType(numbers))


# ── numbers of marks, in autograd.numpy ──────────────────────────────────────────────────────────


def row(*numbers: Any) -> Any:
    """Numbers side by side: a marker's place, an arrow from tail to tip."""
    return anp.array([1.0 * number for number in numbers])


def points(*places: tuple[Any, Any]) -> Any:
    """The points of a polyline."""
    return anp.array([[1.0 * x, 1.0 * y] for x, y in places])


def beside(place: tuple[Any, Any], toward: tuple[Any, Any], shown: Any, *values: Any) -> Any:
    """A label at a place, stepping aside in a direction, where `shown` holds."""
    return row(*place, *toward, anp.where(shown, 0.0, -1.0), *values)


def caption(choice: Any, *values: Any) -> Any:
    """A line of the caption, with the alternative chosen."""
    return row(0.0, 0.0, 0.0, 0.0, choice, *values)


# ── text ─────────────────────────────────────────────────────────────────────────────────────────


def label_text(label: Label, numbers: Array) -> str:
    """The alternative that the numbers choose, its slots filled."""
    choice = int(numbers[4])
    return "" if choice < 0 else fill(label.texts[choice], numbers[5:])


_SLOT = re.compile(r"\{(\d*)\.(\d)(?:@(\d+))?\}")


def fill(template: str, values: Sequence[float] | Array) -> str:
    """Put values into slots {width.decimals}, in turn or by number as in {7.2@3}.

    >>> fill("f = {.2}, slope {8.1@0}", [41.0])
    'f = 41.00, slope \u2007\u2007\u2007\u200741.0'
    """
    turn = iter(range(len(values)))

    def number(match: re.Match[str]) -> str:
        width, decimals, index = match.groups()
        value = float(values[int(index) if index else next(turn)])
        return format_number(value, int(decimals)).rjust(int(width or 0), "\u2007")

    return _SLOT.sub(number, template)


def format_number(value: float, decimals: int) -> str:
    """A number for a reader: fixed decimals, powers of ten where they would mislead.

    Half is rounded away from zero, as in JavaScript's toFixed, so that both painters agree.

    >>> format_number(-0.125, 2), format_number(2.5e7, 2), format_number(4e-5, 2)
    ('−0.13', '2.50·10⁷', '4.00·10⁻⁵')
    """
    if not math.isfinite(value):
        return "undefined" if math.isnan(value) else "−∞" if value < 0 else "∞"
    size = abs(value)
    if size < 1e-12:
        value = size = 0.0
    exponent = 0
    if size >= 1e6 or 0 < size < 0.5 * 10.0**-decimals:
        exponent = math.floor(math.log10(size))
        if abs(_rounded(value / 10.0**exponent, decimals)) >= 10:
            exponent += 1
    text = str(_rounded(value / 10.0**exponent, decimals))
    power = f"·10{str(exponent).translate(_RAISED)}" if exponent else ""
    return text.replace("-", "−") + power


def _rounded(value: float, decimals: int) -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
