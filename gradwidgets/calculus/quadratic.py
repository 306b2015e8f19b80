"""The local quadratic model q(d) = f + g·d + ½ dᵀHd: its axes, its level curves, where it holds.

Written with autograd.numpy and without branches on values, so that pictures can be traced.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.program import copied_in
from gradwidgets.calculus.symmetric import decomposition

DUST = 1e-13  # of the greatest eigenvalue, or of the slope over the domain: an eigenvalue that is 0
SINGULAR = 1e14  # a condition number beyond which a Hessian can't be solved for
PIECE_POINTS = 23  # of each half of a level curve
RAYS, RADII = 40, 14
AGREE = 0.1  # of the change: what model and function may differ by
FLAT = 1e-9  # of the change over a map: less curvature than this is not seen, but divided by
ROUNDING = 1e-13  # of f
CANCELLED = 1e-14  # of the terms of a sum: what is left of them by rounding
LOST = 1e3  # times too far off, and what is undefined
TINY = 1e-300


def norm(x: Any, y: Any) -> Any:
    """√(x² + y²) of numbers whose squares may overflow or vanish.

    >>> float(norm(3e-200, -4e-200))
    5e-200
    """
    size = anp.maximum(anp.abs(x), anp.abs(y))
    unit = anp.where(size > 0, size, 1.0)
    one, other = x / unit, y / unit
    return size * anp.sqrt(one * one + other * other)


def cleared(number: Any, size: Any) -> Any:
    """A sum of terms of this size, 0 where only their rounding is left of it.

    >>> float(cleared(0.1 + 0.2 - 0.3, 0.3)), float(cleared(1e-16, 1e-16))
    (0.0, 1e-16)
    """
    return anp.where(anp.abs(number) < CANCELLED * size, 0.0, number)


class Eigen(NamedTuple):
    """Eigenvalues of [[a, b], [b, c]], and the unit eigenvector of the greatest.

    That of the least is (−y, x). Where both are equal every direction would do, and this is (1, 0).
    """

    greatest: Any
    least: Any
    x: Any
    y: Any


def dust(gradient: Sequence[Any], hessian: Sequence[Sequence[Any]], width: float) -> Any:
    """Up to what size an eigenvalue of H is rounding, on a domain of that width.

    >>> bool(dust((1.0, 0.0), ((0.5, -0.5), (-0.5, 0.5)), 6.0) > 1e-16)
    True
    """
    bends = sum(anp.abs(entry) for row in hessian for entry in row)
    return DUST * (bends + sum(anp.abs(g) for g in gradient) / width)


@copied_in
def eigen(a: Any, b: Any, c: Any, rounding: Any = 0.0) -> Eigen:
    """Eigenvalues and eigenvectors of [[a, b], [b, c]] in closed form.

    The eigenvalue that is smaller in size comes from the determinant and the other one, so it does
    not cancel. As LAPACK's dlaev2; Anderson et al. (1999), *LAPACK Users' Guide*. Up to `rounding`
    an eigenvalue is 0: see `dust`.

    >>> found = eigen(2.0, 2.0, 5.0)
    >>> float(found.greatest), float(found.least), round(float(found.y / found.x), 12)
    (6.0, 1.0, 2.0)
    """
    total, size = a + c, anp.maximum(anp.abs(a - c), anp.abs(2.0 * b))
    unit = anp.where(size == 0, 1.0, size)  # squares of shares neither overflow nor vanish
    apart, mixed = (a - c) / unit, 2.0 * b / unit
    root = anp.sqrt(apart * apart + mixed * mixed)
    steep = 0.5 * (total + anp.where(total < 0, -1.0, 1.0) * root * size)
    safe = anp.where(steep == 0, 1.0, steep)
    larger = anp.abs(a) > anp.abs(c)
    first, second = anp.where(larger, a, c), anp.where(larger, c, a)
    flat = anp.where(steep == 0, 0.0, (first / safe) * second - (b / safe) * b)
    x, y = anp.where(apart < 0, mixed, apart + root), anp.where(apart < 0, root - apart, mixed)
    x = anp.where(root == 0, 1.0, x)
    length = anp.sqrt(x * x + y * y)
    negative = total < 0
    greatest, least = anp.where(negative, flat, steep), anp.where(negative, steep, flat)
    greatest, least = (anp.where(anp.abs(v) <= rounding, 0.0, v) for v in (greatest, least))
    return Eigen(greatest, least, x / length, y / length)


# ── Newton's step ────────────────────────────────────────────────────────────────────────────────


class Newton(NamedTuple):
    """Newton's step s = −H⁻¹g, the eigenvalues of H in rising order, and what the step is.

    `case` is the place in `CASES`. Without a step its components are NaN. `slope` is g·s: the step
    leads uphill where it is positive.
    """

    step: Sequence[Any]
    values: Sequence[Any]
    case: Any
    slope: Any


CASES = ("minimum", "maximum", "saddle", "singular", "flat", "undefined")


@copied_in
def newton(
    gradient: Sequence[Any], hessian: Sequence[Sequence[Any]], rounding: Any = 0.0
) -> Newton:
    """Newton's step to the critical point of the model. Nocedal & Wright (2006), section 3.3.

    Up to `rounding` an eigenvalue is 0: see `dust`.

    >>> found = newton((2.0, 40.0), ((2.0, 0.0), (0.0, 20.0)))
    >>> [float(part) for part in found.step], CASES[int(found.case)]
    ([-1.0, -2.0], 'minimum')
    """
    solve = {1: _of_one, 2: _of_two}.get(len(gradient), _of_more)
    values, step, regular, greatest = solve(gradient, hessian, rounding)
    step = [anp.where(regular, part, np.nan) for part in step]
    terms = [g * s for g, s in zip(gradient, step, strict=True)]
    slope = cleared(sum(terms), sum(map(anp.abs, terms)))
    signed = anp.where(values[0] > 0, 0.0, anp.where(values[-1] < 0, 1.0, 2.0))
    silent = anp.where(greatest == 0, 4.0, 3.0)
    known = anp.isfinite(greatest + sum(g + 0.0 for g in gradient))
    case = anp.where(known, anp.where(regular, signed, silent), 5.0)
    return Newton(step, values, case, slope)


def _of_one(
    gradient: Sequence[Any], hessian: Sequence[Sequence[Any]], rounding: Any
) -> tuple[Any, ...]:
    """Eigenvalues, the step, whether it counts, and the greatest |λ|."""
    value = anp.where(anp.abs(hessian[0][0]) <= rounding, 0.0, hessian[0][0])
    size = anp.abs(value)
    regular = _regular(size, size)
    return (value,), (-gradient[0] / anp.where(regular, value, 1.0),), regular, size


def _of_two(
    gradient: Sequence[Any], hessian: Sequence[Sequence[Any]], rounding: Any
) -> tuple[Any, ...]:
    """The same for two variables, by Cramer's rule."""
    (gx, gy), ((a, over), (under, c)) = gradient, hessian
    b = 0.5 * (over + under)
    found = eigen(a, b, c, rounding)
    one, other = anp.abs(found.greatest), anp.abs(found.least)
    greatest = anp.maximum(one, other)
    regular = _regular(anp.minimum(one, other), greatest)
    unit = anp.where(regular, greatest, 1.0)  # products of shares neither overflow nor vanish
    gx, gy, a, b, c = (part / unit for part in (gx, gy, a, b, c))
    determinant = anp.where(regular, a * c - b * b, 1.0)
    step = ((b * gy - c * gx) / determinant, (b * gx - a * gy) / determinant)
    return (found.least, found.greatest), step, regular, greatest


