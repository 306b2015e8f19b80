"""A scalar field f(x₁, …, xₙ) with its derivatives by autograd, at a point and on a grid."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import autograd.numpy as anp
import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradwidgets.calculus.formula import Formula, FormulaError, parse
from gradwidgets.calculus.program import Program
from gradwidgets.calculus.replay import Replayed, Watch, WatchError, watch
from gradwidgets.calculus.tracing import calm, derivatives

Array: TypeAlias = NDArray[np.float64]
Interval: TypeAlias = tuple[float, float]
Domain: TypeAlias = Mapping[str, Interval]
Point: TypeAlias = Mapping[str, float] | ArrayLike

DEFAULT_INTERVAL: Interval = (-3.0, 3.0)
WIDEST = 1e9
PROBES = {1: 201, 2: 41, 3: 15}  # along an axis, by the number of variables
GRID_WORK = 600_000  # operations that one repaint may cost: the finest grid is this over the size
GRID_POINTS = 200_000
FINEST, COARSEST = 121, 41


class DerivativeError(ValueError):
    """A callable that has values, but no derivative by autograd."""


@dataclass(frozen=True)
class Grid:
    """Values and derivatives of a field on a grid; NaN where the field is undefined.

    Shapes: `values` is (len(axis) for every axis), indexed in the order of the variables;
    `gradient` is (n, *shape) and `hessian` (n, n, *shape), or None where they were not asked for.
    """

    axes: tuple[Array, ...]
    values: Array
    gradient: Array | None = None
    hessian: Array | None = None


@dataclass(frozen=True)
class Kink:
    """A point at which a slice of a field is not smooth.

    `left` and `right` are the one-sided slopes along `variable`, `kind` is "corner" (they differ),
    "cusp" (they grow without bound) or "jump" (the value itself jumps), and `autograd` is the
    slope that autograd returns there, by convention.
    """

    variable: str
    kind: str
    left: float
    right: float
    autograd: float

    def __str__(self) -> str:
        if self.kind == "jump":
            return f"f jumps along {self.variable} here, so it has no slope."
        if self.kind == "cusp":
            return f"The slope along {self.variable} has no bound here."
        sides = (
            f"Corner along {self.variable}: slope {self.left:.4g} on the left, {self.right:.4g} "
            "on the right."
        )
        if math.isnan(self.autograd):
            return f"{sides} autograd has no answer."
        return f"{sides} autograd's answer {self.autograd:.4g} is a convention."


class ScalarField:
    """A real function of one or more variables that autograd can differentiate.

    Args:
        source: a formula as text, or a callable of n numbers written with autograd.numpy.
        domain: for some or all variables the interval that pictures show; (−3, 3) otherwise. With
            one variable the interval alone will do.
        variables: the names in their order; by default a formula's free names in alphabetical
            order, or a callable's parameters. A formula may use fewer than are named here.

    Raises:
        FormulaError: text that is no formula.
        ValueError: variables or a domain that don't fit.

    >>> f = ScalarField("x**2 + 10*y**2")
    >>> f.value((1, 2))
    41.0
    >>> f.gradient((1, 2))
    array([ 2., 40.])
    >>> f.hessian((1, 2))
    array([[ 2.,  0.],
           [ 0., 20.]])
    """

    def __init__(
        self,
        source: str | Callable[..., Any],
        domain: Domain | Interval | None = None,
        variables: Sequence[str] | None = None,
    ) -> None:
        self.formula: Formula | None = None
        if isinstance(source, str):
            self.formula = parse(source, given=variables or ())
            self.variables = _formula_variables(self.formula, variables)
            self.function = _placed(self.formula, self.variables)
        elif callable(source):
            self.variables = _callable_variables(source, variables)
            trial = _trial_points(_complete_domain(self.variables, domain or {}))
            self.function = _on_arrays(source, trial)
        else:
            raise TypeError(f"a field is made from text or a callable, not {source!r}")
        self.source = source
        self.domain = _complete_domain(self.variables, domain or {})
        self._orders = self._replayed()

    def __repr__(self) -> str:
        return f"ScalarField({self.text!r}, variables={self.variables!r})"

    @property
    def text(self) -> str:
        """The formula's text, or the callable's name, f where it has none."""
        if self.formula:
            return self.formula.text
        name = str(getattr(self.source, "__name__", "f"))
        return name if name.isidentifier() else "f"

    def with_domain(self, domain: Domain | Interval) -> ScalarField:
        """The same field, shown on another domain."""
        changed = object.__new__(ScalarField)
        changed.__dict__.update(self.__dict__)
        wanted = named_domain(self.variables, domain)
        changed.domain = _complete_domain(self.variables, {**self.domain, **wanted})
        return changed

    # ── by autograd, or by its traced program ────────────────────────────────────────────────────

    def _replayed(self) -> tuple[Replayed, ...]:
        """Value; value and partials; value, partials and second partials: each a flat tuple."""
        seen = None
        if self.formula is None:
            self.watch, self._why = _watch_on(self.source, self.function, self.domain)
            seen = self.watch
        else:
            self.watch, self._why = None, ""
        return tuple(
            Replayed(
                partial(derivatives, self.function, order),
                self.variables,
                seen,
                self._why,
                arrays=self.formula is not None or self.function is self.source,
            )
            for order in range(3)
        )

    @property
    def traced(self) -> Traced:
        """Whether derivatives are replayed from a traced program, and if not, why not.

        >>> ScalarField("x*y").traced
        Traced(yes=True, why='')
        """
        why = self._why or self._orders[1].why
        return Traced(not why, why)

    @property
    def state(self) -> Any:
        """What a callable reads beside its arguments: with another one, nothing known still holds.

        None for a formula, and where it can't be told.
        """
        with suppress(WatchError):
            return self.watch() if self.watch else None
        return None

    @property
    def gradient_program(self) -> Program:
        """The straight-line program of f and its partial derivatives at a point.

        Raises:
            ValueError: the field is not traced; `traced` says why.

        >>> print(ScalarField("x**2*y").gradient_program)
        def program(x, y):
            a = x * x
            b = a * y
            c = x * y
            d = c + c
            return b, d, a
        """
        return self._orders[1].program(*self.middle)

    @property
    def hessian_program(self) -> Program:
        """The program of f, its partial and its second partial derivatives at a point."""
        return self._orders[2].program(*self.middle)

    def replayed(self, order: int) -> Replayed:
        """f, for order 1 also its partials, for order 2 also its second partials: as a flat tuple.

        Faster than the public methods and without their checks and masks.
        """
        return self._orders[order]

    def replay(self, function: Callable[..., Any], names: Sequence[str]) -> Replayed:
        """A function built on the field's own, traced and watched as the field itself is."""
        return Replayed(function, tuple(names), self.watch, self.traced.why)

    @property
    def middle(self) -> tuple[float, ...]:
        """The middle of the domain."""
        return tuple((low + high) / 2 for low, high in self.domain.values())

    # ── at a point ───────────────────────────────────────────────────────────────────────────────

    def coordinates(self, point: Point) -> tuple[float, ...]:
        """A point's coordinates in the order of the variables, as floats.

        `point` is a sequence, a mapping from variable to number, or for one variable a number.
        """
        count = len(self.variables)
        if isinstance(point, tuple) and len(point) == count:
            return tuple(map(float, point))
        if isinstance(point, Mapping):
            if set(point) != set(self.variables):
                raise ValueError(f"a point names each of {self.variables}, not {tuple(point)}")
            point = [point[name] for name in self.variables]
        numbers = np.asarray(point, dtype=float)
        if numbers.shape != (count,) and (count, numbers.ndim) != (1, 0):
            raise ValueError(
                f"a point of {self.text} has {count} coordinates "
                f"({', '.join(self.variables)}), not the shape {numbers.shape}"
            )
        return tuple(numbers.ravel().tolist())

    def value(self, point: Point) -> float:
        """f at a point; NaN where it is undefined."""
        return float(self._numbers(0, point)[0])

    def gradient(self, point: Point) -> Array:
        """∇f at a point, shape (n,); NaN where f is not finite.

        The mask matters: autograd answers −1 for the slope of log at −1, where there is no log.
        """
        found = self._numbers(1, point)
        if not math.isfinite(found[0]):
            return np.full(len(self.variables), np.nan)
        return np.array(found[1:], float)

    def hessian(self, point: Point) -> Array:
        """The matrix of second partial derivatives at a point, shape (n, n)."""
        count = len(self.variables)
        value, *rest = self._numbers(2, point)
        if not math.isfinite(value):
            return np.full((count, count), np.nan)
        return np.array(rest[count:], dtype=float).reshape(count, count)

    def _numbers(self, order: int, point: Point) -> tuple[Any, ...]:
        coordinates = self.coordinates(point)
        try:
            return self._orders[order].numbers(*coordinates)
        except Exception as error:
            raise self._explained(error, order, coordinates) from error

    def _explained(self, error: Exception, order: int, coordinates: Sequence[Any]) -> Exception:
        """The callable's own error, or where only its derivative fails, what autograd lacks."""
        try:
            self._orders[0].plain(*coordinates)
        except Exception as own:
            return own
        if order == 0:
            return error
        missing = re.match(r"VJP of (\w+)", str(error))
        if missing:
            return DerivativeError(f"autograd has no derivative of {missing[1]}.")
        return DerivativeError(
            f"autograd can't follow {self.text}: write it with autograd.numpy. ({error})"
        )

    def partial(self, point: Point, variable: str | int) -> float:
        """∂f/∂x at a point, for a variable given by its name or its index."""
        return float(self.gradient(point)[self.index(variable)])

    def directional(self, point: Point, direction: ArrayLike) -> float:
        """D_u f = ∇f·u, the rate of change at a point along the unit vector of `direction`.

        >>> ScalarField("x**2 + 10*y**2").directional((1, 2), (3, 4))
        33.2
        """
        vector = np.asarray(direction, dtype=float)
        largest = np.max(np.abs(vector), initial=0.0)
        if vector.shape != (len(self.variables),) or not (np.isfinite(largest) and largest > 0):
            raise ValueError(f"a direction has {len(self.variables)} components and is not zero")
        vector = vector / largest  # squares of what remains neither overflow nor vanish
        return float(np.dot(self.gradient(point), vector / np.linalg.norm(vector)))

    def kinks(self, point: Point) -> tuple[Kink, ...]:
        """Where f is not smooth at a point: one entry for every variable with a kink.

        >>> str(ScalarField("abs(x)").kinks(0.0)[0])
        "Corner along x: slope -1 on the left, 1 on the right. autograd's answer 0 is a convention."
        """
        coordinates = self.coordinates(point)
        cast = tuple(map(np.float64, coordinates))
        with calm():
            slopes = [one_sided_slopes(self.function, cast, axis) for axis in range(len(cast))]
        gradient = self.gradient(coordinates)
        return tuple(
            Kink(name, KINK_KINDS[int(kind) - 1], float(left), float(right), float(returned))
            for name, (left, right, kind), returned in zip(
                self.variables, slopes, gradient, strict=True
            )
            if kind
        )

    def index(self, variable: str | int) -> int:
        """The place of a variable, from its name or its index."""
        if isinstance(variable, str) and variable in self.variables:
            return self.variables.index(variable)
        if isinstance(variable, int) and 0 <= variable < len(self.variables):
            return variable
        raise ValueError(f"{variable!r} is none of the variables {self.variables}")

    # ── on a grid ────────────────────────────────────────────────────────────────────────────────

    @property
    def resolution(self) -> int:
        """How many grid points along an axis keep one repaint's cost bounded."""
        size = self.formula.size if self.formula else 40
        finest = min(FINEST, int(GRID_POINTS ** (1 / len(self.variables))))
        return min(finest, int(np.clip(np.sqrt(GRID_WORK / size), COARSEST, FINEST)))

    def axis(self, variable: str | int, count: int | None = None) -> Array:
        """Evenly spaced numbers over a variable's interval."""
        low, high = self.domain[self.variables[self.index(variable)]]
        return np.linspace(low, high, count or self.resolution)

    def on_grid(self, *axes: ArrayLike, order: int = 0) -> Grid:
        """Values, and with `order` 1 or 2 the first and second partials, on a whole grid.

        One axis for each variable: an array to run over, or a number that stays fixed. Without
        axes the domain is covered. Derivatives take one vectorised backward pass for each row.

        >>> grid = ScalarField("x*y").on_grid([0, 1, 2], [0, 3], order=1)
        >>> grid.values.shape, grid.gradient[0, 2]
        ((3, 2), array([0., 3.]))
        """
        if order not in (0, 1, 2):
            raise ValueError(f"order is 0, 1 or 2, not {order!r}")
        chosen = axes or tuple(self.axis(name) for name in self.variables)
        if len(chosen) != len(self.variables):
            raise ValueError(f"on_grid takes an axis for each of {self.variables}")
        lines = tuple(np.atleast_1d(np.asarray(axis, dtype=float)) for axis in chosen)
        mesh = np.meshgrid(*lines, indexing="ij")
        shape, count = mesh[0].shape, len(mesh)
        try:
            found = self._orders[order](*mesh)
        except Exception as error:
            raise self._explained(error, order, mesh) from error
        parts = np.empty((len(found), *shape))
        for place, part in enumerate(found):
            parts[place] = part
        undefined = ~np.isfinite(parts[0])
        if undefined.any():
            parts[:, undefined] = np.nan
        values, gradient = parts[0], parts[1 : count + 1] if order else None
        hessian = parts[count + 1 :].reshape(count, count, *shape) if order == 2 else None
        return Grid(lines, values, gradient, hessian)

    def check(self) -> None:
        """Refuse a field that no picture can show: nothing finite anywhere on the domain.

        Raises:
            FormulaError: with the reason. A callable's own exceptions pass through.
        """
        count = PROBES[min(len(self.variables), 3)]
        probes = [self.axis(name, count) for name in self.variables[:3]]
        centres = [np.mean(self.domain[name]) for name in self.variables[3:]]
        grid = self.on_grid(*probes, *centres, order=1)
        if not np.isfinite(grid.values).any():
            ranges = " and ".join(
                f"{_plain(low)} ≤ {name} ≤ {_plain(high)}"
                for name, (low, high) in self.domain.items()
            )
            raise FormulaError(f"{self.text} has no finite value where {ranges}.")


