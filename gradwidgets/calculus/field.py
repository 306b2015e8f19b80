"""A scalar field f(x₁, …, xₙ) with its derivatives by autograd, at a point and on a grid."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gradwidgets.calculus.callables import Called, DerivativeError
from gradwidgets.calculus.causes import outside, unfollowed
from gradwidgets.calculus.differentiable import Differentiable
from gradwidgets.calculus.domain import complete_domain, named_domain, spread_over
from gradwidgets.calculus.formula import FormulaError
from gradwidgets.calculus.grid import Grid, finest_grid, finest_map, grid_of
from gradwidgets.calculus.kinks import Kink
from gradwidgets.calculus.program import recorded_once
from gradwidgets.calculus.replay import Replayed
from gradwidgets.calculus.slopes import KINDS, Slope, slope_along, smooth, usual_size
from gradwidgets.calculus.smooth import is_smooth_everywhere
from gradwidgets.calculus.tracing import calm
from gradwidgets.calculus.types import Array, Domain, Interval, Point

PROBES = {1: 201, 2: 41, 3: 15}  # along an axis, by the number of variables


class ScalarField(Differentiable):
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

    @property
    def alone(self) -> ScalarField:
        """The field as a function of its variables and nothing else: itself, usually."""
        return self

    def __repr__(self) -> str:
        return f"ScalarField({self.text!r}, variables={self.variables!r})"

    def with_domain(self, domain: Domain | Interval) -> ScalarField:
        """The same field, shown on another domain."""
        changed = object.__new__(type(self))
        changed.__dict__.update(self.__dict__)
        changed.__dict__.pop("height", None)
        wanted = named_domain(self.variables, domain)
        changed.domain = complete_domain(self.variables, {**self.domain, **wanted})
        return changed

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
            told = str(own)
            if outside(told, self.source) == told:  # else numpy has kept what autograd gave it
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
        if self.is_smooth:
            return list(map(smooth, answers))
        widths = [high - low for low, high in self.domain.values()]
        function = recorded_once(self.function)
        return [
            slope_along(function, point, axis, answers[axis], width, self.height)
            for axis, width in enumerate(widths)
        ]

    @cached_property
    def is_smooth(self) -> bool:
        """Whether autograd's slopes are right everywhere, as the formula shows by itself."""
        return self.formula is not None and is_smooth_everywhere(self.formula.tree)

    @cached_property
    def height(self) -> float:
        """How large |f| usually is where it is not 0: the median of a few values on the domain."""
        values: Any = np.array(np.nan)
        with suppress(Exception), calm():  # a callable may fail anywhere
            values = np.array(self.function(*spread_over(self.domain)), float)
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
        return finest_grid(self._size, len(self.variables))

    @property
    def fineness(self) -> int:
        """The same for two of the axes alone, as of a map."""
        return finest_map(self._size)

    @property
    def _size(self) -> int:
        """How many operations the function takes."""
        called, size = self.function, self.formula.size if self.formula else 1
        return called.width if isinstance(called, Called) else size

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
        try:
            found = self._on_mesh(self._orders[order], mesh)
        except Exception as error:
            raise self._explained(error, order, mesh) from error
        return grid_of(lines, found, order)

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
            raise FormulaError(f"{self.text} has no finite value where {self._window}.")

    @property
    def _window(self) -> str:
        """The domain in a sentence."""
        return " and ".join(
            f"{_plain(low)} ≤ {name} ≤ {_plain(high)}" for name, (low, high) in self.domain.items()
        )


def _plain(number: float) -> str:
    return f"{number:g}".replace("-", "−")
