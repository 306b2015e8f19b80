"""A function of several variables with its derivatives by autograd, made from text or a callable.

They are replayed from traced programs, wherever these give what autograd does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

from gradwidgets.calculus import named
from gradwidgets.calculus.callables import Called, callable_variables, text_of
from gradwidgets.calculus.causes import of_one_number
from gradwidgets.calculus.domain import complete_domain, named_domain
from gradwidgets.calculus.formula import Formula, parse
from gradwidgets.calculus.program import Program
from gradwidgets.calculus.replay import Replayed
from gradwidgets.calculus.tracing import derivatives
from gradwidgets.calculus.types import Domain, Interval
from gradwidgets.calculus.watching import WatchError


class Traced(NamedTuple):
    """Whether a field is replayed from a traced program; if not, why not."""

    yes: bool
    why: str

    def __bool__(self) -> bool:
        return self.yes


class Differentiable:
    """A function as autograd differentiates it; `ScalarField` tells what it is made from."""

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
            self.variables = _used(self.formula, variables)
            self.function = _placed(self.formula, self.variables)
        elif callable(source):
            source = of_one_number(source)
            self.variables = _distinct(callable_variables(source, variables))
            self.function = Called(source, complete_domain(self.variables, domain or {}))
        else:
            raise TypeError(f"a field is made from text or a callable, not {source!r}")
        self.source = self.origin = source  # of what another view of it is made, too
        self.domain = complete_domain(self.variables, domain or {})
        self._orders = self._replayed()

    @property
    def text(self) -> str:
        """The formula's text, or the callable's name, f where it has none."""
        if self.formula:
            return self.formula.text
        return text_of(self.source)

    @property
    def middle(self) -> tuple[float, ...]:
        """The middle of the domain."""
        return tuple((low + high) / 2 for low, high in self.domain.values())

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

        >>> Differentiable("x*y").traced
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

        >>> print(Differentiable("x**2*y").gradient_program)
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


def _used(formula: Formula, names: Sequence[str] | None) -> tuple[str, ...]:
    """The names given, or the formula's own; a constant is a plane over x and y."""
    if names is None:
        return formula.variables or ("x", "y")
    missing = sorted(set(formula.variables) - set(names))
    if missing:
        raise ValueError(f"the formula also uses {', '.join(missing)}")
    return _distinct(names)


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
