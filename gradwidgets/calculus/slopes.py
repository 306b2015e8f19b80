"""What can be said of a slope: autograd's answer, beside what f itself shows on both sides.

Nothing here depends on absolute sizes: steps are shares of the domain's width, and differences of
f are compared with one another and with f's own rounding. It is written with autograd.numpy and
without branches on values, so that pictures can be traced.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.program import in_one_step
from gradwidgets.calculus.wording import fill

KINDS = (
    "smooth",
    "corner",
    "cusp",
    "jump",
    "vertical",
    "edge",
    "isolated",
    "unanswered",
    "contradicted",
    "unsettled",
)
SMOOTH, CORNER, CUSP, JUMP, VERTICAL, EDGE, ISOLATED, UNANSWERED, CONTRADICTED, UNSETTLED = map(
    float, range(len(KINDS))
)

STEP = 1e-5  # of the domain's width
FAR = (1.0, 4.0, 16.0, 64.0)  # steps to both sides at which f is seen
BESIDE = 1e-10  # of the width: what is so near shows whether f ends here, or autograd is right
LEAST = 1e-8  # of |x|: the domain is taken to be as wide at least
SIDES = (-1.0, 1.0)
LAST = 5e-324  # the least number: near it floats have no digits to lose
EPSILON = float(np.finfo(float).eps)
ROUNDED = 50.0  # times the last digit of f: less may be rounding
STEEP = 3.2  # the ratio of tᵖ is 4ᵖ − 1, that of t·log t is 3: up to this a slope is infinite
LEAPS = 0.8  # of the rise over a step: as much beside the point is a jump
LOOSE = 0.2  # of what f does beside its slope: so far off may the slope be
SMALL = 0.01  # of f's usual slope: an uncertainty that does not matter
CLOSE = 1e-3  # of autograd's answer: so far off is a quotient that confirms it


@dataclass(frozen=True)
class Kink:
    """What is to be said of a slope along `variable` where it is not autograd's answer alone.

    `left` and `right` are the one-sided slopes, infinite where they grow without bound, NaN where
    there are none; `autograd` is what autograd returns. `kind` is

    - "corner" (the slopes differ), "cusp" (one or both are infinite), "vertical" (both are, alike),
    - "jump" (f itself jumps),
    - "edge" (f is defined on one side alone), "isolated" (on none),
    - "unanswered" (the slopes agree, and autograd has no answer),
    - "contradicted" (the slopes agree, and autograd has another answer),
    - "unsettled" (autograd has no answer, and the slopes show no limit).
    """

    variable: str
    kind: str
    left: float
    right: float
    autograd: float

    def __str__(self) -> str:
        slope = Slope(float(KINDS.index(self.kind)), self.left, self.right, math.nan)
        numbers = (self.left, self.right, self.autograd)
        return fill(kink_texts(self.variable, "g")[int(kink_case(slope, self.autograd))], numbers)


class Slope(NamedTuple):
    """A slope along one variable: its place in `KINDS`, the one-sided slopes, what may be told.

    `told` is autograd's answer; the slope on both sides where they agree and autograd has another
    answer or none; NaN where the slope is infinite or f stands alone.
    """

    kind: Any
    left: Any
    right: Any
    told: Any

    @property
    def smooth(self) -> Any:
        """Whether there is one finite slope, for both sides or where f ends."""
        agreed = anp.logical_or(self.kind == UNANSWERED, self.kind == CONTRADICTED)
        whole = anp.logical_or(self.kind == SMOOTH, self.kind == EDGE)
        return anp.logical_and(anp.logical_or(whole, agreed), anp.isfinite(self.told))


def slope_along(
    function: Callable[..., Any],
    point: Sequence[Any],
    axis: int,
    answer: Any,
    width: float,
    height: float,
) -> Slope:
    """What can be said of a function's slope along one of its arguments.

    Args:
        function: of as many arguments as `point` has numbers.
        answer: autograd's derivative.
        width: how wide the domain is along the axis: the scale of all steps.
        height: how large f usually is: the scale of its rounding.

    To each side f is taken as s·t + c·tᵖ of the distance t: three distances give the slope s and
    the power p. A kink shows at two scales. What shows on the larger alone is the bend of a steep
    function, and on the smaller alone rounding.

    >>> found = slope_along(abs, (0.0,), 0, answer=0.0, width=6.0, height=3.0)
    >>> KINDS[int(found.kind)], float(found.left), float(found.right)
    ('corner', -1.0, 1.0)
    """
    x, f = point[axis], function(*point)
    step, near = _steps(x, width)
    aways = [side * far * step for side in SIDES for far in FAR]

    def rise(by: Any) -> Any:
        return function(*point[:axis], x + by, *point[axis + 1 :]) - f

    return Slope(*_judged(x, f, answer, width, height, *map(rise, [*aways, -near, near])))


def _steps(x: Any, width: Any) -> tuple[Any, Any]:
    """The step of the finer scale, and what is beside the point."""
    size = anp.maximum(width, LEAST * anp.abs(x))
    return STEP * size, anp.maximum(BESIDE * size, 4.0 * EPSILON * anp.abs(x))


@in_one_step
def _judged(x: Any, f: Any, answer: Any, width: Any, height: Any, *rises: Any) -> Slope:
    """What is said of a slope, from the rises of f at all steps to the left, the right, beside."""
    step, near = _steps(x, width)
    dust, count = EPSILON * (anp.abs(f) + height) + LAST, len(FAR)
    around = (rises[:count], rises[-2]), (rises[count : 2 * count], rises[-1])
    left, right = (
        _side(own, beside, side, ROUNDED * dust, x / step)
        for (own, beside), side in zip(around, SIDES, strict=True)
    )
    small = SMALL * STEP * height / step
    seen = _seen(left, right, step, small, answer)
    before, after = (
        _Quotients(side * own[0] / step, side * own[1] / (FAR[1] * step), side * beside / near)
        for (own, beside), side in zip(around, SIDES, strict=True)
    )
    squeezed = _squeezed(before, after, 8.0 * dust / near, small, seen)
    seen = Slope(*map(partial(anp.where, anp.isfinite(answer)), seen, squeezed))
    kind = _beside(rises[-2], rises[-1], answer * near, 4.0 * dust, seen.kind)
    leaps = anp.logical_or(left.leaps, right.leaps)
    kind = anp.where(anp.logical_and(kind == EDGE, leaps), JUMP, kind)
    return _told(seen._replace(kind=anp.where(anp.isfinite(f), kind, SMOOTH)), answer)


class _Fit(NamedTuple):
    """f to one side as s·t + c·tᵖ at the distances 1, 4 and 16: s, a measure of c, |4ᵖ − 1|."""

    slope: Any
    rest: Any
    ratio: Any


def _fit(first: Any, second: Any, third: Any, dust: Any) -> _Fit:
    """From what f rises over 1, over 3 and over 12 more: s·t alone rises by 1, 3 and 12 parts."""
    a, b = second - 3.0 * first, third - 4.0 * second
    clear = anp.abs(a) > dust
    kept = anp.where(clear, a, 0.0)
    ratio = b / anp.where(clear, a, np.inf)
    return _Fit(first - kept / (ratio - 3.0), anp.abs(kept), anp.abs(ratio))


class _Side(NamedTuple):
    """f to one side at two scales; whether it rises ever steeper at both, or leaps at both."""

    fine: _Fit
    coarse: _Fit
    dust: Any
    steep: Any
    leaps: Any
    slope: Any  # in steps; infinite where f is steep


def _side(rises: Sequence[Any], beside: Any, side: float, dust: Any, steps: Any) -> _Side:
    """From the rises of f at `FAR` and beside the point.

    Rounding moves x, too, which is so many steps from 0.
    """
    one, four, far, farthest = rises
    dust = dust + anp.abs((ROUNDED * EPSILON) * steps * one)
    second, third = four - one, far - four
    fine, coarse = _fit(one, second, third, dust), _fit(four, third, farthest - far, dust)
    ratio = anp.maximum(fine.ratio, coarse.ratio)
    clear = anp.minimum(fine.rest, coarse.rest) > 0.0
    steep = anp.logical_and(clear, ratio <= STEEP)
    own = anp.where(anp.abs(fine.slope) <= dust, 0.0, side * fine.slope)
    endless = anp.where(second > 3.0 * one, -side * np.inf, side * np.inf)
    leaps = anp.logical_and(steep, beside * anp.sign(one) >= LEAPS * anp.abs(one))
    return _Side(fine, coarse, dust, steep, leaps, anp.where(steep, endless, own))


class _Scale(NamedTuple):
    """Slopes at one scale, how far off they may be, whether they and autograd's are apart."""

    left: Any
    right: Any
    mean: Any
    loose: Any
    apart: Any
    other: Any


