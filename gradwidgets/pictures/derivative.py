"""The derivative: a secant that becomes the tangent, f over f′ over f″, the error over h."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.differences import (
    ENDS,
    EPSILON,
    best_step,
    difference,
    rises,
    rounding_error,
    truncation_error,
)
from gradwidgets.calculus.field import Array, Interval, ScalarField
from gradwidgets.calculus.sketch import GRID_POINTS, branches, curves, noise, places
from gradwidgets.calculus.slopes import CORNER, UNANSWERED, UNSETTLED, Slope, blur
from gradwidgets.calculus.tracing import value_and_partials, value_partials_and_seconds
from gradwidgets.calculus.typeset import symbol
from gradwidgets.calculus.wording import Digits
from gradwidgets.pictures import corner, terrain
from gradwidgets.pictures.heights import sample_heights
from gradwidgets.pictures.palette import BY_X, GUIDE, HANDLE, INK, QUIET, SECOND, TRIANGLE
from gradwidgets.pictures.scene import (
    Control,
    Label,
    Layer,
    Mark,
    Marker,
    Numbers,
    Panel,
    Picture,
    Polyline,
    beside,
    caption,
    points,
    range_of,
    row,
)
from gradwidgets.pictures.window import Ends, as_seen, ends_inputs, ends_of, window_inputs

STEP = "h"
SMALLEST = 1e-12
DECADES = 15  # of the error
PER_DECADE = 10
LOWEST = DECADES - 300  # exponents below which floats have no digits left
ZOOM = tuple(map(float, np.linspace(-1.6, 1.6, 81)))  # places around x, in steps of h
ROUNDINGS = 8.0  # of a difference in the zoom: what may come of several operations in f
FAR = 6.0  # times as far from the middle as most values: what lies beyond is not shown
LONG = 3.0  # sides of a panel: more than a line through it can be long
LAST_DIGITS = 4 * EPSILON  # of most slopes, or of the point's own: an error below that is none
THREE_DIGITS = 1e3  # times what a slope may be off: an error of which three digits are known
WIDE = 0.05  # of the panel's width: a smaller triangle has no room for words
APART = 0.025  # of it: nearer to each other two handles are one
FINER = (4, 7, 10, 13, 16)  # more decimals, where slopes are compared: what tells them apart
MOST_NAMED = 8  # telling places; more have their shapes alone
BELOW = 26.0  # pixels from a corner to a second line of words there
STACK = ("curve", "slope", "bend")
SEEN = ("f seen", "f′ seen", "f″ seen")  # the ends of what the stacked panels show
ALL = "f all"  # the ends of what the curve's panel shows where the point is beyond the usual ones
MARGIN = 0.16  # of a range, above and below it
SAME = 1e-9  # of a range: a point that is so little beyond its end is at its end
STEEP = "a steep slope"
SHAPES = {
    "maximum": ("triangle", "max", BY_X),
    "minimum": ("triangle down", "min", BY_X),
    "flat": ("square", "flat", BY_X),
    "inflection": ("diamond", "inflection", SECOND),
}


@dataclass(frozen=True)
class View:
    """What stays while the point moves: the field, its controls, its panels' ranges, decimals."""

    field: ScalarField
    controls: tuple[Control, ...]
    difference: str
    window: Ends
    heights: Ends
    every: Ends  # heights with room for the point wherever it is
    slopes: Ends
    bends: Ends
    steep: Any  # as most slopes are at most
    least: float  # of a slope whose last digits are no error
    digits: tuple[Digits, ...]  # of f, f′, f″

    @property
    def name(self) -> str:
        """The variable."""
        return self.field.variables[0]

    @property
    def width(self) -> Any:
        """How much of the variable is seen."""
        return self.window[1] - self.window[0]

    @property
    def usual(self) -> float:
        """The width of the domain, by which it is told what is small."""
        low, high = self.field.domain[self.name]
        return high - low

    @property
    def exponents(self) -> tuple[float, ...]:
        """Those of the steps whose errors are shown."""
        low, high = _exponents(self.controls[1])
        return tuple(map(float, np.linspace(low, high, round(PER_DECADE * (high - low)) + 1)))

    @property
    def errors(self) -> Ends:
        """The exponents of the errors that are shown."""
        steep = anp.minimum(2.0 * self.steep, terrain.LARGEST)
        top = anp.maximum(anp.ceil(anp.log10(steep)), LOWEST)
        return top - DECADES, top

    @property
    def rises(self) -> Ends:
        """How much of a rise the zoom shows, in steps of h: most lines leave it at its sides."""
        high = ZOOM[-1] * 1.1 * self.steep
        return -high, high

    @property
    def ranges(self) -> dict[str, tuple[Ends, Ends]]:
        """What every panel shows, by its name."""
        return {
            "curve": (self.window, self.heights),
            "slope": (self.window, self.slopes),
            "bend": (self.window, self.bends),
            "zoom": ((ZOOM[0], ZOOM[-1]), self.rises),
            "error": (_exponents(self.controls[1]), self.errors),
        }

    @property
    def ambient(self) -> tuple[Control, ...]:
        """The ends of what is seen, and how steep most of it is."""
        shown = (self.heights, self.slopes, self.bends, self.every)
        seen = zip((*SEEN, ALL), shown, strict=True)
        most = 2.0 * self.steep
        return (
            *window_inputs(self.field),
            *(end for name, span in seen for end in ends_inputs(name, span)),
            Control(STEEP, STEEP, self.steep / 2, most, most / 100, self.steep),
        )

    def at(self, values: Mapping[str, Any]) -> View:
        """The same where what is ambient has other values."""
        heights, slopes, bends = (ends_of(name, values) for name in SEEN)
        return replace(
            self,
            window=ends_of(self.name, values),
            heights=heights,
            every=ends_of(ALL, values),
            slopes=slopes,
            bends=bends,
            steep=values[STEEP],
        )

    def around(self, f: Any) -> View:
        """The same with the heights that the curve's panel shows for a point with this value.

        They are all of f where the point is not among those that are usually shown.
        """
        (low, high), (least, most) = self.heights, self.every
        margin = (MARGIN / (1.0 + 2.0 * MARGIN) - SAME) * (high - low)
        beyond = anp.logical_or(f < low + margin, f > high - margin)
        beyond = anp.logical_and(beyond, anp.isfinite(f))
        return replace(self, heights=(anp.where(beyond, least, low), anp.where(beyond, most, high)))


