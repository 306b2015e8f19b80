"""Questions to a field that a program can ask: f and its derivatives at a place that is computed.

Each question is traced once for a field, and is one step of every program that asks it. Where the
field has no program, autograd itself answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import Any, NamedTuple

import autograd.numpy as anp
import numpy as np

from gradwidgets.calculus.field import Array, ScalarField
from gradwidgets.calculus.program import call, repeat

UNDEFINED = (ArithmeticError, ValueError)  # what a callable raises where it has no value


class Here(NamedTuple):
    """f at a place, and where they were asked for ∇f, shape (n,), and the Hessian, shape (n, n).

    NaN where f is not finite.
    """

    value: Any
    gradient: Any
    hessian: Any


def look(field: ScalarField, place: Any, order: int) -> Here:
    """f and its derivatives up to an order at a place of shape (n,)."""
    count = len(field.variables)
    replayed, numbers = field.replayed(order), [place[k] for k in range(count)]
    program = replayed.current(*field.middle)
    try:
        found = call(program, *numbers) if program else np.array(replayed.plain(*numbers), float)
    except UNDEFINED:
        found = np.full(1 + count + count * count, np.nan)
    found = anp.where(anp.isfinite(found[0]), found, np.nan)
    gradient = found[1 : 1 + count] if order else None
    square = found[1 + count : 1 + count + count * count]
    return Here(found[0], gradient, anp.reshape(square, (count, count)) if order > 1 else None)


def slope_at(field: ScalarField, place: Any) -> Any:
    """‖∇f‖ at a place."""
    return length(look(field, place, 1).gradient)


def length(vector: Any) -> Any:
    """The length of a vector, without squares that overflow."""
    size = anp.max(anp.abs(vector), axis=-1)
    safe = anp.where(anp.logical_and(size > 0, anp.isfinite(size)), size, 1.0)
    shares = vector / safe[..., None] if anp.ndim(vector) > 1 else vector / safe
    return safe * anp.sqrt(anp.sum(shares * shares, axis=-1))


def widths(field: ScalarField) -> Array:
    """How wide the domain is along each variable."""
    return np.array([high - low for low, high in field.domain.values()])


Question = Callable[..., Sequence[Any]]


def question(ask: Question) -> Callable[..., Any]:
    """A function of a field and numbers, written without branches on them, as a program's step.

    It returns numbers, and stands for an array of them.
    """

    @wraps(ask)
    def asked(field: ScalarField, *numbers: Any) -> Any:
        known = field.questions
        if ask not in known:
            names = tuple(f"x{place}" for place in range(len(numbers)))
            known[ask] = field.replay(partial(ask, field), names)
        program = known[ask].current(*[0.5] * len(numbers))
        return call(program, *numbers) if program else anp.array(ask(field, *numbers))

    return asked


def loop(
    field: ScalarField,
    body: Callable[..., Any],
    start: Sequence[Any],
    rounds: int,
    fixed: Sequence[Any] = (),
) -> Sequence[Any]:
    """`repeat`, or without a program the same in Python."""
    if field.traced:
        return repeat(body, start, rounds, fixed)
    handed = tuple(start)
    for _ in range(rounds):
        again, handed = body(*handed, *fixed)
        if not again:
            break
    return handed