def _scale(left: _Fit, right: _Fit, dust: Any, unit: Any, answer: Any) -> _Scale:
    low, high = -left.slope / unit, right.slope / unit
    loose, mean = (dust + LOOSE * (left.rest + right.rest)) / unit, 0.5 * (low + high)
    other = anp.abs(mean - answer) > loose + anp.abs(CLOSE * answer)
    return _Scale(low, high, mean, loose, anp.abs(high - low) > loose, other)


def _seen(left: _Side, right: _Side, step: Any, small: Any, answer: Any) -> Slope:
    """What both sides tell together; `told` is the slope if they agree."""
    dust = left.dust + right.dust
    fine = _scale(left.fine, right.fine, dust, step, answer)
    coarse = _scale(left.coarse, right.coarse, dust, FAR[1] * step, answer)
    drift = anp.abs(fine.left - coarse.left) + anp.abs(fine.right - coarse.right)
    apart = anp.logical_and(fine.apart, coarse.apart)
    corner = anp.logical_and(apart, drift <= 0.25 * anp.abs(coarse.right - coarse.left))

    loose = anp.minimum(fine.loose, coarse.loose)
    shrinks = anp.logical_and(fine.loose < 0.9 * coarse.loose, drift <= 0.1 * coarse.loose)
    mean = anp.where(fine.loose < coarse.loose, fine.mean, coarse.mean)
    settled = anp.logical_and(anp.logical_or(loose <= small, shrinks), anp.logical_not(apart))
    other = anp.logical_and(settled, anp.logical_and(fine.other, coarse.other))

    with_answer = anp.where(other, CONTRADICTED, SMOOTH)
    without = anp.where(settled, UNANSWERED, UNSETTLED)
    kind = anp.where(anp.isfinite(answer), with_answer, without)
    low, high = left.slope / step, right.slope / step
    endless = anp.where(low == high, VERTICAL, CUSP)
    endless = anp.where(anp.logical_or(left.leaps, right.leaps), JUMP, endless)
    steep = anp.logical_and(anp.logical_or(left.steep, right.steep), anp.isfinite(dust))
    kind = anp.where(steep, endless, anp.where(corner, CORNER, kind))
    return Slope(kind, low, high, anp.where(anp.abs(mean) <= loose, 0.0, mean))