KINK_KINDS = ("corner", "cusp", "jump")
_STEPS = (1e-4, 1e-5)


def one_sided_slopes(
    function: Callable[..., Any], coordinates: Sequence[Any], axis: int
) -> tuple[Any, Any, Any]:
    """Left slope, right slope and kind of kink along an axis: 0 for none, else 1 + index of kind.

    Where f is smooth, the one-sided slopes for a step h come together in proportion to h, and so
    do the values on both sides. At a corner the slopes stay apart, at a cusp one of them grows
    without bound, at a jump the values stay apart. Written without branches, to be traced.
    """
    centre = coordinates[axis]
    scale = anp.maximum(1.0, anp.abs(centre))
    middle = function(*coordinates)

    def sides(step: float) -> tuple[Any, Any, Any]:
        h = step * scale
        before, after = list(coordinates), list(coordinates)
        before[axis], after[axis] = centre - h, centre + h
        low, high = function(*before), function(*after)
        return (middle - low) / h, (high - middle) / h, anp.abs(high - low)

    (wide_left, wide_right, wide_gap), (left, right, gap) = (sides(step) for step in _STEPS)
    wide, near = anp.abs(wide_right - wide_left), anp.abs(right - left)
    size = anp.maximum(1.0, anp.abs(middle))
    steepest = anp.maximum(anp.abs(left), anp.abs(right))
    grows = steepest > 2.0 * anp.maximum(anp.abs(wide_left), anp.abs(wide_right))
    corner = anp.logical_and(near > 0.5 * wide, near > 1e-5 * size)
    cusp = anp.logical_and(grows, steepest > size)
    jump = anp.logical_or(
        anp.logical_and(gap > 0.5 * wide_gap, gap > 1e-3 * size),
        anp.logical_and(corner, near > 5.0 * wide),
    )
    kind = anp.where(jump, 3.0, anp.where(cusp, 2.0, anp.where(corner, 1.0, 0.0)))
    return left, right, kind


