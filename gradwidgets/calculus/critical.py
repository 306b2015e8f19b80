"""Points where the gradient vanishes: what the Hessian and f itself say of them.

Each variable is measured in widths of its domain, and f in what it changes there, so that no answer
depends on units.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from gradwidgets.calculus.field import Array, Point, ScalarField

SILENT = 1e-9  # of the greatest eigenvalue: below it the second-order test says nothing
NEAR = 1e-2  # of the domain's width: a critical point further away is another matter
AROUND = (1e-3, 1e-5)  # of the domain's width: where neighbours are asked
BESIDE = 1e-10  # of the domain's width: so near f has come down, unless it has a pole
WALLS = (0.4, 0.1)  # of the domain's width: where a floor may have its walls
ROUNDING = 1e-14  # of f
DUST = 1e-13  # of the greatest eigenvalue, or of the slope over the domain: an eigenvalue that is 0
REACH = 20.0  # times the way to the floor: far enough to meet the other wall of x⁴ and its kin
ALIKE = 0.1  # near a minimum of x⁴, or beside the bend of x³, Newton's step changes it by more
STEPS = (1e-3, 1e-5)  # of the domain's width: where a Hessian is held against the gradients
BENT = 1e-3  # of the Hessian's size: what it may miss of the gradients' change
HALF = 0.5  # as much that must shrink from the longer step to the shorter
EDGE = 0.1  # of its size: the same where the longer step leaves what is defined
UNDEFINED = (ArithmeticError, ValueError)  # what a callable raises where it has no value


def eigenvalues(field: ScalarField, point: Point) -> Array:
    """The Hessian's eigenvalues at a point in rising order; NaN where f is not smooth."""
    return axes(field, field.coordinates(point))[0]


def axes(field: ScalarField, place: Point) -> tuple[Array, Array]:
    """The Hessian's eigenvalues and eigenvectors; NaN and the coordinate axes where f has none."""
    return _eigen(field, place, np.ones(len(field.variables)))


def scaled_axes(field: ScalarField, place: Point) -> tuple[Array, Array]:
    """The same where each variable is measured in widths of its domain."""
    return _eigen(field, place, widths(field))


def widths(field: ScalarField) -> Array:
    """How wide the domain is along each variable."""
    return np.array([high - low for low, high in field.domain.values()])


@np.errstate(all="ignore")
def _eigen(field: ScalarField, place: Point, units: Array) -> tuple[Array, Array]:
    count = len(field.variables)
    try:
        hessian = field.hessian(place) * units * units[:, None]
        if np.isfinite(hessian).all():
            values, vectors = np.linalg.eigh(hessian / 2 + hessian.T / 2)
            return np.asarray(values), np.asarray(vectors)
    except UNDEFINED:
        pass
    return np.full(count, np.nan), np.eye(count)


def curvatures(field: ScalarField, point: Point) -> Array:
    """The eigenvalues where the Hessian explains how the gradient changes; NaN at tips and corners.

    Beside the tip of a cone at the distance r the Hessian has the eigenvalue 1/r, and on both sides
    of a corner it is 0: neither says anything of the slopes around.

    >>> float(curvatures(ScalarField("x**2"), 0)[0]), float(curvatures(ScalarField("abs(x)"), 0)[0])
    (2.0, nan)
    """
    with np.errstate(all="ignore"):
        values = eigenvalues(field, point)
        if not (np.isfinite(values).all() and is_smooth(field, point)):
            return np.full_like(values, np.nan)
        slope = np.hypot.reduce(field.gradient(point)) / np.max(widths(field))
        return np.where(np.abs(values) <= DUST * (np.max(np.abs(values)) + slope), 0.0, values)


def is_smooth(field: ScalarField, point: Point) -> bool:
    """Whether f is twice differentiable, as far as gradients beside the point can tell.

    What H leaves of the gradients' change over a step h goes to 0 faster than h where f is twice
    differentiable; at a corner it stays, and it grows without bound beside h.
    """
    place = np.array(field.coordinates(point))
    width = max(high - low for low, high in field.domain.values())
    try:
        hessian = field.hessian(place)
        wide, near = (_missed(field, place, hessian, share * width) for share in STEPS)
    except UNDEFINED:
        return False
    size = float(np.max(np.abs(hessian)))
    lost = 1e-13 * float(np.max(np.abs(field.gradient(place)))) / (STEPS[1] * width)
    shrunk = near <= np.where(np.isfinite(wide), HALF * wide, EDGE * size)
    return bool(np.all((near <= BENT * size + lost) | shrunk))


