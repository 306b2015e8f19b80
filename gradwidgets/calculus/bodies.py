"""One step of every method in autograd's numpy: what a program repeats in a descent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from gradwidgets.calculus.over import with_data
from gradwidgets.calculus.quadratic import newton
from gradwidgets.calculus.rules import Method, methods
from gradwidgets.calculus.tracing import value_and_partials, value_partials_and_seconds

Body: TypeAlias = Callable[..., tuple[Sequence[Any], Sequence[Any]]]


def body(method: str, function: Callable[..., Any], count: int) -> Body:
    """A method's step on a function of so many variables.

    It takes a place, the method's state, the learning rate, the time t, noise for every slope, the
    method's parameters, and what the function is `Over`. It returns the next place and state, and
    beside them f and ∇f where the step began; a line search adds its α.

    >>> step = body("gradient descent", lambda x, y: x**2 + 10 * y**2, 2)
    >>> there, (f, *slopes) = step(2.0, 1.0, 0.05, 0.0, 0.0, 0.0)
    >>> [float(number) for number in (*there, f, *slopes)]
    [1.8, 0.0, 14.0, 4.0, 20.0]
    """
    known = methods[method]
    kind = _by_search if known.search else _by_newton if known.second_order else _by_rule
    taken = count * (2 + len(known.state)) + 2 + len(known.parameters)

    def step(*values: Any) -> tuple[Sequence[Any], Sequence[Any]]:
        return kind(known, with_data(function, values[taken:]), count, *values[:taken])

    return step


class _Step(NamedTuple):
    """A body's arguments."""

    place: Sequence[Any]
    state: Sequence[Any]
    rate: Any
    time: Any
    noise: Sequence[Any]
    parameters: Sequence[Any]


def _parts(known: Method, count: int, values: Sequence[Any]) -> _Step:
    carried = count * (1 + len(known.state))
    rate, time, *rest = values[carried:]
    return _Step(values[:count], values[count:carried], rate, time, rest[:count], rest[count:])


def _by_rule(
    known: Method, function: Callable[..., Any], count: int, *values: Any
) -> tuple[Sequence[Any], Sequence[Any]]:
    """A rule of the table, coordinate by coordinate."""
    given = _parts(known, count, values)
    assert known.rule
    f, partials = value_and_partials(function, given.place)
    moves = [
        known.rule(
            slope + error, given.rate, given.time, *given.state[axis::count], *given.parameters
        )
        for axis, (slope, error) in enumerate(zip(partials, given.noise, strict=True))
    ]
    there = [x + move[0] for x, move in zip(given.place, moves, strict=True)]
    state = [move[k] for k in range(1, len(known.state) + 1) for move in moves]
    return [*there, *state], [f, *partials]


def _by_newton(
    known: Method, function: Callable[..., Any], count: int, *values: Any
) -> tuple[Sequence[Any], Sequence[Any]]:
    """Newton's step."""
    given = _parts(known, count, values)
    found = value_partials_and_seconds(function, given.place)
    return by_newton(found, given.place, given.rate, given.noise, _newton_moves)


def _newton_moves(slopes: Sequence[Any], seconds: Sequence[Sequence[Any]]) -> Sequence[Any]:
    return newton(slopes, seconds).step


def by_newton(
    found: tuple[Any, Sequence[Any], Sequence[Sequence[Any]]],
    place: Sequence[Any],
    rate: Any,
    noise: Sequence[Any],
    moves: Callable[[Sequence[Any], Sequence[Sequence[Any]]], Sequence[Any]],
) -> tuple[Sequence[Any], Sequence[Any]]:
    """θ − α H⁻¹∇f, from f, ∇f and H, and what makes −H⁻¹∇f of the last two.

    Nocedal & Wright (2006), section 2.2. NaN where H is singular.
    """
    f, partials, seconds = found
    slopes = [slope + error for slope, error in zip(partials, noise, strict=True)]
    there = [x + rate * move for x, move in zip(place, moves(slopes, seconds), strict=True)]
    return there, [f, *partials]


def _by_search(
    known: Method, function: Callable[..., Any], count: int, *values: Any
) -> tuple[Sequence[Any], Sequence[Any]]:
    """θ − α∇f with an α of its own for every step."""
    given = _parts(known, count, values)
    assert known.search
    f, partials = value_and_partials(function, given.place)
    down = [slope + error for slope, error in zip(partials, given.noise, strict=True)]
    fall = sum(d * slope for d, slope in zip(down, partials, strict=True))
    size = known.search.looped(function, given.place, down, f, fall, given.rate, *given.parameters)
    there = [x - size * d for x, d in zip(given.place, down, strict=True)]
    return there, [f, *partials, size]