class Traced(NamedTuple):
    """Whether a field is replayed from a traced program; if not, why not."""

    yes: bool
    why: str

    def __bool__(self) -> bool:
        return self.yes


def _watch_on(
    source: Any, function: Callable[..., Any], domain: Domain
) -> tuple[Watch | None, str]:
    """What a callable depends on, and why it must stay with plain autograd, if it must.

    It is compared with autograd at several points: a path through its code that depends on values
    would show there even where tracing did not notice it.
    """
    try:
        seen = watch(source)
        trial = Replayed(partial(derivatives, function, 1), tuple(domain))
        for point in _trial_points(domain):
            replayed, plain = trial.numbers(*point), trial.plain(*point)
            if trial.why:
                return None, trial.why
            if not np.allclose(replayed, plain, rtol=1e-12, atol=1e-12, equal_nan=True):
                return None, f"its program differs from autograd at {point}"
    except Exception as error:
        return None, str(error) or type(error).__name__
    return seen, ""


def _trial_points(domain: Domain) -> list[tuple[float, ...]]:
    """Eight points that fill a domain evenly: multiples of the golden ratio and its kin."""
    shares = [
        [(0.5 + k * GOLDEN ** (axis + 1)) % 1 for axis in range(len(domain))] for k in range(8)
    ]
    intervals = list(domain.values())
    return [
        tuple(low + share * (high - low) for share, (low, high) in zip(row, intervals, strict=True))
        for row in shares
    ]


