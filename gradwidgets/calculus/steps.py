"""One step of every method: from a place to the next, for numbers and for arrays of a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np

from gradwidgets.calculus.bodies import body, by_newton
from gradwidgets.calculus.field import ScalarField
from gradwidgets.calculus.looking import UNDEFINED
from gradwidgets.calculus.quadratic import newton_steps
from gradwidgets.calculus.replay import Replayed
from gradwidgets.calculus.rules import Method, methods

Place: TypeAlias = tuple[Any, ...]  # a number for each variable, or for a batch an array
Look: TypeAlias = Callable[..., tuple[Any, ...]]


# One step: from the learning rate, the time t, noise for every slope, and what the step before
# handed on (a place and the method's state), to a row that begins with what is handed on next. Then
# come f and ∇f at the place where the step began; a line search adds its α and its trials.
Advance: TypeAlias = Callable[[Any, float, Place, Place], Sequence[Any]]


def advance_by(
    method: str, field: ScalarField, parameters: Mapping[str, float], together: bool
) -> Advance:
    """The method's step on a field, for numbers, or for all runs of a batch together."""
    return _steps_of(method, field)(field, method, parameters, together)


def look_at(field: ScalarField, order: int, together: bool) -> Look:
    """f and its derivatives up to an order, of numbers or of arrays."""
    return _asked(field, field.replayed(order), field.middle, together)


def _asked(field: ScalarField, replayed: Replayed, example: Place, together: bool) -> Look:
    """A function built on the field's, in the form that a loop needs."""
    alone = replayed.steady(*example)
    return _for_each(replayed, alone, _is_pointwise(field)) if together else alone


def _is_pointwise(field: ScalarField) -> bool:
    """Whether the field is a callable that takes no arrays."""
    return not field.at_once


def _for_each(replayed: Replayed, alone: Look, pointwise: bool) -> Look:
    """The same of arrays: at once, or run by run where the callable takes no arrays.

    A callable may also raise because of some run: the others still count.
    """

    def asked(*values: Any) -> tuple[Any, ...]:
        if not pointwise:
            with suppress(*UNDEFINED):
                return replayed(*values)
        runs = zip(*(part.tolist() for part in np.broadcast_arrays(*values)), strict=True)
        rows = [_unless_undefined(alone, run) for run in runs]
        width = max(map(len, rows))
        if not width:
            raise ValueError("f is undefined for all runs")
        return tuple(np.array([row or (np.nan,) * width for row in rows], float).T)

    return asked


def _unless_undefined(ask: Look, run: Place) -> tuple[Any, ...]:
    total = sum(run)
    if total != total:  # a run that has ended
        return ()
    try:
        return ask(*run)
    except UNDEFINED:
        return ()


# ── steps that are a program ─────────────────────────────────────────────────────────────────────


def _by_program(
    field: ScalarField, method: str, given: Mapping[str, float], together: bool
) -> Advance:
    """A step that is one program of derivatives, rule and new place."""
    values, stepper = tuple(given.values()), _stepper(field, method)
    step = _asked(field, stepper, _example(field, method, values), together)
    return lambda rate, time, noise, handed: step(*handed, rate, time, *noise, *values)


def _example(field: ScalarField, method: str, values: Place) -> Place:
    """Arguments with which a step is traced."""
    middle = field.middle
    carried = middle * len(methods[method].state)
    return (*middle, *carried, 0.0, 0.0, *(0.0 * x for x in middle), *values)


def loop_by(
    method: str, field: ScalarField, given: Mapping[str, float]
) -> Callable[..., None] | None:
    """All steps of one run in a single function, where a step is a program that is traced.

    It takes a callable for the rows, the rounds (rate, time, noise…) and what is handed on first.
    """
    if _steps_of(method, field) is not _by_program:
        return None
    values, count = tuple(given.values()), len(field.variables)
    handed = count * (1 + len(methods[method].state))
    example = _example(field, method, values)
    loop = _stepper(field, method).looped(handed, 2 + count, *example)
    return loop and (lambda note, rounds, start: loop(note, rounds, *start, *values))


# By row and not by name: a row may be written anew under its old name.
_steppers: WeakKeyDictionary[ScalarField, dict[Method, Replayed]] = WeakKeyDictionary()


def _stepper(field: ScalarField, method: str) -> Replayed:
    """The program of one step on a field, made once."""
    known, told = _steppers.setdefault(field, {}), methods[method]
    if told not in known:
        names = field.variables
        inputs = (
            *names,
            *(f"{part}_{name}" for part in told.state for name in names),
            *("rate", "time"),
            *(f"noise_{name}" for name in names),
            *told.parameters,
        )
        known[told] = field.replay(partial(_row, field.function, method, len(names)), inputs)
    return known[told]


def _row(function: Callable[..., Any], method: str, count: int, *values: Any) -> tuple[Any, ...]:
    """A row as `Advance` wants it."""
    handed, kept = body(method, function, count)(*values)
    return (*handed, *kept)


# ── steps that are no program, or a slower one ───────────────────────────────────────────────────


def _by_newton(
    field: ScalarField, method: str, given: Mapping[str, float], together: bool
) -> Advance:
    """Newton's step, solved for by LAPACK."""
    count, look = len(field.variables), look_at(field, 2, together)

    def advance(rate: Any, time: float, noise: Place, place: Place) -> Sequence[Any]:
        f, *rest = look(*place)
        seconds = [rest[k : k + count] for k in range(count, len(rest), count)]
        there, kept = by_newton((f, rest[:count], seconds), place, rate, noise, _newton_moves)
        return (*there, *kept)

    return advance


def _newton_moves(slopes: Sequence[Any], seconds: Sequence[Sequence[Any]]) -> Sequence[Any]:
    """−H⁻¹g for numbers or for arrays of a batch."""
    gradients = np.moveaxis(np.array(slopes, float), 0, -1)
    hessians = np.moveaxis(np.array(seconds, float), (0, 1), (-2, -1))
    steps, solved = newton_steps(gradients, hessians)
    moves = np.moveaxis(np.where(solved[..., None], steps, np.nan), -1, 0)
    return moves.tolist() if moves.ndim == 1 else list(moves)


def _by_search(
    field: ScalarField, method: str, given: Mapping[str, float], together: bool
) -> Advance:
    """θ − α∇f with an α of its own for every step."""
    look = look_at(field, 1, together)
    search = methods[method].search
    assert search

    def advance(rate: Any, time: float, noise: Place, place: Place) -> Sequence[Any]:
        f, *gradient = look(*place)
        down = [slope + error for slope, error in zip(gradient, noise, strict=True)]
        fall = sum(d * slope for d, slope in zip(down, gradient, strict=True))

        def along(size: Any) -> tuple[Any, Any]:
            """f and its slope at that many times the direction."""
            try:
                value, *slopes = look(*(x - size * d for x, d in zip(place, down, strict=True)))
            except UNDEFINED:
                return np.nan * size, np.nan * size
            return value, -sum(d * slope for d, slope in zip(down, slopes, strict=True))

        size, trials = search.alone(along, f, fall, rate, together, **given)
        there = tuple(x - size * d for x, d in zip(place, down, strict=True))
        return (*there, f, *gradient, size, 1 + trials)

    return advance


def _steps_of(method: str, field: ScalarField) -> Callable[..., Advance]:
    """How a method steps on a field: from three variables on, LAPACK is faster for Newton."""
    known = methods[method]
    if known.second_order and len(field.variables) > 2:
        return _by_newton
    return _by_search if known.search else _by_program
