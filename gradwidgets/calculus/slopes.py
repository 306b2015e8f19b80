"""What can be said of a slope: autograd's answer, beside what f itself shows on both sides.

Nothing here depends on absolute sizes: steps are shares of the domain's width, and differences of
f are compared with one another and with f's own rounding. It is written with autograd.numpy and
without branches on values, so that pictures can be traced.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.program import in_one_step

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
WOBBLE = 2.0**-16  # of the least step: over so little f is straight, and what bends is rounding
BESIDE = 1e-10  # of the width: what is so near shows whether f ends here, or autograd is right
LEAST = 1e-8  # of |x|: the domain is taken to be as wide at least
SIDES = (-1.0, 1.0)
LAST = 5e-324  # the least number: near it floats have no digits to lose
EPSILON = float(np.finfo(float).eps)
ROUNDED = 50.0  # times the last digit of f: less may be rounding
NOISY = 30.0  # times the rounding that was seen beside the point: less may be rounding
STEEP = 3.2  # the ratio of tᵖ is 4ᵖ − 1, that of t·log t is 3: up to this a slope is infinite
LOGARITHMIC = 0.01  # over 3 at most is the ratio of t·log t where f bends besides
SEEN = 1e-5  # of the rise over a step: so little of it shows no infinite slope
MANY = 1e300  # decimals beyond count nothing
LEAPS = 0.8  # of the rise over a step: as much beside the point is a jump
ALIKE = 0.1  # of the gap at a corner: as much may its slopes differ from scale to scale
LOOSE = 0.2  # of what f does beside its slope: so far off may the slope be
SMALL = 0.01  # of f's usual slope: an uncertainty that does not matter
CLOSE = 1e-3  # of autograd's answer: so far off is a quotient that confirms it


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


def smooth(answer: Any) -> Slope:
    """What there is to say of a slope where autograd's answer is known to be all."""
    return Slope(SMOOTH, answer, answer, answer)


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
    function, and on the smaller alone rounding. How large the rounding is tells f itself, by how
    much it bends within a tiny part of a step: (x² − 1)/(x − 1) has few digits beside 1.

    >>> found = slope_along(abs, (0.0,), 0, answer=0.0, width=6.0, height=3.0)
    >>> KINDS[int(found.kind)], float(found.left), float(found.right)
    ('corner', -1.0, 1.0)
    """
    x, f = point[axis], function(*point)
    step, near = _steps(x, width)
    aways = [side * far * step for side in SIDES for far in FAR]
    wobbles = [side * (1.0 + by * WOBBLE) * step for side in SIDES for by in SIDES]

    def rise(by: Any) -> Any:
        return function(*point[:axis], x + by, *point[axis + 1 :]) - f

    return Slope(*_judged(x, f, answer, width, height, *map(rise, [*aways, *wobbles, -near, near])))


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
    noise = anp.maximum(_bend(rises[0], *rises[-6:-4]), _bend(rises[count], *rises[-4:-2]))
    left, right = (
        _side(own, beside, side, ROUNDED * dust, NOISY * noise, x / step)
        for (own, beside), side in zip(around, SIDES, strict=True)
    )
    small = SMALL * STEP * height / step
    before, after = (
        _Quotients(side * own[0] / step, side * own[1] / (FAR[1] * step), side * beside / near)
        for (own, beside), side in zip(around, SIDES, strict=True)
    )
    own = ROUNDED * (EPSILON * anp.abs(f) + LAST) / near
    seen = _seen(left, right, (before.beside, after.beside, own), step, small, answer)
    squeezed = _squeezed(before, after, 8.0 * dust / near, small, seen)
    seen = Slope(*map(partial(anp.where, anp.isfinite(answer)), seen, squeezed))
    gap = anp.where(seen.kind == CORNER, anp.abs(seen.right - seen.left) * near, np.inf)
    confirmed = _confirmed(rises[-2], rises[-1], answer * near, 4.0 * dust, gap)
    kind = _ends((rises[0], rises[-2]), (rises[count], rises[-1]), seen.kind)
    kind = anp.where(confirmed, SMOOTH, kind)
    leaps = anp.logical_or(left.leaps, right.leaps)
    kind = anp.where(anp.logical_and(kind == EDGE, leaps), JUMP, kind)
    return _told(seen._replace(kind=anp.where(anp.isfinite(f), kind, SMOOTH)), answer)


def _bend(middle: Any, before: Any, after: Any) -> Any:
    """How far three values are from a straight line: rounding, where they are so close."""
    bend = anp.abs(before - middle + (after - middle))
    return anp.where(anp.isfinite(bend), bend, 0.0)


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
    noise: Any
    off: Any  # by how much the slope may be wrong
    steep: Any
    leaps: Any
    slope: Any  # in steps; infinite where f is steep


def _side(
    rises: Sequence[Any], beside: Any, side: float, dust: Any, noise: Any, steps: Any
) -> _Side:
    """From the rises of f at `FAR` and beside the point.

    Rounding moves x, too, which is so many steps from 0.
    """
    one, four, far, farthest = rises
    dust = dust + anp.abs((ROUNDED * EPSILON) * steps * one)
    least = anp.maximum(dust, noise)
    second, third = four - one, far - four
    fine, coarse = _fit(one, second, third, least), _fit(four, third, farthest - far, least)
    clear = anp.minimum(fine.rest, coarse.rest) > SEEN * anp.abs(one)
    steep = anp.logical_and(clear, _endless(fine.ratio, coarse.ratio))
    bent = anp.maximum(anp.maximum(fine.rest, coarse.rest), anp.abs(farthest - 4.0 * far)) > least
    longest = anp.where(bent, 1.0, FAR[-1])
    own = side * anp.where(bent, fine.slope, farthest / FAR[-1])
    own = anp.where(anp.abs(fine.slope) <= dust, 0.0, own)
    off = (dust / ROUNDED + noise / NOISY) / longest
    endless = anp.where(second > 3.0 * one, -side * np.inf, side * np.inf)
    leaps = anp.logical_and(steep, beside * anp.sign(one) >= LEAPS * anp.abs(one))
    return _Side(fine, coarse, dust, least, off, steep, leaps, anp.where(steep, endless, own))


def _endless(fine: Any, coarse: Any) -> Any:
    """Whether the ratios at two scales are those of a power under 1, or of t·log t.

    The ratio of a power is the same at both; what bends it besides grows with the distance.
    """
    drift = coarse - fine
    limit = fine - drift / 3.0
    most = 3.0 + LOGARITHMIC + 0.2 * anp.abs(drift)
    return anp.logical_and(anp.maximum(fine, coarse) <= STEEP, limit <= most)


class _Scale(NamedTuple):
    """Slopes at one scale, how far off they are, whether they and autograd's are surely apart."""

    left: Any
    right: Any
    mean: Any
    loose: Any
    apart: Any
    other: Any


