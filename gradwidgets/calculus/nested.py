"""Second derivatives by nested tapes: the inner one takes ∇f, the outer one differentiates it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.tape import GradientTape
from gradwidgets.calculus.types import Point
from gradwidgets.calculus.values import Value, constant


class Entry(NamedTuple):
    """A derivative that a tape was asked for: its value, or None and why there is none."""

    value: float | None
    why: str = ""


class Nested(NamedTuple):
    """First and second derivatives as tapes see them, in the order of the variables."""

    value: float
    gradient: tuple[Entry, ...]
    hessian: tuple[tuple[Entry, ...], ...]


def by_tapes(field: ScalarField, point: Point) -> Nested:
    """∇f and the Hessian by two nested tapes. None stands where a tape finds no path.

    A second derivative that is None is 0 for mathematics: df/dx does not depend on y.

    >>> found = by_tapes(ScalarField("x**2 + 10*y**2"), (1, 2))
    >>> [entry.value for entry in found.gradient], found.hessian[0][0].value
    ([2.0, 40.0], 2.0)
    >>> found.hessian[0][1]
    Entry(value=None, why='df/dx = 2 does not depend on y')
    """
    places = zip(field.coordinates(point), field.variables, strict=True)
    return nested(field.function, [constant(number, name) for number, name in places])


def nested(function: Callable[..., Any], values: Sequence[Value], name: str = "f") -> Nested:
    """Derivatives of a function of values, each asked for by every value."""
    with GradientTape(persistent=True) as outer:
        outer.watch(values)
        with GradientTape(persistent=True) as inner:
            inner.watch(values)
            result = function(*values)
        if not isinstance(result, Value):  # it does not even use its arguments
            result = constant(result)
        if not any(result is value for value in values):
            result.name = name
        partials = inner.gradient(result, values)
    first, second = [], []
    for value, partial in zip(values, partials, strict=True):
        first.append(_entry(partial, inner, result, value))
        second.append(tuple(_second(outer, partial, value, by, name) for by in values))
    return Nested(float(result), tuple(first), tuple(second))


def _entry(found: Value | None, tape: GradientTape, target: Value, source: Value) -> Entry:
    """What a tape answered, with its reason where that is None."""
    if found is not None:
        return Entry(float(found))
    why = tape.why_none(target, source)
    outside = why.endswith("computed outside the tape")
    return Entry(None, f"{target.name} does not depend on {source.name}" if outside else why)


def _second(outer: GradientTape, partial: Value | None, by: Value, then: Value, name: str) -> Entry:
    if partial is None:
        return Entry(None, f"∂{name}/∂{by.name} is None already")
    partial.name = partial.name or f"∂{name}/∂{by.name}"
    return _entry(outer.gradient(partial, then), outer, partial, then)