def derivative_picture(field: ScalarField, *, difference: str = "forward") -> Picture:
    """A curve with secant and tangent above f′ and f″; a zoom in steps of h; the error over h.

    Args:
        field: a field of one variable.
        difference: "forward", "backward" or "central": where the secant meets the curve.

    Raises:
        ValueError: a field of more variables, or with a variable called h.
    """
    _check(field)
    x = field.axis(field.variables[0], GRID_POINTS)
    values = curves(field, x)
    levels = np.array([[noise(x, values, order)] for order in range(3)])
    values = np.where(np.abs(values) <= levels, 0.0 * values, values)
    view = _view(field, values, difference)
    return Picture(
        _panels(view),
        _backdrop(field, x, values),
        _marks(view),
        view.controls,
        lambda **at: _numbers(view.at(at), at[view.name], at["h"]),
        field,
        ambient=view.ambient,
        outputs=tuple(map(range_of, view.ranges)),
    )


def _check(field: ScalarField) -> None:
    if len(field.variables) != 1:
        raise ValueError(
            f"This picture needs one variable, and here are {len(field.variables)}: "
            f"{', '.join(field.variables)}."
        )
    if field.variables == (STEP,):
        raise ValueError("Here h is the step of the difference: call the variable x.")


def step_control(field: ScalarField) -> Control:
    """The step h, up to a third of the domain; on (−3, 3) it starts at 1."""
    ((low, high),) = field.domain.values()
    most = terrain.round_down((high - low) / 3)
    start = 10.0 ** math.floor(math.log10(most))
    return Control(STEP, STEP, SMALLEST * start, most, 0.01, start, "log")