def _missed(field: ScalarField, place: Array, hessian: Array, step: float) -> Array:
    """By how much H misses the gradient's change over a step along each of `ways`, per length."""
    around = ways(len(place))
    changes = [field.gradient(place + step * u) - field.gradient(place - step * u) for u in around]
    return np.asarray(np.max(np.abs(np.array(changes) / (2 * step) - around @ hessian), axis=1))


def ways(count: int) -> Array:
    """Unit vectors along all axes and between every two of them, one a row.

    >>> ways(2).round(3).tolist()
    [[1.0, 0.0], [0.0, 1.0], [0.707, 0.707], [0.707, -0.707]]
    """
    axes = list(np.eye(count))
    between = [side * other + one for one, other in combinations(axes, 2) for side in (1.0, -1.0)]
    return np.array([*axes, *(way / 2**0.5 for way in between)])


def classify(values: Array) -> str:
    """What a critical point is, from its Hessian's eigenvalues.

    "minimum", "maximum", "saddle", "trough" (one or more eigenvalues are 0 and the others
    positive), or "degenerate": the second-order test is silent. Eigenvalues that are negligible
    beside the greatest one count as 0.

    >>> [classify(np.array(v)) for v in [(2.0, 20.0), (-2.0, 2.0), (0.0, 2.0), (0.0, 0.0)]]
    ['minimum', 'saddle', 'trough', 'degenerate']
    """
    zero = SILENT * float(np.max(np.abs(values)))
    up, down = values > zero, values < -zero
    if up.all():
        return "minimum"
    if down.all():
        return "maximum"
    if up.any() and down.any():
        return "saddle"
    return "trough" if up.any() else "degenerate"


# ── beyond the second-order test ─────────────────────────────────────────────────────────────────


def kind(field: ScalarField, point: Point) -> str:
    """What lies where the slope is next to nothing: a word of `classify`, or "plain".

    Eigenvalues alone deceive: close to 0 those of x³ are positive, and so are those of exp(−x)
    everywhere. So f itself is asked on both sides along every eigenvector. "plain" tells that no
    critical point is near.

    >>> [kind(ScalarField(text), x) for text, x in [("x**4", 0), ("x**3", 1e-4), ("exp(-x)", 20)]]
    ['minimum', 'degenerate', 'plain']
    """
    with np.errstate(all="ignore"):
        return _kind(field, np.array(field.coordinates(point)))


def _kind(field: ScalarField, place: Array) -> str:
    values, vectors = scaled_axes(field, place)
    values, units = np.nan_to_num(values), widths(field)
    shifts = _newton_shifts(values, vectors.T @ (field.gradient(place) * units))
    near = bool(np.linalg.norm(shifts) <= NEAR)
    curved = values > SILENT * float(np.max(np.abs(values)))
    floor = place + units * (vectors[:, curved] @ shifts[curved])
    if near and curved.all() and _alike(values, scaled_axes(field, floor)[0]):
        return "minimum"
    reach = REACH * float(np.linalg.norm(shifts[curved]))
    signs = [_sign(field, floor, vectors, values, axis, reach) for axis in range(len(place))]
    if np.isnan(signs).any():
        return "degenerate" if near else "plain"
    found = classify(np.array(signs))
    if found == "saddle" and classify(values) != "saddle":  # of a higher order
        found = "degenerate"
    if near and found == "degenerate" and is_lowest(field, floor):
        found = "trough"
    level = (units[:, None] * vectors[:, np.array(signs) == 0]).T
    if found == "trough" and _slides(field, floor, level, values, reach):
        return "plain"
    return found if near or found in ("minimum", "trough") else "plain"


