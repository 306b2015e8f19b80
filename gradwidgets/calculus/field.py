"""A scalar field f(x₁, …, xₙ) with its derivatives by autograd, at a point and on a grid."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradwidgets.calculus import named
from gradwidgets.calculus.callables import Called, DerivativeError, callable_variables, text_of
from gradwidgets.calculus.causes import of_one_number, outside, unfollowed
from gradwidgets.calculus.formula import Formula, FormulaError, parse
from gradwidgets.calculus.kinks import Kink
from gradwidgets.calculus.program import Program, recorded_once
from gradwidgets.calculus.replay import Replayed
from gradwidgets.calculus.slopes import KINDS, Slope, slope_along, usual_size
from gradwidgets.calculus.tracing import calm, derivatives
from gradwidgets.calculus.watching import WatchError

Array: TypeAlias = NDArray[np.float64]
Interval: TypeAlias = tuple[float, float]
Domain: TypeAlias = Mapping[str, Interval]
Point: TypeAlias = Mapping[str, float] | ArrayLike

DEFAULT_INTERVAL: Interval = (-3.0, 3.0)
WIDEST, NARROWEST = 1e100, 1e-100  # squares of squares neither overflow nor vanish
NARROW = 1e-8  # of a domain's ends: floats between them would be too few
PROBES = {1: 201, 2: 41, 3: 15}  # along an axis, by the number of variables
HEIGHTS = 225  # values that tell how large f is
MESHED = 6  # variables: beyond, a mesh has too many places
GOLDEN = (5**0.5 - 1) / 2  # multiples of its powers spread evenly
GRID_WORK = 600_000  # operations that one repaint may cost: the finest grid is this over the size
GRID_POINTS = 200_000
FINEST, COARSEST = 121, 41


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


class ScalarField:
    """A real function of one or more variables that autograd can differentiate.

    Args:
        source: a formula as text; a callable of n numbers, or of one vector of n components,
            written with autograd.numpy; or an example of the catalogue or its name, which also
            tells domain and start.
        domain: for some or all variables the interval that pictures show; (−3, 3) otherwise. With
            one variable the interval alone will do.
        variables: the names in their order; by default a formula's free names in alphabetical
            order, or a callable's parameters. A formula may use fewer than are named here. The
            components of a vector have no names of their own: they are named here.

    Raises:
        FormulaError: text that is no formula.
        ValueError: variables or a domain that don't fit, or a callable that returns something
            else than one real number.

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
        source: str | Callable[..., Any] | named.Named,
        domain: Domain | Interval | None = None,
        variables: Sequence[str] | None = None,
    ) -> None:
        self.start: Mapping[str, float] = {}  # a place that shows its point, where one is known
        example = named.find(source) if variables is None else None
        if example is not None:
            self.start = dict(zip(example.variables, example.start, strict=True))
            source, variables = example.text, example.variables
            domain = {**example.domain, **named_domain(example.variables, domain or {})}
        self.formula: Formula | None = None
        if isinstance(source, str):
            self.formula = parse(source, given=variables or ())
            self.variables = _formula_variables(self.formula, variables)
            self.function = _placed(self.formula, self.variables)
        elif callable(source):
            source = of_one_number(source)
            self.variables = _distinct(callable_variables(source, variables))
            self.function = Called(source, _complete_domain(self.variables, domain or {}))
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
        return text_of(self.source)

    def with_domain(self, domain: Domain | Interval) -> ScalarField:
        """The same field, shown on another domain."""
        changed = object.__new__(ScalarField)
        changed.__dict__.update(self.__dict__)
        changed.__dict__.pop("height", None)
        wanted = named_domain(self.variables, domain)
        changed.domain = _complete_domain(self.variables, {**self.domain, **wanted})
        return changed

    # ── by autograd, or by its traced program ────────────────────────────────────────────────────

    def _replayed(self) -> tuple[Replayed, ...]:
        """Value; value and partials; value, partials and second partials: each a flat tuple."""
        if isinstance(self.function, Called):
            self.watch, self._why = self.function.watch, self.function.why
            return tuple(self.function.derivatives(order, self.variables) for order in range(3))
        self.watch, self._why = None, ""
        whole = (partial(derivatives, self.function, order) for order in range(3))
        return tuple(Replayed(function, self.variables) for function in whole)

    @property
    def traced(self) -> Traced:
        """Whether derivatives are replayed from a traced program, and if not, why not.

        >>> ScalarField("x*y").traced
        Traced(yes=True, why='')
        """
        if self.watch is not None:  # what the callable reads may have changed since
            self._orders[1].current(*self.middle)
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
            if outside(str(own), self.source) == str(
                own
            ):  # else numpy has kept what autograd gave it
                return own
        else:
            if order == 0:
                return error
        return DerivativeError(unfollowed(error, self.text, self.source))

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
        """What is to be said of f's slopes at a point where autograd's answer is not all.

        One entry for every variable along which f has a kink, ends, or has a slope that autograd
        does not answer.

        >>> print(ScalarField("floor(x)").kinks(2.0)[0])
        f jumps along x here: it has no slope.
        """
        coordinates, gradient = self.coordinates(point), self.gradient(point)
        with calm():
            slopes = self.slopes(tuple(map(np.float64, coordinates)), tuple(gradient))
        return tuple(
            Kink(name, KINDS[int(found.kind)], float(found.left), float(found.right), float(answer))
            for name, found, answer in zip(self.variables, slopes, gradient, strict=True)
            if found.kind
        )

    def slopes(self, point: Sequence[Any], answers: Sequence[Any]) -> list[Slope]:
        """What can be said of the slope along each variable, beside autograd's answers.

        Without branches on values, so that it can be traced.
        """
        widths = [high - low for low, high in self.domain.values()]
        function = recorded_once(self.function)
        return [
            slope_along(function, point, axis, answers[axis], width, self.height)
            for axis, width in enumerate(widths)
        ]

    @cached_property
    def height(self) -> float:
        """How large |f| usually is where it is not 0: the median of a few values on the domain."""
        variables = len(self.variables)
        if variables > MESHED:  # a mesh would have millions of places: some that are spread evenly
            shares = np.outer(np.arange(HEIGHTS), GOLDEN ** np.arange(1, variables + 1)) % 1.0
            ends = zip(self.domain.values(), shares.T, strict=True)
            mesh = tuple(low + share * (high - low) for (low, high), share in ends)
        else:
            count = max(3, int(HEIGHTS ** (1 / variables)))
            mesh = np.meshgrid(*(self.axis(name, count) for name in self.variables))
        values: Any = np.array(np.nan)
        with suppress(Exception), calm():  # a callable may fail anywhere
            values = np.array(self.function(*mesh), float)
        return usual_size(values)

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
        """How many grid points along every axis keep one repaint's cost bounded."""
        return min(self.fineness, int(GRID_POINTS ** (1 / len(self.variables))))

    @property
    def fineness(self) -> int:
        """The same for two of the axes alone, as of a map."""
        called, size = self.function, self.formula.size if self.formula else 1
        size = called.width if isinstance(called, Called) else size
        return int(np.clip(np.sqrt(GRID_WORK / size), COARSEST, FINEST))

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
            found = self._on_mesh(self._orders[order], mesh)
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

    def _on_mesh(self, replayed: Replayed, mesh: Sequence[Any]) -> Sequence[Any]:
        called = self.function
        return called.on_points(replayed, mesh) if isinstance(called, Called) else replayed(*mesh)

    @property
    def at_once(self) -> bool:
        """Whether arrays are computed at once, without a loop over their elements."""
        return not isinstance(self.function, Called) or self.function.at_once

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


class Traced(NamedTuple):
    """Whether a field is replayed from a traced program; if not, why not."""

    yes: bool
    why: str

    def __bool__(self) -> bool:
        return self.yes


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
        raise ValueError(f"The range of {name} is two numbers, not {interval!r}") from None
    if not (abs(low) <= WIDEST and abs(high) <= WIDEST):
        raise ValueError(f"The range of {name} stays between −10¹⁰⁰ and 10¹⁰⁰.")
    if not high > low:
        raise ValueError(
            f"The range of {name} must grow: its upper end is not above its lower end."
        )
    if not high - low > max(NARROW * max(abs(low), abs(high)), NARROWEST):
        raise ValueError(f"The range of {name} is too narrow for numbers of 16 digits.")


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