def _of_more(
    gradient: Sequence[Any], hessian: Sequence[Sequence[Any]], rounding: Any
) -> tuple[Any, ...]:
    """The same for more variables, by eigenvectors."""
    matrix = anp.array([[1.0 * entry for entry in row] for row in hessian])
    matrix = 0.5 * (matrix + anp.transpose(matrix))
    known = anp.isfinite(anp.sum(matrix))
    values, vectors = decomposition(anp.where(known, matrix, 0.0))
    values = anp.where(anp.abs(values) <= rounding, 0.0, values)
    sizes = anp.abs(values)
    regular = _regular(anp.min(sizes), anp.max(sizes))
    step = _along_axes(anp.array([1.0 * g for g in gradient]), values, vectors, regular)
    shown, greatest = anp.where(known, values, np.nan), anp.where(known, anp.max(sizes), np.nan)
    count = range(len(gradient))
    return [shown[k] for k in count], [step[k] for k in count], regular, greatest


def _regular(smallest: Any, greatest: Any) -> Any:
    return smallest * SINGULAR > greatest


def _along_axes(gradient: Any, values: Any, vectors: Any, counts: Any) -> Any:
    """−Σ (vᵢ·g / λᵢ) vᵢ over the unit eigenvectors vᵢ, columns, whose eigenvalues λᵢ count."""
    slopes = anp.sum(vectors * gradient[..., None], axis=-2)
    shifts = anp.where(counts, -slopes / anp.where(counts, values, 1.0), 0.0)
    return anp.sum(vectors * shifts[..., None, :], axis=-1)