def _scale(left: _Fit, right: _Fit, dust: Any, noise: Any, unit: Any, answer: Any) -> _Scale:
    low, high = -left.slope / unit, right.slope / unit
    rest, mean = LOOSE * (left.rest + right.rest), 0.5 * (low + high)
    sure = (noise + rest) / unit
    other = anp.abs(mean - answer) > sure + anp.abs(CLOSE * answer)
    return _Scale(low, high, mean, (dust + rest) / unit, anp.abs(high - low) > sure, other)


def _seen(
    left: _Side, right: _Side, beside: tuple[Any, ...], step: Any, small: Any, answer: Any
) -> Slope:
    """What both sides tell together; `told` is the slope if they agree.

    `beside` are the quotients beside the point, and how far off they are by f's last digit.
    """
    dust, noise = left.dust + right.dust, left.noise + right.noise
    fine = _scale(left.fine, right.fine, dust, noise, step, answer)
    coarse = _scale(left.coarse, right.coarse, dust, noise, FAR[1] * step, answer)
    drift = anp.abs(fine.left - coarse.left) + anp.abs(fine.right - coarse.right)
    apart = anp.logical_and(fine.apart, coarse.apart)
    corner = _is_corner(fine, coarse, beside, drift, noise / step)

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
    mean = anp.where(anp.abs(mean) <= loose, 0.0, mean)
    offs = (left.off, right.off, left.off + right.off)
    told = (_rounded(own, off / step) for own, off in zip((low, high, mean), offs, strict=True))
    smooth = kind == SMOOTH  # where autograd's answer is told, and derivatives go through
    return Slope(
        kind, *(anp.where(smooth, *both) for both in zip((low, high, mean), told, strict=True))
    )


def _is_corner(
    fine: _Scale, coarse: _Scale, beside: tuple[Any, ...], drift: Any, noise: Any
) -> Any:
    """Whether the slopes differ alike at both scales, or beside the point as they do there."""
    before, after, own = beside
    apart = anp.logical_and(fine.apart, coarse.apart)
    alike = anp.logical_and(apart, drift <= 0.25 * anp.abs(coarse.right - coarse.left))
    gap = anp.abs(after - before)
    inward = anp.abs(fine.left - before) + anp.abs(fine.right - after)
    clear = gap > anp.maximum(noise, own)
    near = anp.logical_and(clear, anp.maximum(drift, inward) <= ALIKE * gap)
    return anp.logical_or(alike, near)


def _rounded(slope: Any, off: Any) -> Any:
    """With the decimals alone that are surely right."""
    scale = 10.0 ** -anp.ceil(anp.log10(off))
    usual = anp.logical_and(anp.abs(slope) * scale < 1.0 / EPSILON, scale < MANY)
    return anp.where(usual, anp.rint(slope * scale) / scale, slope)


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


def _ends(before: tuple[Any, Any], after: tuple[Any, Any], kind: Any) -> Any:
    """The kind, unless f ends here: on a side it is undefined, near by and a step away."""
    known, other = (anp.logical_or(*map(anp.isfinite, rises)) for rises in (before, after))
    alone = anp.where(anp.logical_or(known, other), EDGE, ISOLATED)
    return anp.where(anp.logical_and(known, other), kind, alone)


def _confirmed(before: Any, after: Any, rise: Any, dust: Any, gap: Any) -> Any:
    """Whether f rises to both sides as autograd's answer says, beside the point itself.

    `gap` is by how much the rises to both sides differ at a corner, however weak.
    """
    most = anp.minimum(CLOSE * anp.abs(rise), 0.25 * gap)
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