GOLDEN = (5**0.5 - 1) / 2


def _plain(number: float) -> str:
    return f"{number:g}".replace("-", "−")


# ── from a source to a function of arrays ────────────────────────────────────────────────────────


def _formula_variables(formula: Formula, names: Sequence[str] | None) -> tuple[str, ...]:
    """The names given, or the formula's own; a constant is a plane over x and y."""
    if names is None:
        return formula.variables or ("x", "y")
    missing = sorted(set(formula.variables) - set(names))
    if missing:
        raise ValueError(f"the formula also uses {', '.join(missing)}")
    return _distinct(names)


def _complete_domain(variables: tuple[str, ...], given: Domain | Interval) -> dict[str, Interval]:
    """An interval for every variable, each checked.

    Raises:
        ValueError: an interval for another name, or one that is no interval.
    """
    given = named_domain(variables, given)
    for name, interval in given.items():
        if name not in variables:
            raise ValueError(f"the domain names {name}, which is none of {', '.join(variables)}")
        check_interval(name, interval)
    chosen = {name: given.get(name, DEFAULT_INTERVAL) for name in variables}
    return {name: (float(low), float(high)) for name, (low, high) in chosen.items()}


def named_domain(variables: Sequence[str], given: Domain | Interval) -> Domain:
    """A domain by names: for one variable its interval alone is understood.

    Raises:
        ValueError: an interval alone for several variables, with what to write.

    >>> named_domain(["x"], (-1, 1))
    {'x': (-1, 1)}
    """
    if isinstance(given, Mapping):
        return given
    if len(variables) == 1:
        return {variables[0]: given}
    pairs = ", ".join(f'"{name}": (-1, 1)' for name in variables)
    raise ValueError(f"name the variables: write domain={{{pairs}}} with the numbers you want")