def newton_steps(gradients: Any, hessians: Any) -> tuple[Any, Any]:
    """Newton's steps from many places, by LAPACK, and where the Hessian can be solved for.

    Where it can't, directions in which it is 0 are left out of the step, which is NaN where the
    Hessian is. Shapes: (…, n) and (…, n, n); (…, n) and (…).

    >>> steps, solved = newton_steps(np.ones((1, 2)), np.diag([2.0, 0.0])[None])
    >>> steps.tolist(), solved.tolist()
    ([[-0.5, 0.0]], [False])
    """
    known = np.isfinite(hessians).all(axis=(-2, -1))
    symmetric = 0.5 * (hessians + np.swapaxes(hessians, -2, -1))
    values, vectors = np.linalg.eigh(np.where(known[..., None, None], symmetric, 0.0))
    sizes = np.abs(values)
    counts = _regular(sizes, np.max(sizes, axis=-1, keepdims=True))
    steps = np.where(known[..., None], _along_axes(gradients, values, vectors, counts), np.nan)
    solved = known & counts.all(axis=-1)
    matrices = np.where(solved[..., None, None], symmetric, np.eye(symmetric.shape[-1]))
    exact = -np.linalg.solve(matrices, gradients[..., None])[..., 0]  # with fewer roundings
    return np.where(solved[..., None], exact, steps), solved


# ── the model of two variables ───────────────────────────────────────────────────────────────────


class Model(NamedTuple):
    """A quadratic around (x, y): its value, gradient and Hessian [[a, b], [b, c]], its axes."""

    x: Any
    y: Any
    f: Any
    gx: Any
    gy: Any
    a: Any
    b: Any
    c: Any
    axes: Eigen

    @property
    def length(self) -> Any:
        """‖g‖."""
        return norm(self.gx, self.gy)

    @property
    def steepest(self) -> Any:
        """max |λ|."""
        return anp.maximum(anp.abs(self.axes.greatest), anp.abs(self.axes.least))

    def slope(self, dx: Any, dy: Any) -> Any:
        """g·d."""
        return self.gx * dx + self.gy * dy

    def bend(self, dx: Any, dy: Any) -> Any:
        """dᵀHd."""
        return self.a * dx * dx + 2.0 * self.b * dx * dy + self.c * dy * dy

    def rise(self, dx: Any, dy: Any) -> Any:
        """q(d) − f."""
        return self.slope(dx, dy) + 0.5 * self.bend(dx, dy)


def level_curves(model: Model, levels: Any, reach: Any) -> Any:
    """The model's curves q = level, shape (levels, 2, points, 2): each in two pieces.

    They are ellipses, hyperbolas, parabolas or lines, complete up to `reach` from the middle. With
    coordinates a along the flatter and b along the steeper axis, q = level is a quadratic equation
    for b whose discriminant is again a quadratic in a: between or outside of its roots there is a
    curve, and beginning at a root one draws both its branches in one go.
    """
    (ax, ay), (bx, by) = _frame(model, reach)
    unit = anp.maximum(model.length * reach, model.steepest * reach * reach) + TINY
    first, second = reach / unit, reach * reach / unit  # in units of the map and of f's change
    along_a, along_b = first * model.slope(ax, ay), first * model.slope(bx, by)
    aa, bb = second * model.bend(ax, ay), second * model.bend(bx, by)
    ab = second * (model.a * ax * bx + model.b * (ax * by + ay * bx) + model.c * ay * by)
    least = FLAT * (anp.abs(along_a) + anp.abs(along_b)) + TINY
    bb = anp.where(anp.abs(bb) < least, least, bb)
    above = (model.f - anp.reshape(levels, (-1, 1))) / unit
    p = ab * ab - aa * bb
    q = 2.0 * (along_b * ab - bb * along_a)
    r = along_b * along_b - 2.0 * bb * above
    start, end, rooted, there = _spans(p, q, r)
    t = np.linspace(-1.0, 1.0, PIECE_POINTS)
    first = 2.0 / (PIECE_POINTS - 1)  # without a root, both branches begin here
    apart = np.where(t == 0, np.nan, ((np.abs(t) - first) / (1.0 - first)) ** 2)
    a = start + (end - start) * anp.where(rooted, t * t, apart)
    root = anp.sqrt(anp.maximum((p * a + q) * a + r[:, None], 0.0))
    a = anp.where(there, a, np.nan)
    b = reach * (np.sign(t) * root - along_b - ab * a) / bb
    a = reach * a
    return anp.stack([model.x + a * ax + b * bx, model.y + a * ay + b * by], axis=-1)