def _exponents(control: Control) -> Interval:
    return math.log10(control.low), math.log10(control.high)


# ── what stays ───────────────────────────────────────────────────────────────────────────────────


def _view(field: ScalarField, values: Array, difference: str) -> View:
    controls, heights = (*terrain.controls(field), step_control(field)), sample_heights(field)
    slopes = np.abs(values[1][np.isfinite(values[1])])
    steep = float(np.percentile(slopes, 80) or np.max(slopes)) if slopes.any() else 1.0
    return View(
        field,
        controls,
        difference,
        field.domain[controls[0].name],
        _with_margin(_most(heights)),
        _with_margin(_all(heights)),
        _around_zero(values[1]),
        _around_zero(values[2]),
        steep,
        steep,
        tuple(terrain.decimals(part).at_least(2) for part in values),
    )


def _with_margin(ends: Interval) -> Interval:
    low, high = ends
    margin = MARGIN * (high - low) or abs(high) or 1.0
    return low - margin, high + margin


def _all(values: Array) -> Interval:
    """Least and greatest value, as far as an axis reaches."""
    known = np.clip(values[~np.isnan(values)], -terrain.LARGEST, terrain.LARGEST)
    return (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)


def _around_zero(values: Array) -> Interval:
    """The heights that a derivative's panel shows."""
    low, high = _most(values)
    low, high = min(low, 0.0), max(high, 0.0)
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def _most(values: Array) -> Interval:
    """Least and greatest value, but for what is much farther away than most, as beside a pole."""
    known = values[np.isfinite(values)]
    if not known.size:
        return (0.0, 0.0)
    middle = float(np.median(known))
    reach = FAR * float(np.percentile(np.abs(known - middle), 75)) or math.inf
    low, high = float(np.min(known)), float(np.max(known))
    return max(low, middle - reach), min(high, middle + reach)


def _panels(view: View) -> tuple[Panel, ...]:
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
        Panel(
            "zoom",
            *shown["zoom"],
            title="Zoom",
            xlabel=f"steps of $h$ from ${x}$",
            left=True,
        ),
        Panel(
            "error",
            *shown["error"],
            title="Error over $h$",
            xlabel="step $h$",
            left=True,
            xlog=True,
            ylog=True,
        ),
    )


def _backdrop(field: ScalarField, x: Array, values: Array) -> Layer:
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


# ── marks ────────────────────────────────────────────────────────────────────────────────────────


def _marks(view: View) -> tuple[Mark, ...]:
    """Every primitive in drawing order; the first handle is the one that keys move."""
    cursors = tuple(
        Polyline(name=f"cursor {panel}", panel=panel, color=QUIET, width=1.0, dash=(2, 3))
        for panel in STACK
    )
    return (
        *cursors,
        *_curve_marks(view),
        *_stack_marks(view),
        *_zoom_marks(view),
        *_error_marks(view),
        Label(name="spoken", panel="", texts=_spoken(view)),
        *terrain.kink_captions(view.field),
        Label(name="compared", panel="", color=INK, texts=_compared(view)),
        Label(name="best", panel="", color=QUIET, texts=BEST),
    )


def _curve_marks(view: View) -> tuple[Mark, ...]:
    slope = f"{{.{view.digits[1]}}}"
    width = "2h" if view.difference == "central" else STEP
    return (
        Polyline(name="triangle", panel="curve", color=QUIET, width=1.0, fill=TRIANGLE),
        Polyline(name="secant", panel="curve", color=INK, width=1.6, dash=(7, 4)),
        Polyline(name="tangent", panel="curve", color=BY_X, width=2.2),
        *corner.half_tangent_marks("curve", BY_X),
        Label(name="run", panel="curve", color=INK, size=12, texts=(f"run {width} = {{g}}",)),
        Label(name="rise", panel="curve", color=INK, size=12, texts=("rise {g}",)),
        Label(name="left slope", panel="curve", color=BY_X, size=12, texts=(f"left: {slope}",)),
        Label(name="right slope", panel="curve", color=BY_X, size=12, texts=(f"right: {slope}",)),
        Marker(name="point", panel="curve", color=HANDLE, moves=(view.name, None)),
        Marker(
            name="end", panel="curve", color=HANDLE, size=7, moves=(STEP, None), origin=view.name
        ),
    )