def check_interval(name: str, interval: Interval) -> None:
    """Refuse an interval that can't be drawn, with a ValueError in a student's words."""
    try:
        low, high = (float(end) for end in interval)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"the range of {name} is two numbers, not {interval!r}") from None
    if not (abs(low) <= WIDEST and abs(high) <= WIDEST):
        raise ValueError(f"the range of {name} stays between −10⁹ and 10⁹")
    if not high - low > 1e-6 * max(abs(low), abs(high), 1e-6):
        raise ValueError(f"the range of {name} must grow: its upper end is not above its lower end")


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    if not names or len(set(names)) != len(names):
        raise ValueError(f"variables are one or more different names, not {names!r}")
    return tuple(names)


def _placed(formula: Formula, variables: tuple[str, ...]) -> Callable[..., Any]:
    """The formula as a function of all the variables, of which it may use only some."""
    if formula.variables == variables:
        return formula.function
    places = [variables.index(name) for name in formula.variables]
    return lambda *coordinates: formula.function(*(coordinates[place] for place in places))


def _callable_variables(source: Callable[..., Any], names: Sequence[str] | None) -> tuple[str, ...]:
    parameters = inspect.signature(source).parameters.values()
    usable = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    found = [p.name for p in parameters if p.kind in usable and p.default is p.empty]
    if names is not None:
        try:
            inspect.signature(source).bind(*names)
        except TypeError as error:
            raise ValueError(f"the variables don't fit the callable: {error}") from None
        return _distinct(names)
    if not found:
        raise ValueError("name the variables: the callable has no parameters without a default")
    return tuple(found)


def _on_arrays(source: Callable[..., Any], trial: list[tuple[float, ...]]) -> Callable[..., Any]:
    """The callable itself where it maps arrays element by element, else a loop over points."""
    try:
        with calm():
            one_by_one = np.array([source(*map(np.float64, point)) for point in trial], float)
            for some in (slice(None), slice(0, 3), slice(5, None, -2)):
                probes = np.array(trial[some]).T
                together = np.broadcast_to(source(*probes), probes[0].shape)
                if not np.allclose(together, one_by_one[some], 1e-12, 1e-12, equal_nan=True):
                    return _pointwise(source)
            return source
    except Exception:  # whatever it raises, the loop finds out where
        return _pointwise(source)


def _pointwise(source: Callable[..., Any]) -> Callable[..., Any]:
    def function(*coordinates: Any) -> Any:
        if all(np.ndim(c) == 0 for c in coordinates):
            return source(*coordinates)
        spread = [c + sum(0.0 * other for other in coordinates) for c in coordinates]
        columns = [anp.ravel(c) for c in spread]
        results, errors = [], []
        for point in zip(*columns, strict=True):
            try:
                results.append(source(*point))
            except Exception as error:  # undefined here, unless it fails everywhere
                results.append(np.nan)
                errors.append(error)
        if len(errors) == len(results):
            raise errors[-1]
        return anp.reshape(anp.array(results), np.shape(spread[0]))

    return function