def _frame(model: Model, reach: Any) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Two orthonormal directions, the second the one along which the model changes most."""
    axes, length = model.axes, model.length
    top = anp.abs(axes.greatest) >= anp.abs(axes.least)
    bent = model.steepest * reach > length  # else the gradient decides
    safe = anp.where(bent, 1.0, length)
    bx = anp.where(bent, anp.where(top, axes.x, -axes.y), model.gx / safe)
    by = anp.where(bent, anp.where(top, axes.y, axes.x), model.gy / safe)
    return (by, -bx), (bx, by)


def _spans(p: Any, q: Any, r: Any) -> tuple[Any, Any, Any, Any]:
    """Where p a² + q a + r ≥ 0 within [−1, 1]: two spans, whether they begin at a root and exist.

    Shapes: p and q are numbers, r is (k, 1); spans and the last are (k, 2, 1).
    """
    size = anp.abs(q) + anp.abs(r) + TINY
    p = anp.where(anp.abs(p) < 1e-12 * size, -1e-12 * size, p)  # a parabola is a long ellipse
    inside = q * q - 4.0 * p * r
    rooted = inside > 0
    root = anp.sqrt(anp.maximum(inside, 0.0))
    half = -0.5 * (q + anp.where(q < 0, -1.0, 1.0) * root)
    one, other = half / p, r / anp.where(half == 0, TINY, half)
    low, high = _within(anp.minimum(one, other)), _within(anp.maximum(one, other))
    middle = anp.where(rooted, 0.5 * (low + high), _within(-0.5 * q / p))
    between = anp.logical_and(p < 0, rooted)
    start = anp.stack([anp.where(rooted, low, middle), anp.where(rooted, high, middle)], axis=1)
    end = anp.stack([anp.where(between, middle, -1.0), anp.where(between, middle, 1.0)], axis=1)
    there = anp.logical_and(anp.logical_or(rooted, p > 0)[:, None], start != end)
    return start, end, rooted[:, None], there


def _within(number: Any) -> Any:
    """What lies between −1 and 1; numpy's own clip takes longer than both of these."""
    return anp.minimum(anp.maximum(number, -1.0), 1.0)


def agreement(function: Callable[[Any, Any], Any], model: Model, reach: Any) -> Any:
    """Around the point, how far model and function agree: an outline of shape (RAYS + 1, 2).

    On every ray, as long as |f − q| stays under a tenth of ‖g‖r + ½ max|λ| r², the most by which
    the model changes over the distance r. Where that is as far as `reach`, it is NaN.
    """
    cos, sin, radius = _rays(reach)
    values = function(model.x + radius * cos, model.y + radius * sin)
    return _outline(model, reach, values)


def _rays(reach: Any) -> tuple[Any, Any, Any]:
    """Cosine and sine of every ray, and in rows the distances at which the two are compared."""
    angles = np.linspace(0.0, 2.0 * np.pi, RAYS, endpoint=False)
    radius = reach * (np.arange(1.0, RADII + 1)[:, None] / RADII) ** 2
    return np.cos(angles), np.sin(angles), radius


@copied_in
def _outline(model: Model, reach: Any, values: Any) -> Any:
    """Where the function, of which these are the values on all rays, is no longer the model."""
    cos, sin, radius = _rays(reach)
    slope, bend = model.slope(cos, sin), model.bend(cos, sin)
    rise = radius * (slope + 0.5 * radius * bend)
    off = anp.abs(values - model.f - rise)
    most = radius * (model.length + 0.5 * model.steepest * radius)
    blur = ROUNDING * (anp.abs(model.f) + most)  # a quadratic is its own model
    # Its root grows about evenly from one radius to the next, so that it can be interpolated.
    times = anp.sqrt(anp.maximum(off - blur, 0.0) / (AGREE * most + TINY))
    excess = anp.where(times < LOST, times, LOST) - 1.0
    low, high, below, above = _first_crossing(excess)
    gap = above - below
    share = low - below * (high - low) / anp.where(gap > 0, gap, 1.0)
    radius = anp.where(high <= 1.0, reach * share * share, np.nan)
    outline = anp.stack([model.x + radius * cos, model.y + radius * sin], axis=-1)
    return anp.concatenate([outline, outline[:1]])


def _first_crossing(excess: Any) -> tuple[Any, Any, Any, Any]:
    """Between which two shares each ray's excess first becomes positive, and its values there."""
    good = anp.cumsum(1.0 * (excess > 0), axis=0) == 0
    whole, steps = anp.sum(1.0 * good, axis=0), np.arange(RADII)[:, None]
    below = anp.sum(1.0 * (steps == whole - 1.0) * excess, axis=0) - 1.0 * (whole == 0)
    above = anp.sum(1.0 * (steps == whole) * excess, axis=0)
    return whole / RADII, (whole + 1.0) / RADII, below, above