def _stack_marks(view: View) -> tuple[Mark, ...]:
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


def _zoom_marks(view: View) -> tuple[Mark, ...]:
    slope = f"{{.{view.digits[1]}}}"
    return (
        Polyline(name="zoomed", panel="zoom", color=QUIET, width=4.0, along=ZOOM),
        Polyline(name="zoomed secant", panel="zoom", color=INK, width=1.6, dash=(7, 4)),
        Polyline(name="zoomed tangent", panel="zoom", color=BY_X, width=2.2),
        Marker(name="zoomed ends", panel="zoom", color=INK, size=8),
        Label(
            name="slopes",
            panel="zoom",
            color=INK,
            size=12,
            texts=(f"╌╌ secant {slope}",),
            above=True,
        ),
        Label(name="scale", panel="zoom", color=QUIET, size=12, texts=("magnified {g} times",)),
        Label(
            name="zoomed slope",
            panel="zoom",
            color=BY_X,
            size=12,
            aside=BELOW,
            texts=(f"━━ tangent {slope}",),
        ),
    )


def _error_marks(view: View) -> tuple[Mark, ...]:
    central = view.difference == "central"
    truncation, width = ("⅙|f‴|h²", "2h") if central else ("½|f″|h", "h")
    ends = _exponents(view.controls[1])
    told = ("{g} with h = {g}", "no f′ by autograd to compare with")
    return (
        Polyline(
            name="truncation", panel="error", color=SECOND, width=1.2, dash=(5, 3), along=ends
        ),
        Polyline(name="rounding", panel="error", color=QUIET, width=1.2, dash=(2, 3), along=ends),
        Polyline(name="error", panel="error", color=INK, width=1.6, along=view.exponents),
        Label(
            name="truncation label",
            panel="error",
            color=SECOND,
            size=12,
            texts=(f"truncation {truncation}",),
        ),
        Label(
            name="rounding label",
            panel="error",
            color=QUIET,
            size=12,
            texts=(f"rounding ε(|f| + |{view.name} f′|)/{width}",),
        ),
        Marker(name="best step", panel="error", color=INK, shape="diamond", size=9),
        Marker(name="now", panel="error", color=HANDLE, moves=(STEP, None)),
        Label(name="now label", panel="error", color=INK, texts=told, above=True),
    )


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


QUOTIENTS = {
    "forward": "(f({x} + h) − f({x}))/h",
    "backward": "(f({x}) − f({x} − h))/h",
    "central": "(f({x} + h) − f({x} − h))/2h",
}


def _compared(view: View) -> tuple[str, ...]:
    quotient = QUOTIENTS[view.difference].replace("{x}", view.name)
    slope, *finer = (f"{{.{view.digits[1].finer(by)}}}" for by in FINER)
    begin = f"With h = {{g}} the secant has the slope {quotient} ="
    secant = f"{begin} {slope}"
    tangent = f"{secant}, the tangent {slope}"
    return (
        f"{tangent}: too small by {{g}}.",
        f"{tangent}: too large by {{g}}.",
        f"{tangent}: they agree to the last digit.",
        f"{secant}; there is no tangent to compare it with.",
        "With h = {g} the secant would end where f is undefined.",
        f"{tangent}: they agree as far as f shows its own slope.",
        *(
            f"{begin} {number}, the tangent {number}: too {size} by {{g}}."
            for number in finer
            for size in ("small", "large")
        ),
    )