def _alike(values: Array, others: Array) -> bool:
    """Whether the curvature hardly changes between two places: f is a quadratic there."""
    return bool(np.all(np.abs(others - values) <= ALIKE * np.abs(values)))


def nearby(field: ScalarField, point: Point) -> Array:
    """The critical point beside a point of little slope, by one of Newton's steps."""
    place, units = np.array(field.coordinates(point)), widths(field)
    values, vectors = scaled_axes(field, place)
    with np.errstate(all="ignore"):
        shifts = _newton_shifts(values, vectors.T @ (field.gradient(place) * units))
    return place + units * (vectors @ np.where(np.isfinite(shifts), shifts, 0.0))


def _newton_shifts(values: Array, slopes: Array) -> Array:
    """How far along every eigenvector the slope would vanish if f were quadratic."""
    return np.where(slopes == 0, 0.0, -slopes / values)


def _sign(
    field: ScalarField,
    floor: Array,
    vectors: Array,
    values: Array,
    axis: int,
    reach: float,
) -> float:
    """1 or −1: f rises or falls to both sides; 0: neither; NaN: it falls to one side alone."""
    middle, steepest = value_at(field, floor), float(np.max(np.abs(values)))
    counts = abs(values[axis]) > SILENT * steepest
    expected, seen = float(np.sign(values[axis]) * counts), []
    for share in AROUND:
        far = max(share, reach)
        away = far * widths(field) * vectors[:, axis]
        both = [value_at(field, floor + side * away) for side in (-1, 1)]
        lost = 1e-14 * abs(middle)
        blur = lost + SILENT * steepest * far * far
        falls, rises = np.array(both) < middle - blur, ~(np.array(both) <= middle + blur)
        unseen = abs(values[axis]) * far * far < 2.0 * lost
        if expected and (unseen or (rises.all() if expected > 0 else falls.all())):
            return expected
        seen.append(-1.0 if falls.all() else np.nan if falls.any() else float(rises.all()))
    return seen[0]


def _slides(field: ScalarField, floor: Array, level: Array, values: Array, reach: float) -> bool:
    """Whether f only flattens out, and still falls along a way that seems level, however little.

    Its slopes on both sides of the place have one sign, and one of them is more than rounding.
    """
    least = ROUNDING * float(np.max(np.abs(values)))
    for way in level:
        away = [side * max(share, reach) * way for share in AROUND for side in (-1, 1)]
        slopes = np.array([gradient_at(field, floor + step) @ way for step in away])
        if ((slopes > 0).all() or (slopes < 0).all()) and (np.abs(slopes) > least).any():
            return True
    return False


def is_lowest(field: ScalarField, place: Array) -> bool:
    """Whether f falls nowhere around a place, and rises somewhere to both sides; not at a pole.

    >>> is_lowest(ScalarField("abs(x*y)"), np.zeros(2)), is_lowest(ScalarField("x*y"), np.zeros(2))
    (True, False)
    """
    middle = value_at(field, place)
    if not np.isfinite(middle):
        return False
    around = widths(field) * ways(len(place))
    rise = np.array(
        [
            [
                [value_at(field, place + side * share * way) - middle for side in (-1, 1)]
                for way in around
            ]
            for share in (*WALLS, *AROUND, BESIDE)
        ]
    )
    blur = ROUNDING * abs(middle)
    walls, falls = (rise > blur).all(axis=2).any(), ~(rise[len(WALLS) : -1] >= -blur)
    level = np.max(np.abs(rise[-1])) <= max(HALF * np.max(rise[-2]), blur)
    return bool(walls and level and not falls.any())


def slope_at(field: ScalarField, place: Array) -> float:
    """‖∇f‖, or NaN where a callable raises."""
    return float(np.hypot.reduce(gradient_at(field, place)))


def gradient_at(field: ScalarField, place: Array) -> Array:
    """∇f, or NaN where a callable raises."""
    try:
        return field.gradient(place)
    except UNDEFINED:
        return np.full(len(place), np.nan)


def value_at(field: ScalarField, place: Array) -> float:
    """f, or NaN where a callable raises."""
    try:
        return field.value(place)
    except UNDEFINED:
        return np.nan