class _Quotients(NamedTuple):
    """Difference quotients to one side, over 1 and 4 steps and beside the point."""

    one: Any
    four: Any
    beside: Any


def _squeezed(left: _Quotients, right: _Quotients, noise: Any, small: Any, seen: Slope) -> Slope:
    """What is seen where autograd has no answer, unless all quotients come together.

    x²·sin(1/x) oscillates at every scale; but it is squeezed, so that the nearest are most alike.
    """
    mean = 0.5 * (left.beside + right.beside)
    spread = [anp.abs(q - mean) for q in (left.one, left.four, right.one, right.four)]
    bend, gap = anp.abs(right.one - left.one), anp.abs(right.beside - left.beside)
    alike = anp.logical_and(reduce(anp.maximum, spread) <= small, gap <= 0.1 * bend + noise)
    sure = anp.logical_or(seen.kind != CORNER, bend > 20.0 * noise)
    both = anp.logical_and(anp.logical_and(alike, sure), seen.kind != UNANSWERED)
    mean = anp.where(anp.abs(mean) <= gap + noise, 0.0, mean)
    return Slope(
        anp.where(both, UNANSWERED, seen.kind),
        seen.left,
        seen.right,
        anp.where(both, mean, seen.told),
    )


def _beside(before: Any, after: Any, rise: Any, dust: Any, kind: Any) -> Any:
    """The kind, unless f ends here, or rises on both sides as autograd's answer says."""
    known, other = anp.isfinite(before), anp.isfinite(after)
    alone = anp.where(anp.logical_or(known, other), EDGE, ISOLATED)
    kind = anp.where(anp.logical_and(known, other), kind, alone)
    return anp.where(_confirmed(before, after, rise, dust), SMOOTH, kind)