BEST = (
    "The best h here is about {g}, with an error of at most about {g}. "
    "A larger h can miss by more because of truncation, a smaller one because of rounding.",
    "The largest h is about the best here, with an error of at most about {g@1}. "
    "A smaller one can miss by more because of rounding.",
    "Up to h = {g} or so every h does well here, with an error of at most about {g}: "
    "rounding does no harm. A larger h can miss by more.",
    "Every h does well here, with an error of at most about {g@1}: "
    "there is no truncation, and rounding does no harm.",
    "The smaller h, the better here: rounding does no harm.",
    "Up to h = {g} or so every h gives f′ exactly. A larger h can miss.",
    "Every h gives f′ exactly here: there is no error.",
)


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


class Local(NamedTuple):
    """What is known at the point: f, its derivatives, and what of f and f′ has two sides."""

    x: Any
    f: Any
    slope: Any
    bend: Any
    third: Any
    answer: Any
    sides: Slope
    bends: Slope


def _local(field: ScalarField, x: Any) -> Local:
    """Undefined where f is: autograd answers −1 for the slope of log at −1."""

    def slope_of(x: Any) -> Any:
        return value_and_partials(field.function, (x,))[1][0]

    f = field.function(x) + 0.0 * x
    slope, (bend,), ((third,),) = value_partials_and_seconds(slope_of, (x,))
    known = anp.isfinite(f)
    f, slope, bend, third = (anp.where(known, part, np.nan) for part in (f, slope, bend, third))
    (sides,), bends = field.slopes((x,), (slope,)), corner.bends(field, (x,), 0, bend)
    return Local(x, f, sides.told, bend, third, slope, sides, bends)


class Secant(NamedTuple):
    """The two places where a secant meets the curve, and its slope."""

    start: tuple[Any, Any]
    end: tuple[Any, Any]
    slope: Any


def _numbers(view: View, x: Any, h: Any) -> Numbers:
    here = _local(view.field, x)
    view = view.around(here.f)
    secant = _secant(view, here, h)
    smooth = anp.logical_and(here.sides.smooth, anp.isfinite(here.slope))
    blurred = blur(here.sides, here.f, view.usual, view.field.height)
    return {
        **_stack_numbers(view, here),
        **_curve_numbers(view, here, secant, smooth),
        **_zoom_numbers(view, here, secant, smooth, h),
        **_error_numbers(view, here, anp.logical_and(smooth, blurred == 0.0), h),
        f"kink along {view.name}": terrain.kink_line(here.sides, here.answer),
        "compared": _comparison(view, here, secant, smooth, h, blurred),
        **{range_of(name): as_seen(*shown) for name, shown in view.ranges.items()},
    }


def _secant(view: View, here: Local, h: Any) -> Secant:
    """Undefined where f is, even if it has values on both sides."""
    function, known = view.field.function, anp.isfinite(here.f)
    start, end = (
        (here.x + by * h, anp.where(known, function(here.x + by * h) + 0.0 * h, np.nan))
        for by in ENDS[view.difference]
    )
    slope = difference(function, (here.x,), h, view.difference)
    return Secant(start, end, anp.where(known, slope, np.nan))


def _line(panel: tuple[Ends, Ends], place: tuple[Any, Any], slope: Any) -> Any:
    """A line through a place and out of its panel on both sides."""
    (left, right), (bottom, top) = panel
    run = LONG * terrain.even_run(slope, right - left, top - bottom)
    x, y = place
    return points((x - run, y - slope * run), (x + run, y + slope * run))


def _stack_numbers(view: View, here: Local) -> Numbers:
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


