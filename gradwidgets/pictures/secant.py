"""The secant that becomes the tangent: the two on the curve, and how their slopes compare."""

from __future__ import annotations

from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.differences import ENDS, difference
from gradwidgets.calculus.slopes import CORNER
from gradwidgets.calculus.wording import Digits
from gradwidgets.pictures import corner, terrain
from gradwidgets.pictures.curve import STEP, Local, View
from gradwidgets.pictures.marks import Label, Marker, Marks, Polyline
from gradwidgets.pictures.numbers import Numbers, beside, caption, points, row
from gradwidgets.pictures.palette import BY_X, HANDLE, INK, QUIET, TRIANGLE
from gradwidgets.pictures.window import Ends

LONG = 3.0  # sides of a panel: more than a line through it can be long
WIDE = 0.05  # of the panel's width: a smaller triangle has no room for words
APART = 0.025  # of it: nearer to each other two handles are one


class Secant(NamedTuple):
    """The two places where a secant meets the curve, and its slope."""

    start: tuple[Any, Any]
    end: tuple[Any, Any]
    slope: Any


def secant_of(view: View, here: Local, h: Any) -> Secant:
    """Undefined where f is, even if it has values on both sides."""
    function, known = view.field.function, anp.isfinite(here.f)
    start, end = (
        (here.x + by * h, anp.where(known, function(here.x + by * h) + 0.0 * h, np.nan))
        for by in ENDS[view.difference]
    )
    slope = difference(function, (here.x,), h, view.difference)
    return Secant(start, end, anp.where(known, slope, np.nan))


def line_through(panel: tuple[Ends, Ends], place: tuple[Any, Any], slope: Any) -> Any:
    """A line through a place and out of its panel on both sides."""
    (left, right), (bottom, top) = panel
    run = LONG * terrain.even_run(slope, right - left, top - bottom)
    x, y = place
    return points((x - run, y - slope * run), (x + run, y + slope * run))


def secant_marks(view: View) -> Marks:
    """Both lines, the triangle with run and rise, half tangents, and the two handles."""
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


def secant_numbers(view: View, here: Local, secant: Secant, smooth: Any) -> Numbers:
    """The numbers of all these marks but the point; a tangent where f is `smooth`."""
    panel = (view.window, view.heights)
    (start, low), (end, high) = secant.start, secant.end
    x, f, rise = here.x, here.f, high - low
    up = anp.where(rise < 0, 1.0, -1.0)
    roomy = anp.logical_and(end - start > WIDE * view.width, anp.isfinite(rise))
    roomy = anp.logical_and(roomy, here.sides.smooth)  # else the two slopes stand there
    outward = anp.where(end > panel[0][1] - 0.09 * view.width, -1.0, 1.0)
    return {
        "triangle": points((start, low), (end, low), (end, high)),
        "secant": line_through(panel, ((start + end) / 2, (low + high) / 2), secant.slope),
        "tangent": line_through(panel, (x, f), anp.where(smooth, here.slope, np.nan)),
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


# ── the comparison in words ──────────────────────────────────────────────────────────────────────

FINER = (4, 7, 10, 13, 16)  # more decimals, where slopes are compared: what tells them apart
THREE_DIGITS = 1e3  # times what a slope may be off: an error of which three digits are known
QUOTIENTS = {
    "forward": "(f({x} + h) − f({x}))/h",
    "backward": "(f({x}) − f({x} − h))/h",
    "central": "(f({x} + h) − f({x} − h))/2h",
}


def comparison_caption(view: View) -> Label:
    """The slopes of both lines, and how far they are apart."""
    return Label(name="compared", panel="", color=INK, texts=_compared(view))


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


def comparison(view: View, here: Local, secant: Secant, smooth: Any, h: Any, blurred: Any) -> Any:
    """The numbers of this caption, where f itself tells its slope but for `blurred`."""
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