def _confirmed(before: Any, after: Any, rise: Any, dust: Any) -> Any:
    """Whether f rises to both sides as autograd's answer says, beside the point itself."""
    most = CLOSE * anp.abs(rise)
    both = anp.logical_and(anp.abs(after - rise) <= most, anp.abs(before + rise) <= most)
    return anp.logical_and(anp.logical_and(most > dust, anp.isfinite(most)), both)


def _told(slope: Slope, answer: Any) -> Slope:
    """With what may be told in place of the slope on which both sides agree."""
    kind, left, right, mean = slope
    agreed = anp.logical_or(kind == UNANSWERED, kind == CONTRADICTED)
    left, right = anp.where(agreed, mean, left), anp.where(agreed, mean, right)
    one = anp.where(anp.isnan(left), right, left)  # at an edge
    ends = anp.where(anp.isfinite(one), anp.where(anp.isfinite(answer), answer, one), np.nan)
    told = anp.where(agreed, mean, anp.where(kind == EDGE, ends, answer))
    none = anp.logical_or(kind == ISOLATED, anp.logical_or(kind == CUSP, kind == VERTICAL))
    return Slope(kind, left, right, anp.where(none, np.nan, told))


def usual_size(values: Any) -> float:
    """How large some values usually are where they are not 0: the median of their sizes, or 0."""
    known = np.abs(values)[np.isfinite(values) & (values != 0)]
    return float(np.median(known)) if known.size else 0.0


def blur(slope: Slope, f: Any, width: float, height: float) -> Any:
    """By how much a slope may be off that is told in place of autograd's: 0 where it is autograd's.

    It comes from differences over steps of the domain, which lose so many digits.
    """
    lost = 4.0 * EPSILON * (anp.abs(f) + height) / (STEP * width)
    own = anp.logical_or(slope.kind == UNANSWERED, slope.kind == CONTRADICTED)
    return anp.where(own, lost, 0.0)


# ── words ────────────────────────────────────────────────────────────────────────────────────────


def kink_texts(variable: str, shown: str, of: str = "f") -> tuple[str, ...]:
    """The sentences that `kink_case` chooses from, with slots for left, right, autograd's slope.

    `shown` is how slots show a slope: see `fill`; `of` is what the function is called.
    """
    left, right, answer = (f"{{{shown}@{place}}}" for place in range(3))
    corner = f"Corner along {variable}: slope {left} on the left, {right} on the right."
    sides = "the slopes from left and right"
    ends = f"{of} ends here along {variable}: it is defined on the"
    return (
        f"{corner} autograd's answer {answer} is a convention.",
        f"The slope along {variable} has no bound here: {left} on the left, {right} on the right.",
        f"{of} jumps along {variable} here: it has no slope.",
        f"The slope along {variable} has no bound here: {left} on both sides.",
        f"{ends} right alone, with the slope {right}.",
        f"{of} stands alone here along {variable}: it is undefined on both sides.",
        f"autograd has no answer along {variable} here; {sides} agree: {left}.",
        f"autograd answers {answer} along {variable} here; {sides} agree: {left}.",
        f"autograd has no answer along {variable} here, and {sides} show none.",
        f"{corner} autograd has no answer.",
        f"{ends} left alone, with the slope {left}.",
    )


def kink_case(slope: Slope, answer: Any) -> Any:
    """Which of `kink_texts` is to be said; −1 for none."""
    unanswered = anp.logical_and(slope.kind == CORNER, anp.isnan(answer))
    ends = anp.logical_and(slope.kind == EDGE, anp.isnan(slope.right))
    return anp.where(unanswered, 9.0, anp.where(ends, 10.0, slope.kind - 1.0))