def _curve_numbers(view: View, here: Local, secant: Secant, smooth: Any) -> Numbers:
    panel = (view.window, view.heights)
    (start, low), (end, high) = secant.start, secant.end
    x, f, rise = here.x, here.f, high - low
    up = anp.where(rise < 0, 1.0, -1.0)
    roomy = anp.logical_and(end - start > WIDE * view.width, anp.isfinite(rise))
    roomy = anp.logical_and(roomy, here.sides.smooth)  # else the two slopes stand there
    outward = anp.where(end > panel[0][1] - 0.09 * view.width, -1.0, 1.0)
    return {
        "triangle": points((start, low), (end, low), (end, high)),
        "secant": _line(panel, ((start + end) / 2, (low + high) / 2), secant.slope),
        "tangent": _line(panel, (x, f), anp.where(smooth, here.slope, np.nan)),
        "run": beside(((start + end) / 2, low), (0.0, up), roomy, end - start),
        "rise": beside((end, (low + high) / 2), (outward, -outward * up), roomy, rise),
        **_half_tangents(panel, here),
        "end": _handle_at(view, x, secant),
    }


def _handle_at(view: View, x: Any, secant: Secant) -> Any:
    """The secant's other end, where it is in the panel and not on the point itself."""
    other, height = secant.start if view.difference == "backward" else secant.end
    (left, right), (bottom, top) = view.window, view.heights
    inside = anp.logical_and(other >= left, other <= right)
    inside = anp.logical_and(inside, anp.logical_and(height >= bottom, height <= top))
    seen = anp.logical_and(inside, anp.abs(other - x) > APART * view.width)
    return row(anp.where(seen, other, np.nan), height)


def _half_tangents(panel: tuple[Ends, Ends], here: Local) -> Numbers:
    """At a corner and at a cusp the slopes on both sides."""
    numbers = corner.half_tangents(panel, (here.x, here.f), here.sides)
    for name, slope, side in (("left", here.sides.left, -1.0), ("right", here.sides.right, 1.0)):
        tip = numbers[f"{name} tangent"][1]
        label = beside((tip[0], tip[1]), (side, 0.0), here.sides.kind == CORNER, slope)
        numbers = {**numbers, f"{name} slope": label}
    return numbers


def _corner(curve: Any, slope: Any, high: float) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """The corner that a bent curve through the middle, and its lines, leave free, and the way in."""
    up = anp.where(curve[0] + curve[-1] < 0, 1.0, -1.0)
    right = up * anp.where(slope < 0, 1.0, -1.0)
    return (right * ZOOM[-1], up * high), (-right, -up)


def _zoom_numbers(view: View, here: Local, secant: Secant, smooth: Any, h: Any) -> Numbers:
    """In steps of h from the point, both across and up."""
    panel, high = ((ZOOM[0], ZOOM[-1]), view.rises), view.rises[1]
    ends = [
        (by, (height - here.f) / h)
        for by, (_, height) in zip(ENDS[view.difference], secant[:2], strict=True)
    ]
    middle = ((ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2)
    lost = ROUNDINGS * rounding_error("forward", h, here.x, here.f, here.slope)
    curve = rises(view.field.function, (here.x, here.f), h, np.array(ZOOM), lost)
    across = anp.abs(curve[1:] - curve[:-1]) > 2.0 * high  # a pole, or so steep that it is out
    free = _corner(curve, secant.slope, high)
    return {
        "zoomed": anp.concatenate((curve[:1], anp.where(across, np.nan, curve[1:]))),
        "zoomed secant": _line(panel, middle, secant.slope),
        "zoomed tangent": _line(panel, (0.0, 0.0), anp.where(smooth, here.slope, np.nan)),
        "zoomed ends": points(
            *((by, anp.where(anp.abs(rise) <= high, rise, np.nan)) for by, rise in ends)
        ),
        "slopes": beside(
            (ZOOM[-1], high), (0.0, 1.0), anp.isfinite(secant.slope), secant.slope, here.slope
        ),
        "scale": beside(*free, True, view.width / (ZOOM[-1] * 2 * h)),
        "zoomed slope": beside(free[0], (0.4 * free[1][0], free[1][1]), smooth, here.slope),
    }


class Errors(NamedTuple):
    """The error of a difference for some steps, and what of it theory explains."""

    whole: Any
    truncation: Any
    rounding: Any


def _errors(view: View, here: Local, smooth: Any, steps: Any) -> Errors:
    """Undefined where there is no f′ to compare with; no truncation is not drawn."""
    kind = view.difference
    quotients = difference(view.field.function, (here.x,), steps, kind)
    cut = truncation_error(kind, steps, here.bend, here.third)
    return Errors(
        anp.where(smooth, anp.abs(quotients - here.slope), np.nan),
        anp.where(anp.logical_and(smooth, cut > 0), cut, np.nan),
        anp.where(smooth, rounding_error(kind, steps, here.x, here.f, here.slope), np.nan),
    )


def _error_numbers(view: View, here: Local, smooth: Any, h: Any) -> Numbers:
    (floor, top), exponents = view.errors, np.array(view.exponents)
    words = np.array([exponents[-1] - 4.5, exponents[0] + 1.0])  # where they have room
    known, ends, named, now = (
        _errors(view, here, smooth, steps)
        for steps in (10.0**exponents, 10.0 ** exponents[[0, -1]], 10.0**words, h)
    )
    least = LAST_DIGITS * anp.maximum(anp.abs(here.slope), view.least)
    step, error = best_step(10.0**exponents, known.whole, least)

    def height(error: Any) -> Any:
        return anp.log10(anp.maximum(error, 10.0**floor))

    return {
        "truncation": anp.log10(ends.truncation),
        "rounding": anp.log10(ends.rounding),
        "error": height(known.whole),
        "truncation label": beside((words[0], anp.log10(named.truncation[0])), (1.0, -1.0), smooth),
        "rounding label": beside((words[1], anp.log10(named.rounding[1])), (1.0, 1.0), smooth),
        "best step": row(anp.log10(step), height(error)),
        "now": row(anp.log10(h), anp.minimum(height(now.whole), top)),
        "now label": row(exponents[-1], top, 0.0, 1.0, anp.where(smooth, 0.0, 1.0), now.whole, h),
        "best": caption(
            anp.where(smooth, _best_case(exponents, known.whole, step, error), -1.0), step, error
        ),
    }


def _best_case(exponents: Array, errors: Any, step: Any, error: Any) -> Any:
    """Which of `BEST` is true of these errors, with this step as the best and this error there."""
    steps = 10.0**exponents
    worst = anp.max(anp.where(anp.logical_and(steps <= step, anp.isfinite(errors)), errors, 0.0))
    first, last = step <= 1.1 * steps[0], step >= 0.9 * steps[-1]
    well = anp.where(last, 3.0, 2.0) + anp.where(worst == 0.0, 3.0, 0.0)
    harmless = anp.where(first, 4.0, well)
    return anp.where(worst > error, anp.where(last, 1.0, 0.0), harmless)


def _comparison(view: View, here: Local, secant: Secant, smooth: Any, h: Any, blurred: Any) -> Any:
    off = secant.slope - here.slope
    alike = anp.logical_and(blurred > 0.0, anp.abs(off) < THREE_DIGITS * blurred)
    finer = _finer(view.digits[1], secant.slope, here.slope)
    sign = anp.where(off < 0, 0.0, anp.where(off > 0, 1.0, 2.0))
    sign = sign + anp.where(anp.logical_and(off != 0.0, finer > 0.0), 4.0 + 2.0 * finer, 0.0)
    ended = anp.isfinite(secant.slope)
    sign = anp.where(alike, 5.0, sign)
    answer = anp.where(ended, anp.where(smooth, sign, 3.0), 4.0)
    answer = anp.where(anp.isfinite(here.f), answer, -1.0)
    return caption(answer, h, secant.slope, here.slope, anp.abs(off))


def _finer(digits: Digits, one: Any, other: Any) -> Any:
    """Which of `FINER` tells two slopes apart: their last digit is less than half of what is."""
    size = anp.maximum(
        anp.maximum(anp.abs(one), anp.abs(other)), float(f"1e{digits.exponent or 0}")
    )
    told = 0.5 * anp.abs(one - other)
    return sum(
        anp.where(size * 10.0 ** -(digits.decimals + by) > told, 1.0, 0.0) for by in FINER[:-1]
    )
